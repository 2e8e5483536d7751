"""The Discord bot of the examples, driven through discord.py's own types; only the network is replaced."""

from __future__ import annotations

import asyncio
import itertools
import json
import warnings
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.chatting import backend_of
from nemovideo.client import NemoVideo

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop, which Python lets go
    import discord
    from discord_bot import VideoBot

ADA, BOB, BOT = 11, 12, 99


class Discord:
    """Discord's side of the REST calls: serves attachments, and keeps what it is asked to do."""

    def __init__(self, files: dict[str, Path]) -> None:
        self.messages: defaultdict[int, list[str]] = defaultdict(list)
        self.videos: dict[int, bytes] = {}
        self.mentions: list[Any] = []
        self.refuses_files = False
        self.deleted = 0
        self._files = files
        self._ids = itertools.count(1000)

    async def request(
        self,
        route: discord.http.Route,
        *,
        files: Iterable[discord.File] = (),
        form: Iterable[dict[str, Any]] = (),
        **options: Any,
    ) -> Any:
        channel_id = int(route.channel_id or 0)
        if route.method == "DELETE":
            self.deleted += 1
        if not route.path.endswith("/messages") and route.method != "PATCH":
            return None
        payload = options.get("json") or json.loads(next(part["value"] for part in form))
        if files and self.refuses_files:
            answer: Any = SimpleNamespace(status=413, reason="Payload Too Large")
            raise discord.HTTPException(answer, {"code": 40005, "message": "Request entity too large"})
        self.mentions.append(payload.get("allowed_mentions"))
        for file in files:
            self.videos[channel_id] = await asyncio.to_thread(file.fp.read)
        if route.method == "POST":
            self.messages[channel_id].append(payload["content"])
        return raw_message(next(self._ids), channel_id, BOT, payload["content"])

    async def get_from_cdn(self, url: str) -> bytes:
        return self._files[url.rpartition("/")[2]].read_bytes()


def raw_message(
    message_id: int, channel_id: int, author_id: int, text: str, files: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a direct message as the gateway sends it."""
    return {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "author": {"id": str(author_id), "username": "ada", "discriminator": "0", "avatar": None},
        "content": text,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "attachments": [
            {"id": "1", "filename": name, "size": 1, "url": f"https://cdn.example/{name}", "proxy_url": ""}
            for name in files
        ],
    }


@pytest.fixture
def service(photos: list[Path]) -> Discord:
    return Discord({photo.name: photo for photo in photos})


@pytest.fixture
async def bot(nemo: NemoVideo, service: Discord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[VideoBot]:
    async with VideoBot(nemo) as bot:
        monkeypatch.setattr(bot.http, "request", service.request)
        monkeypatch.setattr(bot.http, "get_from_cdn", service.get_from_cdn)
        me: Any = {"id": str(BOT), "username": "video", "discriminator": "0", "avatar": None, "bot": True}
        bot._connection.user = discord.ClientUser(state=bot._connection, data=me)
        yield bot


async def hear(bot: VideoBot, *messages: dict[str, Any]) -> None:
    """Hand messages over as the gateway does, and wait until they are answered."""
    for message in messages:
        bot._connection.parse_message_create(message)  # type: ignore[arg-type]  # a dict as JSON gives it
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("discord.py")))


async def test_two_people_get_their_own_videos_at_once(
    nemo: NemoVideo, bot: VideoBot, service: Discord
) -> None:
    """Photos and a wish become an MP4 in the chat, for both at the same time, from sessions of their own."""
    await hear(
        bot,
        raw_message(1, ADA, ADA, "make a 1-second 1:1 video titled 'Ada'", ["sea.jpg"]),
        raw_message(2, BOB, BOB, "make a 1-second 1:1 video titled 'Bob'", ["mug.jpg"]),
    )
    for person, name, photo, other in ((ADA, "Ada", "sea", "mug"), (BOB, "Bob", "mug", "sea")):
        said = "\n".join(service.messages[person])
        assert service.videos[person][4:8] == b"ftyp"
        assert f'Title: "{name}"' in said
        assert f"{photo}.jpg" in said
        assert f"{other}.jpg" not in said
    assert len({charge.session_id for charge in backend_of(nemo).ledger.charges()}) == 2
    assert service.deleted >= 2


async def test_bots_and_strangers_are_not_answered(nemo: NemoVideo, bot: VideoBot, service: Discord) -> None:
    """A bot's message is no wish, even to another bot."""
    message = raw_message(1, ADA, ADA, "make a video")
    message["author"]["bot"] = True
    await hear(bot, message)
    assert not service.messages
    assert not backend_of(nemo).requests


async def test_names_are_shown_as_they_are_and_call_nobody(bot: VideoBot, service: Discord) -> None:
    """Markdown and mentions in what people write are letters: nothing is formatted, nobody is called."""
    await hear(bot, raw_message(1, ADA, ADA, "make a 1-second 1:1 video titled '@everyone *x*'", ["sea.jpg"]))
    assert r"@everyone \*x\*" in "\n".join(service.messages[ADA])
    assert all(mentions == {"parse": []} for mentions in service.mentions)


async def test_a_video_too_large_for_the_channel_is_answered(
    bot: VideoBot, service: Discord, tmp_path: Path
) -> None:
    """Discord takes 10 MB from most bots: the person is told what to ask for, and no file is left."""
    service.refuses_files = True
    await hear(bot, raw_message(1, ADA, ADA, "make a 1-second 1:1 video", ["sea.jpg"]))
    assert "too large for this channel" in "\n".join(service.messages[ADA])
