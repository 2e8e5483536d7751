"""The Telegram bot of the examples, driven through aiogram's own types; only the network is replaced."""
# ruff: noqa: RUF001 - one person writes Chinese, whose punctuation is no mistake here

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import telegram_bot
from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageText,
    GetFile,
    SendDocument,
    SendMessage,
    SendVideo,
    TelegramMethod,
)
from aiogram.types import Chat, File, FSInputFile, Message, PhotoSize, Update, User
from telegram_bot import Album, dispatcher

from assistant.chatting import answer, backend_of
from nemovideo.client import NemoVideo
from nemovideo.events import Text

ADA, BOB = 1, 2


class Telegram(BaseSession):
    """Telegram's side: serves files, and keeps what it is asked to do."""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__()
        self.done: list[TelegramMethod[Any]] = []
        self.videos: dict[int, bytes] = {}
        self._files = files
        self._ids = itertools.count(1000)
        self._shown: dict[int, str | None] = {}

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        self.done.append(method)
        if isinstance(method, GetFile):
            return File(file_id=method.file_id, file_unique_id=method.file_id, file_path=method.file_id)
        if isinstance(method, SendVideo | SendDocument):
            sent = method.video if isinstance(method, SendVideo) else method.document
            assert isinstance(sent, FSInputFile)
            self.videos[int(method.chat_id)] = b"".join([chunk async for chunk in sent.read(bot)])
        if isinstance(method, DeleteMessage | AnswerCallbackQuery):
            return True
        if isinstance(method, EditMessageText):
            if method.text == self._shown[method.message_id or 0]:
                raise TelegramBadRequest(method, "Bad Request: message is not modified")
            self._shown[method.message_id or 0] = method.text
        chat_id = method.chat_id  # type: ignore[attr-defined]  # every other method here has one
        sent_message = Message(
            message_id=next(self._ids), date=datetime.now(UTC), chat=Chat(id=int(chat_id), type="private")
        )
        self._shown[sent_message.message_id] = getattr(method, "text", None)
        return sent_message.as_(bot)

    async def stream_content(self, url: str, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield self._files[url.rpartition("/")[2]].read_bytes()

    async def close(self) -> None:
        pass

    def said(self, chat_id: int) -> str:
        """Return all that was said in a chat and stays, a message a line."""
        return "\n".join(
            method.text
            for method in self.done
            if isinstance(method, SendMessage) and method.chat_id == chat_id
        )


@pytest.fixture
async def telegram(photos: list[Path]) -> AsyncIterator[Telegram]:
    session = Telegram({"sea": photos[0], "mug": photos[1]})
    yield session
    await session.close()


@pytest.fixture
def bot(telegram: Telegram) -> Bot:
    return Bot("42:TEST", session=telegram)


@pytest.fixture
def updates(nemo: NemoVideo) -> Dispatcher:
    return dispatcher(nemo, album=Album(0))


def message(
    chat_id: int,
    text: str = "",
    photo: str = "",
    album: str | None = None,
    size: int | None = None,
    language: str = "en",
) -> Update:
    """Return an update as Telegram sends it."""
    return Update(
        update_id=0,
        message=Message(
            message_id=1,
            date=datetime.now(UTC),
            chat=Chat(id=chat_id, type="private"),
            from_user=User(id=chat_id, is_bot=False, first_name="Ada", language_code=language),
            text=None if photo else text,
            caption=text if photo and text else None,
            media_group_id=album,
            photo=[PhotoSize(file_id=photo, file_unique_id=photo, width=160, height=120, file_size=size)]
            if photo
            else None,
        ),
    )


async def test_an_album_with_a_caption_becomes_a_video(
    nemo: NemoVideo, updates: Dispatcher, bot: Bot, telegram: Telegram
) -> None:
    """Two photos sent as an album, one with the wish: one turn, and an MP4 in the chat."""
    await asyncio.gather(
        updates.feed_update(bot, message(ADA, "make a 1-second 1:1 video titled 'Hi'", "sea", "album")),
        updates.feed_update(bot, message(ADA, photo="mug", album="album")),
    )
    assert telegram.videos[ADA][4:8] == b"ftyp"
    (video,) = (method for method in telegram.done if isinstance(method, SendVideo))
    assert (video.width, video.height) == (1080, 1080)
    assert "photo1.jpg and photo2.jpg" in telegram.said(ADA)
    assert len(backend_of(nemo).ledger.charges()) == 1


async def test_signs_of_work_are_one_message_that_goes(
    updates: Dispatcher, bot: Bot, telegram: Telegram
) -> None:
    """What is said while it works is edited in place, and taken away at the end."""
    await updates.feed_update(bot, message(ADA, "make a 1-second 1:1 video", "sea"))
    kinds = [type(method) for method in telegram.done]
    assert EditMessageText in kinds
    assert kinds.count(DeleteMessage) >= 1


async def test_two_chats_at_once_do_not_mix(
    nemo: NemoVideo, updates: Dispatcher, bot: Bot, telegram: Telegram
) -> None:
    """While one video is made, the other chat is served, from a session of its own."""
    await asyncio.gather(
        updates.feed_update(bot, message(ADA, "make a 1-second 1:1 video titled 'Ada'", "sea")),
        updates.feed_update(bot, message(BOB, "做一个1秒的1:1视频，标题“小明”", "mug")),
    )
    assert 'Title: "Ada"' in telegram.said(ADA)
    assert "小明" in telegram.said(BOB)
    assert "小明" not in telegram.said(ADA)
    assert set(telegram.videos) == {ADA, BOB}
    assert len({charge.session_id for charge in backend_of(nemo).ledger.charges()}) == 2


async def test_a_file_that_cannot_be_used_is_answered(
    updates: Dispatcher, bot: Bot, telegram: Telegram, photos: list[Path]
) -> None:
    """A document that is no picture gets a friendly word, and nothing is sent on."""
    photos[0].write_text("not a photo")
    await updates.feed_update(bot, message(ADA, photo="sea"))
    assert "I can't use photo1.jpg" in telegram.said(ADA)


async def test_the_first_word_of_every_chat_costs_nothing(
    nemo: NemoVideo, updates: Dispatcher, bot: Bot, telegram: Telegram
) -> None:
    """Telegram says /start for a new person: they are greeted in the language of their app."""
    await updates.feed_update(bot, message(ADA, "/start", language="zh-hans"))
    assert telegram.said(ADA).startswith("把照片发给我")
    assert not backend_of(nemo).requests


async def test_the_same_sign_twice_does_not_end_the_work(
    nemo: NemoVideo, updates: Dispatcher, bot: Bot, telegram: Telegram
) -> None:
    """Telegram refuses an edit that changes nothing; an agent that only instructs makes one likely."""
    answer(nemo, Text("Click the Apply button."))
    await updates.feed_update(bot, message(ADA, "make it nicer"))
    assert [type(method) for method in telegram.done] == [
        SendMessage,
        EditMessageText,
        DeleteMessage,
        SendMessage,
    ]
    assert len(backend_of(nemo).ledger.charges()) == 1


async def test_files_too_large_for_bots_are_answered(
    nemo: NemoVideo, updates: Dispatcher, bot: Bot, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Telegram does not hand to bots, or take from them, is said, and costs no turn."""
    await updates.feed_update(bot, message(ADA, "make a video", "sea", size=20_000_001))
    assert "up to 20 MB" in telegram.said(ADA)
    assert not backend_of(nemo).requests
    monkeypatch.setattr(telegram_bot, "LARGEST_SENT", 1)
    await updates.feed_update(bot, message(ADA, "make a 1-second 1:1 video", "sea"))
    assert "too large for Telegram" in telegram.said(ADA)
    assert ADA not in telegram.videos
