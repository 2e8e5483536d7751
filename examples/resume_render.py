"""Starts a render in one process and fetches it in another.

    python examples/resume_render.py start a.jpg b.jpg     prints an id and ends
    python examples/resume_render.py fetch RENDER_ID       waits for it and downloads it

Both processes need the same account and the same service. To try it without an account, run `nemovideo serve`
and set NEMO_API_URL as it says.
"""

from __future__ import annotations

import asyncio
import sys

from nemovideo import NemoVideo


async def start(photos: list[str]) -> None:
    """Make a timeline, submit it, and leave: the render goes on."""
    async with NemoVideo() as nemo:
        session = await nemo.sessions.create()
        await session.upload(*photos)
        await session.chat("a 2-second video with dissolves")
        state = await session.state()
        job = await nemo.renders.submit(session.session_id, state.draft)
    print(job.id)


async def fetch(render_id: str) -> None:
    """Wait for a render that some process submitted; interrupt and repeat this as often as you like."""
    async with NemoVideo() as nemo:
        await nemo.renders.wait(render_id, timeout=600)
        video = await nemo.renders.download(render_id, "resumed.mp4")
    print(video.path)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["start", *photos] if photos:
            asyncio.run(start(photos))
        case ["fetch", render_id]:
            asyncio.run(fetch(render_id))
        case _:
            sys.exit(__doc__)
