"""How many credits a conversation has used."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from nemovideo.errors import ConfigurationError, NemoVideoError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from nemovideo.resources.credits import Credits


class SpendGuard:
    """Counts what turns cost, by the balance before and after each.

    The balance is the only measure, as prices are not published. Conversations that share an account count
    each other's turns while both run: the guard may close early, never late. A turn whose balance cannot be
    read counts one credit. Without a limit nothing is read and nothing counted.

    Args:
        account: Reads the balance.
        limit: Credits; None for no limit.

    Raises:
        ConfigurationError: The limit is no number of credits.

    Attributes:
        limit: Credits.
        spent: Credits used so far.
    """

    def __init__(self, account: Credits, limit: float | None) -> None:
        if limit is not None and not (isinstance(limit, int | float) and limit >= 0):
            raise ConfigurationError(
                "max_credits is no number of credits.", hint="Give a number that is not negative, or None."
            )
        self._account = account
        self.limit = limit
        self.spent = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether the limit is reached."""
        return self.limit is not None and self.spent >= self.limit

    @asynccontextmanager
    async def counting(self) -> AsyncGenerator[None, None]:
        """Count what the turn inside costs, however it ends."""
        if self.limit is None:
            yield
            return
        before = await self._available()
        try:
            yield
        finally:
            after = await self._available()
            self.spent += 1.0 if before is None or after is None else max(0.0, before - after)

    async def _available(self) -> float | None:
        try:
            return (await self._account.balance()).available
        except NemoVideoError:
            return None
