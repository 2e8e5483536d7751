"""Wishes, all the way: said over the wire, rendered, and looked at (or listened to) in the file."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np
import pytest
from attrs import frozen
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from local.wire_client import WireClient

RED, GREEN, BLUE = (200, 30, 30), (30, 160, 30), (30, 30, 200)
PLAIN = "make a 3-second video without music and without title, no transitions, no motion, 128x96 at 10 fps"


@frozen
class Film:
    """A decoded video: `frames[n, y, x, rgb]`, and its sound as samples of one channel."""

    frames: NDArray[np.float64]
    sound: NDArray[np.float64]

    def colour(self, second: float) -> NDArray[np.float64]:
        """Return the mean colour of the frame shown at a time, at 10 fps."""
        return np.asarray(self.frames[round(second * 10)].mean(axis=(0, 1)))

    def is_near(self, second: float, colour: tuple[int, int, int]) -> bool:
        return bool(np.abs(self.colour(second) - colour).max() < 25)

    def decibels(self, start: float = 0.0, end: float = 1.0) -> float:
        """Return the loudness of a stretch, given in shares of the whole."""
        count = len(self.sound)
        part = self.sound[int(start * count) : int(end * count)]
        return float(20 * np.log10(np.sqrt(np.mean(part**2)) + 1e-9))


def picture(colour: tuple[int, int, int], *, square: bool = False) -> bytes:
    """Return a photo of one colour, with a white square in its middle if asked for."""
    image = Image.new("RGB", (256, 192), colour)
    if square:
        ImageDraw.Draw(image).rectangle((108, 76, 148, 116), fill="white")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


THREE = (("r.png", picture(RED)), ("g.png", picture(GREEN)), ("b.png", picture(BLUE)))


async def film(wire: WireClient, *messages: str, photos: Any = THREE) -> Film:
    """Upload photos, ask for a plain video of 3 s, say each message, and render."""
    await wire.upload(*photos)
    for message in (PLAIN, *messages):
        await wire.chat(message)
    return await rendered(wire)


async def rendered(wire: WireClient) -> Film:
    """Render the session's draft as it stands, and decode the file."""
    state = await wire.state()
    render_id = f"film_{state['revision']}"
    await wire.render(render_id, state["draft"])
    done = await wire.rendered(render_id)
    assert done["status"] == "completed", done
    async with wire.http.get(done["output"]["url"]) as response:
        content = io.BytesIO(await response.read())
    with av.open(content, "r") as container:
        frames = np.stack([f.to_ndarray(format="rgb24") for f in container.decode(video=0)]).astype(float)
        sound = [np.zeros(0)]
        if container.streams.audio:
            container.seek(0)
            sound = [f.to_ndarray().mean(axis=0) for f in container.decode(audio=0)]
    return Film(frames, np.concatenate(sound).astype(float))


async def test_photos_in_their_order_and_time(wire: WireClient) -> None:
    """Three photos share 3 s: 30 frames of 128x96, a second of each colour."""
    shown = await film(wire)
    assert shown.frames.shape == (30, 96, 128, 3)
    for second, colour in ((0.0, RED), (0.9, RED), (1.0, GREEN), (1.9, GREEN), (2.0, BLUE), (2.9, BLUE)):
        assert shown.is_near(second, colour), (second, shown.colour(second))


@pytest.mark.parametrize(
    ("message", "colours"),
    [
        ("reverse the order", [BLUE, GREEN, RED]),
        ("swap the first and second photo", [GREEN, RED, BLUE]),
        ("remove the second photo", [RED, BLUE]),
        ("cut from 1 to 2 seconds", [RED, BLUE]),
        ("move b.png to the start", [BLUE, RED, GREEN]),
    ],
)
async def test_cuts_and_moves(wire: WireClient, message: str, colours: list[tuple[int, int, int]]) -> None:
    """Each second shows the photo that the edit put there, and the file is as long as that."""
    shown = await film(wire, message)
    assert len(shown.frames) == 10 * len(colours)
    assert [shown.is_near(at + 0.5, colour) for at, colour in enumerate(colours)] == [True] * len(colours)


async def test_a_dissolve_mixes(wire: WireClient) -> None:
    """In the middle of a dissolve both photos are half there."""
    shown = await film(wire, "1-second dissolves")
    halfway = tuple((one + other) // 2 for one, other in zip(RED, GREEN, strict=True))
    length = (await wire.state())["draft"]["t"][0]["sg"][1]["m"]["transition"]["duration"] / 1000
    assert shown.is_near(1 + length / 2, (halfway[0], halfway[1], halfway[2]))


@pytest.mark.parametrize("kind", ["wipe", "slide"])
async def test_a_wipe_and_a_slide_show_both(wire: WireClient, kind: str) -> None:
    """Halfway a part of the picture is the old photo, and the rest is the new one."""
    shown = await film(wire, f"use {kind} transitions")
    frame = shown.frames[12]
    old = np.abs(frame - RED).max(axis=2) < 30
    new = np.abs(frame - GREEN).max(axis=2) < 30
    assert 0.1 < old.mean() < 0.9
    assert 0.1 < new.mean() < 0.9


async def test_black_and_white(wire: WireClient) -> None:
    """No colour is left."""
    shown = await film(wire, "make it black and white")
    spread = shown.frames.max(axis=3) - shown.frames.min(axis=3)
    assert spread.max() < 12


async def test_warm_and_bright(wire: WireClient) -> None:
    """Of a grey photo, warm raises red over blue, and bright raises all."""
    warm = (await film(wire, "make it warmer", photos=[("grey.png", picture((120, 120, 120)))])).colour(1)
    assert warm[0] - warm[2] > 8
    await wire.chat("remove the filter")
    plain = (await rendered(wire)).colour(1)
    assert abs(plain - 120).max() < 4
    await wire.chat("brighter")
    assert ((await rendered(wire)).colour(1) > plain + 8).all()


async def test_a_zoom_grows(wire: WireClient) -> None:
    """Zooming in makes the square in the middle larger, frame by frame, and keeps it in the middle."""
    shown = await film(wire, "zoom in", photos=[("square.png", picture(BLUE, square=True))])
    white = (shown.frames.min(axis=3) > 150).sum(axis=(1, 2))
    assert white[-1] > 1.1 * white[0]
    rows, columns = np.nonzero(shown.frames[-1].min(axis=2) > 150)
    assert abs(rows.mean() - 47.5) < 1.5
    assert abs(columns.mean() - 63.5) < 1.5


async def test_a_title_stands_above_the_middle_for_its_time(wire: WireClient) -> None:
    """Light letters are there while the title is, clear of what the photo shows, and gone afterwards."""
    shown = await film(wire, "a title 'HELLO' for the first 2 seconds")
    light = (shown.frames.min(axis=3) > 180).sum(axis=(1, 2))
    assert light[10] > 50
    assert light[25] == 0
    rows, _ = np.nonzero(shown.frames[10].min(axis=2) > 180)
    assert rows.max() < 36


async def test_a_caption_stands_below(wire: WireClient) -> None:
    """A caption at the bottom has its letters in the lower half."""
    shown = await film(wire, "add a caption 'HELLO' at the bottom")
    rows, _ = np.nonzero(shown.frames[15].min(axis=2) > 140)
    assert len(rows) > 20
    assert rows.min() > 48


async def test_music_has_the_volume_that_was_asked_for(wire: WireClient) -> None:
    """Lo-fi is heard, fades out at the end, and a quarter of the volume is 12 dB less."""
    loud = await film(wire, "lo-fi music at 80% volume")
    assert loud.decibels(0.1, 0.6) > -35
    assert loud.decibels(0.95, 1.0) < loud.decibels(0.1, 0.6) - 6
    await wire.chat("volume 20%")
    quiet = await rendered(wire)
    assert loud.decibels(0.1, 0.6) - quiet.decibels(0.1, 0.6) == pytest.approx(12, abs=1)


async def test_no_music_is_silence(wire: WireClient) -> None:
    """After `remove the music` nothing is heard."""
    shown = await film(wire, "add upbeat music", "remove the music")
    assert len(shown.sound) == 0 or shown.decibels() < -80


async def test_half_speed_takes_twice_as_long(wire: WireClient) -> None:
    """At half speed the file has twice the frames."""
    assert len((await film(wire, "half speed")).frames) == 60
