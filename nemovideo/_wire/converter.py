"""JSON from the wire into records: strict about types, indifferent to keys it does not know."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import attrs

from nemovideo._wire.answers import json_type
from nemovideo._wire.surrogates import is_whole
from nemovideo.errors import DraftError, ProtocolError
from nemovideo.models import RenderJob, SessionState, Upload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cattrs import Converter

T = TypeVar("T")
_Levels: TypeAlias = "Sequence[tuple[str, Mapping[str, Any]]]"
"""Objects that a render answer's fields may stand in, each with its path, the likeliest first."""


@attrs.frozen
class ClaimToken:
    """Lets a browser take over a session [P].

    Attributes:
        claim_token: The secret, `clm_…`; kept out of the repr.
        expires_in: Seconds.
    """

    claim_token: str = attrs.field(repr=False)
    expires_in: float | None = None


class _WrongTypeError(Exception):
    """Says what was expected and which JSON type came instead; never the value."""


def make_converter() -> Converter:
    """Return a converter that holds JSON to the types of a record.

    - A string is a string: null does not become `"None"`, nor a number its digits. It has no half characters.
    - An integer is an integer: not `"12"`, not true, not 12.5.
    - A float is a number, whole or not; not a numeral in a string, not NaN, not infinite.
    - A boolean is true or false: not 0, 1 or a string.
    - Null is accepted where the field says `| None`, and nowhere else.
    - A missing key takes the field's default; without a default it is an error.
    - An unknown key is ignored; records that keep the service's own words have a `raw` field for them.
    """
    from cattrs import Converter  # only here: it is slow to load

    converter = Converter(detailed_validation=True)  # the paths of errors come from its notes
    converter.register_structure_hook(str, _str)
    converter.register_structure_hook(int, _int)
    converter.register_structure_hook(float, _float)
    converter.register_structure_hook(bool, _bool)
    return converter


_converter = cache(make_converter)


def structure(data: object, cls: type[T], path: str = "$.data") -> T:
    """Return the record that a JSON value describes.

    Args:
        data: The value, as `json` reads it.
        cls: A record, or one of the types that records are made of.
        path: Where the value stands in the answer.

    Raises:
        ProtocolError: A type is wrong or a key is missing; with its path and without its value.
    """
    if attrs.has(cls) and type(data) is not dict:
        raise ProtocolError(_expected("an object", data), path=path)
    try:
        return _converter().structure(data, cls)
    except (ExceptionGroup, _WrongTypeError) as error:  # a group is how cattrs tells
        where, what = next(_failures(error, path))
    # Raised out here, so that cattrs's error, which holds the values, is neither cause nor context.
    raise ProtocolError(what, path=where)


def uploads(data: object) -> list[Upload]:
    """Return the files in the answer to an upload.

    Raises:
        ProtocolError: It is not of that form; with the path.
    """
    files = _object(data, "$.data").get("files")
    if type(files) is not list:
        raise ProtocolError(_expected("a list", files), path="$.data.files")
    return [structure(file, Upload, f"$.data.files[{place}]") for place, file in enumerate(files)]


def session_state(data: object) -> SessionState:
    """Return the session's state; one that is missing or null is empty, as before the first edit.

    Raises:
        ProtocolError: It, or its draft, is not of that form; with the path.
    """
    from nemovideo.draft.model import Draft  # only here: it is slow to load

    state = _object(data, "$.data").get("state")
    state = {} if state is None else _object(state, "$.data.state")
    draft, failure = Draft(), None
    try:
        draft = Draft.from_wire(state.get("draft"))
    except DraftError as error:
        failure = error
    if failure is not None:
        path = f"$.data.state.draft{failure.path.removeprefix('$')}"
        raise ProtocolError(failure.message.removeprefix(f"{failure.path}: "), path=path)
    return SessionState(
        draft=draft,
        video_infos=state.get("video_infos"),
        canvas=state.get("canvas_config"),
        generated_media=state.get("generated_media"),
        raw=state,
    )


def render_job(answer: Mapping[str, object], render_id: str) -> RenderJob:
    """Return the job in a render answer.

    Its fields may stand at the top level, inside `data`, or some here and some there; inside counts first.

    Args:
        answer: The whole object, as `answers.render_answer` returns it.
        render_id: The job's id, for answers that do not repeat it.

    Raises:
        ProtocolError: It has no status, or a field of a wrong type; with the path.
    """
    inner = answer.get("data")
    levels: _Levels = (
        [("$", answer)] if inner is None else [("$.data", _object(inner, "$.data")), ("$", answer)]
    )
    status = _find(levels, "status", str)
    if status is None:
        raise ProtocolError("missing", path=f"{levels[0][0]}.status")
    progress = _find(levels, "progress", float)
    if progress is None:
        progress = 100.0 if status == "completed" else 0.0
    outputs = [
        (f"{path}.output", _object(level["output"], f"{path}.output"))
        for path, level in levels
        if level.get("output") is not None
    ]
    links = [_find(outputs, "url", str)]
    links += [_find(levels, key, str) for key in ("outputUrl", "output_url", "url")]
    return RenderJob(
        id=_render_id(levels, render_id),
        status=status,
        progress=min(max(progress, 0.0), 100.0),
        url=next(filter(None, links), None),
        error=_render_error(levels),
        raw=answer,
    )


def _find(levels: _Levels, key: str, cls: type[T]) -> T | None:
    """Return the first value of a key that is there and not null."""
    for path, level in levels:
        if level.get(key) is not None:
            return structure(level[key], cls, f"{path}.{key}")
    return None


def _render_id(levels: _Levels, render_id: str) -> str:
    for path, level in levels:
        if "id" in level:
            return structure(level["id"], str, f"{path}.id")
    return render_id


def _render_error(levels: _Levels) -> str | None:
    """Return why a job failed: a sentence, or an object that holds one."""
    error = next((level["error"] for _, level in levels if level.get("error") is not None), None)
    if type(error) is dict:
        error = error.get("message")
    return error if type(error) is str else None


def _object(value: object, path: str) -> dict[str, Any]:
    if type(value) is not dict:
        raise ProtocolError(_expected("an object", value), path=path)
    return value


def _expected(what: str, value: object) -> str:
    return f"expected {what}, got {json_type(value)}"


def _str(value: object, _: type[str]) -> str:
    if type(value) is not str:
        raise _WrongTypeError(_expected("a string", value))
    if not is_whole(value):
        raise _WrongTypeError("expected text, got half a character")
    return value


def _int(value: object, _: type[int]) -> int:
    if type(value) is not int:
        raise _WrongTypeError(_expected("an integer", value))
    return value


def _float(value: object, _: type[float]) -> float:
    if type(value) is not int and (type(value) is not float or not math.isfinite(value)):
        raise _WrongTypeError(_expected("a finite number", value))
    return value


def _bool(value: object, _: type[bool]) -> bool:
    if type(value) is not bool:
        raise _WrongTypeError(_expected("a boolean", value))
    return value


def _failures(error: Exception, path: str) -> Iterator[tuple[str, str]]:
    """Yield path and reason of all that cattrs found wrong."""
    from cattrs.errors import AttributeValidationNote

    if isinstance(error, ExceptionGroup):
        for cause in error.exceptions:
            notes = getattr(cause, "__notes__", ())
            step = next((f".{note.name}" for note in notes if isinstance(note, AttributeValidationNote)), "")
            yield from _failures(cause, path + step)
    elif isinstance(error, KeyError):
        yield path, "missing"
    else:
        yield path, str(error) if isinstance(error, _WrongTypeError) else "not of the expected form"
