"""Carries requests: attempts by aiohttp, failures as our errors, repeats as declared, the token attached."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Protocol, TypeVar

import aiohttp
from attrs import frozen

from nemovideo._transport.connections import Connections, Trip
from nemovideo._transport.event_source import OneShotEventSource
from nemovideo._transport.failures import lost, plain_reason
from nemovideo._transport.repeat import Repeater, RetryBudget
from nemovideo._transport.stall import StallGuard
from nemovideo._transport.tokens import GivenToken, StarterTokens, Tokens
from nemovideo._wire import endpoints
from nemovideo._wire.answers import envelope
from nemovideo._wire.converter import structure
from nemovideo._wire.endpoints import Repeat
from nemovideo._wire.sse import EventParser
from nemovideo.errors import (
    APIError,
    ConfigurationError,
    InsufficientCreditsError,
    NemoVideoError,
    OutcomeUnknownError,
    ProtocolError,
    TransportError,
)
from nemovideo.models import StarterToken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from nemovideo._clock import Clock
    from nemovideo._transport.multipart import MultipartBody
    from nemovideo._transport.store import ConfigStore
    from nemovideo._wire.endpoints import Endpoint, Request
    from nemovideo.config import Settings

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_logger = logging.getLogger("nemovideo")

MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""No answer but a stream or a file is longer; past it, reading stops."""

SLOWEST_BYTES_PER_SECOND = 16 * 1024
"""The slowest link that the deadline of a transfer allows for."""


@frozen
class Answer:
    """What came back: the head, and the body as far as the cap."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Judge(Protocol[T_co]):
    """Turns an answer into its data, or raises; `_wire.answers` has them."""

    def __call__(self, status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> T_co:
        """Return the data; `now` is the wall time."""
        raise NotImplementedError


class HttpTransport:
    """The only thing that talks to the API.

    Args:
        settings: Token, client id, attribution, limits.
        clock: Bounds every wait.
        store: Keeps the starter token.
        locate: Returns the API's base URL; an embedded backend starts at the first call.
        web_url: Returns the web site's base URL, once `locate` has answered.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        store: ConfigStore,
        locate: Callable[[], Awaitable[str]],
        web_url: Callable[[], str],
    ) -> None:
        self.clock = clock
        self.timing = settings.timing
        self.locate = locate
        self.web_url = web_url
        self.connections = Connections(settings)
        self._attribution = settings.attribution.headers
        self.repeater = Repeater(clock, settings.timing, RetryBudget())
        self._tokens: Tokens = (
            GivenToken(settings.token)
            if settings.token is not None
            else StarterTokens(
                store,
                settings.base_url,
                settings.client_id,
                self._starter_token,
                clock,
                patience=settings.timing.request + settings.timing.rate_limit,
            )
        )

    async def close(self) -> None:
        """Close all connections; a second time does nothing."""
        await self._tokens.close()
        await self.connections.close()

    # --- calls ----------------------------------------------------------------------------------------

    async def call(self, request: Request) -> object:
        """Send a request and return the `data` of the envelope that answers it.

        Raises:
            APIError: The service refused.
            TransportError: The network failed.
            ProtocolError: The answer is not what the wire promises.
        """
        return await self.ask(request, envelope)

    async def ask(self, request: Request, judge: Judge[T]) -> T:
        """Send a request and return what `judge` makes of the answer; raises as `call`."""
        body = encode_json(request)
        trip = Trip()

        async def attempt(seconds: float) -> T | NemoVideoError:
            answer = await self._exchange(request, body, seconds, trip)
            return answer if isinstance(answer, NemoVideoError) else self._judged(answer, judge)

        return await self.repeater.run(
            attempt,
            repeat=request.endpoint.repeat,
            seconds=self.timing.request,
            renew=self._renewal(request.endpoint, trip),
        )

    async def upload(self, request: Request, body: MultipartBody) -> object:
        """Send files and return the `data` of the answer.

        Raises:
            APIError: The service refused.
            OutcomeUnknownError: The files left whole, but no answer came.
            TransportError: The network failed before; nothing of a torn upload is kept.
            ConfigurationError: A file changed while it was sent.
        """
        trip = Trip()

        async def attempt(seconds: float) -> object | NemoVideoError:
            answer = await self._exchange_files(request, body, seconds, trip)
            return answer if isinstance(answer, NemoVideoError) else self._judged(answer, envelope)

        return await self.repeater.run(
            attempt,
            repeat=request.endpoint.repeat,
            seconds=self.timing.request + body.length / SLOWEST_BYTES_PER_SECOND,
            renew=self._renewal(request.endpoint, trip),
            body_left=lambda: body.left_whole,
        )

    async def open_stream(self, request: Request) -> OneShotEventSource | OutcomeUnknownError:
        """Send a chat message, once, and return its open stream.

        An answer that never came is returned, not raised: what happened can still be found out.

        Raises:
            NotSentError: No connection could be made.
            APIError: The service refused.
            ProtocolError: The answer is a redirect, which is not followed.
        """
        body = encode_json(request)
        trip = Trip()

        async def attempt(seconds: float) -> OneShotEventSource | NemoVideoError:
            return await self._connect_stream(request, body, seconds, trip)

        try:
            return await self.repeater.run(
                attempt,
                repeat=request.endpoint.repeat,
                seconds=self.timing.idle,
                renew=self._renewal(request.endpoint, trip),
            )
        except OutcomeUnknownError as unknown:
            return unknown

    def redact(self, text: str) -> str:
        """Return a text without the token."""
        known = self._tokens.known
        return text.replace(known, "[token]") if known else text

    async def authorization(self, trip: Trip) -> dict[str, str]:
        """Return the headers that say who calls; the trip remembers the token."""
        trip.token = await self._tokens.get()
        return {"Authorization": f"Bearer {trip.token}", **self._attribution}

    # --- one attempt ----------------------------------------------------------------------------------

    async def _exchange(
        self, request: Request, body: bytes | None, seconds: float, trip: Trip
    ) -> Answer | NemoVideoError:
        endpoint = request.endpoint
        session = self.connections.pooled if endpoint.pooled else self.connections.fresh
        headers = await self._headers(request, body, trip)
        url = await self.locate() + request.path
        try:
            with self.connections.told_as_broken():
                async with (
                    self.clock.timeout(seconds),
                    session.request(
                        endpoint.method,
                        url,
                        headers=headers,
                        data=body,
                        allow_redirects=False,
                        proxy=self.connections.proxy_for(url),
                        trace_request_ctx=trip,
                    ) as response,
                ):
                    return await self._read(endpoint, response)
        except (TimeoutError, aiohttp.ClientError, OSError) as problem:
            reason = plain_reason(problem)
        return lost(endpoint, trip, reason)

    async def _exchange_files(
        self, request: Request, body: MultipartBody, seconds: float, trip: Trip
    ) -> Answer | NemoVideoError:
        endpoint = request.endpoint
        session = self.connections.fresh
        headers = await self._headers(request, None, trip)
        headers |= {"Content-Type": body.content_type, "Content-Length": str(body.length)}
        url = await self.locate() + request.path
        body.left_whole, body.failure = False, None
        try:
            with self.connections.told_as_broken():
                async with (
                    self.clock.timeout(seconds),
                    StallGuard(self.clock, self.timing.idle, lambda: body.stirred),
                    session.request(
                        endpoint.method,
                        url,
                        headers=headers,
                        data=aiter(body),
                        allow_redirects=False,
                        proxy=self.connections.proxy_for(url),
                        trace_request_ctx=trip,
                    ) as response,
                ):
                    return await self._read(endpoint, response)
        except ConfigurationError as problem:
            return problem
        except (TimeoutError, aiohttp.ClientError, OSError) as problem:
            reason = plain_reason(problem)
        finally:
            body.release()
        if trip.began and not body.left_whole:
            return body.failure or TransportError(f"The {endpoint.name} call broke off: {reason}.")
        return body.failure or lost(endpoint, trip, reason)

    async def _connect_stream(
        self, request: Request, body: bytes | None, seconds: float, trip: Trip
    ) -> OneShotEventSource | NemoVideoError:
        session = self.connections.fresh
        url = await self.locate() + request.path
        source = OneShotEventSource(
            url,
            session=session,
            proxy=self.connections.proxy_for(url),
            headers=await self._headers(request, body, trip),
            body=body or b"",
            parser=EventParser(),
            trip=trip,
        )
        opened = False
        try:
            with self.connections.told_as_broken():
                async with self.clock.timeout(seconds):
                    await source.connect()
                    response = source.response
                    if response.status == 200 and response.content_type == "text/event-stream":
                        opened = True
                        return source
                    answer = await self._read(request.endpoint, response)
        except (TimeoutError, aiohttp.ClientError, OSError) as problem:
            reason = plain_reason(problem)
        else:
            if isinstance(answer, Answer):
                judged = self._judged(answer, envelope)
                refused = not isinstance(judged, ProtocolError) or 300 <= answer.status < 400
                if isinstance(judged, NemoVideoError) and refused:
                    return judged
            reason = "the answer was no event stream"
        finally:
            if not opened:
                await source.close()
        return lost(request.endpoint, trip, reason)

    async def _read(self, endpoint: Endpoint, response: aiohttp.ClientResponse) -> Answer | ProtocolError:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > MAX_ANSWER_BYTES:
                response.close()
                return ProtocolError(f"the answer is longer than {MAX_ANSWER_BYTES // 1024**2} MiB")
        _logger.debug("%s: HTTP %d, %d bytes", endpoint.name, response.status, len(body))
        return Answer(response.status, response.headers, bytes(body))

    def _judged(self, answer: Answer, judge: Judge[T]) -> T | NemoVideoError:
        refusal: NemoVideoError
        try:
            return judge(answer.status, answer.headers, answer.body, now=self.clock.time())
        except InsufficientCreditsError as problem:
            refusal = self._with_register_url(problem)
        except NemoVideoError as problem:
            refusal = problem
        refusal.message = self.redact(refusal.message)  # services quote what they refuse
        refusal.args = (refusal.message,)
        if isinstance(refusal, APIError) and refusal.request_id is not None:
            refusal.request_id = self.redact(refusal.request_id)
        return refusal

    # --- who calls ------------------------------------------------------------------------------------

    async def _headers(self, request: Request, body: bytes | None, trip: Trip) -> dict[str, str]:
        """Return all headers of an attempt that is about to begin."""
        trip.began = False
        headers = {"Accept": "application/json", **request.headers}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if request.endpoint.authorized:
            headers |= await self.authorization(trip)
        return headers

    def _renewal(self, endpoint: Endpoint, trip: Trip) -> Callable[[], Awaitable[bool]] | None:
        """Return what renews the token that the call's last attempt carried."""

        async def renew() -> bool:
            try:
                return await self._tokens.renew(trip.token)
            except NemoVideoError:
                if endpoint.repeat is not Repeat.NEVER:
                    raise
            return False  # it was for the next call only: the error of this one stands

        return renew if endpoint.authorized else None

    async def _starter_token(self, client_id: str) -> StarterToken:
        return structure(await self.call(endpoints.anonymous_token(client_id)), StarterToken)

    def _with_register_url(self, error: InsufficientCreditsError) -> InsufficientCreditsError:
        """Tell an anonymous user where to register and keep the work [S]."""
        if self._tokens.user_id is None:
            return error
        return InsufficientCreditsError(
            error.message,
            code=error.code,
            status=error.status,
            request_id=error.request_id,
            retry_after=error.retry_after,
            register_url=f"{self.web_url()}/register?bind={self._tokens.user_id}",
        )


def encode_json(request: Request) -> bytes | None:
    """Return a request's JSON body as bytes.

    Raises:
        ConfigurationError: It holds what JSON or UTF-8 cannot say.
    """
    if request.json is None:
        return None
    try:
        return json.dumps(request.json, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        problem = "a lone surrogate, which is no text"
    except (ValueError, TypeError, RecursionError):
        problem = "a value that JSON cannot hold"
    raise ConfigurationError(f"The {request.endpoint.name} call holds {problem}.")
