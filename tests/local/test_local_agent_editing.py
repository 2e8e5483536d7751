"""The agent: what each wish does to three photos in 12 s."""
# ruff: noqa: RUF001 - it is spoken to in Chinese

from __future__ import annotations

from typing import Any

import pytest

from local.agent_drafts import CLIP, PHOTOS, edit, edited, made, music, shots, texts, track, values
from nemovideo.draft.comparison import diff
from nemovideo.draft.model import Draft
from nemovideo.local.agent.reply import Scene
from nemovideo.local.agent.respond import respond
from nemovideo.local.agent.timeline import AUDIO


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("make it 20 seconds long", [("a.jpg", 0, 6667), ("b.jpg", 6667, 6666), ("c.jpg", 13333, 6667)]),
        ("视频时长改成9秒", [("a.jpg", 0, 3000), ("b.jpg", 3000, 3000), ("c.jpg", 6000, 3000)]),
        ("大概9秒", [("a.jpg", 0, 3000), ("b.jpg", 3000, 3000), ("c.jpg", 6000, 3000)]),
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
