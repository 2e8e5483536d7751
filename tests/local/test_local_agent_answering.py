"""The agent: what it reads in a message, and what it says."""
# ruff: noqa: RUF001 - it is spoken to in Chinese

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.agent_drafts import PHOTOS, edit, edited, made, shots, values
from nemovideo.draft.model import Draft
from nemovideo.local.agent.grammar import RULES, read
from nemovideo.local.agent.reply import Scene
from nemovideo.local.agent.respond import respond


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
        ("swap photo 1 and 3, then send it to me", "Export button"),
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


def test_one_second_is_no_seconds() -> None:
    assert edit("make it 1 second long").text == "The video is 1 second long now."
    assert edit("make it 2 seconds long").text == "The video is 2 seconds long now."


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
    assert edit("Looks great! Remove the title").text == "Removed the title."


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
