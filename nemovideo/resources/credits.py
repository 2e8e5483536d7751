"""Credits: what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo._wire import endpoints
from nemovideo._wire.converter import structure
from nemovideo.models import CreditBalance

if TYPE_CHECKING:
    from nemovideo._transport.http import HttpTransport


class Credits:
    """Verbs over the account's credits."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport

    async def balance(self) -> CreditBalance:
        """Read the balance [S].

        Raises:
            AuthenticationError: The token is not valid.
            TransportError: The network failed.
        """
        return structure(await self._transport.call(endpoints.credits_balance()), CreditBalance)
