"""A program: one large transfer in a process of its own. Prints, as JSON, what it cost.

Usage: `large_transfer.py upload URL FILE` or `large_transfer.py download URL FILE`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path

import resident_memory

from nemovideo import NemoVideo, Progress


async def main(verb: str, url: str, file: str) -> dict[str, float | None]:
    """Transfer once small, so that everything is loaded, then once large, and measure that."""
    seen: list[Progress] = []
    async with NemoVideo(token="nmv_usr_large", base_url=url) as nemo:
        if verb == "upload":
            small = Path(file).with_name("small.mp4")
            await nemo.uploads.files("s1", small)
        else:
            await nemo.renders.download("small", file)
        before = resident_memory.forget_peak()
        watching = asyncio.create_task(_longest_gap())
        began = time.perf_counter()
        if verb == "upload":
            await nemo.uploads.files("s1", file, on_progress=seen.append)
        else:
            await nemo.renders.download("large", file, on_progress=seen.append)
        took = time.perf_counter() - began
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
    return {
        "grown_mib": (resident_memory.peak() - before) / 1024**2,
        "longest_gap_ms": GAPS[0] * 1000,
        "seconds": took,
        "fraction": seen[-1].fraction,
        "done": seen[-1].done,
        "told": len(seen),
    }


GAPS = [0.0]
"""The longest time, in seconds, that the loop did not come round."""


async def _longest_gap() -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        GAPS[0] = max(GAPS[0], time.perf_counter() - before - 0.001)


if __name__ == "__main__":
    json.dump(asyncio.run(main(*sys.argv[1:4])), sys.stdout)
