"""A client in a process of its own, to be killed: does one thing, and says on stdout how far it is.

Usage: journal_child.py API_URL JOURNAL chat | export SESSION FILE HOLD | resume; the token is NEMO_TOKEN.
`HOLD` is the phase in which an export stands still until it is killed.
"""

from __future__ import annotations

import asyncio
import sys

from tiny_session import tiny_draft

from nemovideo import NemoVideo, Progress, Timing
from nemovideo.errors import NemoVideoError

TIMING = Timing(recover_first=0.01, recover_every=0.01, recover_reads=2, render_poll=0.02)


async def main(url: str, journal: str, action: str, *rest: str) -> None:
    async with NemoVideo(base_url=url, journal=journal, timing=TIMING) as nemo:
        if action == "chat":
            await chat(nemo)
        elif action == "export":
            await export(nemo, *rest)
        else:
            await resume(nemo)


async def chat(nemo: NemoVideo) -> None:
    async with nemo.chat.stream("s1", "add a title") as stream:
        async for event in stream:
            say(type(event).__name__)


async def export(nemo: NemoVideo, session_id: str, file: str, hold: str) -> None:
    async def stand_still(progress: Progress) -> None:
        if progress.phase == hold:
            say(f"{progress.phase} {progress.done:g} of {progress.total:g}")
            await asyncio.Event().wait()

    await nemo.renders.export(session_id, tiny_draft(), file, on_progress=stand_still)


async def resume(nemo: NemoVideo) -> None:
    for entry in await nemo.journal.pending():
        try:
            result = await nemo.resume(entry)
        except NemoVideoError as problem:
            say(type(problem).__name__)
        else:
            say(getattr(result, "outcome", result))
    say(f"{len(await nemo.journal.pending())} pending")


def say(words: object) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
