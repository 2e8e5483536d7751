"""A turn says what came of a message: in words, in changes, and in the timeline after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chat_service import CALL, RESULT, ChatService, frame, hear, saying, text_frame, titled
from tiny_session import MAKE, session_with_photo

from nemovideo import NemoVideo, Outcome, Turn
from nemovideo.draft import Draft
from nemovideo.errors import OutcomeUnknownError
from nemovideo.events import Media, StateDelta, TextDelta, Thought, ToolCall, ToolResult


@pytest.fixture
async def nemo(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[NemoVideo]:
    async with NemoVideo.local(silent_edits=getattr(request, "param", 0.0)) as nemo:
        yield nemo


async def test_an_answered_turn_has_its_text_its_tools_and_its_changes(
    nemo: NemoVideo, tmp_path: Path
) -> None:
    """The draft is the one that the state shows, and the changes lead to it."""
    session = await session_with_photo(nemo, tmp_path)
    turn = await session.chat(MAKE)
    assert turn.outcome is Outcome.ANSWERED
    assert turn.session_id == session.session_id
    assert "".join(turn.segments).replace("\n", "") == turn.text.replace("\n", "") != ""
    assert turn.draft is not None
    assert turn.draft.to_wire() == (await session.state()).draft.to_wire()
    assert turn.draft.duration_ms == 1000
    assert turn.changes
    assert len(turn.tool_calls) == len(turn.tool_results) > 0
    assert [call.id for call in turn.tool_calls] == [result.id for result in turn.tool_results]


@pytest.mark.parametrize("nemo", [1.0], indirect=True)
async def test_a_silent_turn_ends_with_its_changes(nemo: NemoVideo, tmp_path: Path) -> None:
    """No text came, yet the title is there: the changes say so."""
    session = await session_with_photo(nemo, tmp_path)
    await session.chat(MAKE)
    turn = await session.chat("put a title 'Urban Dreams' at the start")
    assert (turn.outcome, turn.text) == (Outcome.SILENT, "")
    assert [(change.old, change.new) for change in turn.changes] == [("My Story", "Urban Dreams")]
    assert "Urban Dreams" in str(turn.changes[0])


async def test_a_question_changes_nothing(nemo: NemoVideo, tmp_path: Path) -> None:
    session = await session_with_photo(nemo, tmp_path)
    turn = await session.chat("what can you do?")
    assert turn.outcome is Outcome.ANSWERED
    assert turn.changes == ()


async def test_the_drafts_of_consecutive_turns_follow_each_other(nemo: NemoVideo, tmp_path: Path) -> None:
    """Each turn is compared with the state right before it, not with the first."""
    session = await session_with_photo(nemo, tmp_path)
    await session.chat(MAKE)
    first = await session.chat("put a title 'One' at the start")
    second = await session.chat("put a title 'Two' at the start")
    assert [change.new for change in first.changes] == ["One"]
    assert [(change.old, change.new) for change in second.changes] == [("One", "Two")]


async def test_a_draft_told_in_the_stream_needs_no_second_read() -> None:
    """The stream's own state delta is the timeline after the turn."""
    told = frame(author="a", actions={"stateDelta": {"draft": titled("after")}})
    async with ChatService(saying(told, text_frame("Done."))) as service, service.client() as nemo:
        turn = await nemo.chat.send("s1", "add a title")
        assert turn.draft == Draft.from_wire(titled("after"))
        assert [(change.old, change.new) for change in turn.changes] == [("before", "after")]
        assert (service.chats, service.reads) == (1, 1)


async def test_an_unreadable_draft_in_the_stream_spoils_no_answer() -> None:
    """What was said stands; only the timeline is unknown."""
    told = frame(author="a", actions={"stateDelta": {"draft": {"t": "no list"}}})
    async with ChatService(saying(told, text_frame("Done."))) as service, service.client() as nemo:
        turn = await nemo.chat.send("s1", "add a title")
        assert (turn.outcome, turn.text, turn.draft, turn.changes) == (Outcome.ANSWERED, "Done.", None, ())


async def test_a_state_that_cannot_be_read_does_not_forbid_to_speak() -> None:
    """The answer counts without it; what needs the comparison is then unknown, and says so."""
    async with ChatService(saying(text_frame("Done."))) as service, service.client() as nemo:
        service.draft = {"t": "no list"}
        turn = await nemo.chat.send("s1", "add a title")
        assert (turn.outcome, turn.draft, turn.changes) == (Outcome.ANSWERED, None, ())
        assert service.chats == 1
    async with ChatService(saying(CALL, RESULT)) as service, service.client() as nemo:
        service.draft = {"t": "no list"}
        with pytest.raises(OutcomeUnknownError):
            await nemo.chat.send("s1", "add a title")
        assert service.chats == 1


async def test_media_made_without_an_edit_is_a_change() -> None:
    """A picture that the agent made shows in the state, although the timeline is as it was."""

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        service.generated = [{"id": "g1"}]
        await saying(CALL, RESULT)(service, writer)

    async with ChatService(chat) as service, service.client() as nemo:
        turn = await nemo.chat.send("s1", "draw a cat")
        assert turn.outcome is Outcome.SILENT
        assert turn.changes == ()


async def test_events_come_in_the_order_of_the_stream() -> None:
    """Thoughts, calls, results, state and files are all told; thoughts are no part of the answer."""
    parts = [
        {"text": "Hm.", "thought": True},
        {"fileData": {"mimeType": "image/png", "fileUri": "https://cdn.example/a.png"}},
    ]
    script = saying(
        frame(author="a", content={"parts": parts}),
        CALL,
        RESULT,
        frame(author="a", actions={"stateDelta": {"note": 1}}),
        text_frame("Do", partial=True),
        text_frame("ne.", partial=True),
        text_frame("Done."),
    )
    async with ChatService(script) as service, service.client() as nemo:
        events, turn = await hear(nemo.chat.stream("s1", "add a title"))
        kinds = [type(event) for event in events]
        assert kinds[:7] == [Thought, Media, ToolCall, ToolResult, StateDelta, TextDelta, TextDelta]
        assert isinstance(turn, Turn)
        assert turn.text == "Done."
        assert [media.uri for media in turn.media] == ["https://cdn.example/a.png"]
        assert service.chats == 1


async def test_an_answer_cut_off_by_the_agents_limit_says_so() -> None:
    script = saying(frame(author="a", content={"parts": [{"text": "So"}]}, finishReason="MAX_TOKENS"))
    async with ChatService(script) as service, service.client() as nemo:
        turn = await nemo.chat.send("s1", "add a title")
        assert turn.truncated
        assert service.chats == 1
