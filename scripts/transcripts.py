"""Writes the pages of docs that show a whole conversation with the assistant, word for word.

Run it after a change of what the assistant says: `python scripts/transcripts.py`. A test fails while a page
is stale. The backend is the embedded one, with its usual share of silent edits; on the way the script breaks
a stream, lets the token expire, and runs the balance dry.
"""
# ruff: noqa: RUF001 - half of it is Chinese, whose punctuation is no mistake here

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from PIL import Image

from nemovideo import NemoVideo
from nemovideo.assistant import Assistant, Say, SendFile, Suggest, Working

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nemovideo.assistant import Reply
    from nemovideo.local import LocalBackend

DOCS = Path(__file__).parent.parent / "docs"
CREDITS = 7
"""As many turns as the conversation makes before the balance is empty."""
PHOTOS = {"sea.jpg": "#2a6f97", "mug.jpg": "#bc6c25", "street.jpg": "#495057"}


@frozen
class Message:
    """A message of the person.

    Attributes:
        text: What they write.
        files: What they send with it.
        behind: What happens behind the scenes, told to the reader.
        trouble: Makes it happen.
    """

    text: str
    files: Sequence[str] = ()
    behind: str = ""
    trouble: Callable[[LocalBackend], None] = lambda _: None


def _break_stream(backend: LocalBackend) -> None:
    backend.faults.add("POST /run_sse", "cut_after_bytes", bytes=100)


def _expire_token(backend: LocalBackend) -> None:
    backend.accounts.expire_tokens()


ENGLISH = (
    Message("Hi! Please turn these into a 3-second square video for my café", tuple(PHOTOS)),
    Message("What's on the timeline?"),
    Message("Put a title 'Good Morning' at the start"),
    Message(
        "Can you make the music quieter?",
        (),
        "The connection breaks in the middle of the answer.",
        _break_stream,
    ),
    Message("How many credits do I have left?", (), "The access token has just expired.", _expire_token),
    Message("Swap the first and second photo"),
    Message("Make it black and white"),
    Message("Undo that, please"),
    Message("Export 720p MP4"),
    Message("Add a caption 'Open from 7' at the bottom"),
    Message("Now make it warmer", (), "The balance is empty."),
    Message("Oh well. It's lovely as it is, send me the video!"),
)
CHINESE = (
    Message("请把这几张照片做成一个3秒的方形视频", tuple(PHOTOS)),
    Message("时间线上有什么？"),
    Message("在开头加标题“早安”"),
    Message("音乐小一点可以吗", (), "回答到一半，连接断开。", _break_stream),
    Message("我还有多少积分？", (), "访问令牌刚刚过期。", _expire_token),
    Message("把第一张和第二张照片交换一下"),
    Message("改成黑白的"),
    Message("撤销刚才的修改"),
    Message("导出720P的MP4"),
    Message("在底部加文字“七点开门”"),
    Message("色调再暖一点", (), "积分已经用完。"),
    Message("好吧，这样也很好，把视频发给我！"),
)


@frozen
class Page:
    """One page of docs.

    Attributes:
        name: The file's.
        title: Its headline.
        intro: Below that.
        you: What the person is called.
        it: What the assistant is called.
        messages: The person's part.
    """

    name: str
    title: str
    intro: str
    you: str
    it: str
    messages: Sequence[Message]


PAGES = (
    Page(
        "transcript-en.md",
        "A conversation in English",
        "Recorded with `scripts/transcripts.py` on the embedded backend, which leaves about 30 % of edits\n"
        "without a word and talks of buttons. What is in italics is shown only while it lasts; brackets are\n"
        "buttons.",
        "You",
        "Assistant",
        ENGLISH,
    ),
    Page(
        "transcript-zh.md",
        "一段中文对话",
        "由 `scripts/transcripts.py` 在内置后端上录制：大约三成的修改没有任何文字回复，回答里还会提到按钮。\n"
        "斜体只在处理期间显示，方括号是按钮。",
        "你",
        "助手",
        CHINESE,
    ),
)  # fmt: skip


async def transcribe(page: Page) -> str:
    """Hold the conversation, and return its page."""
    lines = [f"# {page.title}", "", page.intro, ""]
    with tempfile.TemporaryDirectory() as folder:
        for name, colour in PHOTOS.items():
            Image.new("RGB", (320, 240), colour).save(Path(folder, name))
        async with NemoVideo.local(credits=CREDITS, silent_edits=0.3, seed=2) as nemo:
            assistant = Assistant(nemo, folder=folder)
            for message in page.messages:
                if nemo.backend is not None:
                    message.trouble(nemo.backend)
                if message.behind:
                    lines += [f"<sub>{message.behind}</sub>", ""]
                attached = f" 📎 {', '.join(message.files)}" if message.files else ""
                lines += [f"**{page.you}**{attached}", "", f"> {message.text}", "", f"**{page.it}**", ""]
                files = [Path(folder, name) for name in message.files]
                async for reply in assistant.handle(message.text, files):
                    lines += [*_shown(reply), ""]
            _require_trouble(nemo.backend)
    return steady("\n".join(lines))


def _require_trouble(backend: LocalBackend | None) -> None:
    """Hold that the stream broke and that the token was renewed: what never happened proves nothing."""
    requests = backend.requests if backend is not None else ()
    tokens = sum(request.path == "/api/auth/anonymous-token" for request in requests)
    if backend is None or backend.faults.fired.total() != 1 or tokens != 2:
        raise RuntimeError("The trouble of the script did not happen.")


def _shown(reply: Reply) -> list[str]:
    if isinstance(reply, Say):
        return ["  \n".join(reply.text.splitlines())]
    if isinstance(reply, Working):
        return [f"*{reply.text}*"]
    if isinstance(reply, SendFile):
        return [f"🎬 `{reply.video.path.name}`  ", reply.text]
    if isinstance(reply, Suggest):
        return [" ".join(f"`[{option}]`" for option in reply.options)]
    raise TypeError(reply)


def steady(page: str) -> str:
    """Return a page with the same names, links and sizes on every run."""
    page = re.sub(r"http://127\.0\.0\.1:\d+", "https://nemovideo.com", page)
    page = re.sub(r"ct=clm_[\w-]+", "ct=clm_…", page)
    page = re.sub(r"bind=anon_\w+", "bind=anon_…", page)
    page = re.sub(r"video-[0-9a-f]{8}", "video", page)
    return re.sub(r"\d+(?:\.\d)? (?:kB|MB)\b(?! each)", "0.3 MB", page)


async def main() -> None:
    """Write all pages."""
    for page in PAGES:
        (DOCS / page.name).write_text(await transcribe(page), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
