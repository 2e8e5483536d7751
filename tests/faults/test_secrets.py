"""The token is a secret: it stands in the Authorization header, and nowhere else."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import evolve
from every_call import CALLS, TIMING, Scene, open_scene

from nemovideo import NemoVideo
from nemovideo.errors import NemoVideoError
from nemovideo.local import LocalBackend

LOGGERS = ("nemovideo", "aiohttp", "asyncio", "aiosqlite", "filelock")

ROUTES = (
    "POST /run_sse",
    "POST /api/",
    "GET /api/",
    "GET /cdn/",
)

FOREIGN = ("aiohttp", "cattrs", "sqlite3", "json", "yarl", "ssl", "socket")
"""Modules whose exceptions cross no border of ours: some hold headers in their reprs."""


class Log(logging.Handler):
    """Keeps every line of every logger, arguments and tracebacks included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [self.format(record), repr(record.args)]


@pytest.fixture
def log() -> Iterator[Log]:
    handler = Log()
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield handler
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


@pytest.fixture
async def backend() -> AsyncIterator[LocalBackend]:
    async with LocalBackend(silent_edits=0, pace=0.001) as backend:
        yield backend


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it was caused by or happened in, recursively."""
    waiting, seen = [error], set()
    while waiting:
        link = waiting.pop()
        if id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [other for other in (link.__cause__, link.__context__) if other is not None]


def shown(thing: object) -> Iterator[str]:
    """Yield all that a person or a program may see of an object."""
    yield repr(thing)
    yield str(thing)
    with suppress(TypeError, AttributeError, pickle.PicklingError):  # some hold connections: none is pickled
        yield repr(pickle.dumps(thing))
    if isinstance(thing, BaseException):
        yield "".join(traceback.format_exception(thing))
        for link in chain(thing):
            yield repr(link) + str(link) + repr(vars(link))


def token_of(backend: LocalBackend) -> str:
    """Return the token that the last authorized call carried."""
    headers = [request.headers.get("Authorization") for request in backend.requests]
    return next(header for header in reversed(headers) if header).removeprefix("Bearer ")


async def call_all(scene: Scene, seen: list[str]) -> int:
    """Make every public call; keep all that can be seen, and return how many failed."""
    failed = 0
    for call in CALLS.values():
        try:
            result = await call(scene)
        except NemoVideoError as problem:
            failed += 1
            seen.extend(shown(problem))
            assert not [link for link in chain(problem) if type(link).__module__.split(".")[0] in FOREIGN]
        else:
            seen.extend(shown(result))
    return failed


@pytest.mark.fault("F45")
@pytest.mark.parametrize("is_given", [False, True], ids=["starter token", "given token"])
async def test_no_call_shows_the_token_whether_it_succeeds_or_fails(
    backend: LocalBackend, tmp_path: Path, log: Log, is_given: bool
) -> None:
    """Logs at DEBUG, reprs, strs, tracebacks with causes, pickles and request lines are searched."""
    asyncio.get_running_loop().set_debug(True)
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    async with open_scene(backend.url, tmp_path / "first") as first:
        await first.nemo.credits.balance()
        token = token_of(backend)
    seen: list[str] = []
    failed = 0
    folder = tmp_path / ("second" if is_given else "first")
    async with open_scene(backend.url, folder, token if is_given else None) as scene:
        for thing in (scene.nemo, scene.session, scene.session.stream("hi"), scene.nemo.renders):
            seen.extend(shown(thing))
        assert await call_all(scene, seen) == 0
        impatient = NemoVideo(
            token=token if is_given else None,
            base_url=backend.url,
            timing=evolve(TIMING, request=0.1, render=0.1),
            config_dir=folder / "home",
            journal=folder / "jobs.db",
        )
        session = impatient.sessions.attach(scene.id, task_id=scene.session.task_id)
        scene = evolve(scene, nemo=impatient, session=session)
        leak = f"your token {token} is no good"
        for kind, options in (
            ("code", {"code": 2001, "message": leak}),
            ("code", {"code": 9999, "message": leak, "status": 500}),
            ("status", {"status": 200, "body": leak}),
            ("status", {"status": 307, "headers": {"Location": f"https://example.com/?{token}"}}),
            ("reset_after_request", {}),
            ("code", {"code": 1001, "message": leak}),
        ):
            for route in ROUTES:
                backend.faults.add(route, kind, times=None, **options)
            failed += await call_all(scene, seen)
            backend.faults.clear()
        await impatient.close()
        assert sum(backend.faults.fired.values()) >= failed > 6 * 10
    seen += [f"{request.method} {request.path}" for request in backend.requests]
    seen += log.lines
    assert any("nemovideo" in line for line in log.lines)
    assert token_of(backend) == token
    assert not [text for text in seen if token in text]


@pytest.mark.fault("F45")
async def test_a_running_stream_shows_no_token(backend: LocalBackend, tmp_path: Path) -> None:
    """Neither the stream, nor its events, nor a pickle or copy of the client."""
    async with open_scene(backend.url, tmp_path) as scene, scene.session.stream("what can you do?") as stream:
        token = token_of(backend)
        seen = [text async for event in stream for text in shown(event)]
        for thing in (stream, scene.nemo, scene.session, await stream.result()):
            seen.extend(shown(thing))
        for thing in (stream, scene.nemo, scene.session):
            with pytest.raises(TypeError):
                pickle.dumps(thing)
            with pytest.raises(TypeError):
                copy.deepcopy(thing)
        assert [request.path for request in backend.requests].count("/run_sse") == 1
    assert seen
    assert not [text for text in seen if token in text]


@pytest.mark.fault("F45")
async def test_the_claim_token_is_in_its_link_only(backend: LocalBackend, tmp_path: Path, log: Log) -> None:
    """The link is the secret's purpose; no log line holds it, and no account token is in it."""
    async with open_scene(backend.url, tmp_path) as scene:
        link = await scene.session.claim_link()
        claim = link.rpartition("=")[2]
        assert link.startswith("https://nemovideo.com/workspace/claim?ct=clm_")
        assert token_of(backend) not in link
        assert not [line for line in [*log.lines, repr(scene.session), repr(scene.nemo)] if claim in line]
        assert sum(request.path == "/api/auth/claim-token" for request in backend.requests) == 1


@pytest.mark.fault("F45")
async def test_the_files_of_a_client_hold_the_token_for_their_owner_only(
    backend: LocalBackend, tmp_path: Path
) -> None:
    """The starter token is kept in one file of mode 0600; the journal holds none."""
    async with open_scene(backend.url, tmp_path) as scene:
        await scene.nemo.journal.begin_turn(scene.id, "add a title", None)
        token = token_of(backend).encode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]  # noqa: ASYNC240 - a tiny folder
    assert tmp_path / "jobs.db" in files
    assert [path.name for path in files if token in path.read_bytes()] == ["tokens.json"]
    private = [path for path in files if path.name in {"tokens.json", "client_id", "jobs.db"}]
    assert [oct(path.stat().st_mode & 0o777) for path in private] == ["0o600"] * 3
