"""Frames and samples -> a file: H.264 and AAC, VP9 and Opus, or a GIF."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import av.filter
import numpy as np
from attrs import frozen

from nemovideo.local.render.instruments import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.packet import Packet
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from nemovideo.local.render.scene import Plan

_BT709 = 1  # primaries, transfer and matrix alike (ITU-T H.273)
_LIMITED = 1  # AVCOL_RANGE_MPEG


@frozen
class _Codecs:
    """What a container holds, and what each quality spends."""

    video: str
    audio: str
    video_options: dict[str, dict[str, str]]
    audio_bit_rates: dict[str, int]


# ultrafast would be half the time again, but it is not High profile.
_H264 = _Codecs(
    video="libx264",
    audio="aac",
    video_options={
        "low": {"preset": "superfast", "crf": "28"},
        "medium": {"preset": "veryfast", "crf": "23"},
        "high": {"preset": "veryfast", "crf": "20"},
    },
    audio_bit_rates={"low": 96_000, "medium": 128_000, "high": 192_000},
)
_VP9 = _Codecs(
    video="libvpx-vp9",
    audio="libopus",
    video_options={
        quality: {"deadline": "realtime", "cpu-used": speed, "row-mt": "1", "crf": crf, "b": "0"}
        for quality, speed, crf in (("low", "8", "40"), ("medium", "7", "34"), ("high", "6", "30"))
    },
    audio_bit_rates={"low": 64_000, "medium": 96_000, "high": 128_000},
)
_CODECS = {"mp4": _H264, "mov": _H264, "webm": _VP9}


def open_encoder(plan: Plan, path: Path) -> VideoEncoder | GifEncoder:
    """Begin a file in the plan's format.

    Args:
        plan: Its size, rate, format and quality are used.
        path: Where to write; its ending does not matter.

    Raises:
        OSError: The file cannot be made.
    """
    return GifEncoder(plan, path) if plan.format == "gif" else VideoEncoder(plan, path)


class VideoEncoder:
    """Makes mp4, mov and webm files.

    Attributes:
        muxed: Frames that have reached the file: an encoder holds some back to look ahead.
    """

    def __init__(self, plan: Plan, path: Path) -> None:
        codecs = _CODECS[plan.format]
        self.muxed = 0
        self._frames = self._samples = 0
        options = {} if plan.format == "webm" else {"moov_size": str(_index_bytes(plan))}
        self._container = av.open(str(path), "w", format=plan.format, options=options)
        self._video = cast("VideoStream", self._container.add_stream(codecs.video, rate=plan.fps))
        self._video.width, self._video.height = plan.width, plan.height
        self._video.pix_fmt = "yuv420p"
        context = self._video.codec_context
        context.time_base = Fraction(1, plan.fps)
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        context.options = codecs.video_options[plan.quality]
        self._audio: AudioStream | None = None
        if plan.sounds:
            self._audio = cast("AudioStream", self._container.add_stream(codecs.audio, rate=SAMPLE_RATE))
            self._audio.codec_context.layout = "stereo"
            self._audio.codec_context.bit_rate = codecs.audio_bit_rates[plan.quality]

    def write(self, frame: av.VideoFrame, sound: NDArray[np.float32]) -> None:
        """Add a yuv420p frame and the sound that goes with it, of shape (2, samples)."""
        frame.pts, frame.time_base = self._frames, self._video.codec_context.time_base
        self._frames += 1
        self._mux_video(self._video.encode(frame))
        if self._audio is not None:
            heard = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout="stereo")
            heard.sample_rate, heard.pts, heard.time_base = (
                SAMPLE_RATE,
                self._samples,
                Fraction(1, SAMPLE_RATE),
            )
            self._samples += sound.shape[1]
            self._container.mux(self._audio.encode(heard))

    def finish(self) -> Iterable[None]:
        """Write what was held back, one packet for each step of the iteration, and the file's index."""
        for packet in self._video.codec_context.encode_lazy(None):
            packet.stream = self._video
            self._mux_video([packet])
            yield
        if self._audio is not None:
            self._container.mux(self._audio.encode(None))
        self._container.close()
        yield

    def close(self) -> None:
        """Let the file go, finished or not."""
        self._container.close()

    def _mux_video(self, packets: list[Packet[VideoStream]]) -> None:
        self._container.mux(packets)
        self.muxed += len(packets)


def _index_bytes(plan: Plan) -> int:
    """Return room enough for the index at the front of the file.

    With room kept, nothing is moved at the end (which "faststart" does): a long file is finished, or called
    off, as quickly as a short one. At most, a video frame takes 44 bytes in the index's tables (size, time,
    offset and so on) and an AAC frame of 1024 samples 32.
    """
    return 8192 + 48 * plan.frames + 36 * (plan.samples // 1024 + 2)


class GifEncoder:
    """Makes GIF files, each frame with the 256 colours that suit it best.

    Attributes:
        muxed: Frames that have reached the file.
    """

    def __init__(self, plan: Plan, path: Path) -> None:
        self.muxed = 0
        rate = Fraction(1, plan.fps)
        self._container = av.open(str(path), "w", format="gif", options={"loop": "0"})
        self._video = self._container.add_stream("gif", rate=plan.fps)
        self._video.width, self._video.height = plan.width, plan.height
        self._video.pix_fmt = "pal8"
        self._video.codec_context.time_base = rate
        graph = av.filter.Graph()
        source = graph.add_buffer(
            width=plan.width, height=plan.height, format=av.VideoFormat("yuv420p"), time_base=rate
        )
        rgb = graph.add("scale", "in_color_matrix=bt709:in_range=tv")
        form = graph.add("format", "rgb24")
        split = graph.add("split")
        palette = graph.add("palettegen", "stats_mode=single")
        use = graph.add("paletteuse", "new=1:dither=bayer:bayer_scale=3")
        source.link_to(rgb)
        rgb.link_to(form)
        form.link_to(split)
        split.link_to(palette, 0)
        split.link_to(use, 1, 0)
        palette.link_to(use, 0, 1)
        use.link_to(graph.add("buffersink"))
        graph.configure()
        self._graph = graph

    def write(self, frame: av.VideoFrame, sound: NDArray[np.float32]) -> None:  # noqa: ARG002 - GIFs are mute
        """Add a frame; its sound is dropped."""
        frame.pts, frame.time_base = self.muxed, self._video.codec_context.time_base
        self._graph.push(frame)
        self._container.mux(self._video.encode(self._graph.vpull()))
        self.muxed += 1

    def finish(self) -> Iterable[None]:
        """Write the end of the file."""
        self._container.mux(self._video.encode(None))
        self._container.close()
        yield

    def close(self) -> None:
        """Let the file go, finished or not."""
        self._container.close()
