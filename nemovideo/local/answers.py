"""Answers as the wire wants them: envelopes, refusals, and request bodies read with a cap."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import http_exceptions, web

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler

MAX_JSON_BYTES = 32 * 1024 * 1024
"""A draft of 100,000 segments fits."""
MAX_JSON_DEPTH = 64

_HTTP_STATUS_CODES = frozenset({400, 402, 404, 405, 413, 422, 429, 500, 503})
"""Codes that are answered as the HTTP status too; the service's own codes come with HTTP 200 [D]."""

_logger = logging.getLogger("nemovideo.local")
_T = TypeVar("_T")


class Refusal(Exception):
    """The answer is no.

    Args:
        code: A code of the error table, or 422 for a body that is not what the wire says [A].
        message: What is wrong, for a person.
        retry_after: Seconds to wait.
        data: More, for the caller's program.
    """

    def __init__(
        self,
        code: int,
        message: str,
        *,
        retry_after: float | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.data = data


def ok(data: Mapping[str, Any]) -> web.Response:
    """Answer `{"code": 0, "data": …}`."""
    return web.json_response({"code": 0, "message": "success", "data": data})


def success(data: Mapping[str, Any]) -> web.Response:
    """Answer as the render calls do: `{"success": true, "data": …}` [P]."""
    return web.json_response({"success": True, "data": data})


def refuse(refusal: Refusal, *, status: int | None = None) -> web.Response:
    """Answer a refusal's envelope, with the HTTP status that its code comes with unless one is given."""
    body: dict[str, Any] = {"code": refusal.code, "message": refusal.message}
    if refusal.data is not None:
        body["data"] = refusal.data
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(refusal.retry_after)))
    if status is None:
        status = refusal.code if refusal.code in _HTTP_STATUS_CODES else 200
    return web.json_response(body, status=status, headers=headers)


@web.middleware
async def envelope_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong below into an envelope."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return refuse(refusal)
    except web.HTTPRequestEntityTooLarge:
        return refuse(Refusal(413, "The request body is too large."))
    except web.HTTPException as error:
        return refuse(Refusal(error.status, HTTPStatus(error.status).phrase))
    except (http_exceptions.HttpProcessingError, web.RequestPayloadError):
        return refuse(Refusal(422, "The body is malformed: its encoding, or the headers of a part."))
    except ConnectionError:
        return web.Response(status=499)  # the client has left: this reaches nobody
    except Exception:
        _logger.exception("%s %s failed", request.method, request.path)
        return refuse(Refusal(500, "The embedded backend failed; its log says why."))


async def read_object(request: web.Request) -> dict[str, Any]:
    """Return a JSON object sent as the body.

    Raises:
        Refusal: 422 when the body is anything else.
    """
    if request.content_type != "application/json":
        raise Refusal(422, "The body must be JSON, with Content-Type application/json.")
    try:
        body = json.loads(await request.read(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(422, "The body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise Refusal(422, "The body must be a JSON object.")
    if _deeper_than(body, MAX_JSON_DEPTH):
        raise Refusal(422, f"The body is nested more than {MAX_JSON_DEPTH} deep.")
    return body


def field(body: Mapping[str, Any], kind: type[_T], *names: str, path: str = "$") -> _T:
    """Return the value under the first of several names that the body has.

    Raises:
        Refusal: 422 when it is missing or of another type.
    """
    name = next((name for name in names if name in body), names[0])
    value = body.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Refusal(422, f"{path}.{name} must be a {kind.__name__}.")
    return value


def whole_text(text: str) -> str:
    """Return a text without halves of letters (lone surrogates), which no answer could carry."""
    return text.encode("utf-8", "replace").decode()


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _deeper_than(value: object, depth: int) -> bool:
    level = [value]
    while level and depth:
        depth -= 1
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
    return bool(level)
