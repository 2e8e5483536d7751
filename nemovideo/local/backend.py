"""The embedded backend: the wire served on a port of this machine, in the caller's event loop."""

from __future__ import annotations

import ipaddress
import logging
import math
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from nemovideo._clock import SystemClock
from nemovideo.errors import ConfigurationError
from nemovideo.local._store.accounts import Accounts
from nemovideo.local._store.chat_log import ChatLog
from nemovideo.local._store.files import Files
from nemovideo.local._store.ledger import Ledger
from nemovideo.local._store.records import Records
from nemovideo.local._store.sessions import SessionStore
from nemovideo.local.account_calls import AccountCalls, Gate
from nemovideo.local.answers import MAX_JSON_BYTES, envelope_errors
from nemovideo.local.chat_calls import ChatCalls
from nemovideo.local.downloads import CdnCalls
from nemovideo.local.faults import Faults
from nemovideo.local.render_calls import RenderCalls
from nemovideo.local.render_queue import RenderQueue
from nemovideo.local.request_log import RequestLog
from nemovideo.local.session_calls import SessionCalls
from nemovideo.local.turns import Turns
from nemovideo.local.upload_calls import UploadCalls
from nemovideo.local.workspace.calls import WorkspaceCalls

if TYPE_CHECKING:
    import os
    from types import TracebackType
    from typing import Self

    from nemovideo._clock import Clock
    from nemovideo.local.chat_calls import DialectName, OnDisconnect
    from nemovideo.local.request_log import RecordedRequest

_CLOSING_SECONDS = 0.1
"""What open connections get to finish once the backend closes."""
_REACHED_AT = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - a wildcard is no address to call
_logger = logging.getLogger("nemovideo.local")
_http_logger = logging.getLogger("nemovideo.local.http")


def _without_its_bytes(record: logging.LogRecord) -> bool:
    """Drop the traceback of a request that is none: it quotes what was sent, which may hold a token."""
    record.exc_info = None
    return True


_http_logger.addFilter(_without_its_bytes)


class LocalBackend:
    """A NemoVideo service of one's own: `async with LocalBackend() as backend: …`, or `start` and `close`.

    It keeps accounts, credits, sessions, uploads and renders, answers chat by a small grammar of wishes, and
    renders with the engine of the extra `local`, whose packages are loaded with the first upload.

    Args:
        host: Where to listen. Anything but a loopback address is warned of: whoever reaches it can use it.
        port: 0 takes a free one.
        data_dir: Keeps everything across restarts; None uses a temporary folder that goes with the backend.
        seed: Decides which edits stay silent.
        silent_edits: The share of edits that are answered without text, 0 to 1.
        heartbeat: Seconds of silence in a stream before each heartbeat.
        pace: Seconds before each event of a turn; raise it to see slow turns.
        dialect: `adk` or `simple`: how chat events are written.
        on_disconnect: Whether a turn goes on (`continue`) or ends (`cancel`) when its listener leaves.
        credits: What a starter account gets.
        clock: Time; a `ManualClock` lets a test drive it.

    Attributes:
        faults: What to break.
        ledger: What was charged; there once started.
        accounts: Who may call; there once started.
    """

    ledger: Ledger
    accounts: Accounts

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        data_dir: str | os.PathLike[str] | None = None,
        seed: int = 0,
        silent_edits: float = 0.3,
        heartbeat: float = 1.0,
        pace: float = 0.005,
        dialect: DialectName = "adk",
        on_disconnect: OnDisconnect = "continue",
        credits: int = 100,  # noqa: A002 - the word of the wire
        clock: Clock | None = None,
    ) -> None:
        if dialect not in ("adk", "simple"):
            raise ConfigurationError(f"There is no dialect {dialect!r}.", hint="Use 'adk' or 'simple'.")
        if on_disconnect not in ("continue", "cancel"):
            raise ConfigurationError("on_disconnect is either 'continue' or 'cancel'.")
        for name, value, least, most in (
            ("port", port, 0, 65535),
            ("silent_edits", silent_edits, 0, 1),
            ("heartbeat", heartbeat, 0.001, math.inf),
            ("pace", pace, 0, math.inf),
            ("credits", credits, 0, math.inf),
        ):
            if not least <= value <= most:
                reach = f"at least {least}" if most == math.inf else f"from {least} to {most}"
                raise ConfigurationError(f"{name} is {value!r}; it must be {reach}.")
        self._host = host
        self._port = port
        self._data_dir = data_dir
        self._random = random.Random(seed)
        self._silent_edits = silent_edits
        self._heartbeat = heartbeat
        self._pace = pace
        self._dialect: DialectName = dialect
        self._on_disconnect: OnDisconnect = on_disconnect
        self._credits = credits
        self._clock: Clock = clock or SystemClock()
        self._log = RequestLog()
        self._open: AsyncExitStack | None = None
        self.faults = Faults(self._clock)

    @property
    def url(self) -> str:
        """The API's base URL, without a slash at its end; valid once started."""
        host = _REACHED_AT.get(self._host, self._host)
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self._port}"

    @property
    def web_url(self) -> str:
        """The base URL of the pages for people: the same server."""
        return self.url

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """Every request so far, oldest first."""
        return self._log.all()

    async def start(self) -> None:
        """Listen; does nothing when it is started already.

        Raises:
            OSError: The port is taken, or the folder cannot be written.
            ConfigurationError: Another backend uses the folder.
        """
        if self._open is not None:
            return
        async with AsyncExitStack() as stack:
            await self._serve(stack)
            self._open = stack.pop_all()

    async def close(self) -> None:
        """End turns, renders and connections, and stop listening; a second call does nothing."""
        stack, self._open = self._open, None
        if stack is not None:
            await stack.aclose()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _serve(self, stack: AsyncExitStack) -> None:
        folder = self._data_dir
        if folder is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nemovideo-"))
        files = Files(Path(folder))
        records = Records(Path(folder) / "records.sqlite")
        stack.callback(records.close)
        # One renders, the other looks at uploads meanwhile.
        threads = stack.enter_context(ThreadPoolExecutor(2, thread_name_prefix="nemovideo-local"))

        sessions = SessionStore(records)
        chat_log = ChatLog(records)
        self.ledger = Ledger(records)
        self.accounts = Accounts(records, self._clock)
        gate = Gate(self.accounts, self.ledger, sessions, self._clock)
        queue = RenderQueue(records, sessions, files, threads)
        turns = Turns(
            sessions,
            chat_log,
            self._clock,
            self._random,
            silent_edits=self._silent_edits,
            pace=self._pace,
            public_url=self._public_url,
        )
        chat = ChatCalls(
            gate,
            turns,
            self._clock,
            dialect=self._dialect,
            heartbeat=self._heartbeat,
            on_disconnect=self._on_disconnect,
        )
        app = web.Application(
            middlewares=[self._log.record, self.faults.inject, envelope_errors],
            client_max_size=MAX_JSON_BYTES,
        )
        for calls in (
            AccountCalls(gate, self.accounts, self._clock, granted=self._credits),
            SessionCalls(gate, sessions, self._public_url),
            UploadCalls(gate, sessions, files, threads, self._public_url),
            chat,
            RenderCalls(gate, queue, files, self._public_url),
            CdnCalls(files),
            WorkspaceCalls(self.accounts, sessions, chat_log, queue, self._clock),
        ):
            app.add_routes(calls.routes())
        stack.push_async_callback(queue.close)
        stack.push_async_callback(turns.close)
        queue.start()
        await self._listen(app, stack)

    async def _listen(self, app: web.Application, stack: AsyncExitStack) -> None:
        if not _is_loopback(self._host):
            _logger.warning(
                "The embedded backend listens on %s: anyone who reaches that address can use it.", self._host
            )
        runner = web.AppRunner(
            app,
            access_log=None,
            logger=_http_logger,
            handler_cancellation=True,
            shutdown_timeout=_CLOSING_SECONDS,
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, self._host, self._port).start()
        self._port = runner.addresses[0][1]

    def _public_url(self, path: str) -> str:
        return f"{self.url}{path}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
