"""A draft from uploads alone: exact in length, sound, and each picture in its time."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from nemovideo.draft import Canvas, Draft, TrackType
from nemovideo.errors import DraftError, EmptyDraftError


@frozen
class _Upload:
    filename: str
    file_type: str = "image"
    duration: float | None = None

    @property
    def cdn_url(self) -> str:
        return f"https://cdn.x/{self.filename}"


def _photos(count: int) -> list[_Upload]:
    return [_Upload(f"{number}.jpg") for number in range(count)]


def test_three_photos_in_fifteen_seconds() -> None:
    draft = Draft.slideshow(_photos(3), seconds=15, title="Urban Dreams", music="lo-fi")
    assert draft.summary() == (
        "Timeline (3 tracks): 1. Video: 0.jpg (0-5s), 1.jpg (5-10s), 2.jpg (10-15s) "
        '2. BGM: Lo-fi (0-15s, 35%) 3. Title: "Urban Dreams" (0-3s)'
    )
    pictures = draft.tracks[0].segments
    assert pictures[0].transition is None
    assert [(s.transition.type, s.transition.duration_ms) for s in pictures[1:] if s.transition] == [
        ("dissolve", 500)
    ] * 2
    assert len({segment.motion for segment in pictures}) == 3
    assert draft.canvas == Canvas(1080, 1920, 30)
    assert draft.tracks[1].segments[0].fade_out_ms == 1500


@settings(deadline=None)
@given(
    st.lists(st.none() | st.floats(0.5, 60), min_size=1, max_size=12),
    st.none() | st.integers(1, 120),
    st.sampled_from(["dissolve", "fade", "slide", "wipe", "none"]),
    st.sampled_from(["", "A title"]),
    st.sampled_from([None, "calm", _Upload("song.mp3", "audio", 12.5)]),
)
def test_any_slideshow_is_sound(
    clips: list[float | None], seconds: int | None, transition: str, title: str, music: Any
) -> None:
    """Exactly the length asked for, no overlap, hole or oddity, no clip past its own end."""
    uploads = [
        _Upload(str(number), "video" if length else "image", length) for number, length in enumerate(clips)
    ]
    if seconds is not None and None not in clips and sum(filter(None, clips)) < seconds:
        with pytest.raises(DraftError, match="The clips last only"):
            Draft.slideshow(uploads, seconds)
        return
    draft = Draft.slideshow(uploads, seconds, transition=transition, title=title, music=music)
    assert draft.validate() == ()
    if seconds is not None:
        assert draft.duration_ms == seconds * 1000
    for upload, segment in zip(uploads, draft.tracks[0].segments, strict=True):
        assert upload.duration is None or segment.duration_ms <= round(upload.duration * 1000)
        assert (upload.cdn_url, upload.filename) == (segment.source, segment.name)
        assert (segment.motion == "none") is (upload.file_type == "video")
    assert len(draft.tracks) == 1 + bool(title) + bool(music)


def test_clips_keep_their_length_and_photos_share_the_rest() -> None:
    uploads = [*_photos(2), _Upload("clip.mp4", "video", 2.0), _Upload("long.mp4", "video", 60.0)]
    lengths = [s.duration_ms for s in Draft.slideshow(uploads, 14).tracks[0].segments]
    assert lengths == [4000, 4000, 2000, 4000]
    lengths = [s.duration_ms for s in Draft.slideshow(uploads).tracks[0].segments]
    assert lengths == [5000, 5000, 2000, 60000]


def test_thirds_of_a_second_add_up() -> None:
    lengths = [s.duration_ms for s in Draft.slideshow(_photos(3), 10).tracks[0].segments]
    assert sum(lengths) == 10000
    assert max(lengths) - min(lengths) <= 1


def test_an_uploaded_sound_is_no_longer_than_it_is() -> None:
    draft = Draft.slideshow(_photos(3), 15, music=_Upload("song.mp3", "audio", 9.0), volume=1)
    music = draft.tracks[1]
    assert (music.type, music.end_ms, music.segments[0].source) == (
        TrackType.AUDIO,
        9000,
        "https://cdn.x/song.mp3",
    )


@pytest.mark.parametrize(
    ("error", "uploads", "seconds"),
    [
        (EmptyDraftError, [], 10),
        (DraftError, [_Upload("song.mp3", "audio", 9.0)], 10),
        (DraftError, _photos(3), 0),
        (DraftError, _photos(3), -5),
        (DraftError, _photos(3), float("nan")),
        (DraftError, _photos(5), 0.004),
    ],
)
def test_no_slideshow_can_be_made(error: type[DraftError], uploads: list[_Upload], seconds: float) -> None:
    with pytest.raises(error):
        Draft.slideshow(uploads, seconds)


def test_a_photo_is_no_music() -> None:
    with pytest.raises(DraftError, match="is an image"):
        Draft.slideshow(_photos(1), music=_Upload("b.jpg"))
