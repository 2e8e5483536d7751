"""Media for the tests, drawn by the tests themselves."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Color = tuple[int, int, int]

RED, GREEN, BLUE, WHITE, GREY = (200, 30, 40), (30, 160, 60), (40, 60, 190), (255, 255, 255), (128, 128, 128)


def photo(path: Path, color: Color, size: tuple[int, int] = (180, 320)) -> Path:
    """Save a photo of one colour."""
    Image.new("RGB", size, color).save(path, quality=95)
    return path


def halves(top: Color, bottom: Color, size: tuple[int, int]) -> Image.Image:
    """Return an image whose upper half differs from its lower one."""
    image = Image.new("RGB", size, top)
    image.paste(bottom, (0, size[1] // 2, size[0], size[1]))
    return image


def clip(path: Path, levels: list[int], fps: int = 30, tone: float | None = None) -> Path:
    """Save a 64x96 video with one grey level a frame, and a tone of so many hertz for as long."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=fps, options={"crf": "5"})
        video.width, video.height, video.pix_fmt = 64, 96, "yuv420p"
        video.codec_context.time_base = Fraction(1, fps)
        sound = container.add_stream("aac", rate=48_000) if tone else None
        for number, level in enumerate(levels):
            frame = av.VideoFrame.from_ndarray(np.full((96, 64, 3), level, np.uint8), format="rgb24")
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None and tone:
            heard = av.AudioFrame.from_ndarray(
                np.tile(sine(tone, len(levels) / fps, 0.4), (2, 1)), format="fltp", layout="stereo"
            )
            heard.sample_rate, heard.pts = 48_000, 0
            container.mux(sound.encode(heard))
            container.mux(sound.encode(None))
    return path


def sine(hertz: float, seconds: float, loudness: float) -> NDArray[np.float32]:
    """Return a tone at 48 kHz."""
    wave: NDArray[np.float32] = (
        loudness * np.sin(2 * np.pi * hertz * np.arange(round(seconds * 48_000)) / 48_000)
    ).astype(np.float32)
    return wave


def tone_file(path: Path, hertz: float, seconds: float, loudness: float = 0.4) -> Path:
    """Save a wav file."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000)
        samples = np.rint(np.tile(sine(hertz, seconds, loudness), (2, 1)) * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.T).reshape(1, -1), format="s16", layout="stereo"
        )
        frame.sample_rate, frame.pts = 48_000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
