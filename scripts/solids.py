"""Rounded solids as signed distances, for the photos that the demo draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
Solid: TypeAlias = Callable[[Array], Array]
"""Distance to a surface of points in rows x, y, z: negative inside."""


def at(solid: Solid, x: float = 0, y: float = 0, z: float = 0) -> Solid:
    """Move a solid."""
    offset = np.array([[x], [y], [z]], np.float32)
    return lambda p: solid(p - offset)


def turned(solid: Solid, axis: str, degrees: float) -> Solid:
    """Turn a solid around an axis through the origin."""
    a, b = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3, dtype=np.float32)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix[a, a], matrix[a, b], matrix[b, a], matrix[b, b] = c, s, -s, c
    return lambda p: solid(matrix @ p)


def sphere(radius: float) -> Solid:
    """A ball."""
    return lambda p: length(*p) - radius


def cylinder(radius: float, half_height: float, rounding: float = 0.05) -> Solid:
    """A disc or a rod that stands, with round edges."""

    def distance(p: Array) -> Array:
        side = length(p[0], p[2]) - (radius - rounding)
        end = np.abs(p[1]) - (half_height - rounding)
        return _corner(side, end) - rounding

    return distance


def box(x: float, y: float, z: float, rounding: float = 0.08) -> Solid:
    """A box of these half sizes, with round edges."""
    half = np.array([[x], [y], [z]], np.float32) - np.float32(rounding)

    def distance(p: Array) -> Array:
        q = np.abs(p) - half
        outside: Array = length(*np.maximum(q, 0))
        inside: Array = np.minimum(q.max(axis=0), 0)
        return outside + inside - np.float32(rounding)

    return distance


def ring(radius: float, thickness: float, flat: float = 1.0) -> Solid:
    """A torus around z; `flat` stretches its section along z."""
    return lambda p: length(length(p[0], p[1]) - radius, p[2] / np.float32(flat)) - thickness


def ring_flat(radius: float, thickness: float) -> Solid:
    """A torus that lies on the floor."""
    return lambda p: length(length(p[0], p[2]) - radius, p[1]) - thickness


def arc(radius: float, thickness: float, flat: float, low: float) -> Solid:
    """The part of a torus around z above y = low, cut round."""
    whole = ring(radius, thickness, flat)
    return lambda p: np.maximum(whole(p), low - p[1])


def without(solid: Solid, cut: Solid, softness: float = 0.04) -> Solid:
    """A solid less another, with a soft edge."""
    return lambda p: -_melt(-solid(p), cut(p), softness)


def joined(one: Solid, other: Solid, softness: float = 0.05) -> Solid:
    """Two solids that melt into each other."""
    return lambda p: _melt(one(p), other(p), softness)


def _melt(a: Array, b: Array, k: float) -> Array:
    h = np.maximum(k - np.abs(a - b), 0) / np.float32(k)
    return np.minimum(a, b) - h * h * np.float32(k / 4)


def _corner(a: Array, b: Array) -> Array:
    return length(np.maximum(a, 0), np.maximum(b, 0)) + np.minimum(np.maximum(a, b), 0)


def length(*rows: Array) -> Array:
    """Return the length of vectors given as rows."""
    squared: Array = rows[0] * rows[0]
    for row in rows[1:]:
        squared = squared + row * row
    return np.sqrt(squared)
