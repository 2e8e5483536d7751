"""Judge an HTTP answer: hand back what it carries, or raise what it means."""

from __future__ import annotations

import json
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.client import responses
from typing import TYPE_CHECKING, Any, NoReturn

from nemovideo._wire.surrogates import mend
from nemovideo.errors import ProtocolError, api_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nemovideo.errors import APIError

LONGEST_WAIT = 7 * 86400.0
"""Seconds. A starter token is given once in 7 days: no honest Retry-After is longer [S]."""

_LONGEST_MESSAGE = 500
_NOTHING_THERE = "Check the id and the API URL: there is nothing at this address."
_REQUEST_ID_HEADERS = ("x-request-id", "x-trace-id")


def envelope(status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> object:
    """Return the `data` of an answer `{"code": 0, "data": …}`; None where it has none.

    Args:
        status: The HTTP status.
        headers: The HTTP headers, names in any case.
        body: The whole body.
        now: The wall clock's Unix time, for a Retry-After that is a date.

    Raises:
        APIError: The service refused; the class is by the error table.
        ProtocolError: The answer is no such envelope, or a redirect.
    """
    answer = _successful_object(status, headers, body, now)
    if "code" not in answer:
        raise ProtocolError("missing", path="$.code")
    return answer.get("data")


def render_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, now: float
) -> Mapping[str, object]:
    """Return the whole object a render call answered: an envelope, `{"success": true, …}` or a bare job [P].

    Arguments and errors are those of `envelope`; `"success": false` is an error, too.
    """
    answer = _successful_object(status, headers, body, now)
    success = answer.get("success", True)
    if type(success) is not bool:
        raise ProtocolError(f"expected a boolean, got {json_type(success)}", path="$.success")
    if not success:
        raise _refusal(status, status, headers, answer, now)
    return answer


def json_type(value: object) -> str:
    """Name a value's JSON type, for messages that must not tell the value."""
    names = {type(None): "null", bool: "a boolean", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "a number")


def retry_after(value: str | None, *, now: float) -> float | None:
    """Return the seconds a Retry-After header asks for, 0 to `LONGEST_WAIT`; None if unreadable.

    Args:
        value: Seconds, whole or not, or an HTTP date; None where there is no header.
        now: The wall clock's Unix time.
    """
    if value is None:
        return None
    value = value.strip()
    if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", value):
        seconds = float(value)
    else:
        try:
            date = parsedate_to_datetime(value)
            seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _successful_object(status: int, headers: Mapping[str, str], body: bytes, now: float) -> dict[str, Any]:
    """Return the JSON object of an answer that reports no error by its status or its code."""
    if 300 <= status < 400:
        raise ProtocolError(
            f"HTTP {status}: redirect refused", hint="Check the API URL: it has to lead there straight."
        )
    answer, problem = _parse(body)
    code = answer.get("code") if type(answer) is dict else None
    if status >= 400:
        told = code if type(code) is int else 0
        raise _refusal(told or status, status, headers, answer, now)
    if problem:
        raise ProtocolError(problem)
    if type(answer) is not dict:
        raise ProtocolError(f"expected an object, got {json_type(answer)}")
    if "code" in answer and type(code) is not int:
        raise ProtocolError(f"expected an integer, got {json_type(code)}", path="$.code")
    if code:
        raise _refusal(code, status, headers, answer, now)
    return answer


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _parse(body: bytes) -> tuple[Any, str]:
    """Return the body's JSON and no problem, or None and the problem.

    The problem is returned, not raised, so that no JSON error, which holds the whole body, becomes the
    context of ours. Of keys given twice, the last one counts.
    """
    if not body.strip():
        return None, "the body is empty"
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant), ""
    except ValueError:
        return None, "the body is not JSON"
    except RecursionError:
        return None, "the body is nested too deeply"


def _refusal(code: int, status: int, headers: Mapping[str, str], answer: object, now: float) -> APIError:
    fields = answer if type(answer) is dict else {}
    found = {name.lower(): value for name, value in headers.items()}
    request_id = next(
        (found[name] for name in _REQUEST_ID_HEADERS if name in found), fields.get("request_id")
    )
    return api_error(
        code,
        _message(fields) or _reason(status),
        status=status,
        hint=_NOTHING_THERE if code == 404 else None,
        request_id=request_id if type(request_id) is str else None,
        retry_after=retry_after(found.get("retry-after"), now=now),
    )


def _reason(status: int) -> str:
    """Say what an error status means; empty for the others, whose code says more."""
    return (
        f"The service answered HTTP {status} {responses.get(status, '')}".rstrip() + "."
        if status >= 400
        else ""
    )


def _message(fields: dict[str, Any]) -> str:
    """Return what an error object says, from wherever services put it; empty if nowhere."""
    for key in ("message", "error", "detail"):
        value = fields.get(key)
        if type(value) is list and value:  # as validation errors are listed
            value = value[0]
        if type(value) is dict:
            value = value.get("message") or value.get("msg")
        if type(value) is str and value.strip():
            return mend(value.strip()[:_LONGEST_MESSAGE])
    return ""
