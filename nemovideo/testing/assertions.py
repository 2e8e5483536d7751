"""Claims about money and secrets, checked against what the embedded backend and the log have seen."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nemovideo.local.backend import LocalBackend
    from nemovideo.local.request_log import RecordedRequest

_ISSUED_TOKEN = re.compile(r"nmv_usr_[\w-]+")
"""What every token of the service looks like [S]."""
_SHOWN_LETTERS = 300


def assert_charged_once(backend: LocalBackend, session_id: str, message: str | None = None) -> None:
    """Fail unless a session was charged for exactly one turn.

    Args:
        backend: Whose ledger to read.
        session_id: The session.
        message: Count only turns with this very message; None: all of the session.

    Raises:
        AssertionError: It was charged less or more often; with what the ledger says.
    """
    __tracebackhide__ = True
    charges = backend.ledger.charges(session_id)
    wanted = [charge for charge in charges if message is None or charge.message == message]
    if len(wanted) == 1:
        return
    turns = "a turn" if message is None else f"the message {message!r}"
    lines = [f"Session {session_id} was charged for {turns} {len(wanted)} times instead of once."]
    lines += ["The ledger of this session:" if charges else "The ledger has nothing of this session."]
    lines += [f"  {charge.amount:g} for {charge.message!r}" for charge in charges]
    lines += _requests_told(backend, "POST /run_sse")
    raise AssertionError("\n".join(lines))


def assert_sent_once(backend: LocalBackend, route: str = "POST /run_sse") -> None:
    """Fail unless exactly one request of a route has reached the backend, whatever was answered.

    Args:
        backend: Whose requests to count: all sessions and clients.
        route: The method, and the whole path without its query; the chat call by default.

    Raises:
        AssertionError: There were none or several; with what was asked and answered.
    """
    __tracebackhide__ = True
    count = len(_requests_of(backend, route))
    if count != 1:
        lines = [f"{route} reached the backend {count} times instead of once."]
        raise AssertionError("\n".join([*lines, *_requests_told(backend, route)]))


@contextmanager
def assert_token_never_logged(*tokens: str) -> Iterator[None]:
    """Fail if anything logged in the block tells a bearer token, at whatever level.

    Searched is what reaches the root logger, which listens at DEBUG meanwhile: messages, their arguments,
    tracebacks and extra fields.

    Args:
        tokens: Secrets to look for besides the tokens of the service (`nmv_usr_…`), such as one of your own.

    Raises:
        AssertionError: There is one; with the line, the token taken out.
    """
    __tracebackhide__ = True
    secrets = re.compile("|".join([_ISSUED_TOKEN.pattern, *(re.escape(token) for token in tokens if token)]))
    listener = _Listener()
    root = logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(listener)
    leaks = [line for line in listener.lines if secrets.search(line)]
    if leaks:
        shown = [f"  {secrets.sub('<the token>', line)[:_SHOWN_LETTERS]}" for line in leaks]
        raise AssertionError("\n".join([f"A token was logged, {len(leaks)} times:", *shown]))


class _Listener(logging.Handler):
    """Keeps each record as text: the line as a log file would have it, then everything it carries."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {vars(record)}")


def _requests_of(backend: LocalBackend, route: str) -> list[RecordedRequest]:
    method, _, path = route.partition(" ")
    return [r for r in backend.requests if (r.method, r.path.partition("?")[0]) == (method, path)]


def _requests_told(backend: LocalBackend, route: str) -> list[str]:
    """Return lines about the requests of a route, or about all where it had none."""
    told = _requests_of(backend, route)
    heading = f"Requests to {route}:" if told else f"No request to {route}; there were:"
    answers = [f"  {r.method} {r.path}: {r.status or 'no answer'}" for r in told or backend.requests]
    return [heading, *(answers or ["  none at all"])]
