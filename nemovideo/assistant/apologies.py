"""What to tell a person when a call fails: the table of errors, in words that say what to do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nemovideo.assistant.replies import Say, Suggest
from nemovideo.assistant.texts import count, say
from nemovideo.errors import (
    SUPPORTED_FORMATS,
    AuthenticationError,
    ChatError,
    ConfigurationError,
    DownloadError,
    EmptyDraftError,
    ExportBlockedError,
    FileTooLargeError,
    InsufficientCreditsError,
    NemoVideoError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    RenderFailedError,
    RenderTimeoutError,
    SessionNotFoundError,
    TransportError,
    TurnInProgressError,
    TurnTimeoutError,
    UnsupportedFileError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nemovideo.assistant.replies import Reply

_TEXTS: tuple[tuple[type[NemoVideoError], str], ...] = (
    (ExportBlockedError, "export_blocked"),
    (AuthenticationError, "access"),
    (SessionNotFoundError, "session_gone"),
    (OutcomeUnknownError, "outcome_unknown"),
    (TurnTimeoutError, "turn_timeout"),
    (TurnInProgressError, "busy"),
    (ChatError, "agent_failed"),
    (NotSentError, "not_sent"),
    (TransportError, "network"),
    (EmptyDraftError, "nothing_to_export"),
    (RenderTimeoutError, "render_slow"),
    (RenderFailedError, "render_failed"),
    (DownloadError, "download_failed"),
    (ConfigurationError, "set_up_wrongly"),
)
"""The first that fits; everything else is "trouble"."""
_WORTH_A_LOOK = (OutcomeUnknownError, TurnTimeoutError, ChatError)
"""After these only the state tells what was done."""


def apologize(problem: NemoVideoError, language: str, *, has_video: bool) -> Iterable[Reply]:
    """Return what to say about a failure, and where it helps, what to ask next.

    Args:
        problem: What was raised.
        language: The person's.
        has_video: Whether there is one that could be handed over as it is, which costs nothing.
    """
    yield Say(explain(problem, language))
    if isinstance(problem, _WORTH_A_LOOK):
        yield Suggest((say(language, "suggest_status"),))
    elif isinstance(problem, InsufficientCreditsError) and has_video:
        yield Suggest((say(language, "suggest_as_is"),))


def tell_formats(language: str) -> str:
    """Return the formats that can be taken."""
    return say(language, "comma").join(SUPPORTED_FORMATS)


def explain(problem: NemoVideoError, language: str, *, names: str = "") -> str:
    """Return a failure in the person's words.

    Args:
        problem: What was raised.
        language: The person's.
        names: The files it is about, where it is about files.
    """
    if isinstance(problem, InsufficientCreditsError):
        if problem.register_url is not None:
            return say(language, "register", link=problem.register_url)
        return say(language, "no_credits")
    if isinstance(problem, UnsupportedFileError):
        return say(
            language, "unsupported", names=names or say(language, "this_file"), formats=tell_formats(language)
        )
    if isinstance(problem, FileTooLargeError):
        return say(language, "too_large", names=names or say(language, "this_file"))
    if isinstance(problem, ConfigurationError) and names:
        return say(language, "unreadable", names=names)
    if isinstance(problem, RateLimitError):
        return say(language, "rate_limited", wait=_wait(problem.retry_after, language))
    return say(language, next((key for kind, key in _TEXTS if isinstance(problem, kind)), "trouble"))


def _wait(seconds: float | None, language: str) -> str:
    """Return a time to wait, in the unit that a person would use, rounded up."""
    seconds = 60.0 if seconds is None else seconds
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return say(language, unit, count=math.ceil(seconds / length))
    return count(language, "seconds", math.ceil(seconds))
