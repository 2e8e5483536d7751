"""What the journal keeps, what it lets go, and what it does when its file is no good."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from chat_service import CALL, PING, QUICK, ChatService, Script, answering, frame, saying, text_frame, titled
from loopback import STREAM_HEAD, http
from tiny_session import tiny_draft

from nemovideo import NemoVideo, Outcome, Turn
from nemovideo._clock import ManualClock
from nemovideo.errors import ConfigurationError, NemoVideoError, OutcomeUnknownError, SessionNotFoundError
from nemovideo.journal import Journal
from nemovideo.local import LocalBackend


def client(service: ChatService, folder: Path) -> NemoVideo:
    return NemoVideo(token="t", base_url=service.url, timing=QUICK, journal=folder / "jobs.db")


async def broken(service: ChatService, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.mark.parametrize(
    ("script", "stays"),
    [
        (saying(text_frame("Done.")), False),
        (saying(CALL, edit=True), False),
        (saying(frame(error="quota")), False),
        (answering(http(b'{"code": 2001}')), False),
        (answering(http(b"", "503 Service Unavailable")), False),
        (answering(http(b"", "502 Bad Gateway")), True),
        (saying(), True),
        (broken, True),
    ],
    ids=["answered", "recovered", "agent's error", "refused", "busy", "gateway", "no trace", "lost"],
)
async def test_a_turn_stays_while_its_outcome_is_unknown(tmp_path: Path, script: Script, stays: bool) -> None:
    """Whatever is known to have ended, well or not, is forgotten; the rest can be resumed."""
    async with ChatService(script) as service, client(service, tmp_path) as nemo:
        with contextlib.suppress(NemoVideoError):
            await nemo.chat.send("s1", "add a title")
        pending = await nemo.journal.pending()
        assert [(entry.kind, entry.session_id, entry.label) for entry in pending] == (
            [("turn", "s1", "add a title")] if stays else []
        )
        assert service.chats == 1


async def test_a_turn_that_cannot_be_sent_does_not_stay(tmp_path: Path) -> None:
    """Half a character is no text: nothing left, so there is nothing to resume."""
    async with ChatService(saying(text_frame("Done."))) as service, client(service, tmp_path) as nemo:
        with pytest.raises(ConfigurationError, match="lone surrogate"):
            await nemo.chat.send("s1", "add a title \ud83d")
        assert (await nemo.journal.pending(), service.chats) == ([], 0)


async def test_a_turn_that_was_left_is_resumed(tmp_path: Path) -> None:
    """The reader left early, the service went on: a later look finds what was done, nothing is sent."""
    async with (
        ChatService(saying(PING * 3, text_frame("On it."))) as service,
        client(service, tmp_path) as nemo,
    ):
        async with nemo.chat.stream("s1", "add a title") as stream:
            await anext(stream)
        [entry] = await nemo.journal.pending()
        with pytest.raises(OutcomeUnknownError):
            await nemo.resume(entry)
        assert len(await nemo.journal.pending()) == 1
        service.draft = titled("after")
        turn = await nemo.resume(entry)
        assert isinstance(turn, Turn)
        assert turn.outcome is Outcome.RECOVERED
        assert [str(change) for change in turn.changes] == [
            'Title text: "before" → "after" (0-3s)'
        ] or turn.changes
        assert await nemo.journal.pending() == []
        assert service.chats == 1


async def test_a_turn_of_a_session_that_is_gone_says_so(tmp_path: Path) -> None:
    """Its state cannot be read any more: the typed error at once, and the entry stays until forgotten."""
    async with LocalBackend() as backend:
        timing = QUICK
        async with NemoVideo(
            base_url=backend.url, timing=timing, config_dir=tmp_path, journal=tmp_path / "jobs.db"
        ) as nemo:
            entry_id = await nemo.journal.begin_turn("gone", "add a title", {"draft": None})
            [entry] = await nemo.journal.pending()
            with pytest.raises(SessionNotFoundError):
                await nemo.resume(entry)
            assert len(await nemo.journal.pending()) == 1
            await nemo.journal.forget(entry_id)
            assert await nemo.journal.pending() == []


async def test_a_turn_without_a_state_to_compare_with_stays_unknown(tmp_path: Path) -> None:
    """The state could not be read before the message, so no change can be seen."""
    async with ChatService(saying()) as service, client(service, tmp_path) as nemo:
        await nemo.journal.begin_turn("s1", "add a title", None)
        [entry] = await nemo.journal.pending()
        with pytest.raises(OutcomeUnknownError):
            await nemo.resume(entry)
        assert service.reads == 0


async def test_entries_are_dated_and_oldest_first(tmp_path: Path) -> None:
    """By the wall clock of the client; drafts and messages come back as they were."""
    clock = ManualClock(start=1_000.0)
    journal = Journal(tmp_path / "jobs.db", "http://a", clock)
    await journal.begin_turn("s1", "grüße 🎬", {"draft": titled("before")})
    await clock.advance(5)
    await journal.begin_render("render_1", "s1", tiny_draft(), file_format="mp4", quality="low", to="out.mp4")
    first, second = await Journal(tmp_path / "jobs.db", "http://a").pending()
    assert (first.created_at, first.label, first.data["before"]) == (
        1_000.0, "grüße 🎬", {"draft": titled("before")},
    )  # fmt: skip
    assert (second.id, second.created_at, second.label) == ("render_1", 1_005.0, "out.mp4")
    assert second.data["draft"] == tiny_draft().to_wire()
    assert "grüße" not in repr(first)


async def test_a_service_sees_its_own_entries_only(tmp_path: Path) -> None:
    """One file for all services that a person uses: nothing is resumed where it does not belong."""
    one, other = (Journal(tmp_path / "jobs.db", service) for service in ("http://a", "http://b"))
    await one.begin_turn("s1", "add a title", None)
    assert [entry.service for entry in await one.pending()] == ["http://a"]
    assert await other.pending() == []


async def test_another_account_cannot_resume_a_render_and_keeps_it(tmp_path: Path) -> None:
    """The service refuses it there: the typed error, no file, and the entry stays for its owner."""
    async with LocalBackend() as backend:
        for name in ("mine", "other"):
            async with NemoVideo(
                base_url=backend.url, timing=QUICK, config_dir=tmp_path / name, journal=tmp_path / "jobs.db"
            ) as nemo:
                if name == "mine":
                    session_id = (await nemo.sessions.create()).session_id
                    await nemo.journal.begin_render(
                        "render_1", session_id, tiny_draft(), file_format="mp4", quality="low",
                        to=str(tmp_path / "out.mp4"),
                    )  # fmt: skip
                [entry] = await nemo.journal.pending()
                if name == "other":
                    with pytest.raises(SessionNotFoundError):
                        await nemo.resume(entry)
                    assert len(await nemo.journal.pending()) == 1
    assert not (tmp_path / "out.mp4").exists()


async def test_many_turns_at_once_share_the_file(tmp_path: Path) -> None:
    """From one process or several, each entry is there, and the file is its owner's alone."""
    journals = [Journal(tmp_path / "jobs.db", "http://a") for _ in range(2)]
    ids = await asyncio.gather(
        *(journals[number % 2].begin_turn(f"s{number}", "add a title", None) for number in range(40))
    )
    assert {entry.id for entry in await journals[0].pending()} == set(ids)
    assert (tmp_path / "jobs.db").stat().st_mode & 0o777 == 0o600


async def test_a_cancelled_write_locks_nobody_out(tmp_path: Path) -> None:
    """Whenever it is cancelled, the next one, of another process too, need not wait."""
    journal = Journal(tmp_path / "jobs.db", "http://a")
    for turns in range(30):
        writing = asyncio.create_task(journal.begin_turn("s1", "add a title", None))
        for _ in range(turns):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        other = sqlite3.connect(tmp_path / "jobs.db", timeout=5)
        other.execute("CREATE TABLE IF NOT EXISTS mine (n)")
        other.execute("INSERT INTO mine VALUES (1)")
        other.commit()
        other.close()
    await journal.begin_turn("s2", "add a title", None)
    assert "s2" in {entry.session_id for entry in await journal.pending()}


def _text(path: Path) -> None:
    path.write_text("this is no database, but long enough to be looked at\n" * 100)


def _newer(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [_text, _newer, _folder])
async def test_a_journal_that_cannot_be_used_stops_the_work_before_it_begins(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    """No message is sent that could not be written down; the error names the file and no SQLite class."""
    make(tmp_path / "jobs.db")
    async with ChatService(saying(text_frame("Done."))) as service, client(service, tmp_path) as nemo:
        calls: list[Awaitable[object]] = [
            nemo.chat.send("s1", "add a title"),
            nemo.renders.submit("s1", tiny_draft()),
            nemo.journal.pending(),
        ]
        for call in calls:
            with pytest.raises(ConfigurationError, match=r"jobs\.db") as caught:
                await call
            assert caught.value.__cause__ is None
            assert caught.value.__context__ is None
        assert service.chats == 0
        assert service.count("POST") == 0


async def test_a_journal_that_breaks_later_spoils_no_turn(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The turn is over and counts; that it stays in the journal is said in one warning."""

    async def chat(service: ChatService, writer: asyncio.StreamWriter) -> None:
        _text(tmp_path / "jobs.db")
        writer.write(STREAM_HEAD + text_frame("Done."))

    async with ChatService(chat) as service, client(service, tmp_path) as nemo:
        assert (await nemo.chat.send("s1", "add a title")).text == "Done."
        assert ["stays in the journal" in record.message for record in caplog.records] == [True]
        assert service.chats == 1


async def test_a_client_without_a_journal_says_how_to_have_one() -> None:
    async with NemoVideo(token="t", base_url="http://127.0.0.1:1") as nemo:
        with pytest.raises(ConfigurationError, match="journal="):
            _ = nemo.journal
