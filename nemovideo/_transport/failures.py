"""What aiohttp says of a network that failed, in our errors and without quoting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

from nemovideo._wire.endpoints import CHAT, Endpoint, Repeat
from nemovideo.errors import NotSentError, OutcomeUnknownError, TransportError

if TYPE_CHECKING:
    from nemovideo._transport.connections import Trip


def plain_reason(problem: BaseException) -> str:
    """Say what broke, without quoting anything: such texts can hold headers."""
    if isinstance(problem, aiohttp.ClientConnectorDNSError):
        return "the host name is not known"
    if isinstance(problem, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError):
        return "no trusted TLS connection could be made"
    if isinstance(problem, TimeoutError):
        return "it took too long"
    if isinstance(problem, aiohttp.ClientConnectorError):
        return "no connection could be made"
    return "the connection broke"


def lost(endpoint: Endpoint, trip: Trip, reason: str) -> TransportError:
    """Return the error for a call without an answer: what is known of its outcome decides the class."""
    if not trip.began:
        return NotSentError(f"The {endpoint.name} call was not sent: {reason}.")
    if endpoint.repeat is Repeat.ALWAYS:
        return TransportError(f"The {endpoint.name} call got no answer: {reason}.")
    return OutcomeUnknownError(
        f"The {endpoint.name} call got no answer: {reason}.", may_have_charged=endpoint is CHAT
    )
