"""A Telegram bot that makes videos: send it photos and a wish.

    pip install "nemovideo[local]" aiogram
    TELEGRAM_TOKEN=... python examples/telegram_bot.py

Each chat is a conversation of its own. With `NEMO_API_URL=local` the videos are made on this machine.
Telegram lets bots fetch files up to 20 MB and send files up to 50 MB.
"""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from aiogram import Bot, Dispatcher, Router
from aiogram.types import FSInputFile, KeyboardButton, Message, ReplyKeyboardMarkup

from nemovideo import NemoVideo
from nemovideo.assistant import Assistant, Reply, Say, SendFile, Suggest, Working

LONGEST_MESSAGE = 4096


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
        assistant = conversations.setdefault(message.chat.id, Assistant(nemo, max_credits=max_credits))
        with TemporaryDirectory() as folder:
            files = []
            for number, one in enumerate(messages, 1):
                if file := await _fetch(one, bot, Path(folder), number):
                    files.append(file)
            text = "\n".join(said for one in messages if (said := one.text or one.caption))
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

    async def show(self, reply: Reply) -> None:
        """Show one reply."""
        if isinstance(reply, Working):
            if self._status is None:
                self._status = await self._message.answer(reply.text)
            else:
                await self._status.edit_text(reply.text)
            return
        if self._status is not None:
            await self._status.delete()
            self._status = None
        if isinstance(reply, Say):
            for start in range(0, len(reply.text), LONGEST_MESSAGE):
                await self._message.answer(reply.text[start : start + LONGEST_MESSAGE])
        elif isinstance(reply, SendFile):
            await self._send(reply)
        elif isinstance(reply, Suggest):
            buttons = [[KeyboardButton(text=option)] for option in reply.options]
            keyboard = ReplyKeyboardMarkup(keyboard=buttons, one_time_keyboard=True, resize_keyboard=True)
            await self._message.answer("👉", reply_markup=keyboard)

    async def _send(self, reply: SendFile) -> None:
        path = reply.video.path
        if path.suffix == ".mp4":
            await self._message.answer_video(
                FSInputFile(path), caption=reply.text, width=reply.video.width, height=reply.video.height
            )
        else:
            await self._message.answer_document(FSInputFile(path), caption=reply.text)
        path.unlink()


async def _fetch(message: Message, bot: Bot, folder: Path, number: int) -> Path | None:
    """Save what came with a message, under a name that a person would use; None if nothing came."""
    if message.photo:
        path = folder / f"photo{number}.jpg"
        await bot.download(message.photo[-1], path)  # the largest of its sizes
        return path
    media = message.document or message.video or message.audio or message.animation or message.voice
    if media is None:
        return None
    name = getattr(media, "file_name", None) or ("voice.ogg" if message.voice else "video.mp4")
    path = folder / str(number) / Path(name).name
    path.parent.mkdir()
    await bot.download(media, path)
    return path


async def main() -> None:
    """Answer until stopped."""
    async with NemoVideo() as nemo:
        await dispatcher(nemo).start_polling(Bot(os.environ["TELEGRAM_TOKEN"]))


if __name__ == "__main__":
    asyncio.run(main())
