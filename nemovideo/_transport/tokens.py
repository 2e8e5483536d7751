"""Which token a call carries: the caller's own, never replaced, or a starter token that renews itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from nemovideo.errors import ConfigurationError, MissingClientIdError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nemovideo._clock import Clock
    from nemovideo._transport.store import ConfigStore
    from nemovideo.models import StarterToken

_LOCK_POLL_SECONDS = 0.05


class Tokens(Protocol):
    """Where the bearer token comes from."""

    async def get(self) -> str:
        """Return the token to use now."""
        raise NotImplementedError

    async def renew(self, stale: str) -> bool:
        """Replace a token that was refused; False where that cannot be done."""
        raise NotImplementedError

    async def close(self) -> None:
        """Give up a renewal that is under way."""

    @property
    def user_id(self) -> str | None:
        """The anonymous user, or None for a registered one."""

    @property
    def known(self) -> str | None:
        """The token in use, for keeping it out of messages; None before the first call."""


class GivenToken:
    """A token that the caller owns."""

    user_id = None

    def __init__(self, token: str) -> None:
        self.known: str | None = token
        self._token = token

    async def get(self) -> str:
        """Return it."""
        return self._token

    async def close(self) -> None:
        """Nothing to give up."""

    async def renew(self, stale: str) -> bool:  # noqa: ARG002 - a given token is never replaced
        """Return False."""
        return False


class StarterTokens:
    """The one free token of a client id, shared by all calls and all processes of a home.

    Args:
        store: Keeps it.
        api_url: The API it belongs to; it goes to no other.
        client_id: The caller's; None takes the stored one.
        fetch: Asks the service for a token for a client id.
        clock: Its wall time decides about expiry.
        patience: Seconds to wait for a renewal by another process before doing without it.
    """

    def __init__(
        self,
        store: ConfigStore,
        api_url: str,
        client_id: str | None,
        fetch: Callable[[str], Awaitable[StarterToken]],
        clock: Clock,
        patience: float,
    ) -> None:
        self._store = store
        self._api_url = api_url
        self._client_id = client_id
        self._fetch = fetch
        self._clock = clock
        self._patience = patience
        self._current: StarterToken | None = None
        self._renewal: asyncio.Task[StarterToken] | None = None

    @property
    def user_id(self) -> str | None:
        """The anonymous user, once a token is there."""
        return self._current.user_id if self._current else None

    @property
    def known(self) -> str | None:
        """The token in use."""
        return self._current.token if self._current else None

    async def get(self) -> str:
        """Return the token in use, else the stored one, else a new one."""
        if self._current is None or self._is_expired(self._current):
            return await self._replace(self._current.token if self._current else None)
        return self._current.token

    async def renew(self, stale: str) -> bool:
        """Replace a refused token, once for all calls that it was refused to."""
        await self._replace(stale)
        return True

    async def close(self) -> None:
        """Give up a renewal that is under way."""
        renewal = self._renewal
        if renewal is None or renewal.done() or renewal.get_loop() is not asyncio.get_running_loop():
            return
        renewal.cancel()
        await asyncio.wait([renewal])

    async def _replace(self, stale: str | None) -> str:
        """Join the renewal under way or start it; it outlives a cancelled caller, so no token is lost."""
        if self._current is not None and self._current.token != stale:
            return self._current.token
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew_alone(stale))
            self._renewal.add_done_callback(_has_been_seen)
        renewal = self._renewal
        await asyncio.wait([renewal])
        if renewal.cancelled():
            raise ConfigurationError("This client was closed.", hint="Make a new NemoVideo.")
        return renewal.result().token

    async def _renew_alone(self, stale: str | None) -> StarterToken:
        deadline = self._clock.monotonic() + self._patience
        while not self._store.try_lock() and self._clock.monotonic() < deadline:
            await self._clock.sleep(_LOCK_POLL_SECONDS)
        try:
            self._current = await self._shared_or_new(stale)
            return self._current
        finally:
            self._store.unlock()

    async def _shared_or_new(self, stale: str | None) -> StarterToken:
        """Take what another process has stored meanwhile, else ask the service; its lock is held."""
        client_id = self._client_id or self._store.client_id()
        stored = self._store.token(self._api_url, client_id)
        if stored is not None and stored.token != stale and not self._is_expired(stored):
            return stored
        fresh: StarterToken | None = None
        try:
            fresh = await self._fetch(client_id)
        except MissingClientIdError:
            if self._client_id is not None:
                raise
        if fresh is None:
            client_id = self._store.replace_client_id()
            fresh = await self._fetch(client_id)
        self._store.keep_token(self._api_url, client_id, fresh)
        return fresh

    def _is_expired(self, token: StarterToken) -> bool:
        try:
            expires = datetime.fromisoformat(token.expires_at)
        except ValueError:
            return False  # the service will say so
        if expires.tzinfo is None:
            expires = expires.replace(tzinfo=UTC)
        return expires.timestamp() <= self._clock.time()


def _has_been_seen(renewal: asyncio.Task[StarterToken]) -> None:
    """Take note of a failure, so that asyncio does not complain where every caller is gone."""
    if not renewal.cancelled():
        renewal.exception()
