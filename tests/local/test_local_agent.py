"""The agent: what each wish does to a draft."""
# ruff: noqa: RUF001 - it is spoken to in Chinese

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemovideo.draft.comparison import diff
from nemovideo.draft.model import Draft
from nemovideo.local.agent.grammar import RULES, read
from nemovideo.local.agent.reply import Reply, Scene
from nemovideo.local.agent.respond import respond
from nemovideo.local.agent.timeline import AUDIO, TEXT

PHOTOS = tuple(
    {"filename": f"{name}.jpg", "file_type": "image", "cdn_url": f"/cdn/{name}", "duration": 0.0}
    for name in "abc"
)
CLIP = {"filename": "clip.mp4", "file_type": "video", "cdn_url": "/cdn/clip", "duration": 4.0}
SONG = {"filename": "song.mp3", "file_type": "audio", "cdn_url": "/cdn/song", "duration": 60.0}


def made(message: str = "make a 12-second video", media: Any = PHOTOS, **scene: Any) -> dict[str, Any]:
    """Return the draft of a new video."""
    return dict(respond(message, Scene(media=media, **scene)).steps[-1].draft)


def edit(message: str, draft: dict[str, Any] | None = None, media: Any = PHOTOS) -> Reply:
    """Return the answer to a message about a draft: by default three photos in 12 s, with music and title."""
    return respond(message, Scene(draft=made(media=media) if draft is None else draft, media=media))


def edited(message: str, draft: dict[str, Any] | None = None, media: Any = PHOTOS) -> dict[str, Any]:
    reply = edit(message, draft, media)
    assert reply.steps, reply.text
    return dict(reply.steps[-1].draft)


def shots(draft: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Return name, start and length of the footage, in ms."""
    return [(s["m"]["name"], s["m"]["start"], s["d"]) for s in draft["t"][0]["sg"]]


def values(draft: dict[str, Any], key: str) -> list[Any]:
    """Return one setting of each shot."""
    return [segment["m"].get(key) for segment in draft["t"][0]["sg"]]


def track(draft: dict[str, Any], kind: int, role: str) -> list[dict[str, Any]]:
    found = [t["sg"] for t in draft["t"] if t["tt"] == kind and t["m"]["role"] == role]
    return found[0] if found else []


def music(draft: dict[str, Any]) -> Any:
    return track(draft, AUDIO, "bgm")[0]["m"]


def texts(draft: dict[str, Any], role: str = "title") -> list[tuple[str, int, int, str]]:
    """Return text, start, length and place of each text of a role."""
    return [(s["m"]["text"], s["m"]["start"], s["d"], s["m"]["position"]) for s in track(draft, TEXT, role)]


# --- a new video ----------------------------------------------------------------------------------------


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
        ("a 15-second reel please", True),
        ("帮我剪一个视频", True),
    ],
)
def test_only_a_wish_for_a_video_makes_one(message: str, expected: bool) -> None:
    """A new video replaces everything, so it is made only when one is asked for."""
    ops = [step.args["op"] for step in edit(message).steps]
    assert ("generate_video" in ops) is expected


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


# --- edits: one row a wish, against three photos in 12 s ------------------------------------------------


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("make it 20 seconds long", [("a.jpg", 0, 6667), ("b.jpg", 6667, 6666), ("c.jpg", 13333, 6667)]),
        ("视频时长改成9秒", [("a.jpg", 0, 3000), ("b.jpg", 3000, 3000), ("c.jpg", 6000, 3000)]),
        ("2 seconds each", [("a.jpg", 0, 2000), ("b.jpg", 2000, 2000), ("c.jpg", 4000, 2000)]),
        ("make the second photo 1 second long",
         [("a.jpg", 0, 4000), ("b.jpg", 4000, 1000), ("c.jpg", 5000, 4000)]),
        ("trim the first 5 seconds", [("b.jpg", 0, 3000), ("c.jpg", 3000, 4000)]),
        ("cut the last 2 seconds", [("a.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("c.jpg", 8000, 2000)]),
        ("剪掉最后6秒", [("a.jpg", 0, 4000), ("b.jpg", 4000, 2000)]),
        ("cut from 1 to 3 seconds", [("a.jpg", 0, 1000), ("a.jpg", 1000, 1000), ("b.jpg", 2000, 4000),
                                     ("c.jpg", 6000, 4000)]),
        ("cut between 3 and 9 seconds", [("a.jpg", 0, 3000), ("c.jpg", 3000, 3000)]),
        ("remove 0:04 to 0:08", [("a.jpg", 0, 4000), ("c.jpg", 4000, 4000)]),
        ("trim to 5 seconds", [("a.jpg", 0, 4000), ("b.jpg", 4000, 1000)]),
        ("keep only the first 3 seconds", [("a.jpg", 0, 3000)]),
        ("remove the second photo", [("a.jpg", 0, 4000), ("c.jpg", 4000, 4000)]),
        ("delete b.jpg and c.jpg", [("a.jpg", 0, 4000)]),
        ("remove the last picture", [("a.jpg", 0, 4000), ("b.jpg", 4000, 4000)]),
        ("删除第一张照片", [("b.jpg", 0, 4000), ("c.jpg", 4000, 4000)]),
        ("move the last photo to the start",
         [("c.jpg", 0, 4000), ("a.jpg", 4000, 4000), ("b.jpg", 8000, 4000)]),
        ("put a.jpg at the end", [("b.jpg", 0, 4000), ("c.jpg", 4000, 4000), ("a.jpg", 8000, 4000)]),
        ("swap photo 1 and 3", [("c.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("a.jpg", 8000, 4000)]),
        ("swap the first photo with the third",
         [("c.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("a.jpg", 8000, 4000)]),
        ("swap the first and third photo",
         [("c.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("a.jpg", 8000, 4000)]),
        ("交换第一张和第二张", [("b.jpg", 0, 4000), ("a.jpg", 4000, 4000), ("c.jpg", 8000, 4000)]),
        ("keep only photos 1 and 3", [("a.jpg", 0, 4000), ("c.jpg", 4000, 4000)]),
        ("use only the first two photos", [("a.jpg", 0, 4000), ("b.jpg", 4000, 4000)]),
        ("keep only photos 2, 2 and 3", [("b.jpg", 0, 4000), ("c.jpg", 4000, 4000)]),
        ("只留前两张", [("a.jpg", 0, 4000), ("b.jpg", 4000, 4000)]),
        ("remove the first and last photo", [("b.jpg", 0, 4000)]),
        ("reorder photos 3, 1, 2", [("c.jpg", 0, 4000), ("a.jpg", 4000, 4000), ("b.jpg", 8000, 4000)]),
        ("reorder: third, first, second", [("c.jpg", 0, 4000), ("a.jpg", 4000, 4000), ("b.jpg", 8000, 4000)]),
        ("从第1秒剪到第9秒", [("a.jpg", 0, 1000), ("c.jpg", 1000, 3000)]),
        ("照片顺序倒过来", [("c.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("a.jpg", 8000, 4000)]),
        ("reverse the order", [("c.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("a.jpg", 8000, 4000)]),
        ("2x speed", [("a.jpg", 0, 2000), ("b.jpg", 2000, 2000), ("c.jpg", 4000, 2000)]),
        ("remove the last two photos", [("a.jpg", 0, 4000)]),
        ("get rid of photos 1 to 2", [("c.jpg", 0, 4000)]),
        ("把第一张和第三张换一下", [("c.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("a.jpg", 8000, 4000)]),
        ("make the first photo 2 seconds longer",
         [("a.jpg", 0, 6000), ("b.jpg", 6000, 4000), ("c.jpg", 10000, 4000)]),
        ("第二张照片多停留两秒", [("a.jpg", 0, 4000), ("b.jpg", 4000, 6000), ("c.jpg", 10000, 4000)]),
        ("extend the video by 6 seconds",
         [("a.jpg", 0, 6000), ("b.jpg", 6000, 6000), ("c.jpg", 12000, 6000)]),
        ("视频缩短3秒", [("a.jpg", 0, 3000), ("b.jpg", 3000, 3000), ("c.jpg", 6000, 3000)]),
        ("shorten the video to 9 seconds",
         [("a.jpg", 0, 3000), ("b.jpg", 3000, 3000), ("c.jpg", 6000, 3000)]),
        ("make it 25% faster", [("a.jpg", 0, 3200), ("b.jpg", 3200, 3200), ("c.jpg", 6400, 3200)]),
        ("cut 2 seconds off the end", [("a.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("c.jpg", 8000, 2000)]),
        ("trim 5 seconds from the start", [("b.jpg", 0, 3000), ("c.jpg", 3000, 4000)]),
        ("make it a 6s reel w/ music", [("a.jpg", 0, 2000), ("b.jpg", 2000, 2000), ("c.jpg", 4000, 2000)]),
        ("drop the 2nd pic", [("a.jpg", 0, 4000), ("c.jpg", 4000, 4000)]),
        ("trim the first 5 seconds and the last 2 seconds", [("b.jpg", 0, 3000), ("c.jpg", 3000, 2000)]),
        ("剪掉开头5秒和最后2秒", [("b.jpg", 0, 3000), ("c.jpg", 3000, 2000)]),
        ("速度加快一倍", [("a.jpg", 0, 2000), ("b.jpg", 2000, 2000), ("c.jpg", 4000, 2000)]),
        ("slow down the third photo", [("a.jpg", 0, 4000), ("b.jpg", 4000, 4000), ("c.jpg", 8000, 8000)]),
        ("慢一点", [("a.jpg", 0, 8000), ("b.jpg", 8000, 8000), ("c.jpg", 16000, 8000)]),
    ],
)  # fmt: skip
def test_edits_of_the_footage(message: str, expected: list[tuple[str, int, int]]) -> None:
    """The shots are these, end to end; sound and texts end with them."""
    draft = edited(message)
    assert shots(draft) == expected
    assert draft["d"] == sum(shot[2] for shot in expected)
    assert "transition" not in draft["t"][0]["sg"][0]["m"]
    assert track(draft, AUDIO, "bgm")[0]["d"] == draft["d"]
    assert all(start + length <= draft["d"] for _, start, length, _ in texts(draft))


@pytest.mark.parametrize(
    ("message", "key", "expected"),
    [
        ("use slide transitions", "transition", [None, *[{"type": "slide", "duration": 500}] * 2]),
        ("1-second dissolves", "transition", [None, *[{"type": "dissolve", "duration": 1000}] * 2]),
        ("crossfade between photos, 0.4s", "transition",
         [None, *[{"type": "dissolve", "duration": 400}] * 2]),
        ("转场改成擦除", "transition", [None, *[{"type": "wipe", "duration": 500}] * 2]),
        ("fade between the photos", "transition", [None, *[{"type": "fade", "duration": 500}] * 2]),
        ("make the transitions longer", "transition", [None, *[{"type": "dissolve", "duration": 1000}] * 2]),
        ("转场短一点", "transition", [None, *[{"type": "dissolve", "duration": 250}] * 2]),
        ("slow down the transitions", "transition", [None, *[{"type": "dissolve", "duration": 1000}] * 2]),
        ("照片切换慢一点", "transition", [None, *[{"type": "dissolve", "duration": 1000}] * 2]),
        ("replace the dissolves with wipes", "transition", [None, *[{"type": "wipe", "duration": 500}] * 2]),
        ("don't use any transitions", "transition", [None, None, None]),
        ("no transitions", "transition", [None, None, None]),
        ("no dissolves", "transition", [None, None, None]),
        ("照片之间不要切换效果", "transition", [None, None, None]),
        ("去掉转场", "transition", [None, None, None]),
        ("把所有转场都去掉", "transition", [None, None, None]),
        ("I want the transitions gone", "transition", [None, None, None]),
        ("全部用淡入淡出，1秒", "transition", [None, *[{"type": "fade", "duration": 1000}] * 2]),
        ("zoom in on the photos", "motion", ["zoom_in"] * 3),
        ("zoom out of the second photo", "motion", ["zoom_in", "zoom_out", "zoom_out"]),
        ("pan left", "motion", ["pan_left"] * 3),
        ("slow zooms", "motion", ["zoom_in", "zoom_out", "zoom_in"]),
        ("remove the zoom on the first photo", "motion", ["none", "pan_left", "zoom_out"]),
        ("turn off the motion", "motion", ["none"] * 3),
        ("no motion", "motion", ["none"] * 3),
        ("stop the motion", "motion", ["none"] * 3),
        ("照片静止", "motion", ["none"] * 3),
        ("make it warmer", "filter", ["warm"] * 3),
        ("make the last photo black and white", "filter", [None, None, "black_and_white"]),
        ("make only the second photo warmer", "filter", [None, "warm", None]),
        ("make the last two photos black and white", "filter", [None, "black_and_white", "black_and_white"]),
        ("first to second photo warmer", "filter", ["warm", "warm", None]),
        ("第一张到第三张变亮", "filter", ["bright"] * 3),
        ("photos 2-3 warm", "filter", [None, "warm", "warm"]),
        ("make it 50% brighter", "filter", ["bright"] * 3),
        ("brighter please", "filter", ["bright"] * 3),
        ("变成黑白", "filter", ["black_and_white"] * 3),
        ("make it black n white", "filter", ["black_and_white"] * 3),
        ("make it look like an old film", "filter", ["vintage"] * 3),
        ("give it a vintage look", "filter", ["vintage"] * 3),
    ],
)  # fmt: skip
def test_edits_of_the_looks(message: str, key: str, expected: list[Any]) -> None:
    """Each shot gets this setting."""
    assert values(edited(message), key) == expected


def test_a_filter_is_taken_away() -> None:
    """`remove the filter` leaves none."""
    assert values(edited("remove the filter", edited("make it warmer")), "filter") == [None] * 3


@pytest.mark.parametrize(
    ("message", "size", "fps"),
    [
        ("make it 16:9", (1920, 1080), 30),
        ("square, for Instagram", (1080, 1080), 30),
        ("4:5", (1080, 1350), 30),
        ("for my Instagram story", (1080, 1920), 30),
        ("改成1比1，60帧", (1080, 1080), 60),
        ("make it horizontal for YouTube", (1920, 1080), 30),
        ("for TikTok", (1080, 1920), 30),
        ("1280x720 at 60 fps", (1280, 720), 60),
        ("721 x 405", (720, 404), 30),
        ("24 fps", (1080, 1920), 24),
        ("视频改成1:1", (1080, 1080), 30),
        ("改成横屏", (1920, 1080), 30),
    ],
)
def test_shapes(message: str, size: tuple[int, int], fps: int) -> None:
    """The canvas is this; sides are even."""
    reply = edit(message)
    draft = reply.steps[-1].draft if reply.steps else made()
    assert reply.text.startswith(("The canvas", "画布"))
    assert draft["m"]["canvas"] == {"width": size[0], "height": size[1], "fps": fps}


@pytest.mark.parametrize(
    ("message", "role", "expected"),
    [
        ("put a title 'Urban Dreams' at the start", "title", [("Urban Dreams", 0, 3000, "top")]),
        ("change the title to \"New\"", "title", [("New", 0, 3000, "top")]),
        ("replace the title 'My Story' with 'Ours'", "title", [("Ours", 0, 3000, "top")]),
        ("add a title 'The End' at the end", "title",
         [("My Story", 0, 3000, "top"), ("The End", 9000, 3000, "top")]),
        ("add a 2-second title 'Hi' at the end", "title",
         [("My Story", 0, 3000, "top"), ("Hi", 10000, 2000, "top")]),
        ("a title saying spring sale", "title", [("Spring Sale", 0, 3000, "top")]),
        ("在开头加标题“城市延时”", "title", [("城市延时", 0, 3000, "top")]),
        ("在最后3秒加标题“再见”", "title", [("My Story", 0, 3000, "top"), ("再见", 9000, 3000, "top")]),
        ("move the title to the bottom", "title", [("My Story", 0, 3000, "bottom")]),
        ("title 'Hi' in the middle", "title", [("Hi", 0, 3000, "center")]),
        ("add a caption \"Hand made\" at the top from 4 to 8 seconds", "caption",
         [("Hand made", 4000, 4000, "top")]),
        ("add a caption 'Hand made'", "caption", [("Hand made", 0, 12000, "bottom")]),
        ("a title 'Hi' at the top, in the first 2 seconds", "title", [("Hi", 0, 2000, "top")]),
        ("change the title to 'Hi', put it at the bottom", "title", [("Hi", 0, 3000, "bottom")]),
        ("标题改为“夏日”，放在底部", "title", [("夏日", 0, 3000, "bottom")]),
        ("a caption 'Sea', from 2 to 5 seconds, and no music", "caption", [("Sea", 2000, 3000, "bottom")]),
        ("caption 'x' for the last 5 seconds", "caption", [("x", 7000, 5000, "bottom")]),
        ("subtitles 'One', 'Two' and 'Three'", "subtitle",
         [("One", 0, 3000, "bottom"), ("Two", 3000, 3000, "bottom"), ("Three", 6000, 3000, "bottom")]),
        ("subtitels 'One' 'Two'", "subtitle", [("One", 0, 3000, "bottom"), ("Two", 3000, 3000, "bottom")]),
        ("第一张照片加上“你好”，最后一张加上“再见”", "caption",
         [("你好", 0, 4000, "bottom"), ("再见", 8000, 4000, "bottom")]),
        ("片头加“开始”，片尾加“结束”", "title", [("开始", 0, 3000, "top"), ("结束", 9000, 3000, "top")]),
        ("结尾加上“谢谢观看”", "title", [("My Story", 0, 3000, "top"), ("谢谢观看", 9000, 3000, "top")]),
        ("write \"Mum\" on the last photo", "caption", [("Mum", 8000, 4000, "bottom")]),
        ('add "One" and "Two" as subtitles', "subtitle",
         [("One", 0, 3000, "bottom"), ("Two", 3000, 3000, "bottom")]),
        ("在第二张照片上加文字“家”", "caption", [("家", 4000, 4000, "bottom")]),
        ("加一个片尾“再见”", "title", [("My Story", 0, 3000, "top"), ("再见", 9000, 3000, "top")]),
        ("put '12 June' under the title", "caption", [("12 June", 0, 12000, "bottom")]),
        ("add a caption saying best day at the top for 5 seconds", "caption", [("Best Day", 0, 5000, "top")]),
        ("remove the title", "title", []),
        ("去掉标题", "title", []),
    ],
)  # fmt: skip
def test_texts(message: str, role: str, expected: list[tuple[str, int, int, str]]) -> None:
    """These texts stand there and then."""
    assert texts(edited(message), role) == expected


@pytest.mark.parametrize(
    ("message", "name", "volume"),
    [
        ("add lo-fi background music", "Lo-fi", 0.35),
        ("cinematic music at 50% volume", "Cinematic", 0.5),
        ("upbeat music, 20% volume", "Upbeat", 0.2),
        ("replace the music with something calm", "Calm", 0.35),
        ("make the music quieter", "Lo-fi", 0.21),
        ("louder", "Lo-fi", 0.52),
        ("volume 80%", "Lo-fi", 0.8),
        ("turn the volume down by half", "Lo-fi", 0.17),
        ("make the music 20% louder", "Lo-fi", 0.42),
        ("turn the music down to 20%", "Lo-fi", 0.2),
        ("音量降低20%", "Lo-fi", 0.28),
        ("加上欢快的背景音乐", "Upbeat", 0.35),
        ("音乐小声一点", "Lo-fi", 0.21),
        ("换成lo-fi音乐", "Lo-fi", 0.35),
        ("the music is too loud", "Lo-fi", 0.21),
        ("use something happier for the music", "Upbeat", 0.35),
    ],
)
def test_music(message: str, name: str, volume: float) -> None:
    """The music is this, so loud, under the whole video, with a fade at its end."""
    draft = edited(message, edited("remove the music") if name == "Lo-fi" and volume == 0.35 else None)
    assert (music(draft)["name"], music(draft)["volume"]) == (name, volume)
    assert music(draft)["fade_out"] > 0


def test_a_changed_title_stays_where_it_was() -> None:
    """New words alone move nothing; a title at another time is another one, and goes alone."""
    both = edited("add a title 'The End' at the end, move the title to the bottom")
    assert texts(edited("change the title to 'Ours'", both)) == [
        ("Ours", 0, 3000, "bottom"), ("The End", 9000, 3000, "bottom")
    ]  # fmt: skip
    assert texts(edited("remove the title at the end", both)) == [("My Story", 0, 3000, "bottom")]
    assert texts(edited("remove the title", both)) == []


@pytest.mark.parametrize(
    "message",
    [
        "don't remove the title",
        "please don't change the music",
        "不要删除标题",
        "remove all photos except the first",
        "make everything black and white except the first photo",
        "the photos are too dark",
        "make it less bright",
        "声音太大了",
        "use a wipe between the first and second photo",
        "remove the transition between the first and second photo",
        "remove 3 seconds from the second photo",
        "make the last 3 seconds black and white",
        "speed up the first 3 seconds",
        "use a fade at the end",
        "make the title 5 seconds long",
        "the title should fade",
        "trim the music to 5 seconds",
        "stop the music after 5 seconds",
        "add rock music",
        "make the second clip louder",
        "jazz music",
        "what song is this?",
        "keep the music",
        "speed up the music",
        "raise the brightness",
        "字体大一点",
        "remove the word My from the title",
        "change the title to red",
        "把标题改成红色",
        "add voiceover 'Welcome'",
        "why is it so dark?",
        "what transitions do you have?",
        "use different transitions",
        "reverse photos 1 and 2",
        "16:9 not 9:16",
        "为什么这么暗？",
        "music for TikTok",
    ],
)
def test_half_a_wish_is_no_wish(message: str) -> None:
    """What is forbidden, excepted, complained of, or said of a part that cannot be had, changes nothing."""
    reply = edit(message)
    assert reply.steps == ()
    assert "did not understand" in reply.text or "没有理解" in reply.text


def test_a_filter_goes_from_one_photo() -> None:
    """The photo that it is taken from stays."""
    warm = edited("make it warmer")
    assert values(edited("remove the filter from the second photo", warm), "filter") == ["warm", None, "warm"]
    assert values(edited("去掉第一张照片的滤镜", warm), "filter") == [None, "warm", "warm"]


@pytest.mark.parametrize("message", ["no black and white", "remove the sepia", "不要黑白", "去掉滤镜"])
def test_a_look_that_is_not_wanted_goes(message: str) -> None:
    """It is taken away, and not put there."""
    assert values(edited(message, edited("make it sepia")), "filter") == [None] * 3


def test_a_shape_keeps_the_edits() -> None:
    """`make it a square video` shapes the one there is, and makes one where there is none."""
    warm = edited("make it warmer")
    assert values(edited("make it a square video", warm), "filter") == ["warm"] * 3
    assert made("make it a square 6-second video")["d"] == 6000


def test_music_goes_and_fades() -> None:
    """It can be removed, and fade in."""
    assert track(edited("remove the music"), AUDIO, "bgm") == []
    assert music(edited("fade the music in"))["fade_in"] == 2000
    for both in ("fade the music in and out", "音乐淡入淡出"):
        assert (music(edited(both))["fade_in"], music(edited(both))["fade_out"]) == (2000, 2000)
    assert music(edited("add music at 20%", edited("remove the music")))["volume"] == 0.2


def test_several_wishes_in_one_sentence() -> None:
    """Each part is done, as a tool call of its own, in the order of the sentence."""
    reply = edit("remove the second photo, add a title 'Hi' at the start and make the music quieter")
    assert [step.args["op"] for step in reply.steps] == ["remove_shot", "add_text", "set_volume"]
    assert [step.tool for step in reply.steps] == ["edit_multitrack"] * 3
    assert reply.may_be_silent


def test_a_clip_that_is_cut_keeps_its_place_in_the_file() -> None:
    """After trimming the start of a clip its source starts later; speed counts."""
    draft = made("make a 4-second video", (CLIP,))
    [segment] = edited("trim the first 1 second", draft, (CLIP,))["t"][0]["sg"]
    assert (segment["d"], segment["m"]["source_start"]) == (3000, 1000)
    fast = edited("2x speed", draft, (CLIP,))
    [segment] = edited("trim the first 1 second", fast, (CLIP,))["t"][0]["sg"]
    assert (segment["d"], segment["m"]["source_start"], segment["m"]["speed"]) == (1000, 2000, 2.0)


def test_a_clip_is_known_on_another_port() -> None:
    """After a restart the same file has another host and port; its length still counts."""
    before, after = ({**CLIP, "cdn_url": f"http://127.0.0.1:{port}/cdn/clip"} for port in (1111, 2222))
    draft = made("make a 4-second video", (before,))
    [segment] = edited("2x speed", draft, (after,))["t"][0]["sg"]
    assert segment["m"]["speed"] == 2.0


def test_words_and_filters_that_take_a_place_say_so() -> None:
    """Of two looks or two titles in one message the last one stays, and the answer tells of both."""
    assert edit("make it brighter and warmer").text == (
        "Colour filter: bright. Colour filter: warm, in place of bright."
    )
    assert edit("亮一点，再暖一点").text == "滤镜：明亮。 滤镜：明亮换成暖色。"
    assert edit("titles 'fade' and 'B'").text == (
        'The title "My Story" is now "fade" (0-3s). The title "fade" is now "B" (0-3s).'
    )


def test_a_tool_call_shows_what_was_said() -> None:
    """The arguments of a text are words, without the marks of the grammar."""
    [step] = edit("add a title 'Hi' at the end").steps
    assert step.args["when"] == "add a title at the end"


def test_a_title_in_place_of_another_is_the_same_one() -> None:
    """It keeps its id, so that what changed is told as its text."""
    old = made()
    new = edited("put a title 'Start' at the start, and a title 'End' at the end", old)
    assert [str(change) for change in diff(Draft.from_wire(old), Draft.from_wire(new))] == [
        'Title text: "My Story" → "Start" (0-3s)', 'Title added: "End" (9-12s)'
    ]  # fmt: skip


def test_undo() -> None:
    """`undo` brings back the draft before the last turn, turn by turn."""
    first = made()
    reply = edit("make it warmer", first)
    assert reply.undo == (first,)
    back = respond("undo", Scene(draft=reply.steps[-1].draft, media=PHOTOS, undo=reply.undo))
    assert (back.steps[-1].draft, back.undo) == (first, ())
    both = respond("undo, brighter", Scene(draft=reply.steps[-1].draft, media=PHOTOS, undo=reply.undo))
    assert values(both.steps[-1].draft, "filter") == ["bright"] * 3
    assert both.undo == (first,)
    assert respond("撤销", Scene(draft=first, media=PHOTOS)).steps == ()
    rest = edit("undo, brighter", first)
    assert rest.text == "There is nothing to undo. Colour filter: bright."
    assert not rest.may_be_silent


# --- words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("juggle three oranges", "did not understand"),
        ("make the title bigger", "did not understand"),
        ("fade to black at the end", "did not understand"),
        ("remove the ninth photo", "cannot find that photo"),
        ("swap the first photo", "cannot find that photo"),
        ("cut from 20 to 30 seconds", "not in the video"),
        ("keep the first 0 seconds", "not in the video"),
        ("remove the subtitles", "no such text"),
        ("delete a.jpg, b.jpg and c.jpg", "Nothing would be left"),
        ("what is on the timeline?", "Timeline (3 tracks)"),
        ("export 1080p MP4", "Export button"),
        ("how do I export?", "Export button"),
        ("help", "Transitions"),
        ("!!!", "did not understand"),
        ("你好", "没有理解"),
        ("现在视频多长？", "时间线（3 条轨道）"),
    ],
)  # fmt: skip
def test_what_it_says(message: str, said: str) -> None:
    """Where nothing was done it says why, never silently."""
    reply = edit(message)
    assert said in reply.text
    assert not reply.may_be_silent


def test_before_there_is_a_video() -> None:
    """Edits of nothing are answered with how to begin."""
    for message in (
        "add lo-fi music",
        "remove the second photo",
        "make it warmer",
        "a title 'x'",
        "2x speed",
        "undo",
    ):
        reply = respond(message, Scene(media=PHOTOS))
        assert reply.steps == ()
        assert reply.text


def test_what_was_left_out_is_said() -> None:
    """When only a part was understood, that part is done and the rest is named."""
    reply = edit("make it warmer and teach it to sing")
    assert len(reply.steps) == 1
    assert '"teach it to sing"' in reply.text


@pytest.mark.parametrize(
    ("message", "left_out"),
    [
        ("make it sepia then undo it", "undo it"),
        ("zoom out on the first photo, pan on the others", "pan on the others"),
        ("make it warmer and -5 seconds long", "-5 seconds long"),
    ],
)
def test_what_would_be_done_to_something_else_is_left_out(message: str, left_out: str) -> None:
    """Undo takes back earlier messages, moves go to numbered photos, and no time is below zero."""
    reply = edit(message)
    assert len(reply.steps) == 1
    assert f'"{left_out}"' in reply.text


def test_of_one_thing_to_another_it_is_the_other() -> None:
    """What stands before "to" is what there is."""
    for message in ("change it from portrait to landscape", "竖屏改成横屏"):
        assert edited(message)["m"]["canvas"]["width"] == 1920


def test_quick_fades_after_a_title_are_transitions() -> None:
    """Slow ones are the title's own."""
    quick = edited("title 'Summer' and quick fades")
    assert values(quick, "transition")[1]["type"] == "fade"
    slow = edited("title 'Summer' and slow fades")
    assert values(slow, "transition")[1]["type"] == "dissolve"


def test_the_answer_has_the_language_of_the_message() -> None:
    """Chinese is answered in Chinese, English in English, whatever the session says."""
    assert "warm" in edit("make it warmer").text
    assert "暖色" in edit("暖一点").text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.title[:20])
def test_every_example_is_read_by_its_rule(rule: Any) -> None:
    """What the documentation shows as understood is understood, wholly, as a wish of that subject."""
    assert any(letter >= "\u4e00" for letter in rule.examples[-1])  # what a Chinese answer shows
    for example in rule.examples:
        reading = read(example, ["a.jpg", "b.jpg"])
        assert reading.unread == (), example
        assert any(type(wish) in _wishes_of(rule) for wish in reading.wishes), example


def _wishes_of(rule: Any) -> set[type]:
    """Return the classes of wishes that a rule makes: those of the module where it reads."""
    module = sys.modules[rule.read.__module__]
    return {value for value in vars(module).values() if isinstance(value, type) and hasattr(value, "op")}


def test_politeness_is_no_wish() -> None:
    """Thanks are not told as something that was not understood."""
    assert edit("请帮我把第二张照片删掉，谢谢").text == "已删除 b.jpg。"
    assert edit("pls get rid of the title, thx").text == "Removed the title."


@given(st.text(max_size=200))
def test_any_message_is_answered(message: str) -> None:
    """Whatever is written, there is an answer, and what it made is a draft that can be read back."""
    reply = edit(message)
    assert reply.text
    for step in reply.steps:
        draft = Draft.from_wire(step.draft)
        assert draft.is_renderable
        assert draft.duration_ms == step.draft["d"]


@pytest.mark.parametrize("words", ["turn photos ", "no ", "slow ", "make a b ", "what is ", "remove colour "])
def test_endless_sentences_are_not_read(words: str) -> None:
    """Twenty thousand letters without a comma are answered at once: they are shown, shortened, as unread."""
    started = time.perf_counter()
    reply = edit((words * 20_000)[:20_000])
    assert time.perf_counter() - started < 5  # it was minutes; a busy machine takes a part of a second
    assert reply.steps == ()
    assert "…" in reply.text


@pytest.mark.parametrize("digits", ["9" * 390, "1" * 300 + ".5", "٣", "²", "零", "十十", "0"])
def test_odd_numbers_are_numbers_or_nothing(digits: str) -> None:
    """Numbers beyond all measure, in other scripts, or nought, never break an answer."""
    for pattern in (
        "make it {} seconds", "{}x speed", "cut from {}:00 to {}:59", "volume {}%", "放大第{}张", "{}秒",
        "trim the first {} minutes", "remove photo {}", "{} fps", "make a {} second video",
        "make a video of the first {} photos",
    ):  # fmt: skip
        for step in edit(pattern.format(digits, digits)).steps:
            assert 0 < step.draft["d"] < 10**10


def test_endless_wishes_come_to_an_end() -> None:
    """Of a thousand wishes in one message the first fifty are done, and the rest is told."""
    reply = edit("zoom in, zoom out, " * 500)
    assert len(reply.steps) == 50
    assert "…" in reply.text


_FRAGMENTS = [example for rule in RULES for example in rule.examples]


@given(st.lists(st.sampled_from(_FRAGMENTS), min_size=1, max_size=4))
def test_any_combination_leaves_a_sound_draft(fragments: list[str]) -> None:
    """Wishes in any combination leave footage end to end, and nothing beyond its end."""
    draft = made()
    for step in edit(", ".join(fragments), draft).steps:
        draft = step.draft
    at = 0
    for _, start, length in shots(draft):
        assert (start, length > 0) == (at, True)
        at += length
    assert at == draft["d"]
    for other in draft["t"][1:]:
        for segment in other["sg"]:
            assert 0 <= segment["m"]["start"] <= segment["m"]["start"] + segment["d"] <= at
