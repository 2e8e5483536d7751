"""A turn is put together from its frames: each text once, and the right ending."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import find, given, settings
from stream_strategies import FIRST_FOUND, Conversation, conversations

from nemovideo._wire.turn import NOISE, Ending, TurnAssembler
from nemovideo.events import ChatEvent, Heartbeat, Media, Text, TextDelta, Thought, ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable


def run(*frames: dict[str, Any], broken: bool = False) -> tuple[TurnAssembler, list[ChatEvent]]:
    turn = TurnAssembler()
    events = [event for frame in frames for event in turn.feed(json.dumps(frame))]
    events += turn.finish(broken=broken)
    assert all(isinstance(event, ChatEvent) for event in events)
    return turn, events


def event(*parts: dict[str, Any], partial: bool = False, **fields: Any) -> dict[str, Any]:
    return {"author": "a", "content": {"parts": list(parts)}, "partial": partial, **fields}


def delta(text: str, **fields: Any) -> dict[str, Any]:
    return event({"text": text}, partial=True, **fields)


def final(text: str, **fields: Any) -> dict[str, Any]:
    return event({"text": text}, **fields)


def call(name: str = "edit", identity: str = "c1") -> dict[str, Any]:
    return event({"functionCall": {"name": name, "id": identity, "args": {}}})


def result(name: str = "edit", identity: str = "c1") -> dict[str, Any]:
    return event({"functionResponse": {"name": name, "id": identity, "response": {"status": "ok"}}})


NO_CONTENT = {"author": "a", "errorCode": "MODEL_RETURNED_NO_CONTENT", "errorMessage": "nothing"}
STATE = {"author": "a", "actions": {"stateDelta": {"draft": {"d": 1}}}}


# --- text exactly once --------------------------------------------------------------------------------


def expected_text(segments: tuple[str, ...]) -> str:
    text = segments[0]
    for segment in segments[1:]:
        text += segment if text[-1].isspace() or segment[0].isspace() else f"\n{segment}"
    return text


@settings(max_examples=200)
@given(conversations())
def test_a_conversation_is_told_once_whatever_its_dialects(conversation: Conversation) -> None:
    """Deltas add up to the text, pieces and tools keep their order, noise at the end is gone."""
    turn = TurnAssembler()
    events = [event for payload in conversation.payloads for event in turn.feed(payload)]
    events += turn.finish(broken=False)
    assert turn.segments == conversation.segments
    assert turn.text == expected_text(conversation.segments)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == turn.text
    assert tuple(event.text for event in events if isinstance(event, Text)) == turn.segments
    assert tuple(call.name for call in turn.tool_calls) == conversation.tools
    assert tuple(result.name for result in turn.tool_results) == conversation.tools
    if turn.text.strip():
        assert turn.ending is Ending.OK


@pytest.mark.parametrize(
    "reaches",
    [
        pytest.param(lambda c: c.has_noise, id="noise"),
        pytest.param(lambda c: len(c.segments) > 1 and len(c.tools) > 1, id="several answers and tools"),
        pytest.param(lambda c: None in c.payloads, id="comments"),
        pytest.param(lambda c: "" in c.payloads, id="blank data"),
        pytest.param(
            lambda c: (
                any("tool_call" in p for p in c.payloads if p)
                and any("function_call" in p for p in c.payloads if p)
                and any("functionCall" in p for p in c.payloads if p)
            ),
            id="both dialects and both cases",
        ),
        pytest.param(lambda c: any("partial" in p for p in c.payloads if p), id="deltas"),
        pytest.param(lambda c: NOISE[:1] in c.segments[1:], id="an answer that begins like noise"),
    ],
)
def test_the_generator_reaches(reaches: Callable[[Conversation], bool]) -> None:
    """The conversations above include every case that the assembler must mind."""
    find(conversations(), reaches, settings=FIRST_FOUND)


def test_a_final_that_repeats_its_deltas_adds_no_text() -> None:
    _, events = run(delta("Hello "), delta("world"), final("Hello world"))
    assert events == [TextDelta("Hello ", "a"), TextDelta("world", "a"), Text("Hello world", "a")]


def test_a_final_that_goes_beyond_its_deltas_adds_the_rest() -> None:
    _, events = run(delta("Hello "), final("Hello world"))
    assert events == [TextDelta("Hello ", "a"), TextDelta("world", "a"), Text("Hello world", "a")]


@pytest.mark.parametrize("deltas", ["Helo", "Hello world"])
def test_a_final_that_contradicts_its_deltas_replaces_them(deltas: str) -> None:
    turn, events = run(delta(deltas), final("Hello"))
    assert events == [TextDelta(deltas, "a"), Text("Hello", "a", replaces=True)]
    assert turn.text == "Hello"


def test_empty_texts_say_nothing() -> None:
    turn, events = run(final("Hi."), delta(""), final(""))
    assert events == [TextDelta("Hi.", "a"), Text("Hi.", "a")]
    assert (turn.segments, turn.ending) == (("Hi.",), Ending.OK)


def test_a_final_without_text_closes_its_deltas_as_they_are() -> None:
    turn, events = run(delta("Done"), final(""))
    assert events == [TextDelta("Done", "a"), Text("Done", "a")]
    assert turn.ending is Ending.OK


def test_two_equal_answers_are_two_answers() -> None:
    """Nothing is dropped for being said before, or under the same event id."""
    turn, _ = run(final("Done.", id="e1"), final("Done.", id="e1"))
    assert turn.segments == ("Done.", "Done.")
    assert turn.text == "Done.\nDone."


def test_agents_on_two_branches_do_not_mix() -> None:
    turn, events = run(
        delta("left ", branch="l"),
        delta("right ", branch="r"),
        event({"functionCall": {"name": "edit", "id": "1"}}, branch="r"),
        event({"functionResponse": {"name": "edit", "id": "1"}}, branch="r"),
        final("left side", branch="l"),
        final("all right", branch="r"),
    )
    assert turn.segments == ("right ", "left side", "all right")
    assert Text("left side", "a") in events


def test_neighbouring_parts_are_one_piece() -> None:
    turn, events = run(delta("one "), delta("two"), event({"text": "one "}, {"text": "two"}))
    assert turn.segments == ("one two",)
    assert [event for event in events if isinstance(event, Text)] == [Text("one two", "a")]


def test_a_call_between_two_texts_of_one_event_parts_them() -> None:
    """Their deltas came together, and are not repeated."""
    edit = {"functionCall": {"name": "edit", "id": "1"}}
    turn, events = run(delta("one "), delta("two"), event({"text": "one "}, edit, {"text": "two"}))
    assert turn.segments == ("one ", "two")
    assert events == [
        TextDelta("one ", "a"),
        TextDelta("two", "a"),
        Text("one ", "a"),
        ToolCall("edit", {}, "1"),
        Text("two", "a"),
    ]


@pytest.mark.parametrize(
    "interruption", [call(), result(), {"author": "a", "errorCode": "X"}, {"error": "x"}]
)
def test_an_interruption_completes_what_was_being_said(interruption: dict[str, Any]) -> None:
    _, events = run(delta("Let me see"), interruption)
    assert events[:2] == [TextDelta("Let me see", "a"), Text("Let me see", "a")]


def test_an_error_completes_what_every_branch_was_saying() -> None:
    turn, _ = run(delta("left", branch="l"), delta("right", branch="r"), {"error": "boom"})
    assert turn.segments == ("left", "right")


def test_thoughts_are_no_text() -> None:
    turn, events = run(event({"text": "Hm.", "thought": True}, {"text": "Yes."}))
    assert turn.text == "Yes."
    assert events[0] == Thought("Hm.", "a")


def test_a_preview_of_a_call_is_ignored() -> None:
    preview = call() | {"partial": True}
    turn, _ = run(preview, call(), result(), final("Done."))
    assert len(turn.tool_calls) == 1


def test_state_changes_merge_and_may_come_twice() -> None:
    first = {"author": "a", "actions": {"state_delta": {"draft": {"d": 1}, "kept": 1}}}
    turn, _ = run(first, first, {"author": "a", "actions": {"stateDelta": {"draft": {"d": 2}}}})
    assert turn.state == {"draft": {"d": 2}, "kept": 1}
    assert turn.draft_json == {"d": 2}


def test_files_are_kept() -> None:
    turn, events = run(event({"fileData": {"fileUri": "u"}}), event({"inlineData": {"data": "AA=="}}))
    assert turn.media == (Media(uri="u"), Media(data="AA=="))
    assert events == list(turn.media)


def test_a_comment_is_a_heartbeat() -> None:
    assert TurnAssembler().feed(None) == [Heartbeat()]


# --- noise --------------------------------------------------------------------------------------------

SORRY = f"{NOISE}. Please try again."


def test_noise_after_an_answer_is_dropped_from_text_and_events() -> None:
    turn, events = run(final("Done."), delta(NOISE[:5]), delta(SORRY[5:]), final(SORRY))
    assert turn.text == "Done."
    assert events == [TextDelta("Done.", "a"), Text("Done.", "a")]
    assert turn.ending is Ending.OK


def test_noise_that_never_got_its_final_is_noise_too() -> None:
    turn, _ = run(final("Done."), delta(SORRY))
    assert (turn.text, turn.ending) == ("Done.", Ending.OK)


def test_noise_after_deltas_without_their_final_does_not_replace_them() -> None:
    turn, events = run(delta("Done."), final(SORRY))
    assert turn.text == "Done."
    assert events == [TextDelta("Done.", "a"), Text("Done.", "a")]


def test_noise_with_no_other_answer_stays() -> None:
    turn, events = run(call(), result(), final(SORRY))
    assert turn.text == SORRY
    assert Text(SORRY, "a") in events


@pytest.mark.parametrize("more", [final("Done now."), delta("Done now."), call()])
def test_what_looks_like_noise_is_told_when_something_follows(more: dict[str, Any]) -> None:
    turn, events = run(final("First."), final(SORRY), more)
    assert turn.segments[:2] == ("First.", SORRY)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == turn.text


def test_an_answer_that_begins_like_noise_is_told_once_it_differs() -> None:
    turn, _ = run(final("Done."))
    assert turn.feed(json.dumps(delta("I enc"))) == []
    assert turn.feed(json.dumps(delta("ourage "))) == [TextDelta("\nI encourage ", "a")]
    assert turn.feed(json.dumps(delta("you"))) == [TextDelta("you", "a")]
    assert turn.feed(json.dumps(final("I encourage you"))) == [Text("I encourage you", "a")]


def test_a_text_after_it_shows_that_it_was_no_noise() -> None:
    turn, _ = run(final("Done."), final(SORRY), delta("I enc"))
    assert turn.segments == ("Done.", SORRY, "I enc")


def test_a_text_cut_while_it_may_still_be_noise_is_told() -> None:
    turn, events = run(final("Done."), delta("I enc"))
    assert events[2:] == [TextDelta("\nI enc", "a"), Text("I enc", "a")]
    assert turn.ending is Ending.CUT


# --- endings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "frames"),
    [
        pytest.param(Ending.OK, [final("Hi.")], id="an answer"),
        pytest.param(Ending.OK, [call(), result(), final("Done.")], id="work and an answer"),
        pytest.param(Ending.OK, [final("So:"), call(), result(), NO_CONTENT], id="properly ended"),
        pytest.param(Ending.OK, [event({"fileData": {"fileUri": "u"}})], id="a file alone"),
        pytest.param(
            Ending.OK, [final("So:"), call(), result(), event({"fileData": {}})], id="work and a file"
        ),
        pytest.param(Ending.SILENT, [call(), result()], id="work alone"),
        pytest.param(Ending.SILENT, [call(), result(), NO_CONTENT], id="work, properly ended"),
        pytest.param(Ending.SILENT, [NO_CONTENT], id="nothing to say"),
        pytest.param(Ending.SILENT, [STATE], id="a state change alone"),
        pytest.param(Ending.SILENT, [call(), result(), final("\n")], id="white space is no answer"),
        pytest.param(Ending.UNCONFIRMED, [final("So:"), call(), result()], id="nothing after the result"),
        pytest.param(Ending.EMPTY, [], id="nothing"),
        pytest.param(Ending.EMPTY, [{"type": "heartbeat"}, {"what": 1}], id="signs of life, unknown frames"),
        pytest.param(Ending.EMPTY, [event({"text": "Hm.", "thought": True})], id="thoughts alone"),
        pytest.param(Ending.ERROR, [delta("Hi"), {"error": "boom"}], id="an error frame"),
        pytest.param(Ending.ERROR, [call(), {"author": "a", "errorCode": "X"}], id="a model error"),
        pytest.param(Ending.CUT, [call()], id="a call without its result"),
        pytest.param(Ending.CUT, [call(), call(identity="c2"), result()], id="one result for two calls"),
        pytest.param(Ending.CUT, [delta("Hi")], id="deltas without a final"),
    ],
)
def test_a_clean_close_ends_as(expected: Ending, frames: list[dict[str, Any]]) -> None:
    turn, _ = run(*frames)
    assert turn.ending is expected


@pytest.mark.parametrize("frames", [[], [final("Hi.")], [{"error": "boom"}], [call(), result()]])
def test_a_broken_stream_is_cut_whatever_came(frames: list[dict[str, Any]]) -> None:
    turn, _ = run(*frames, broken=True)
    assert turn.ending is Ending.CUT


def test_results_of_the_simple_dialect_answer_calls_of_their_name() -> None:
    calls = [{"type": "tool_call", "name": name} for name in ("cut", "cut", "grade")]
    results = [{"type": "tool_result", "name": name} for name in ("grade", "cut", "cut")]
    said = {"type": "text", "content": "Done."}
    assert run(*calls, *results, said)[0].ending is Ending.OK
    assert run(*calls, *results[:2], said)[0].ending is Ending.CUT
    assert run(*calls, results[0], results[0], results[1], said)[0].ending is Ending.CUT
    assert run(*calls[:1] * 3, *results[1:], said)[0].ending is Ending.CUT


def test_an_error_keeps_the_text_so_far() -> None:
    turn, events = run(delta("Half an "), {"error": {"code": 500, "message": "boom"}})
    assert (turn.text, turn.error) == ("Half an ", ("500", "boom"))
    assert events == [TextDelta("Half an ", "a"), Text("Half an ", "a")]


def test_the_first_error_is_the_one_that_counts() -> None:
    turn, _ = run({"error": "boom"}, {"error": "connection lost"})
    assert turn.error == ("", "boom")


def test_the_token_limit_marks_the_answer_truncated() -> None:
    """By the finish reason, or by an error code that is none."""
    for limit in (
        {"finishReason": "MAX_TOKENS"},
        {"errorCode": "MAX_TOKENS"},
        {"finish_reason": "MAX_TOKENS"},
    ):
        turn, _ = run(final("Once upon a", **limit))
        assert turn.truncated
        assert turn.ending is Ending.OK
