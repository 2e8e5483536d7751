"""JSON in and out of the draft: checked on the way in, copied on the way out, nothing lost.

The five documented keys (`t`, `tt`, `sg`, `d`, `m`) are held to their types; every other key is kept as it
came, in its place. Whatever is refused is refused with its path, such as `$.t[1].sg[0].d`.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias, TypeGuard

from nemovideo.errors import DraftError

Object: TypeAlias = dict[str, Any]
"""A JSON object."""

MAX_DEPTH = 100
"""Levels of nesting that a draft may have; a cycle ends here too."""

MAX_MS = 2**53
"""Times lie within ± this many ms, where every int is a float."""


def read_draft(value: object) -> Object:
    """Return a checked copy of a wire draft that shares nothing with the original.

    Args:
        value: A JSON object as Python has it; None counts as the empty object.

    Raises:
        DraftError: It is no JSON, or one of the documented keys has a wrong type; with the path.
    """
    draft = _object_at("$", {} if value is None else value)
    _check_common(draft, "$")
    for number, track in enumerate(_list_at(draft, "t", "$")):
        path = f"$.t[{number}]"
        _check_track(_object_of(track, path), path)
    return draft


def read_track(value: object) -> Object:
    """Return a checked copy of one wire track; raises as `read_draft` does."""
    track = _object_at("$", value)
    _check_track(track, "$")
    return track


def read_segment(value: object) -> Object:
    """Return a checked copy of one wire segment; raises as `read_draft` does."""
    segment = _object_at("$", value)
    _check_common(segment, "$")
    return segment


def _check_track(track: Object, path: str) -> None:
    """Hold a track and its segments to the documented types.

    Raises:
        DraftError: One is wrong; with its path.
    """
    kind = track.get("tt")
    if kind is not None and (type(kind) is not int or not is_number(kind)):
        raise DraftError("A track type is a whole number.", path=f"{path}.tt")
    _check_common(track, path)
    for number, segment in enumerate(_list_at(track, "sg", path)):
        if type(segment) is not dict:
            raise DraftError("A segment is an object.", path=f"{path}.sg[{number}]")
        duration, metadata = segment.get("d"), segment.get("m")
        if type(duration) is not int or type(metadata) is not dict or not -MAX_MS <= duration <= MAX_MS:
            _check_common(segment, f"{path}.sg[{number}]")


def copy_tree(value: Any) -> Any:
    """Return a deep copy of JSON that was checked before."""
    if type(value) is dict:
        return {key: copy_tree(item) if type(item) in _CONTAINERS else item for key, item in value.items()}
    if type(value) is list:
        return [copy_tree(item) if type(item) in _CONTAINERS else item for item in value]
    return value


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a JSON value is a number that may be a time, in ms, or a factor."""
    return type(value) in (int, float) and -MAX_MS <= value <= MAX_MS  # type: ignore[operator]  # a number here


def milliseconds(seconds: float | None) -> int:
    """Return seconds, as arguments have them, in whole ms, as drafts have them.

    Raises:
        DraftError: It is no number of seconds, negative, or beyond all reason.
    """
    if not is_number(seconds) or not 0 <= seconds <= MAX_MS / 1000:
        raise DraftError(f"A time is a number of seconds, 0 or more, not {seconds!r}.")
    return round(seconds * 1000)


def _check_common(holder: Object, path: str) -> None:
    """Hold `d` and `m`, which all three kinds of objects have, to their types."""
    duration = holder.get("d")
    if duration is not None and not is_number(duration):
        raise DraftError("A duration is a number of milliseconds.", path=f"{path}.d")
    _object_of({} if holder.get("m") is None else holder["m"], f"{path}.m")


def _object_of(value: object, path: str) -> Object:
    if not isinstance(value, dict):
        raise DraftError(f"An object belongs here, not {_kind(value)}.", path=path)
    return value


def _list_at(holder: Object, key: str, path: str) -> list[Any]:
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise DraftError(f"A list belongs here, not {_kind(value)}.", path=f"{path}.{key}")
    return value


def _object_at(path: str, value: object) -> Object:
    _object_of(value, path)
    try:
        copy: Object = _checked_copy(value, 0)
    except _Unfit as unfit:
        reason, where = unfit.reason, path + "".join(reversed(unfit.steps))
    else:
        return copy
    raise DraftError(reason, path=where)


class _Unfit(Exception):
    """A value that is no JSON; its path grows while the stack unwinds, so that good drafts pay nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str] = []


_CONTAINERS = (dict, list)
_SAFE = (int, bool, type(None))


def _checked_copy(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return _checked_text(value)
    if kind in _SAFE:
        return value
    if kind is dict:
        return _checked_dict(value, depth)
    if kind is list:
        return _checked_list(value, depth)
    if kind is float:
        if not math.isfinite(value):
            raise _Unfit(f"{value} is no JSON number.")
        return value
    for plain in (str, int, float, dict, list):
        if isinstance(value, plain):  # an IntEnum, an OrderedDict: plain JSON comes out
            return _checked_copy(_plain(plain, value), depth)
    raise _Unfit(f"{_kind(value).capitalize()} is no JSON.")


def _plain(kind: type, value: Any) -> Any:
    return str.__str__(value) if kind is str else kind(value)


def _checked_dict(value: Object, depth: int) -> Object:
    if depth > MAX_DEPTH:
        raise _Unfit(f"More than {MAX_DEPTH} levels deep, or a cycle.")
    copy = {}
    key: Any = None
    try:
        for key, item in value.items():
            copy[_checked_text(key)] = item if type(item) in _SAFE else _checked_copy(item, depth + 1)
    except _Unfit as unfit:
        unfit.steps.append(_step(key))
        raise
    return copy


def _checked_list(value: list[Any], depth: int) -> list[Any]:
    if depth > MAX_DEPTH:
        raise _Unfit(f"More than {MAX_DEPTH} levels deep, or a cycle.")
    copy: list[Any] = []
    try:
        copy.extend(item if type(item) in _SAFE else _checked_copy(item, depth + 1) for item in value)
    except _Unfit as unfit:
        unfit.steps.append(f"[{len(copy)}]")
        raise
    return copy


def _checked_text(text: object) -> str:
    if type(text) is not str:
        raise _Unfit("A key is a string.")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Unfit("A lone surrogate is no text.") from None
    return text


def _step(key: object) -> str:
    if isinstance(key, str) and key.isidentifier():
        return f".{key}"
    return f"[{key!a}]"


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    if type(value) in (int, float):
        return "a number"
    return names.get(type(value), f"a {type(value).__name__}")
