"""A Telegram bot that makes videos: send it photos and a wish.

    pip install "nemovideo[local]" aiogram
    TELEGRAM_TOKEN=... python examples/telegram_bot.py

Each chat is a conversation of its own. With `NEMO_API_URL=local` the videos are made on this machine.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from aiogram import Bot, Dispatcher, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    Animation,
    Audio,
    Document,
    FSInputFile,
    KeyboardButton,
    Message,
    PhotoSize,
    ReplyKeyboardMarkup,
    Video,
    VideoNote,
    Voice,
)

from nemovideo import NemoVideo
from nemovideo.assistant import Assistant, Reply, Say, SendFile, Suggest, Working

Attachment = PhotoSize | Document | Video | VideoNote | Audio | Animation | Voice

LONGEST_MESSAGE = 4096
LARGEST_FETCHED, LARGEST_SENT = 20_000_000, 50_000_000
"""Bytes of a file that Telegram hands to bots, and takes from them."""


class Album:
    """Photos that are sent together come one by one; this waits until all are there.

    Args:
        seconds: How long to wait for the next photo of an album.
    """

    def __init__(self, seconds: float = 1.0) -> None:
        self._seconds = seconds
        self._messages: defaultdict[str, list[Message]] = defaultdict(list)

    async def gather(self, message: Message) -> list[Message]:
        """Return the whole album for its first message, nothing for the others."""
        if message.media_group_id is None:
            return [message]
        album = self._messages[message.media_group_id]
        album.append(message)
        if len(album) > 1:
            return []
        seen = 0
        while seen < len(album):
            seen = len(album)
            await asyncio.sleep(self._seconds)
        return self._messages.pop(message.media_group_id)


def dispatcher(nemo: NemoVideo, *, album: Album | None = None, max_credits: float | None = 20) -> Dispatcher:
    """Return what turns updates into answers."""
    router = Router()
    conversations: dict[int, Assistant] = {}
    albums = album or Album()

    @router.message()
    async def answer(message: Message, bot: Bot) -> None:
        messages = await albums.gather(message)
        if not messages:
            return
        language = (message.from_user and message.from_user.language_code) or "en"
        assistant = conversations.setdefault(
            message.chat.id, Assistant(nemo, language=language, max_credits=max_credits)
        )
        attachments = [found for one in messages if (found := _attachment(one))]
        if any((one.file_size or 0) > LARGEST_FETCHED for one in attachments):
            await message.answer("Telegram lets me fetch files up to 20 MB. Please compress or cut it first.")
            return
        with TemporaryDirectory() as folder:
            files = [
                await _fetch(one, bot, Path(folder), number) for number, one in enumerate(attachments, 1)
            ]
            text = "\n".join(said for one in messages if (said := one.text or one.caption))
            if text.startswith(("/start", "/help")):
                text = ""  # it is greeted
            shown = Shown(message)
            async for reply in assistant.handle(text, files):
                await shown.show(reply)

    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    return dispatcher


class Shown:
    """Shows replies in a chat; signs of work share one message, which goes in the end."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._status: Message | None = None
        self._sign = ""

    async def show(self, reply: Reply) -> None:
        """Show one reply."""
        with suppress(TelegramAPIError):  # a sign of work that fails is no reason to stop the work
            await self._show_sign(reply.text if isinstance(reply, Working) else "")
        if isinstance(reply, Say):
            for start in range(0, len(reply.text), LONGEST_MESSAGE):
                await self._message.answer(reply.text[start : start + LONGEST_MESSAGE])
        elif isinstance(reply, SendFile):
            await self._send(reply)
        elif isinstance(reply, Suggest):
            buttons = [[KeyboardButton(text=option)] for option in reply.options]
            keyboard = ReplyKeyboardMarkup(keyboard=buttons, one_time_keyboard=True, resize_keyboard=True)
            await self._message.answer("👉", reply_markup=keyboard)

    async def _show_sign(self, sign: str) -> None:
        if sign == self._sign:
            return  # Telegram refuses an edit that changes nothing
        self._sign, status = sign, self._status
        if not sign:
            self._status = None
            if status is not None:
                await status.delete()
        elif status is None:
            self._status = await self._message.answer(sign)
        else:
            await status.edit_text(sign)

    async def _send(self, reply: SendFile) -> None:
        video = reply.video
        file = FSInputFile(video.path)
        try:
            if video.size > LARGEST_SENT:
                await self._message.answer("The video is too large for Telegram. Try: Export 720p")
            elif video.path.suffix == ".mp4":
                await self._message.answer_video(
                    file, caption=reply.text, width=video.width, height=video.height
                )
            else:
                await self._message.answer_document(file, caption=reply.text)
        finally:
            video.path.unlink()


def _attachment(message: Message) -> Attachment | None:
    """Return what came with a message; of a photo the largest of its sizes."""
    if message.photo:
        return message.photo[-1]
    return (
        message.document
        or message.video
        or message.video_note
        or message.audio
        or message.animation
        or message.voice
    )


async def _fetch(attachment: Attachment, bot: Bot, folder: Path, number: int) -> Path:
    """Save an attachment under a name that a person would use."""
    usual = {PhotoSize: f"photo{number}.jpg", Voice: "voice.ogg"}.get(type(attachment), "video.mp4")
    path = folder / str(number) / Path(getattr(attachment, "file_name", None) or usual).name
    path.parent.mkdir()
    await bot.download(attachment, path)
    return path


async def main() -> None:
    """Answer until stopped."""
    async with NemoVideo() as nemo:
        await dispatcher(nemo).start_polling(Bot(os.environ["TELEGRAM_TOKEN"]))


if __name__ == "__main__":
    asyncio.run(main())
