"""Talks to a session and shows it work.

    python examples/streaming_chat.py a.jpg b.jpg

Type a wish a line, such as: a 9-second video with dissolves. An empty line, or the end of input, exports.
Set NEMO_API_URL=local to run it without an account, on the embedded backend.
"""

from __future__ import annotations

import asyncio
import sys

from nemovideo import NemoVideo, NemoVideoError, Session, StillWorking, TextDelta, ToolCall


async def say(session: Session, wish: str) -> None:
    """Send one message; print the answer as it grows, then what changed."""
    async with session.stream(wish) as stream:
        async for event in stream:
            match event:
                case TextDelta(text=text):
                    print(text, end="", flush=True)
                case ToolCall(name=name):
                    print(f"[{name}] ", end="", flush=True)
                case StillWorking(elapsed=elapsed):
                    print(f"[{elapsed:.0f} s] ", end="", flush=True)
        turn = await stream.result()
    print(f"\n({turn.outcome.value})")
    for change in turn.changes:
        print(f"  {change}")


async def main(photos: list[str]) -> None:
    """Upload, talk, export."""
    async with NemoVideo() as nemo:
        session = await nemo.sessions.create()
        await session.upload(*photos)
        while wish := (await asyncio.to_thread(sys.stdin.readline)).strip():
            try:
                await say(session, wish)
            except NemoVideoError as error:
                print(error)
        video = await session.export("chat.mp4")
        print(video.path)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
