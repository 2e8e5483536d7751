"""A conversation from photos to a file, on the embedded backend."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import asyncio
import gc
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.chatting import VIDEO, answer, answer_frames, backend_of, only, replies, with_video, words
from nemovideo._clock import SystemClock
from nemovideo.assistant.conversation import Assistant
from nemovideo.assistant.exporting import ExportRequest, parse_export
from nemovideo.assistant.replies import Say, SendFile, Suggest, Working
from nemovideo.client import NemoVideo
from nemovideo.draft.model import Draft
from nemovideo.errors import ConfigurationError
from nemovideo.events import ToolCall, ToolResult
from nemovideo.models import Upload


async def test_photos_and_a_wish_become_a_delivered_file(
    nemo: NemoVideo, photos: list[Path], tmp_path: Path
) -> None:
    """One message connects, uploads, tells both stages, exports as the agent asks for, and gives the link."""
    said = await replies(Assistant(nemo, folder=tmp_path), VIDEO, photos)
    (sent,) = only(SendFile, said)
    assert sent.video.path.read_bytes()[4:8] == b"ftyp"
    assert sent.video.path.parent == tmp_path
    assert (sent.video.width, sent.video.height, sent.video.duration) == (1080, 1080, 1.0)
    text = words(said)
    assert "sea.jpg and mug.jpg" in text
    assert "The raw video is ready" in text
    assert 'Title: "Hi"' in text
    assert 'music ("Lo-fi")' in text
    assert "/workspace/claim?ct=" in text
    assert "Export button" not in text
    assert isinstance(said[-1], Suggest)
    assert [charge.message for charge in backend_of(nemo).ledger.charges()] == [VIDEO]


async def test_it_says_what_it_does_before_it_does_it(nemo: NemoVideo, photos: list[Path]) -> None:
    """The first reply comes before anything is sent, and names no technical thing."""
    first = await anext(Assistant(nemo).handle(VIDEO, photos))
    assert first == Working("One moment, I'm getting things ready…")


async def test_a_silent_edit_is_told_from_the_timeline(silent_nemo: NemoVideo, photos: list[Path]) -> None:
    """An edit without a word is reported as what changed."""
    assistant = await with_video(silent_nemo, photos)
    said = await replies(assistant, "put a title 'Urban Dreams' at the start")
    assert 'Title text: "Hi" → "Urban Dreams"' in words(said)


async def test_equal_changes_of_many_photos_are_one_line(silent_nemo: NemoVideo, photos: list[Path]) -> None:
    """A filter over all photos is told once, with the photos' names."""
    assistant = await with_video(silent_nemo, photos)
    said = words(await replies(assistant, "make it warmer"))
    assert said.count("filter") == 1
    assert "sea.jpg" in said
    assert "mug.jpg" in said


async def test_what_changes_nothing_is_said_to_change_nothing(nemo: NemoVideo, photos: list[Path]) -> None:
    """A turn without text and without change asks for other words."""
    assistant = await with_video(nemo, photos)
    answer(nemo, ToolCall("look"), ToolResult("look", {}))
    assert "changed nothing" in words(await replies(assistant, "sparkle"))


async def test_chinese_is_answered_in_chinese(silent_nemo: NemoVideo, photos: list[Path]) -> None:
    """Every sentence is in the person's language, message by message."""
    assistant = await with_video(silent_nemo, photos)
    assert words(await replies(assistant, "在开头加标题“你好”")).startswith("改好了：\n• 标题")
    assert words(await replies(assistant, "还有多少积分")) == "还剩 98 积分。"
    assert words(await replies(assistant, "Credits?")) == "You have 98 credits left."


@pytest.mark.parametrize("text", ["Combien de crédits ?", "¿Qué puedes hacer?"])
async def test_other_languages_are_answered_in_english(nemo: NemoVideo, text: str) -> None:
    """What is neither English nor Chinese falls back to English."""
    said = await replies(Assistant(nemo, language="fr"), text)
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in words(said))


async def test_deeds_cost_nothing_and_open_no_session(nemo: NemoVideo) -> None:
    """Before the first photo, export, status, upload and an empty message are answered without a session."""
    assistant = Assistant(nemo)
    assert "nothing to export" in words(await replies(assistant, "export"))
    assert "no video yet" in words(await replies(assistant, "status"))
    assert "right here" in words(await replies(assistant, "upload"))
    assert "15-second" in words(await replies(assistant, ""))
    assert words(await replies(assistant, "credits")) == "You have 100 credits left."
    assert {request.path for request in backend_of(nemo).requests} == {
        "/api/auth/anonymous-token", "/api/credits/balance/simple",
    }  # fmt: skip


async def test_files_alone_are_taken_and_asked_about(
    nemo: NemoVideo, photos: list[Path], posts: Callable[[str], int]
) -> None:
    """Photos without a wish are uploaded; the assistant asks, and proposes wishes that work."""
    assistant = Assistant(nemo)
    said = await replies(assistant, "", photos)
    assert "What would you like me to make?" in words(said)
    assert "2 of your files" in words(await replies(assistant, "status"))
    assert posts("/run_sse") == 0


async def test_files_can_be_named_by_address(nemo: NemoVideo, photos: list[Path]) -> None:
    """Upload, said with an address, has the service fetch the file."""
    session = await nemo.sessions.create()
    (upload,) = await session.upload(photos[0])
    assert "sea.jpg" in words(await replies(Assistant(nemo), f"upload {upload.cdn_url}"))


async def test_an_address_without_a_file_is_named(nemo: NemoVideo) -> None:
    """An address that cannot be fetched is the matter, not the service."""
    address = f"{backend_of(nemo).url}/nothing.jpg"
    assert f"couldn't fetch a file from {address}" in words(
        await replies(Assistant(nemo), f"upload {address}")
    )


async def test_an_export_is_made_as_asked(nemo: NemoVideo, photos: list[Path]) -> None:
    """Format and resolution count, and the timeline itself stays as it was."""
    assistant = await with_video(nemo, photos)
    (sent,) = only(SendFile, await replies(assistant, "export a 360p GIF"))
    assert sent.video.path.read_bytes().startswith(b"GIF8")
    assert (sent.video.width, sent.video.height) == (360, 360)
    state = await nemo.sessions.state(str(assistant.to_dict()["session_id"]))
    assert (state.draft.canvas.width, state.draft.canvas.height) == (1080, 1080)


async def test_what_cannot_be_made_is_said_and_the_nearest_made(nemo: NemoVideo, photos: list[Path]) -> None:
    """An AVI in 4k becomes an MP4 in 1080p, and the person is told both."""
    assistant = await with_video(nemo, photos)
    said = await replies(assistant, "export an AVI in 4k")
    assert "can't make avi" in words(said)
    assert "1080p" in words(said)
    (sent,) = only(SendFile, said)
    assert sent.video.path.suffix == ".mp4"


async def test_the_link_is_given_once(nemo: NemoVideo, photos: list[Path]) -> None:
    """The second delivery does not repeat the link to the project."""
    assistant = await with_video(nemo, photos)
    assert "/workspace/claim" in words(await replies(assistant, "export 360p"))
    assert "/workspace/claim" not in words(await replies(assistant, "export 360p"))


class HurriedClock(SystemClock):
    """Half a minute passes between any two looks at it."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 30
        return self.now


async def test_long_work_tells_how_far_it_is(nemo: NemoVideo, photos: list[Path]) -> None:
    """Uploads and renders that take their time are reported in percent."""
    assistant = Assistant(nemo, clock=HurriedClock())
    working = [reply.text for reply in only(Working, await replies(assistant, VIDEO, photos))]
    assert any(re.fullmatch(r"Uploading… \d+%", text) for text in working)
    assert any(re.fullmatch(r"Rendering… \d+%", text) for text in working)


async def test_the_first_cut_is_announced_where_the_agent_is_silent(
    nemo: NemoVideo, photos: list[Path]
) -> None:
    """The raw video comes before music and title: if the agent does not say so, the assistant does."""
    draft = Draft.slideshow([Upload(photo.name, "image", "x") for photo in photos], 4).to_wire()
    call, result = {"functionCall": {"id": "1", "name": "t"}}, {"functionResponse": {"id": "1", "name": "t"}}
    events = [
        {"author": "a", "content": {"parts": [call]}},
        {"author": "a", "content": {"parts": [result]}, "actions": {"stateDelta": {"draft": draft}}},
        {"author": "a", "content": {"parts": [call]}},
        {"author": "a", "content": {"parts": [result]}},
    ]
    answer_frames(nemo, events)
    said = await replies(Assistant(nemo), VIDEO, photos)
    assert Working("The first cut is there: 4 seconds. Music and a title come next.") in said


async def test_a_message_during_a_turn_is_acknowledged_and_waits(nemo: NemoVideo, photos: list[Path]) -> None:
    """Two messages at once: both are done, in order, and the second is told to wait."""
    assistant = await with_video(nemo, photos)
    order: list[str] = []

    async def ask(text: str) -> None:
        async for reply in assistant.handle(text):
            if isinstance(reply, Say):
                order.append(reply.text)  # noqa: PERF401 - as it comes, not at the end

    await asyncio.gather(ask("put a title 'One' at the start"), ask("put a title 'Two' at the start"))
    assert order[0].startswith("Got it.")
    assert ["One" in order[1], "Two" in order[2]] == [True, True]
    assert len(backend_of(nemo).ledger.charges()) == 3


async def test_a_conversation_left_early_can_go_on(nemo: NemoVideo, photos: list[Path]) -> None:
    """Replies that are not read to their end do not block the next message."""
    assistant = await with_video(nemo, photos)
    left = assistant.handle("make it warmer")
    await anext(left)
    await left.aclose()
    assert "Timeline" in words(await replies(assistant, "status"))


async def test_leaving_in_the_middle_of_a_render_leaves_nothing_behind(
    nemo: NemoVideo, photos: list[Path], tmp_path: Path
) -> None:
    """The wait for a render ends with its reader: no task, no half file, and the next message is answered."""
    out = tmp_path / "out"
    out.mkdir()
    assistant = await with_video(nemo, photos, clock=HurriedClock(), folder=out)
    left = assistant.handle("export")
    while "%" not in getattr(await anext(left), "text", ""):
        pass
    assert any("Session.export" in repr(task) for task in asyncio.all_tasks())
    await left.aclose()
    assert not any("Session.export" in repr(task) for task in asyncio.all_tasks())
    assert list(out.iterdir()) == []
    assert only(SendFile, await replies(assistant, "export 360p"))


async def test_two_people_at_once_do_not_mix(nemo: NemoVideo, photos: list[Path], tmp_path: Path) -> None:
    """Each conversation has its own session, timeline and file, on one client and in one folder."""
    people = [Assistant(nemo, folder=tmp_path) for _ in photos]
    said = await asyncio.gather(
        *(replies(one, VIDEO, [photo]) for one, photo in zip(people, photos, strict=True))
    )
    files = [only(SendFile, one)[0].video.path for one in said]
    assert len(set(files)) == 2
    for one, photo, other in zip(said, photos, reversed(photos), strict=True):
        assert photo.name in words(one)
        assert other.name not in words(one)
    assert len({one.to_dict()["session_id"] for one in people}) == 2


async def test_a_conversation_can_be_put_away_and_restored(
    nemo: NemoVideo, photos: list[Path], tmp_path: Path
) -> None:
    """Plain JSON brings the session, the language and the spending back."""
    first = Assistant(nemo, max_credits=5)
    await replies(first, "做一个1秒的1:1视频", photos)
    data = json.loads(json.dumps(first.to_dict()))
    second = Assistant.from_dict(nemo, data, folder=tmp_path)
    assert second.to_dict() == data
    assert data["spent"] == 1
    assert "nmv_usr_" not in json.dumps(data)
    said = await replies(second, "", ())
    assert "照片" in words(said)
    assert "sea.jpg" in words(await replies(second, "status"))


@pytest.mark.parametrize("data", [{}, [], {"version": 2}, {"version": 1, "language": "en"}])
async def test_junk_is_no_conversation(nemo: NemoVideo, data: object) -> None:
    """What was not put away cannot be restored."""
    with pytest.raises(ConfigurationError, match="no conversation"):
        Assistant.from_dict(nemo, data)  # type: ignore[arg-type]  # that is the point


async def test_what_the_host_gets_wrong_is_raised_at_once(nemo: NemoVideo, tmp_path: Path) -> None:
    """A missing folder and a limit that is none are told to the host, before a person waits for a video."""
    with pytest.raises(ConfigurationError, match=r"missing does not exist\. Create it first"):
        Assistant(nemo, folder=tmp_path / "missing")
    for limit in ("5", -1, float("nan")):
        with pytest.raises(ConfigurationError, match="max_credits"):
            Assistant(nemo, max_credits=limit)  # type: ignore[arg-type]  # that is the point


async def test_the_spend_guard_stops_turns_but_not_deeds(
    nemo: NemoVideo, photos: list[Path], posts: Callable[[str], int]
) -> None:
    """After its share a conversation makes no more turns; the video is still handed over."""
    assistant = await with_video(nemo, photos, max_credits=1)
    assert "warmer" not in words(await replies(assistant, "make it warmer"))
    sent = posts("/run_sse")
    assert "used up its 1 credit," in words(await replies(assistant, "make it cooler"))
    assert posts("/run_sse") == sent
    assert only(SendFile, await replies(assistant, "export 360p"))
    assert (
        words(await replies(assistant, "credits"))
        == "You have 98 credits left. This chat has used 1 of its 1."
    )


def inside(folder: Path) -> set[Path]:
    """Return what a folder holds."""
    return set(folder.iterdir())


async def test_a_conversation_whose_videos_were_taken_leaves_nothing(
    nemo: NemoVideo, photos: list[Path], temporary_files: Path
) -> None:
    """Its temporary folder goes with it; a video that nobody took stays where the reply said."""
    for is_taken in (True, False):
        assistant = await with_video(nemo, photos)
        before = inside(temporary_files)
        (sent,) = only(SendFile, await replies(assistant, "export 360p"))
        assert sent.video.path.parent.parent == temporary_files
        if is_taken:
            sent.video.path.unlink()
        del assistant
        gc.collect()
        assert sent.video.path.exists() is not is_taken
        assert (inside(temporary_files) == before) is is_taken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export 1080p MP4", ExportRequest("mp4", 1080)),
        ("导出1080P的MP4", ExportRequest("mp4", 1080)),
        ("Export as MOV, high quality", ExportRequest("mov", None, "high")),
        ("用最高画质导出", ExportRequest(None, None, "high")),
        ("export in 4k", ExportRequest(None, 2160)),
        ("export 1080x1920 mp4 best quality", ExportRequest("mp4", 1080, "high")),
        ("渲染成720p低画质动图", ExportRequest("gif", 720, "low")),
        ("send me the video", ExportRequest()),
        ("medium quality webm please", ExportRequest("webm", None, "medium")),
        ("export avi", ExportRequest("avi")),
    ],
)
def test_what_an_export_asks_for_is_read(text: str, expected: ExportRequest) -> None:
    """Format, resolution and quality are read in both languages; what is not said is None."""
    assert parse_export(text) == expected


@pytest.mark.parametrize(
    ("canvas", "resolution", "expected"),
    [
        ((1080, 1920), 720, (720, 1280)),
        ((1920, 1080), 480, (854, 480)),
        ((720, 720), 2160, (1080, 1080)),
        ((1920, 800), 1080, (1920, 800)),
        ((1080, 1350), None, (1080, 1350)),
    ],
)
def test_a_picture_is_scaled_within_what_is_exported(
    canvas: tuple[int, int], resolution: int | None, expected: tuple[int, int]
) -> None:
    """The short side is as asked, the shape stays, and neither side passes the largest that is exported."""
    fitted = ExportRequest(resolution=resolution).fitted(Draft().set_canvas(*canvas)).canvas
    assert (fitted.width, fitted.height) == expected
