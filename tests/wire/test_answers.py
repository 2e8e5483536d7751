"""An HTTP answer is judged by its status, its code and its shape."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemovideo._wire.answers import LONGEST_WAIT, envelope, render_answer, retry_after
from nemovideo.errors import (
    ERRORS_BY_CODE,
    APIError,
    MissingClientIdError,
    NemoVideoError,
    ProtocolError,
    ServerError,
    SessionNotFoundError,
    UnknownAPIError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ERRORS = sorted((Path(__file__).parent.parent / "fixtures" / "errors").glob("*.json"))
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BOTH = pytest.mark.parametrize("judge", [envelope, render_answer])


def judged(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None, judge: Any = envelope
) -> object:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return judge(status, headers or {}, raw, now=NOON.timestamp())


def refusal(
    body: object, status: int = 200, headers: Mapping[str, str] | None = None, judge: Any = envelope
) -> NemoVideoError:
    """The error, after making sure that it drags no other one along."""
    with pytest.raises(NemoVideoError) as caught:
        judged(body, status, headers, judge)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


# --- the error table ----------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("path", ERRORS, ids=lambda path: path.stem)
def test_each_row_of_the_error_table_has_its_class(path: Path, judge: Callable[..., object]) -> None:
    row = json.loads(path.read_text("utf-8"))
    body = row["body"].encode() if isinstance(row["body"], str) else row["body"]
    error = refusal(body, row["status"], row["headers"], judge)
    assert isinstance(error, APIError)
    assert error.status == row["status"]
    assert {
        "class": type(error).__name__,
        "code": error.code,
        "message": error.message,
        "request_id": error.request_id,
        "retry_after": error.retry_after,
    } == row["raises"]
    assert error.hint or isinstance(error, UnknownAPIError)


def test_every_code_and_every_class_has_a_row() -> None:
    rows = {json.loads(path.read_text("utf-8"))["raises"]["class"] for path in ERRORS}
    assert {str(code) for code in ERRORS_BY_CODE} <= {path.stem for path in ERRORS}
    assert {cls.__name__ for cls in APIError.__subclasses__()} == rows


# --- good answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [{"a": 1}, [], "text", 0, None])
def test_an_envelope_gives_its_data(data: object) -> None:
    assert judged({"code": 0, "message": "ok", "data": data}) == data


def test_an_envelope_without_data_gives_none() -> None:
    assert judged({"code": 0}) is None


def test_a_bom_is_no_matter() -> None:
    assert judged(b'\xef\xbb\xbf{"code": 0, "data": 1}') == 1


def test_of_a_key_given_twice_the_last_counts() -> None:
    assert judged(b'{"code": 1001, "code": 0, "data": 1, "data": 2}') == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "data": {"id": "r"}},
        {"code": 0, "data": {"id": "r"}},
        {"id": "r", "status": "pending"},
        {},
    ],
)
def test_a_render_answer_is_given_whole(answer: dict[str, Any]) -> None:
    assert judged(answer, judge=render_answer) == answer


# --- bad answers --------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "$: the body is empty"),
        (b" \r\n", "$: the body is empty"),
        (b"<html>", "$: the body is not JSON"),
        (b"\xff\xfe", "$: the body is not JSON"),
        (b'{"code": 0', "$: the body is not JSON"),
        (b'{"code": 0, "data": NaN}', "$: the body is not JSON"),
        (b'{"code": 0, "data": -Infinity}', "$: the body is not JSON"),
        (b'{"code": ' + b"9" * 5000 + b"}", "$: the body is not JSON"),
        (b'{"code": 0, "data": ' + b"[" * 100_000, "$: the body is nested too deeply"),
        (
            b'{"code": 0, "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            "$: the body is nested too deeply",
        ),
        (b"null", "$: expected an object, got null"),
        (b"[]", "$: expected an object, got a list"),
        (b'"nmv_usr_secret"', "$: expected an object, got a string"),
        (b"true", "$: expected an object, got a boolean"),
        (b"0", "$: expected an object, got a number"),
        (b'{"code": "0", "data": 1}', "$.code: expected an integer, got a string"),
        (b'{"code": null, "data": 1}', "$.code: expected an integer, got null"),
        (b'{"code": false, "data": 1}', "$.code: expected an integer, got a boolean"),
        (b'{"code": 0.0, "data": 1}', "$.code: expected an integer, got a number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_wire_does_not_promise_is_refused_with_its_path(
    judge: Callable[..., object], body: bytes, said: str
) -> None:
    error = refusal(body, judge=judge)
    assert isinstance(error, ProtocolError)
    assert error.message == said


def test_an_envelope_must_have_a_code() -> None:
    assert refusal({"data": {}}).message == "$.code: missing"


def test_success_must_be_true_or_false() -> None:
    error = refusal({"success": "yes"}, judge=render_answer)
    assert error.message == "$.success: expected a boolean, got a string"


def test_a_render_that_did_not_succeed_is_an_error() -> None:
    error = refusal({"success": False, "error": "bad draft"}, judge=render_answer)
    assert isinstance(error, UnknownAPIError)
    assert error.message == "bad draft"


@BOTH
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_refused(status: int, judge: Callable[..., object]) -> None:
    error = refusal(b'{"code": 0, "data": {}}', status, {"Location": "https://elsewhere"}, judge)
    assert isinstance(error, ProtocolError)
    assert "redirect" in error.message


# --- errors by status ---------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("status", "body", "cls", "code"),
    [
        (404, {"code": 1002, "message": "x"}, SessionNotFoundError, 1002),
        (503, {"code": 0, "data": {}}, ServerError, 503),
        (500, {"code": "1001"}, ServerError, 500),
        (500, b"", ServerError, 500),
        (500, b"[" * 100_000, ServerError, 500),
        (599, b"<html>", ServerError, 599),
        (500, {"code": 77}, ServerError, 77),
        (404, b"Not Found", UnknownAPIError, 404),
        (400, [], MissingClientIdError, 400),
    ],
    ids=str,
)
def test_a_nonzero_code_goes_before_the_status(
    judge: Callable[..., object], status: int, body: object, cls: type[APIError], code: int
) -> None:
    error = refusal(body, status, judge=judge)
    assert type(error) is cls
    assert (error.code, error.status) == (code, status)


def test_an_address_with_nothing_behind_it_says_what_to_check() -> None:
    """A wrong id and a wrong API URL look alike from here."""
    assert "the API URL" in refusal(b"Not Found", 404).hint


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": " broken "}, "broken"),
        ({"error": "broken"}, "broken"),
        ({"error": {"message": "broken"}}, "broken"),
        ({"detail": "broken"}, "broken"),
        ({"detail": [{"loc": ["body", "id"], "msg": "broken"}]}, "broken"),
        ({"message": "x" * 10_000}, "x" * 500),
        ({"message": "\ud83d!"}, "\ufffd!"),
        ({"message": None, "error": [], "detail": {}}, "The service answered HTTP 422 Unprocessable Entity."),
        (b"<html><body>secret</body></html>", "The service answered HTTP 422 Unprocessable Entity."),
    ],
    ids=["message", "error", "error object", "detail", "validation", "long", "half", "nothing", "HTML"],
)
def test_the_message_is_taken_from_wherever_it_stands(body: object, message: str) -> None:
    assert refusal(body, 422).message == message


def test_a_code_without_a_message_still_says_something() -> None:
    assert refusal({"code": 77}).message == "The service answered with code 77."


# --- Retry-After --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("30", 30),
        (" 1.5 ", 1.5),
        ("-5", 0),
        ("1000000000", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOON - timedelta(days=1), usegmt=True), 0),
        (format_datetime(NOON + timedelta(days=999), usegmt=True), LONGEST_WAIT),
        ("Sun, 22 Nov 2026 12:01:00 -0000", 60),
        ("Sun, 99 Nov 2026 12:01:00 GMT", None),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("\u0663", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    """Seconds, fractions and dates are read, bounded by 0 and 7 days; junk is no answer."""
    assert retry_after(value, now=NOON.timestamp()) == seconds


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's time zone cannot be set")
def test_a_date_without_a_zone_is_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the reader lives."""
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "JST-9")
        time.tzset()
        assert retry_after("Sun, 22 Nov 2026 12:01:00 -0000", now=NOON.timestamp()) == 60
    time.tzset()


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ Nov \d+ \d+:\d+:\d+ ([+-]\d+|GMT)", fullmatch=True))
def test_no_retry_after_raises(value: str) -> None:
    seconds = retry_after(value, now=NOON.timestamp())
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT


@given(
    st.integers(200, 599),
    st.binary(max_size=30)
    | st.recursive(
        st.none() | st.integers() | st.booleans() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(["code", "message", "error", "detail", "success", "request_id", "data"]),
                inner,
                max_size=4,
            )
        ),
    ).map(lambda value: json.dumps(value).encode()),
)
def test_nothing_but_typed_errors_comes_out(status: int, body: bytes) -> None:
    """Whatever a server, a proxy or a captive portal answers."""
    for judge in (envelope, render_answer):
        try:
            judge(status, {"Retry-After": "x"}, body, now=0)
        except (APIError, ProtocolError):
            continue
        assert status < 300
