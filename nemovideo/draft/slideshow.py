"""A draft from uploads alone: pictures one after the other, each with a motion and a transition."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Protocol

from nemovideo.draft.codec import MAX_MS, is_number, milliseconds
from nemovideo.draft.timeline import TrackType
from nemovideo.errors import DraftError, EmptyDraftError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nemovideo.draft.codec import Object
    from nemovideo.draft.timeline import Canvas

PHOTO_MS = 5000
"""How long a photo shows where no length is asked for."""

TITLE_MS, TITLE_FADE_MS = 3000, 300
TRANSITION_MS = 500
MUSIC_FADE_MS = 1500
MOTIONS = ("zoom_in", "pan_right", "zoom_out", "pan_left")
"""In turn: neighbours move differently."""


class Source(Protocol):
    """What a slideshow asks of an upload."""

    @property
    def cdn_url(self) -> str:
        """Where the service keeps it."""
        ...

    @property
    def filename(self) -> str:
        """What people call it."""
        ...

    @property
    def file_type(self) -> str:
        """`image`, `video` or `audio`; any other word is taken for a still."""
        ...

    @property
    def duration(self) -> float | None:
        """Its length in seconds; None or 0 for photos."""
        ...


def slideshow(
    uploads: Sequence[Source],
    seconds: float | None,
    *,
    transition: str,
    title: str,
    music: str | Source | None,
    volume: float,
    canvas: Canvas,
) -> Object:
    """Return the wire of such a draft; `Draft.slideshow` tells of the arguments and raises."""
    if not uploads:
        raise EmptyDraftError("There is nothing to show.")
    for number, upload in enumerate(uploads, 1):
        if upload.file_type == "audio":
            raise DraftError(f"Upload {number}, {upload.filename!r}, is a sound: no picture.")
    if not isinstance(music, str | None) and music.file_type == "image":
        raise DraftError(f"{music.filename!r} is an image: no music.")
    total = None if seconds is None else milliseconds(seconds)
    lengths = _lengths(uploads, total)
    if min(lengths) <= 0:
        raise DraftError(f"{len(uploads)} pictures need more time than {seconds}s.")
    tracks = [{"tt": int(TrackType.VIDEO), "sg": _pictures(uploads, lengths, transition)}]
    whole = sum(lengths)
    if music:
        tracks.append(
            {"tt": int(TrackType.AUDIO), "m": {"role": "bgm"}, "sg": [_music(music, whole, volume)]}
        )
    if title:
        length = min(TITLE_MS, whole)
        fade = min(TITLE_FADE_MS, length // 2)
        text = {"text": title, "position": "top", "fade_in": fade, "fade_out": fade}
        tracks.append({"tt": int(TrackType.TEXT), "m": {"role": "title"}, "sg": [{"d": length, "m": text}]})
    size = {"width": canvas.width, "height": canvas.height, "fps": canvas.fps}
    return {"t": tracks, "d": whole, "m": {"canvas": size}}


def _pictures(uploads: Sequence[Source], lengths: Sequence[int], transition: str) -> list[Object]:
    segments = []
    starts = accumulate(lengths, initial=0)
    for index, (upload, length, start) in enumerate(zip(uploads, lengths, starts, strict=False)):
        metadata: Object = {"start": start, "source": upload.cdn_url, "name": upload.filename}
        if upload.file_type != "video":
            metadata["motion"] = MOTIONS[index % len(MOTIONS)]
        if index and transition != "none":
            longest = min(TRANSITION_MS, length // 2, lengths[index - 1] // 2)
            metadata["transition"] = {"type": transition, "duration": longest}
        segments.append({"d": length, "m": metadata})
    return segments


def _music(music: str | Source, length: int, volume: float) -> Object:
    sound: Object
    if isinstance(music, str):
        sound = {"music": {"mood": music, "seed": 0}, "name": music.capitalize()}
    else:
        sound = {"source": music.cdn_url, "name": music.filename}
        length = min(length, _own_ms(music) or length)
    return {"d": length, "m": {**sound, "volume": volume, "fade_out": min(MUSIC_FADE_MS, length // 2)}}


def _own_ms(upload: Source) -> int:
    duration = upload.duration
    known = is_number(duration) and 0 < duration <= MAX_MS / 1000
    return round(duration * 1000) if known and duration is not None else 0


def _lengths(uploads: Sequence[Source], total: int | None) -> list[int]:
    """Return how long each picture shows, ms: exactly `total` in all."""
    own = [_own_ms(upload) if upload.file_type == "video" else 0 for upload in uploads]
    if total is None:
        return [length or PHOTO_MS for length in own]
    return _shared(own, total)


def _shared(own: Sequence[int], total: int) -> list[int]:
    """Share the time evenly; a clip shorter than its share leaves the rest to the others."""
    lengths = dict.fromkeys(range(len(own)), 0)
    waiting = list(lengths)
    while short := [index for index in waiting if own[index] and own[index] * len(waiting) < total]:
        lengths |= {index: own[index] for index in short}
        total -= sum(own[index] for index in short)
        waiting = [index for index in waiting if not lengths[index]]
        if not waiting:
            raise DraftError(f"The clips last only {sum(own) / 1000:g}s in all.")
    ends = [total * number // len(waiting) for number in range(len(waiting) + 1)]
    lengths |= {index: end - start for index, (start, end) in zip(waiting, pairwise(ends), strict=True)}
    return list(lengths.values())
