"""The aiohttp sessions of one client, on one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import weakref
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from nemovideo.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import SimpleNamespace

    from nemovideo.config import Settings


class Trip:
    """What is known of a call under way.

    Attributes:
        began: Whether its last attempt has begun to leave this machine; aiohttp's trace sets it.
        token: The token that its last attempt carried.
    """

    def __init__(self) -> None:
        self.began = False
        self.token = ""


class Connections:
    """Two sessions, made on first use: `pooled` for reads, `fresh` for all that must not meet a stale socket.

    Neither keeps cookies, heeds the environment by itself, or has a total timeout of its own: the
    caller's clock bounds each call.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home: tuple[int, asyncio.AbstractEventLoop] | None = None
        self._pooled: aiohttp.ClientSession | None = None
        self._fresh: aiohttp.ClientSession | None = None
        self._answers: weakref.WeakSet[aiohttp.ClientResponse] = weakref.WeakSet()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._closed = False

    @property
    def pooled(self) -> aiohttp.ClientSession:
        """Keeps connections alive."""
        self._check_home()
        if self._pooled is None:
            self._pooled = self._open(force_close=False)
        return self._pooled

    @property
    def fresh(self) -> aiohttp.ClientSession:
        """Makes a connection for each call and closes it after."""
        self._check_home()
        if self._fresh is None:
            self._fresh = self._open(force_close=True)
        return self._fresh

    def proxy_for(self, url: str) -> str | None:
        """Return the proxy that the environment names for a URL, where the caller asked to heed it."""
        if not self._settings.trust_env:
            return None
        parts = urlsplit(url)
        if proxy_bypass(parts.hostname or ""):
            return None
        proxy = getproxies().get(parts.scheme)
        return f"http://{proxy}" if proxy and "://" not in proxy else proxy

    async def close(self) -> None:
        """Close all connections; a second time does nothing.

        Raises:
            ConfigurationError: They belong to another event loop, which is still open.
        """
        if self._home is not None:
            process, loop = self._home
            if process != os.getpid():
                return  # the sockets, and the poller that watches them, are the parent's
            if not loop.is_closed():
                self._check_here()
        self._closed = True
        for answer in tuple(self._answers):
            answer.close()  # wakes who reads it; a session leaves them waiting
        for one in tuple(self._sockets):
            with contextlib.suppress(OSError):  # it is not connected
                one.shutdown(socket.SHUT_RDWR)  # wakes who writes to a server that takes nothing
        for session in (self._pooled, self._fresh):
            if session is not None:
                await session.close()
        self._pooled = self._fresh = None

    def _open(self, *, force_close: bool) -> aiohttp.ClientSession:
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_mark_sent)
        trace.on_request_end.append(self._remember)
        timing = self._settings.timing
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, force_close=force_close, socket_factory=self._make_socket
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=None, connect=None, sock_connect=timing.connect, sock_read=None
            ),
            trust_env=False,  # else a .netrc entry for the API's host collides with the Bearer
            trace_configs=[trace],
            raise_for_status=False,
        )

    def _make_socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, _ = address
        made = socket.socket(family, kind, protocol)
        self._sockets.add(made)
        return made

    async def _remember(
        self,
        session: aiohttp.ClientSession,  # noqa: ARG002 - the signature is aiohttp's
        context: SimpleNamespace,  # noqa: ARG002
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        self._answers.add(params.response)
        if self._closed:  # while the head of this one was on its way
            params.response.close()

    @contextlib.contextmanager
    def told_as_broken(self) -> Iterator[None]:
        """Make a broken connection of the `RuntimeError` that aiohttp raises once a client is closed."""
        try:
            yield
        except RuntimeError:
            if not self._closed:
                raise
        else:
            return
        raise aiohttp.ClientConnectionError("the client was closed")

    def check_open(self) -> None:
        """Raise `ConfigurationError` once closed."""
        if self._closed:
            raise ConfigurationError("This client is closed.", hint="Make a new NemoVideo.")

    def _check_home(self) -> None:
        self.check_open()
        if self._home is None:
            self._home = (os.getpid(), asyncio.get_running_loop())
        self._check_here()

    def _check_here(self) -> None:
        if self._home != (os.getpid(), asyncio.get_running_loop()):
            raise ConfigurationError(
                "This client belongs to another event loop or process.", hint="Make one NemoVideo for each."
            )


async def _mark_sent(
    session: aiohttp.ClientSession,  # noqa: ARG001 - the signature is aiohttp's
    context: SimpleNamespace,
    params: aiohttp.TraceRequestHeadersSentParams,  # noqa: ARG001
) -> None:
    trip = context.trace_request_ctx
    if isinstance(trip, Trip):
        trip.began = True
