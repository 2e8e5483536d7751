"""Records come out of JSON with the types they promise, or with the path of what is wrong."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from nemovideo._wire.converter import (
    ClaimToken,
    make_converter,
    render_job,
    session_state,
    structure,
    uploads,
)
from nemovideo.errors import ProtocolError
from nemovideo.models import CreditBalance, RenderJob, SessionInfo, StarterToken, Upload

if TYPE_CHECKING:
    from collections.abc import Callable


@frozen
class Typed:
    string: str = ""
    integer: int = 0
    number: float = 0.0
    boolean: bool = False
    optional: float | None = None


SECRET = "nmv_usr_secret"


def problem(call: Callable[[], object]) -> str:
    """What the protocol error says, after making sure that it hides what must not be seen."""
    with pytest.raises(ProtocolError) as caught:
        call()
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert SECRET not in f"{error} {error!r} {error.__dict__}"
    assert error.message.startswith(f"{error.path}: ")
    return error.message


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("string", None, "expected a string, got null"),
        ("string", 12, "expected a string, got a number"),
        ("string", True, "expected a string, got a boolean"),
        ("string", "\ud83d", "expected text, got half a character"),
        ("integer", "12", "expected an integer, got a string"),
        ("integer", True, "expected an integer, got a boolean"),
        ("integer", 12.5, "expected an integer, got a number"),
        ("number", "1.5", "expected a finite number, got a string"),
        ("number", False, "expected a finite number, got a boolean"),
        ("number", float("inf"), "expected a finite number, got a number"),
        ("boolean", 1, "expected a boolean, got a number"),
        ("boolean", "true", "expected a boolean, got a string"),
        ("optional", [], "expected a finite number, got a list"),
        ("optional", {}, "expected a finite number, got an object"),
    ],
)
def test_no_type_is_talked_into_another(field: str, value: object, said: str) -> None:
    assert problem(lambda: structure({field: value}, Typed)) == f"$.data.{field}: {said}"


def test_what_fits_is_taken_as_it_is() -> None:
    """Whole numbers are numbers, null is nothing where that is allowed, foreign keys are no matter."""
    record = {"string": "", "integer": 1, "number": 1, "boolean": True, "optional": None, "foreign": [1]}
    assert structure(record, Typed) == Typed("", 1, 1, True, None)
    assert structure({}, Typed) == Typed()


def test_the_factory_gives_a_converter_of_ones_own() -> None:
    assert make_converter() is not make_converter()
    assert make_converter().structure({"integer": 3}, Typed) == Typed(integer=3)


@pytest.mark.parametrize(
    ("data", "cls", "expected"),
    [
        (
            {"token": SECRET, "user_id": "anon_1", "credits": 100, "expires_at": "2026-12-01T00:00:00Z"},
            StarterToken,
            StarterToken(SECRET, "anon_1", "2026-12-01T00:00:00Z", 100),
        ),
        ({"session_id": "s"}, SessionInfo, SessionInfo("s")),
        ({"session_id": "s", "task_id": "t", "user_id": None}, SessionInfo, SessionInfo("s", "t")),
        ({"available": 98.5, "frozen": 1, "total": 99.5}, CreditBalance, CreditBalance(98.5, 1, 99.5)),
        ({"claim_token": "clm_1", "expires_in": 600}, ClaimToken, ClaimToken("clm_1", 600)),
    ],
)
def test_records(data: object, cls: type, expected: object) -> None:
    assert structure(data, cls) == expected


@pytest.mark.parametrize(
    ("data", "cls", "said"),
    [
        (None, CreditBalance, "$.data: expected an object, got null"),
        ([SECRET], StarterToken, "$.data: expected an object, got a list"),
        ({}, CreditBalance, "$.data.available: missing"),
        ({"session_id": None}, SessionInfo, "$.data.session_id: expected a string, got null"),
        ({"token": SECRET, "user_id": 5}, StarterToken, "$.data.user_id: expected a string, got a number"),
        ({"token": [SECRET]}, StarterToken, "$.data.token: expected a string, got a list"),
    ],
)
def test_what_is_wrong_is_named_by_its_path_and_never_shown(data: object, cls: type, said: str) -> None:
    assert problem(lambda: structure(data, cls)) == said


def test_secrets_stay_out_of_reprs() -> None:
    assert "clm_1" not in repr(ClaimToken("clm_1"))


# --- uploads ------------------------------------------------------------------------------------------


def test_uploads_are_read_from_the_list_of_files() -> None:
    file = {
        "filename": "a.jpg",
        "file_type": "image",
        "cdn_url": "https://cdn/a",
        "width": 4000,
        "height": 3000,
    }
    assert (
        uploads({"files": [file, file | {"fps": None}], "session_state_applied": True})
        == [Upload("a.jpg", "image", "https://cdn/a", width=4000, height=3000)] * 2
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "$.data: expected an object, got a list"),
        ({}, "$.data.files: expected a list, got null"),
        ({"files": {}}, "$.data.files: expected a list, got an object"),
        ({"files": [{"filename": "a"}, None]}, "$.data.files[1]: expected an object, got null"),
        (
            {"files": [{"filename": "a", "width": SECRET}]},
            "$.data.files[0].width: expected an integer, got a string",
        ),
    ],
)
def test_wrong_uploads_are_refused(data: object, said: str) -> None:
    assert problem(lambda: uploads(data)) == said


# --- state --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [{}, {"state": None}, {"state": {}}, {"state": {"draft": None}}])
def test_a_session_without_state_is_empty(data: object) -> None:
    state = session_state(data)
    assert state.draft.to_wire() == {}
    assert state.video_infos is None


def test_the_state_keeps_all_that_the_service_says() -> None:
    raw = {
        "draft": {"t": [{"tt": 0, "sg": [{"d": 5000}]}]},
        "canvas_config": {"w": 1},
        "video_infos": [],
        "x": 1,
    }
    state = session_state({"state": raw})
    assert state.draft.to_wire() == raw["draft"]
    assert (state.canvas, state.video_infos, state.generated_media, state.raw) == ({"w": 1}, [], None, raw)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (None, "$.data"),
        ({"state": []}, "$.data.state"),
        ({"state": {"draft": [SECRET]}}, "$.data.state.draft"),
        ({"state": {"draft": {"t": [{"tt": 0, "sg": [{"d": SECRET}]}]}}}, "$.data.state.draft.t[0].sg[0].d"),
    ],
)
def test_a_wrong_state_is_refused(data: object, path: str) -> None:
    assert problem(lambda: session_state(data)).startswith(f"{path}: ")


# --- renders ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "completed", "output": {"url": "u"}},
        {"status": "completed", "outputUrl": "u"},
        {"status": "completed", "output_url": "u"},
        {"status": "completed", "url": "u", "output": {"format": "mp4"}},
        {"success": True, "data": {"status": "completed", "output": {"url": "u"}}},
        {"success": True, "data": {"status": "completed", "outputUrl": "u"}},
        {"success": True, "data": {"status": "completed", "outputUrl": None}, "outputUrl": "u"},
        {"code": 0, "data": {"id": "r", "status": "completed", "url": "u"}},
        {"id": "r", "status": "completed", "outputUrl": "u", "data": None},
    ],
)
def test_a_finished_job_is_read_wherever_its_fields_stand(answer: dict[str, Any]) -> None:
    assert render_job(answer, "r") == RenderJob("r", "completed", 100.0, "u", raw=answer)


@pytest.mark.parametrize(
    ("progress", "expected"), [(None, 0.0), (-5, 0.0), (12, 12), (12.5, 12.5), (100, 100), (10**400, 100)]
)
def test_progress_is_clamped(progress: float | None, expected: float) -> None:
    assert render_job({"status": "processing", "progress": progress}, "r").progress == expected


def test_an_unknown_status_is_kept() -> None:
    job = render_job({"id": "theirs", "status": "queued_on_mars"}, "ours")
    assert (job.id, job.status, job.is_completed, job.is_failed) == ("theirs", "queued_on_mars", False, False)


@pytest.mark.parametrize("error", ["out of memory", {"message": "out of memory", "code": 7}])
def test_a_failed_job_says_why(error: object) -> None:
    assert render_job({"status": "failed", "error": error}, "r").error == "out of memory"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({}, "$.status: missing"),
        ({"data": {"progress": 1}}, "$.data.status: missing"),
        ({"data": []}, "$.data: expected an object, got a list"),
        ({"status": 3}, "$.status: expected a string, got a number"),
        ({"id": None, "status": "pending"}, "$.id: expected a string, got null"),
        ({"status": "pending", "progress": "50"}, "$.progress: expected a finite number, got a string"),
        ({"status": "completed", "output": "u"}, "$.output: expected an object, got a string"),
        (
            {"data": {"status": "completed", "output": {"url": 1}}},
            "$.data.output.url: expected a string, got a number",
        ),
    ],
)
def test_a_wrong_job_is_refused(answer: dict[str, Any], said: str) -> None:
    assert problem(lambda: render_job(answer, "r")) == said


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def maybe(*keys: str, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with some of these keys, each holding what it should or anything; or no object at all."""
    values = dict.fromkeys(keys, anything) | {key: value | anything for key, value in known.items()}
    return st.fixed_dictionaries({}, optional=values) | anything


files = st.lists(maybe("filename", "width", "duration"), max_size=2)
jobs = maybe("id", "status", "progress", "outputUrl", "error", status=st.just("done"), output=maybe("url"))


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (uploads, maybe(files=files)),
        (session_state, maybe(state=maybe("draft", "video_infos"))),
        (lambda data: render_job({"status": "done", "data": data}, "r"), jobs),
        (lambda data: structure(data, StarterToken), maybe("token", "user_id", "expires_at", "credits")),
        (lambda data: structure(data, CreditBalance), maybe("available", "frozen", "total")),
    ],
    ids=["uploads", "state", "render", "token", "credits"],
)
@given(chance=st.data())
def test_nothing_but_protocol_errors_comes_out(
    read: Callable[[object], object], data: st.SearchStrategy[object], chance: st.DataObject
) -> None:
    """Whatever JSON a server sends."""
    with contextlib.suppress(ProtocolError):
        assert read(chance.draw(data)) is not None
