"""Talk of buttons becomes deeds, and what is said about the video stays as it was said."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.labelled import FOLDER
from nemovideo.assistant.translation import Action, Translation, translate


def _cases() -> list[tuple[str, str, tuple[Action, ...]]]:
    """Read the list: blocks of lines that begin with >, < and !."""
    cases = []
    text = (FOLDER / "translations.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for block in "\n".join(lines).strip().split("\n\n"):
        said, kept, actions = (
            "\n".join(line[1:].strip() for line in block.strip().splitlines() if line.startswith(mark))
            for mark in "><!"
        )
        cases.append((said, kept, tuple(Action[name] for name in actions.split())))
    return cases


CASES = _cases()
ABOUT_THE_VIDEO = [said for said, kept, actions in CASES if said == kept and not actions]


@pytest.mark.parametrize(("said", "kept", "actions"), CASES, ids=[case[0][:60] for case in CASES])
def test_a_message_is_translated_as_listed(said: str, kept: str, actions: tuple[Action, ...]) -> None:
    """The labelled list holds: the words that stay, and the deeds in order."""
    assert translate(said) == Translation(kept, actions)


def test_the_list_is_large_and_bilingual() -> None:
    """At least 80 messages, at least 30 that are only about the video, every action among them."""
    chinese = [said for said, _, _ in CASES if any("\u4e00" <= letter <= "\u9fff" for letter in said)]
    assert len(CASES) >= 80
    assert len(ABOUT_THE_VIDEO) >= 30
    assert len(chinese) >= 25
    assert {action for _, _, actions in CASES for action in actions} == set(Action)


@pytest.mark.parametrize("about", ABOUT_THE_VIDEO)
def test_an_instruction_beside_it_eats_nothing_of_the_video(about: str) -> None:
    """A sentence about the video stays whole before an instruction and after one."""
    assert translate(f"{about}\nClick the Export button.").text == about
    assert translate(f"Click the Export button.\n{about}").text == about


@pytest.mark.parametrize("kept", [kept for _, kept, _ in CASES if kept])
def test_what_is_left_needs_no_second_translation(kept: str) -> None:
    """Translating twice changes nothing more."""
    assert translate(kept) == Translation(kept)


@given(st.text(max_size=300))
def test_any_text_can_be_translated(text: str) -> None:
    """No text makes it fail, and what is kept was said: no letter is made up."""
    translation = translate(text)
    assert isinstance(translation.text, str)
    if not translation.actions and "\n\n\n" not in text:
        assert not translation.instructions


@pytest.mark.parametrize(
    "text",
    [
        "x" + " " * 20_000 + "x",
        "," * 20_000,
        "- " * 20_000,
        "then you can " * 5_000,
        "a" + "，" * 20_000 + "b",
    ],
    ids=["spaces", "commas", "dashes", "leads", "Chinese commas"],
)
def test_long_messages_take_no_long_time(text: str) -> None:
    """Hostile repetition takes well under five seconds: the time does not grow with the square."""
    begun = time.process_time()
    translate(text)
    assert time.process_time() - begun < 5
