"""Draws product photos, so that the demo has something to show: mug.jpg, camera.jpg, headphones.jpg.

    python scripts/draw_photos.py FOLDER/mug.jpg

Each is a small scene of rounded solids, given as signed distances in NumPy, seen by ray marching: a studio
floor that runs into the backdrop, one soft key light, its shadow, and the light that the floor gives back.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from solids import (
    Array,
    Solid,
    arc,
    at,
    box,
    cylinder,
    joined,
    length,
    ring,
    ring_flat,
    sphere,
    turned,
    without,
)

WIDTH, HEIGHT = 1440, 2160
CHUNK = 1 << 15  # pixels at a time: small enough for the processor's cache
EYE = np.array([0.0, 3.1, 8.8], np.float32)
TARGET = np.array([0.0, 0.95, 0.0], np.float32)
FIELD = 0.325  # half the picture's height, as seen at distance 1
KEY = np.array([-0.55, 0.75, 0.42], np.float32) / np.float32(np.linalg.norm([-0.55, 0.75, 0.42]))
REACH = 2.1  # everything that stands on the floor is this near to TARGET


class Part(NamedTuple):
    """A solid and what it is made of: colour in sRGB, gloss 0 to 1."""

    solid: Solid
    colour: str
    gloss: float = 0.35


class Scene(NamedTuple):
    """What stands on the floor, and the colour of the studio."""

    studio: str
    parts: tuple[Part, ...]


# --- the three scenes ---------------------------------------------------------------------------------


def mug() -> Scene:
    """A stoneware mug, glazed but for its foot, on a saucer."""
    wall = without(cylinder(0.74, 0.80, 0.10), at(cylinder(0.655, 0.80, 0.12), y=0.12), 0.05)
    handle = without(at(ring(0.40, 0.095, 1.25), x=0.80), cylinder(0.69, 0.9, 0.1), 0.03)
    body = turned(joined(wall, handle, 0.14), "y", 32)
    saucer = joined(cylinder(1.12, 0.035, 0.034), at(ring_flat(1.08, 0.05), y=0.05), 0.1)
    coffee = cylinder(0.66, 0.02, 0.01)
    return Scene(
        "#e9c9ae",
        (
            Part(at(body, y=0.90), "#2f6f73", 0.75),
            Part(at(cylinder(0.746, 0.20, 0.10), y=0.28), "#e6d3b8", 0.2),
            Part(at(saucer, y=0.04), "#f3ece2", 0.55),
            Part(at(coffee, y=1.47), "#3b1f12", 0.9),
        ),
    )


def camera() -> Scene:
    """A rangefinder camera in leather and brushed metal."""
    lens = turned(cylinder(0.56, 0.30, 0.05), "x", 90)
    barrel = turned(cylinder(0.47, 0.46, 0.04), "x", 90)
    hollow = at(turned(cylinder(0.36, 0.20, 0.02), "x", 90), z=0.42)
    glass = at(sphere(0.42), z=0.10)

    def placed(solid: Solid) -> Solid:
        return at(turned(solid, "y", -24), y=0.67)

    def front(solid: Solid, y: float = -0.08) -> Solid:
        return placed(at(solid, x=0.12, y=y, z=0.62))

    return Scene(
        "#c3d2dc",
        (
            Part(placed(box(1.26, 0.50, 0.40, 0.14)), "#8f4a2b", 0.25),
            Part(placed(at(box(1.28, 0.14, 0.42, 0.10), y=0.56)), "#e6e2da", 0.8),
            Part(placed(at(box(1.25, 0.12, 0.40, 0.08), y=-0.55)), "#e6e2da", 0.8),
            Part(placed(at(box(0.42, 0.16, 0.34, 0.08), x=0.12, y=0.74)), "#e6e2da", 0.8),
            Part(placed(at(box(0.22, 0.09, 0.03, 0.02), x=0.12, y=0.77, z=0.34)), "#1d2730", 0.95),
            Part(placed(at(cylinder(0.20, 0.10, 0.03), x=0.86, y=0.76)), "#d8d2c6", 0.8),
            Part(placed(at(cylinder(0.09, 0.10, 0.03), x=0.86, y=0.86)), "#c8492f", 0.6),
            Part(placed(at(cylinder(0.24, 0.07, 0.03), x=-0.80, y=0.74)), "#d8d2c6", 0.8),
            Part(front(lens), "#e6e2da", 0.8),
            Part(front(without(at(barrel, z=0.12), hollow, 0.03)), "#23262b", 0.6),
            Part(front(glass), "#2a3f66", 1.0),
        ),
    )


def headphones() -> Scene:
    """Headphones that stand on their cups."""

    def cup(side: int) -> tuple[Part, ...]:
        def placed(solid: Solid) -> Solid:
            lying = turned(solid, "z", 90)  # discs stand, their axis along x
            return at(turned(lying, "z", side * 7), x=side * 0.78, y=0.66)

        return (
            Part(placed(at(cylinder(0.60, 0.15, 0.10), y=-side * 0.14)), "#f2efe9", 0.55),
            Part(placed(at(cylinder(0.34, 0.03, 0.02), y=-side * 0.29)), "#d9a441", 0.85),
            Part(placed(at(ring_flat(0.42, 0.17), y=side * 0.10)), "#2b2d33", 0.15),
        )

    band = arc(1.02, 0.085, 2.1, 0.10)
    pad = arc(0.93, 0.075, 2.4, 0.62)
    return Scene(
        "#d9c7de",
        tuple(
            Part(at(turned(at(part.solid, y=-0.66), "y", 38), y=0.62), part.colour, part.gloss)
            for part in (
                *cup(-1),
                *cup(1),
                Part(at(band, y=0.86), "#f2efe9", 0.55),
                Part(at(pad, y=0.86), "#2b2d33", 0.15),
            )
        ),
    )


# --- light --------------------------------------------------------------------------------------------


def linear(colour: str) -> Array:
    """Return a hex colour as linear light, a column of three."""
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    return (srgb**2.2)[:, None].astype(np.float32)


def distance(scene: Scene, p: Array) -> Array:
    """Return the distance to the nearest part."""
    nearest = scene.parts[0].solid(p)
    for part in scene.parts[1:]:
        np.minimum(nearest, part.solid(p), out=nearest)
    return nearest


def march(scene: Scene, origin: Array, ray: Array, steps: int = 70) -> Array:
    """Return how far each ray runs until it meets a part; infinite where it passes by."""
    to = origin - TARGET[:, None]
    along = -(to * ray).sum(axis=0)
    miss = (to * to).sum(axis=0) - along * along
    half = np.sqrt(np.maximum(REACH**2 - miss, 0))
    far = np.full(ray.shape[1], np.inf, np.float32)
    alive = np.flatnonzero((miss < REACH**2) & (along + half > 0))
    t = np.maximum(along[alive] - half[alive], 0.0).astype(np.float32)
    end = (along + half)[alive]
    for _ in range(steps):
        if not alive.size:
            break
        step = distance(scene, origin[:, alive] + ray[:, alive] * t)
        hit = step < 0.0012
        far[alive[hit]] = t[hit]
        t = t + step * np.float32(0.95)
        on = ~hit & (t < end)
        alive, t, end = alive[on], t[on], end[on]
    return far


def lit(scene: Scene, p: Array, steps: int = 26) -> Array:
    """Return how much of the key light reaches points, 0 to 1; its shadow is soft."""
    light = np.ones(p.shape[1], np.float32)
    to = p - TARGET[:, None]
    along = -(to * KEY[:, None]).sum(axis=0)
    miss = (to * to).sum(axis=0) - along * along
    reach = REACH + 0.4
    alive = np.flatnonzero((miss < reach**2) & (along + np.sqrt(np.maximum(reach**2 - miss, 0)) > 0))
    t = np.full(alive.size, 0.03, np.float32)
    for _ in range(steps):
        if not alive.size:
            break
        gap = distance(scene, p[:, alive] + KEY[:, None] * t)
        light[alive] = np.minimum(light[alive], np.clip(0.5 + 4.5 * gap / t, 0, 1))
        t = t + np.clip(gap, 0.03, 0.35)
        on = (light[alive] > 0.01) & (t < 5)
        alive, t = alive[on], t[on]
    return light * light * (3 - 2 * light)


def openness(scene: Scene, p: Array, normal: Array) -> Array:
    """Return how much of its surroundings a point sees, 0 to 1: dark in corners and below things."""
    closed = np.zeros(p.shape[1], np.float32)
    for height, weight in ((0.06, 1.4), (0.18, 0.8), (0.42, 0.45)):
        gap = np.minimum(distance(scene, p + normal * np.float32(height)), p[1] + normal[1] * height)
        closed += np.float32(weight) * np.maximum(height - gap, 0)
    seen: Array = np.exp(-2.2 * closed)
    return seen


def facing(scene: Scene, p: Array) -> Array:
    """Return the surface normal at points."""
    e = np.float32(0.0015)
    corners = np.array([[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], np.float32)
    normal = np.zeros_like(p)
    for corner in corners[:, :, None]:
        normal += corner * distance(scene, p + corner * e)
    return normal / np.maximum(length(*normal), np.float32(1e-6))


def studio(scene: Scene, ray: Array) -> Array:
    """Return the light of the backdrop: brightest behind the product, with a soft box high on the left."""
    base = linear(scene.studio)
    height = np.clip(ray[1] * 0.5 + 0.5, 0, 1)
    wall = base * (0.62 + 0.55 * height)
    window = np.clip(1 - ((ray[0] + 0.55) / 0.32) ** 4, 0, 1) * np.clip(
        1 - ((ray[1] - 0.55) / 0.38) ** 4, 0, 1
    )
    light: Array = wall + np.float32(2.2) * window * (ray[2] > -0.2)
    return light


def see(scene: Scene, x: Array, y: Array) -> Array:
    """Return the light that comes in at picture points, x and y in pixels: three rows, linear."""
    ahead = (TARGET - EYE) / np.linalg.norm(TARGET - EYE)
    right = np.cross(ahead, [0, 1, 0]).astype(np.float32)
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    u = (2 * x / WIDTH - 1) * FIELD * WIDTH / HEIGHT
    v = (1 - 2 * y / HEIGHT) * FIELD
    ray = ahead[:, None] + right[:, None] * u + up[:, None] * v
    ray = (ray / length(*ray)).astype(np.float32)
    origin = np.broadcast_to(EYE[:, None], ray.shape).astype(np.float32)

    far = march(scene, origin, ray)
    floor = np.where(ray[1] < -1e-4, -EYE[1] / np.minimum(ray[1], -1e-4), np.inf).astype(np.float32)
    light = backdrop(scene, origin, ray, floor)
    on_part = np.flatnonzero(far < floor)
    if on_part.size:
        light[:, on_part] = surface(
            scene, (origin + ray * np.where(far < floor, far, 0))[:, on_part], ray[:, on_part]
        )
    return light


def backdrop(scene: Scene, origin: Array, ray: Array, floor: Array) -> Array:
    """Return the light of the floor and the wall that it runs into."""
    base = linear(scene.studio)
    glow = np.exp(-((ray[0] / 0.33) ** 2) - ((ray[1] + 0.06) / 0.30) ** 2)
    light: Array = base * (0.60 + 0.52 * glow)
    near = np.flatnonzero(floor < 13.5)
    if near.size:
        p = origin[:, near] + ray[:, near] * floor[near]
        up = np.zeros_like(p)
        up[1] = 1
        shade = 0.42 + 0.58 * lit(scene, p)
        shade = shade * (0.35 + 0.65 * openness(scene, p, up))
        blend = np.clip((13.5 - floor[near]) / 4, 0, 1)
        light[:, near] *= 1 + (shade - 1) * blend
    return light


def surface(scene: Scene, p: Array, ray: Array) -> Array:
    """Return the light of points on parts."""
    distances = np.stack([part.solid(p) for part in scene.parts])
    which = distances.argmin(axis=0)
    colours = np.concatenate([linear(part.colour) for part in scene.parts], axis=1)[:, which]
    gloss = np.array([part.gloss for part in scene.parts], np.float32)[which]
    normal = facing(scene, p)
    key = np.maximum((normal * KEY[:, None]).sum(axis=0), 0) * lit(scene, p + normal * np.float32(0.01))
    open_ = openness(scene, p, normal)
    sky = 0.5 + 0.5 * normal[1]
    bounce = linear(scene.studio) * (0.30 * (1 - sky) * open_)
    diffuse = colours * (1.05 * key + 0.42 * sky * open_ + 0.10 + bounce)
    mirror = ray - 2 * (normal * ray).sum(axis=0) * normal
    edge = (1 - np.clip(-(normal * ray).sum(axis=0), 0, 1)) ** 5
    shine = gloss * (0.05 + 0.55 * edge) * (0.4 + 0.6 * open_)
    half = KEY[:, None] - ray
    half = half / length(*half)
    spark = np.maximum((normal * half).sum(axis=0), 0) ** (12 + 180 * gloss) * gloss * (key > 0)
    light: Array = diffuse + shine * studio(scene, mirror) + np.float32(0.55) * spark
    return light


def photograph(scene: Scene) -> Image.Image:
    """Return the picture: every pixel once, those at edges six times, a little apart."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    x, y = columns.ravel() + np.float32(0.5), rows.ravel() + np.float32(0.5)
    tone = tones(scene, x, y)
    edges = np.flatnonzero(rough(tone.reshape(3, HEIGHT, WIDTH)))
    for dx, dy in ((-0.3, -0.1), (0.1, -0.35), (0.35, 0.1), (-0.1, 0.3), (0.0, 0.0)):
        tone[:, edges] += tones(scene, x[edges] + np.float32(dx), y[edges] + np.float32(dy))
    tone[:, edges] /= 6
    grain = np.random.default_rng(7).normal(0, 0.004, x.size)  # or smooth shades would show bands
    levels = np.clip((tone + grain) * 255 + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(np.ascontiguousarray(levels.T.reshape(HEIGHT, WIDTH, 3)))


def tones(scene: Scene, x: Array, y: Array) -> Array:
    """Return the picture's values at points, 0 to 1, as a screen takes them."""
    cuts = range(0, x.size, CHUNK)
    with ThreadPoolExecutor() as threads:
        pieces = list(threads.map(lambda i: see(scene, x[i : i + CHUNK], y[i : i + CHUNK]), cuts))
    tone: Array = np.clip(np.concatenate(pieces, axis=1), 0, 1) ** np.float32(1 / 2.2)
    return tone


def rough(picture: Array) -> npt.NDArray[np.bool_]:
    """Return which pixels differ much from a neighbour."""
    edges = np.zeros(picture.shape[1:], np.bool_)
    across = np.abs(np.diff(picture, axis=2)).max(axis=0) > 0.03
    down = np.abs(np.diff(picture, axis=1)).max(axis=0) > 0.03
    edges[:, 1:] |= across
    edges[:, :-1] |= across
    edges[1:] |= down
    edges[:-1] |= down
    return edges


SCENES = {"mug": mug, "camera": camera, "headphones": headphones}


def main(picture: Path) -> None:
    """Draw one photo; the file's name says which."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    photograph(SCENES[picture.stem]()).save(picture, quality=92)
    print(f"Drew {picture}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
