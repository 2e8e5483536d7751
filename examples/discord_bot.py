"""A Discord bot that makes videos: write to it, or mention it, with photos and a wish.

    pip install "nemovideo[local]" discord.py
    DISCORD_TOKEN=... python examples/discord_bot.py

Each person has a conversation of their own in each channel. The bot needs the message content intent.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

import discord

from nemovideo import NemoVideo
from nemovideo.assistant import Assistant, Reply, Say, SendFile, Suggest, Working

LONGEST_MESSAGE = 2000


class VideoBot(discord.Client):
    """Answers direct messages, and mentions in channels.

    Args:
        nemo: The client that all conversations share.
        max_credits: What each conversation may spend.
    """

    def __init__(self, nemo: NemoVideo, *, max_credits: float | None = 20) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self._nemo = nemo
        self._max_credits = max_credits
        self._conversations: dict[tuple[int, int], Assistant] = {}

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for this bot."""
        me = self.user
        if message.author.bot or me is None or not (message.guild is None or me in message.mentions):
            return
        text = message.content.replace(me.mention, "").strip()
        assistant = self._conversations.setdefault(
            (message.channel.id, message.author.id), Assistant(self._nemo, max_credits=self._max_credits)
        )
        with TemporaryDirectory() as folder:
            files = []
            for number, attachment in enumerate(message.attachments):  # two may have the same name
                file = Path(folder, str(number), Path(attachment.filename).name)
                file.parent.mkdir()
                await attachment.save(file)
                files.append(file)
            shown = Shown(message.channel)
            async with message.channel.typing():
                async for reply in assistant.handle(text, files):
                    await shown.show(reply)


class Shown:
    """Shows replies in a channel; signs of work share one message, which goes in the end."""

    def __init__(self, channel: discord.abc.Messageable) -> None:
        self._channel = channel
        self._status: discord.Message | None = None

    async def show(self, reply: Reply) -> None:
        """Show one reply."""
        with suppress(discord.HTTPException):  # a sign of work that fails is no reason to stop the work
            await self._show_sign(f"*{reply.text}*" if isinstance(reply, Working) else "")
        if isinstance(reply, Say):
            text = discord.utils.escape_markdown(reply.text)  # names and titles are not ours
            for start in range(0, len(text), LONGEST_MESSAGE):
                await self._channel.send(text[start : start + LONGEST_MESSAGE])
        elif isinstance(reply, SendFile):
            await self._send(reply)
        elif isinstance(reply, Suggest):
            await self._channel.send("👉 " + " · ".join(f"`{option}`" for option in reply.options))

    async def _show_sign(self, sign: str) -> None:
        status = self._status
        if not sign:
            self._status = None
            if status is not None:
                await status.delete()
        elif status is None:
            self._status = await self._channel.send(sign)
        else:
            await status.edit(content=sign)

    async def _send(self, reply: SendFile) -> None:
        path = reply.video.path
        try:
            await self._channel.send(reply.text, file=discord.File(path))
        except discord.HTTPException as problem:
            if problem.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise
            await self._channel.send("The video is too large for this channel. Try: `Export 720p`")
        finally:
            path.unlink()


async def main() -> None:
    """Answer until stopped."""
    async with NemoVideo() as nemo, VideoBot(nemo) as bot:
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
