"""What the agent asks the person to do with a screen, the assistant does."""
# ruff: noqa: RUF001 - Chinese punctuation is no mistake here

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.chatting import answer, backend_of, only, replies, with_video, words
from nemovideo.assistant.conversation import Assistant
from nemovideo.assistant.replies import SendFile, Suggest
from nemovideo.client import NemoVideo
from nemovideo.events import Text


async def test_a_drag_becomes_an_edit(nemo: NemoVideo, photos: list[Path]) -> None:
    """The words "drag it there" are sent back as a wish, once, and what comes of it is told."""
    assistant = await with_video(nemo, photos)
    answer(nemo, Text("Drag the second photo to the start of the track."))
    said = words(await replies(assistant, "the mug should come first"))
    asked = backend_of(nemo).ledger.charges()[-1].message
    assert asked == "Please do this for me: Drag the second photo to the start of the track."
    assert "Drag" not in said


async def test_an_agent_that_only_instructs_is_asked_once(
    nemo: NemoVideo, photos: list[Path], posts: Callable[[str], int]
) -> None:
    """Two agents that send each other in circles would spend all credits: one follow-up is the end."""
    assistant = await with_video(nemo, photos)
    before = posts("/run_sse")
    answer(nemo, Text("Click the Apply button."), times=None)
    await replies(assistant, "make it nicer")
    assert posts("/run_sse") == before + 2


async def test_a_panel_becomes_the_timeline_in_words(nemo: NemoVideo, photos: list[Path]) -> None:
    """The words "open the panel" and "preview it in the timeline" are answered with the summary, once."""
    assistant = await with_video(nemo, photos)
    answer(nemo, Text("Open the media panel. You can preview it in the timeline."))
    said = words(await replies(assistant, "where are my photos in it?"))
    assert said.startswith("Timeline (3 tracks): 1. Video: sea.jpg")
    assert said.count("Timeline") == 1


async def test_the_account_page_becomes_the_balance(nemo: NemoVideo, photos: list[Path]) -> None:
    """The words "go to your account" are answered with the balance."""
    assistant = await with_video(nemo, photos)
    answer(nemo, Text("That needs credits. Go to your account page to see your balance."))
    said = words(await replies(assistant, "can I afford more?"))
    assert said == "That needs credits.\nYou have 99 credits left."


async def test_the_upload_button_becomes_an_invitation(nemo: NemoVideo) -> None:
    """The words "click Upload" are answered with: send them here."""
    said = words(await replies(Assistant(nemo), "make a 5-second video"))
    assert "There are no photos in this session yet." in said
    assert "Send me your photos, clips or music right here" in said
    assert "button" not in said


async def test_the_export_button_becomes_the_file(nemo: NemoVideo, photos: list[Path]) -> None:
    """An agent that points at the Export button leads to a delivered file."""
    assistant = await with_video(nemo, photos)
    answer(nemo, Text("It is all there. Click the Export button to save it."))
    said = await replies(assistant, "I think we are finished here, aren't we?")
    assert words(said).startswith("It is all there.")
    assert len(only(SendFile, said)) == 1


@pytest.mark.parametrize(
    "wish",
    [
        "add a caption 'Don't miss it', but don't export it yet",
        "no need to send it, just make it warmer",
        "不要导出，先加字幕“再见”",
        "先别导出，音乐小一点",
    ],
)
async def test_a_file_that_was_declined_is_not_made(nemo: NemoVideo, photos: list[Path], wish: str) -> None:
    """Whoever says "don't export yet" gets no file, whatever the agent points at, and is offered it."""
    assistant = await with_video(nemo, photos)
    answer(nemo, Text("Done. Click the Export button to save it."))
    said = await replies(assistant, wish)
    assert words(said) == "Done."
    assert not only(SendFile, said)
    assert only(Suggest, said)


@pytest.mark.parametrize(
    "wish", ['add "No export" and export', "no music, and export it", "不要发光效果，导出"]
)
async def test_another_refusal_declines_no_file(nemo: NemoVideo, photos: list[Path], wish: str) -> None:
    """What is quoted, or refuses something else, leaves the file wanted."""
    assistant = await with_video(nemo, photos)
    answer(nemo, Text("Done. Click the Export button to save it."))
    assert only(SendFile, await replies(assistant, wish))


async def test_a_video_that_is_about_buttons_is_told_as_it_is(nemo: NemoVideo, photos: list[Path]) -> None:
    """A sentence about the picture reaches the person whole, and nothing is done."""
    assistant = await with_video(nemo, photos)
    answer(nemo, Text("In the new shot a hand clicks a red Export button."))
    said = await replies(assistant, "what did you add?")
    assert words(said) == "In the new shot a hand clicks a red Export button."
    assert not only(SendFile, said)
