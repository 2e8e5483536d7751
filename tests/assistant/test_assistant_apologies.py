"""Each failure becomes the right deed and the right words, and nothing is sent twice."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from assistant.chatting import VIDEO, PatientClock, backend_of, only, replies, with_video, words
from nemovideo.assistant.apologies import explain
from nemovideo.assistant.conversation import Assistant
from nemovideo.assistant.listening import Listener
from nemovideo.assistant.replies import SendFile, Suggest, Working
from nemovideo.assistant.texts import LANGUAGES
from nemovideo.client import NemoVideo
from nemovideo.config import Timing
from nemovideo.errors import (
    ERRORS_BY_CODE,
    ChatError,
    ConfigurationError,
    DownloadError,
    NemoVideoError,
    NotSentError,
    OutcomeUnknownError,
    RenderFailedError,
    RenderTimeoutError,
    ServerError,
    TransportError,
    TurnInProgressError,
    TurnTimeoutError,
    api_error,
)
from nemovideo.events import StillWorking

RUN = "POST /run_sse"


async def test_an_expired_token_is_no_news(nemo: NemoVideo, photos: list[Path]) -> None:
    """A starter token that expires is renewed, and the conversation goes on as the same user."""
    assistant = await with_video(nemo, photos)
    backend_of(nemo).accounts.expire_tokens()
    assert "Two" in words(await replies(assistant, "put a title 'Two' at the start"))


async def test_a_message_refused_for_its_token_is_said_once_more(
    nemo: NemoVideo, photos: list[Path], posts: Callable[[str], int]
) -> None:
    """1001 on the message itself: refused, so it was not done, and a second try is safe."""
    backend = backend_of(nemo)
    token = backend.accounts.open_registered(10).token
    async with NemoVideo(base_url=backend.url, token=token) as registered:
        assistant = await with_video(registered, photos)
        backend.faults.add(RUN, "code", code=1001)
        said = await replies(assistant, "make it warmer")
    assert Working("One moment, I'm signing in again…") in said
    assert "warm" in words(said)
    assert posts("/run_sse") == 3
    assert len(backend.ledger.charges()) == 2


async def test_a_given_token_that_is_wrong_is_a_matter_for_the_host(nemo: NemoVideo) -> None:
    """A token that the host gave is never replaced: the host is asked for a valid one."""
    async with NemoVideo(base_url=backend_of(nemo).url, token="nmv_usr_wrong") as stranger:
        assert "has to give me a valid one" in words(await replies(Assistant(stranger), "credits"))


async def test_a_session_that_is_gone_is_replaced_and_said(nemo: NemoVideo, photos: list[Path]) -> None:
    """1002: the person is told that the project is new, and asked for the files."""
    assistant = await with_video(nemo, photos)
    lost = Assistant.from_dict(nemo, assistant.to_dict() | {"session_id": "gone"})
    assert "Please send me your files again" in words(await replies(lost, "make it warmer"))
    assert "sea.jpg" in words(await replies(lost, VIDEO, photos))
    assert "sea.jpg" in words(await replies(lost, "status"))


async def test_files_at_hand_go_to_the_new_session(nemo: NemoVideo, photos: list[Path]) -> None:
    """1002 while files come: they are uploaded to a new session, and the wish is done there."""
    assistant = await with_video(nemo, photos)
    lost = Assistant.from_dict(nemo, assistant.to_dict() | {"session_id": "gone"})
    said = words(await replies(lost, VIDEO, photos))
    assert "so I've started a new one" in said
    assert "again" not in said
    assert "The raw video is ready" in said


async def test_without_files_a_lost_session_asks_for_the_wish_alone(nemo: NemoVideo) -> None:
    """1002 before any file: nobody is asked for files that were never sent."""
    lost = Assistant.from_dict(nemo, Assistant(nemo).to_dict() | {"session_id": "gone"})
    said = words(await replies(lost, "make it warmer"))
    assert "Please ask me again" in said
    assert "files" not in said


async def test_an_empty_balance_leads_to_registration(photos: list[Path]) -> None:
    """2001: the link binds the anonymous user, and the video can still be had."""
    async with NemoVideo.local(credits=1, silent_edits=0, pace=0) as poor:
        assistant = await with_video(poor, photos)
        said = await replies(assistant, "make it warmer")
        (user_id,) = {charge.user_id for charge in backend_of(poor).ledger.charges()}
        assert f"/register?bind={user_id}" in words(said)
        (suggestion,) = only(Suggest, said)
        assert only(SendFile, await replies(assistant, suggestion.options[0]))


async def test_a_blocked_export_is_not_about_credits(nemo: NemoVideo, photos: list[Path]) -> None:
    """402: register or upgrade to unlock; no link to buy credits."""
    assistant = await with_video(nemo, photos)
    backend_of(nemo).faults.add("POST /api/render/proxy/lambda", "code", code=402)
    said = words(await replies(assistant, "send me the video"))
    assert "upgrade your plan to unlock" in said
    assert "nothing to do with your credits" in said
    assert "register?bind=" not in said


async def test_files_that_cannot_be_used_are_named_with_the_way_out(
    nemo: NemoVideo, photos: list[Path], tmp_path: Path, posts: Callable[[str], int]
) -> None:
    """4001 and 4002 are seen before anything is sent; the good files are taken all the same."""
    (tmp_path / "notes.txt").write_text("hello")
    with (tmp_path / "long.mp4").open("wb") as large:
        large.truncate(201 * 1024 * 1024)
    said = words(await replies(Assistant(nemo), "", [tmp_path / "notes.txt", tmp_path / "long.mp4", *photos]))
    assert "I can't use notes.txt. I can take mp4, mov" in said
    assert "long.mp4: too large, the limit is 200 MB. Compress it or cut it shorter" in said
    assert "Thanks, I have sea.jpg and mug.jpg." in said
    before = posts("/api/upload-video")
    said = words(await replies(Assistant(nemo), VIDEO, [tmp_path / "notes.txt", tmp_path / "none.jpg"]))
    assert "none.jpg" in said
    assert "I'll wait for a file that I can use." in said
    assert posts("/api/upload-video") == before
    assert posts("/run_sse") == 0


@pytest.mark.parametrize(("code", "expected"), [(4001, "I can take mp4"), (4002, "limit is 200 MB")])
async def test_files_that_the_service_refuses_are_told_alike(
    nemo: NemoVideo, photos: list[Path], code: int, expected: str
) -> None:
    """4001 and 4002 from the service itself get the same words."""
    backend_of(nemo).faults.add("POST /api/upload-video", "code", code=code)
    assert expected in words(await replies(Assistant(nemo), VIDEO, photos))


async def test_a_busy_service_is_waited_for_once(
    nemo: NemoVideo, photos: list[Path], posts: Callable[[str], int]
) -> None:
    """429: the person is told, the wait is the service's, and the refused message is sent once more."""
    clock = PatientClock()
    assistant = await with_video(nemo, photos, clock=clock)
    before = posts("/run_sse")
    backend_of(nemo).faults.add(RUN, "code", code=429, retry_after=7)
    said = await replies(assistant, "make it warmer")
    assert Working("The service is busy. I'll try again in 7 seconds.") in said
    assert "warm" in words(said)
    assert clock.waited == [7.0]
    assert posts("/run_sse") == before + 2


async def test_a_service_that_stays_busy_is_not_pressed(
    nemo: NemoVideo, photos: list[Path], posts: Callable[[str], int]
) -> None:
    """429 twice: the person is told when to come back."""
    clock = PatientClock()
    assistant = await with_video(nemo, photos, clock=clock)
    before = posts("/run_sse")
    backend_of(nemo).faults.add(RUN, "code", times=2, code=429)
    assert "Please try again in 60 seconds." in words(await replies(assistant, "make it warmer"))
    assert clock.waited == [30.0]
    assert posts("/run_sse") == before + 2


async def test_a_long_wait_is_told_instead_of_waited(nemo: NemoVideo, photos: list[Path]) -> None:
    """429 for days, as for a second starter token: said at once, in days."""
    clock = PatientClock()
    assistant = await with_video(nemo, photos, clock=clock)
    backend_of(nemo).faults.add(RUN, "code", code=429, retry_after=7 * 24 * 3600)
    assert "Please try again in 7 days." in words(await replies(assistant, "make it warmer"))
    assert clock.waited == []


async def test_an_unknown_outcome_is_never_sent_again(
    nemo: NemoVideo, photos: list[Path], posts: Callable[[str], int]
) -> None:
    """A message that may have arrived: exactly one POST, and the person is told how to find out."""
    assistant = await with_video(nemo, photos)
    before = posts("/run_sse")
    backend_of(nemo).faults.add(RUN, "reset_after_request")
    said = await replies(assistant, "make it warmer")
    assert "so that you don't pay twice" in words(said)
    assert only(Suggest, said) == [Suggest(("Status",))]
    assert [reply.text[:22] for reply in only(Working, said)[1:3]] == [
        "The connection broke o",
        "Still working…",
    ]
    assert posts("/run_sse") == before + 1
    assert "Timeline" in words(await replies(assistant, "Status"))


async def test_a_broken_answer_is_looked_up(
    nemo: NemoVideo, photos: list[Path], posts: Callable[[str], int]
) -> None:
    """A stream that breaks: the person is told so, then what was done; half a sentence is not repeated."""
    assistant = await with_video(nemo, photos)
    before = posts("/run_sse")
    backend_of(nemo).faults.add(RUN, "cut_after_bytes", bytes=900)
    said = await replies(assistant, "make it warmer")
    assert Working("The connection broke off. I'm checking what was done; nothing is sent twice.") in said
    assert words(said).startswith("Good news, your change went through:\n• ")
    assert posts("/run_sse") == before + 1


async def test_a_first_video_that_is_looked_up_is_told_as_a_video(
    nemo: NemoVideo, photos: list[Path]
) -> None:
    """Where all is new, what is on the timeline says more than a list of what was added to nothing."""
    assistant = Assistant(nemo)
    backend_of(nemo).faults.add(RUN, "cut_after_bytes", bytes=100)
    said = await replies(assistant, VIDEO, photos)
    assert "Your video is ready. Timeline (3 tracks): 1. Video: sea.jpg" in words(said)
    assert "Draft canvas" not in words(said)


async def test_a_long_turn_shows_signs_of_life(photos: list[Path]) -> None:
    """While nothing comes, "Still working…" does."""
    timing = Timing(still_working=0.02)
    async with NemoVideo.local(silent_edits=0, pace=0.1, timing=timing) as slow:
        assistant = Assistant(slow)
        said = await replies(assistant, "help")
    assert Working("Still working…") in said


async def test_minutes_are_told_once_there_are_some() -> None:
    """A sign of life after seconds speaks of no minute."""

    async def signs() -> AsyncGenerator[StillWorking, None]:
        yield StillWorking(5.0)
        yield StillWorking(120.0)

    listener = Listener("en", has_video=True)
    said = [reply async for reply in listener.replies(signs())]  # type: ignore[arg-type]  # all it reads
    assert said == [Working("Still working…"), Working("Still working… (2 min so far)")]


async def test_a_client_that_is_closed_is_told_as_a_fault_of_the_host(photos: list[Path]) -> None:
    """A mistake of the program is not blamed on the person's files."""
    async with NemoVideo.local() as closed:
        assistant = Assistant(closed)
    assert "set up wrongly on my side" in words(await replies(assistant, VIDEO, photos))


async def test_a_network_that_is_down_says_that_nothing_was_sent() -> None:
    """No connection: nothing charged, try again."""
    async with NemoVideo(base_url="http://127.0.0.1:9", token="nmv_usr_x") as offline:
        said = words(await replies(Assistant(offline), "make a video"))
    assert "Nothing was sent and nothing was charged" in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "problem",
    [
        *(api_error(code, "zzz") for code in ERRORS_BY_CODE),
        ServerError("zzz", code=502),
        api_error(777, "zzz"),
        NotSentError("zzz"),
        TransportError("zzz"),
        OutcomeUnknownError("zzz", may_have_charged=True),
        ChatError("zzz"),
        TurnTimeoutError("zzz"),
        TurnInProgressError("zzz", session_id="s"),
        RenderFailedError("zzz", render_id="r"),
        RenderTimeoutError("zzz", render_id="r"),
        DownloadError("zzz"),
        NemoVideoError("zzz"),
        ConfigurationError("zzz"),
    ],
    ids=lambda problem: f"{type(problem).__name__}-{getattr(problem, 'code', '')}",
)
def test_every_failure_has_words_for_a_person(problem: NemoVideoError, language: str) -> None:
    """No failure shows codes, class names or English inside Chinese, and none is blank."""
    text = explain(problem, language)
    assert text
    assert "{" not in text
    assert type(problem).__name__ not in text
    assert "zzz" not in text
    assert any("\u4e00" <= letter <= "\u9fff" for letter in text) == (language == "zh")
