"""The agent: a new video."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.agent_drafts import CLIP, PHOTOS, SONG, edit, made, music, shots, texts, track, values
from nemovideo.draft.model import Draft
from nemovideo.local.agent.reply import Scene
from nemovideo.local.agent.respond import respond
from nemovideo.local.agent.timeline import AUDIO


def test_three_photos_in_fifteen_seconds() -> None:
    """They are shown 0-5, 5-10 and 10-15 s exactly, moving, dissolving into one another."""
    draft = made("turn these photos into a smooth 15-second video with transitions")
    assert shots(draft) == [("a.jpg", 0, 5000), ("b.jpg", 5000, 5000), ("c.jpg", 10000, 5000)]
    assert draft["d"] == 15000
    assert values(draft, "transition") == [None, *[{"type": "dissolve", "duration": 500}] * 2]
    assert "none" not in values(draft, "motion")
    assert draft["m"]["canvas"] == {"width": 1080, "height": 1920, "fps": 30}
    assert Draft.from_wire(draft).summary() == (
        "Timeline (3 tracks): 1. Video: a.jpg (0-5s), b.jpg (5-10s), c.jpg (10-15s) "
        '2. BGM: Lo-fi (0-15s, 35%) 3. Title: "My Story" (0-3s)'
    )


def test_what_the_wish_names_is_taken() -> None:
    """A named title, music, shape and transition take the place of the agent's own."""
    draft = made(
        "turn these photos into a smooth 9-second square video with wipes, "
        "a title 'First Light' and cinematic music at 50%"
    )
    assert texts(draft) == [("First Light", 0, 3000, "top")]
    assert (music(draft)["music"]["mood"], music(draft)["volume"]) == ("cinematic", 0.5)
    assert draft["m"]["canvas"]["width"] == draft["m"]["canvas"]["height"] == 1080
    assert values(draft, "transition")[1]["type"] == "wipe"
    assert draft["d"] == 9000


def test_what_the_wish_forbids_is_left_out() -> None:
    """No music and no title when it says so."""
    draft = made("make a 6-second video without music and without title")
    assert [t["tt"] for t in draft["t"]] == [0]
    assert made("make a 6-second video without music or title") == draft
    assert made("a video of 6 seconds, don't add a title, no music") == draft


def test_the_title_is_the_name_of_the_session() -> None:
    """Without a title in the wish, the session's own name becomes it."""
    assert texts(made(task_name="Spring launch"))[0][0] == "Spring launch"


def test_named_photos_only() -> None:
    """Files named in the wish are used, in that order; so are the first two, and only the third."""
    assert [s[0] for s in shots(made("make a video from c.jpg and a.jpg"))] == ["c.jpg", "a.jpg"]
    assert [s[0] for s in shots(made("make a video of the first two photos"))] == ["a.jpg", "b.jpg"]
    assert [s[0] for s in shots(made("make a video, only the third photo"))] == ["c.jpg"]
    assert [s[0] for s in shots(made("make a video from photos 1 and 3"))] == ["a.jpg", "c.jpg"]
    assert "cannot find" not in respond("make a video with only photos 2 and 3", Scene(media=PHOTOS)).text


def test_without_photos_nothing_changes() -> None:
    """The agent says that there are no photos, in the language of the message."""
    assert respond("make a 15-second video", Scene()).steps == ()
    assert "no photos" in respond("make a 15-second video", Scene()).text
    assert "上传" in respond("做一个15秒的视频", Scene()).text


@given(
    st.integers(1200, 120_000),
    st.lists(st.sampled_from([0.0, 0.7, 4.0, 30.0]), min_size=1, max_size=12),
)
def test_the_asked_length_is_exact(length_ms: int, durations: list[float]) -> None:
    """Whatever the footage, the video lasts as long as asked, without gap or overlap, and fits its files."""
    media = [
        {"filename": f"{n}.x", "file_type": "video" if d else "image", "cdn_url": f"/{n}", "duration": d}
        for n, d in enumerate(durations)
    ]
    draft = made(f"make a {length_ms / 1000} second video", media)
    at = 0
    for segment, item in zip(draft["t"][0]["sg"], media, strict=True):
        assert segment["m"]["start"] == at
        at += segment["d"]
        if item["duration"]:
            played_ms = segment["d"] * segment["m"]["speed"]
            assert played_ms <= 1000 * durations[media.index(item)] * 1.01 + 1
    assert at == draft["d"] == length_ms
    assert not [f for f in Draft.from_wire(draft).validate() if "overlap" in str(f)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("create a title for the video", False),
        ("I want a title on my video", False),
        ("make the video warmer", False),
        ("make it 10 seconds", False),
        ("把视频变成黑白", False),
        ("剪掉视频的前3秒", False),
        ("make this a 10-second video", False),
        ("把它做成方形视频", False),
        ("turn them into a 10-second video", True),
        ("把这些照片做成方形视频", True),
        ("give me a slideshow", True),
        ("I'd like a short clip of these", True),
        ("turn my photos into something moving", True),
        ("make it look like an old film", False),
        ("quick video for instagram pls", False),
        ("a 15-second reel please", True),
        ("帮我剪一个视频", True),
    ],
)
def test_only_a_wish_for_a_video_makes_one(message: str, expected: bool) -> None:
    """A new video replaces everything, so it is made only when one is asked for."""
    ops = [step.args["op"] for step in edit(message).steps]
    assert ("generate_video" in ops) is expected


def test_where_there_is_no_video_yet_naming_one_makes_it() -> None:
    """Where there is one, the same words shape it."""
    wish = "quick video for instagram pls, 3 sec"
    draft = made(wish)
    assert (draft["d"], draft["m"]["canvas"]["width"], len(shots(draft))) == (3000, 1080, 3)
    assert "generate_video" not in [step.args["op"] for step in edit(wish).steps]


def test_what_cannot_be_done_to_a_new_video_is_said() -> None:
    """A zoom on clips, or a length that is too short, does not stop the rest, and is told."""
    reply = respond("make a video, zoom in", Scene(media=(CLIP,)))
    assert reply.steps[0].args["op"] == "generate_video"
    assert "cannot find that photo" in reply.text
    reply = respond("make a 0.2 second video", Scene(media=PHOTOS))
    assert (reply.steps, "too short" in reply.text) == ((), True)


def test_an_uploaded_song_is_the_music() -> None:
    """A sound among the uploads is played under the video, no longer than it is."""
    draft = made("make a 70-second video", (*PHOTOS, SONG))
    [segment] = track(draft, AUDIO, "bgm")
    assert (segment["m"]["source"], segment["d"]) == ("/cdn/song", 60000)
