"""The assistant of one conversation: messages and files in, replies out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nemovideo._clock import Clock, SystemClock
from nemovideo.assistant.apologies import apologize, tell_formats
from nemovideo.assistant.exporting import parse_export
from nemovideo.assistant.patience import patiently
from nemovideo.assistant.project import Project
from nemovideo.assistant.replies import Say, Suggest
from nemovideo.assistant.routing import WEB_ADDRESS, Route, route
from nemovideo.assistant.spending import SpendGuard
from nemovideo.assistant.texts import language_of, say
from nemovideo.errors import ConfigurationError, NemoVideoError, SessionNotFoundError

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncGenerator, Iterable

    from nemovideo.assistant.patience import Replies
    from nemovideo.assistant.replies import Reply
    from nemovideo.client import NemoVideo

_VERSION = 1
_logger = logging.getLogger("nemovideo")


class Assistant:
    """An editor in a chat: one for each conversation.

    It keeps its session, and can be put away with `to_dict` and restored with `from_dict`. A message whose
    outcome is unknown is never sent again.

    Args:
        nemo: The client; conversations may share one.
        language: The person's, until a message tells: `en` or `zh`; others are answered in English.
        folder: Where videos are written, under names of their own; a new temporary folder by default. The
            files are the caller's to delete.
        max_credits: What this conversation may spend on turns; None for no limit. docs/assistant.md tells how
            it is counted.
        clock: Waits between tries, and paces reports.

    Raises:
        ConfigurationError: The folder does not exist, or `max_credits` is no number of credits.
    """

    def __init__(
        self,
        nemo: NemoVideo,
        *,
        language: str = "en",
        folder: str | os.PathLike[str] | None = None,
        max_credits: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        if folder is not None and not Path(folder).is_dir():
            raise ConfigurationError(f"The folder {folder} does not exist.", hint="Create it first.")
        self._language = language
        self._clock = clock or SystemClock()
        self._project = Project(
            nemo,
            SpendGuard(nemo.credits, max_credits),
            self._clock,
            Path(folder) if folder is not None else None,
        )
        self._turn_taking = asyncio.Lock()  # first come, first served

    async def handle(
        self, text: str = "", files: Iterable[str | os.PathLike[str]] = ()
    ) -> AsyncGenerator[Reply, None]:
        """Answer a message. One that comes while another is worked on waits for its turn, and says so.

        What goes wrong between here and the service is not raised: it is told, in words that say what to do.
        Read the replies to their end: leaving early gives up what runs, which may cost credits all the same.

        Args:
            text: What the person wrote; may be empty.
            files: What came with it, as files on this machine.

        Yields:
            `Say`, `Working`, `SendFile` and `Suggest`, as they come about.
        """
        self._language = language = language_of(text, self._language)
        paths = [Path(file) for file in files]
        if self._turn_taking.locked():
            yield Say(say(language, "queued"))
        async with self._turn_taking, aclosing(self._answer(text, paths, language)) as replies:
            async for reply in replies:
                yield reply

    def to_dict(self) -> dict[str, Any]:
        """Return what is needed to go on later, in any process, as plain JSON. It holds no token."""
        project = self._project
        return {
            "version": _VERSION,
            "language": self._language,
            "session_id": project.session.session_id if project.session else None,
            "task_id": project.session.task_id if project.session else None,
            "file_count": project.file_count,
            "has_video": project.has_video,
            "has_link": project.has_link,
            "max_credits": project.guard.limit,
            "spent": project.guard.spent,
        }

    @classmethod
    def from_dict(
        cls,
        nemo: NemoVideo,
        data: Mapping[str, Any],
        *,
        folder: str | os.PathLike[str] | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """Return the assistant that `to_dict` put away.

        Args:
            nemo: A client of the same account.
            data: From `to_dict`.
            folder: As for a new one.
            clock: As for a new one.

        Raises:
            ConfigurationError: The data is not from `to_dict`, or the folder does not exist.
        """
        if not isinstance(data, Mapping) or data.get("version") != _VERSION:
            raise _not_put_away()
        try:
            assistant = cls(
                nemo,
                language=str(data["language"]),
                folder=folder,
                max_credits=data["max_credits"],
                clock=clock,
            )
            project = assistant._project
            if data["session_id"] is not None:
                project.session = nemo.sessions.attach(data["session_id"], task_id=data["task_id"])
            project.file_count = int(data["file_count"])
            project.has_video, project.has_link = bool(data["has_video"]), bool(data["has_link"])
            project.guard.spent = float(data["spent"])
        except (KeyError, TypeError, ValueError):
            raise _not_put_away() from None
        return assistant

    async def _answer(self, text: str, files: list[Path], language: str) -> Replies:
        try:
            async with aclosing(self._do(text, files, language)) as replies:
                async for reply in replies:
                    yield reply
        except SessionNotFoundError:
            key = "session_gone" if self._project.file_count else "session_again"
            self._project.forget_session()
            yield Say(say(language, key))
        except NemoVideoError as problem:
            _logger.info("a conversation went wrong: %s: %s", type(problem).__name__, problem)
            for reply in apologize(problem, language, has_video=self._project.has_video):
                yield reply

    async def _do(self, text: str, files: list[Path], language: str) -> Replies:
        goal = route(text, has_files=bool(files))
        if files:
            usable, complaints = await self._project.check_files(files, language)
            for complaint in complaints:
                yield complaint
            if usable:
                async with aclosing(self._project.take_files(usable, language)) as replies:
                    async for reply in replies:
                        yield reply
            elif goal in (Route.CHAT, Route.UPLOAD):
                yield Say(say(language, "wait_for_file"))
                return
        async with aclosing(self._deed(goal, text, language, has_files=bool(files))) as replies:
            async for reply in replies:
                yield reply

    def _deed(self, goal: Route, text: str, language: str, *, has_files: bool) -> Replies:
        project = self._project
        if goal is Route.CHAT and text.strip():
            return project.chat(text, language)
        if goal is Route.EXPORT:
            return project.export(parse_export(text), language)
        if goal is Route.STATE:
            return patiently(partial(project.tell_state, language), self._clock, language)
        if goal is Route.CREDITS:
            return patiently(partial(project.tell_credits, language), self._clock, language)
        if addresses := WEB_ADDRESS.findall(text):
            return patiently(partial(project.take_addresses, addresses, language), self._clock, language)
        if has_files:
            return _ask("what_next", language, suggest="suggest_make")
        return _ask("send_files" if goal is Route.UPLOAD else "greeting", language)


def _not_put_away() -> ConfigurationError:
    return ConfigurationError(
        "This is no conversation that was put away.", hint="Give what Assistant.to_dict() returned."
    )


async def _ask(key: str, language: str, *, suggest: str = "") -> Replies:
    yield Say(say(language, key, formats=tell_formats(language)))
    if suggest:
        yield Suggest(tuple(say(language, suggest).split("|")))
