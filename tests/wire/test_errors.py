"""The error tree keeps its promises, for classes yet to come, too."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

from nemovideo import errors
from nemovideo.errors import APIError, NemoVideoError, api_error

API_FIELDS: dict[str, Any] = {"code": 7, "status": 409, "request_id": "req-1", "retry_after": 2.5}
FIELDS: dict[str, dict[str, Any]] = {
    "InsufficientCreditsError": API_FIELDS | {"register_url": "https://nemovideo.com/register?bind=anon_1"},
    "OutcomeUnknownError": {"may_have_charged": True, "session_id": "s"},
    "ProtocolError": {"path": "$.data.files[0].width"},
    "ChatError": {"code": "UNAVAILABLE", "text": "Half an", "session_id": "s"},
    "TurnTimeoutError": {"session_id": "s"},
    "TurnInProgressError": {"session_id": "s"},
    "RenderFailedError": {"render_id": "r", "status": "cancelled"},
    "RenderTimeoutError": {"render_id": "r", "status": "processing"},
    "DraftError": {"path": "$.t[0]"},
    "EmptyDraftError": {"path": "$.t"},
    "DownloadError": {"path": "out.mp4"},
}


def subclasses(cls: type[NemoVideoError]) -> list[type[NemoVideoError]]:
    return [cls, *(found for child in cls.__subclasses__() for found in subclasses(child))]


CLASSES = [cls for cls in subclasses(NemoVideoError) if cls.__module__.startswith("nemovideo")]
BY_NAME = pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)


def make(cls: type[NemoVideoError], **more: Any) -> NemoVideoError:
    default = API_FIELDS if issubclass(cls, APIError) else {}
    return cls("It broke.", **FIELDS.get(cls.__name__, default), **more)


@BY_NAME
def test_every_field_of_every_class_is_covered_here(cls: type[NemoVideoError]) -> None:
    """A new class, or a new field of an old one, must be added above."""
    named = {
        name
        for base in cls.__mro__
        if "__init__" in vars(base) and issubclass(base, NemoVideoError)
        for name, parameter in inspect.signature(base.__init__).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    default = API_FIELDS if issubclass(cls, APIError) else {}
    assert named - {"hint"} == set(FIELDS.get(cls.__name__, default))


@BY_NAME
def test_every_error_survives_pickling_with_all_its_fields(cls: type[NemoVideoError]) -> None:
    error = make(cls, hint="Do this.")
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        copy = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own bytes
        assert type(copy) is cls
        assert (str(copy), copy.args, vars(copy)) == (str(error), error.args, vars(error))


@BY_NAME
def test_every_error_has_a_message_and_says_it(cls: type[NemoVideoError]) -> None:
    error = make(cls)
    assert "It broke." in error.message
    assert str(error).startswith(error.message)
    assert str(error).endswith(error.hint)


def test_where_an_answer_is_wrong_is_a_sentence_before_the_hint() -> None:
    error = errors.ProtocolError("missing", path="$.code", hint="Look.")
    assert (error.message, str(error)) == ("$.code: missing", "$.code: missing. Look.")


@BY_NAME
def test_every_error_keeps_its_fields(cls: type[NemoVideoError]) -> None:
    error = make(cls)
    default = API_FIELDS if issubclass(cls, APIError) else {}
    for name, value in FIELDS.get(cls.__name__, default).items():
        assert getattr(error, name) == value


@BY_NAME
def test_every_class_says_what_it_is_for(cls: type[NemoVideoError]) -> None:
    assert cls.__doc__
    assert cls.__name__ in (errors.__doc__ or "")


def test_what_a_person_can_act_on_has_a_hint() -> None:
    """Bases, and what only the caller can explain, have none."""
    without = {cls.__name__ for cls in CLASSES if not make(cls).hint}
    assert without == {
        "NemoVideoError", "APIError", "UnknownAPIError", "DraftError", "DownloadError",
        "ConfigurationError",
    }  # fmt: skip


def test_a_hint_can_be_given_or_silenced() -> None:
    assert str(errors.NotSentError("No route.", hint="Plug it in.")) == "No route. Plug it in."
    assert str(errors.NotSentError("No route.", hint="")) == "No route."


@pytest.mark.parametrize(
    ("code", "status", "cls"),
    [(code, 200, cls) for code, cls in errors.ERRORS_BY_CODE.items()]
    + [(500, 500, errors.ServerError), (599, 599, errors.ServerError), (12, 200, errors.UnknownAPIError)],
)
def test_the_table_gives_the_class(code: int, status: int, cls: type[APIError]) -> None:
    error = api_error(code, "", status=status)
    assert type(error) is cls
    assert (error.code, error.status) == (code, status)
    assert error.message


def test_no_credits_tells_an_anonymous_user_where_to_register() -> None:
    url = "https://nemovideo.com/register?bind=anon_1"
    assert url in api_error(2001, "no credits", register_url=url).hint
    assert "Top up" in api_error(2001, "no credits").hint
