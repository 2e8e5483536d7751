"""Turns photos into a video.

    python examples/photos_to_video.py a.jpg b.jpg c.jpg

Set NEMO_API_URL=local to run it without an account, on the embedded backend.
"""

from __future__ import annotations

import asyncio
import sys

from nemovideo import NemoVideo, NemoVideoError, Progress

WISH = "turn these photos into a smooth 6-second vertical video with dissolves, a slow zoom and lo-fi music"


def show(progress: Progress) -> None:
    """Print each tenth of a phase."""
    if progress.fraction is not None:
        print(f"\r{progress.phase:<9}{progress.fraction:4.0%}", end="", flush=True)


async def main(photos: tuple[str, ...]) -> int:
    """Make one video and say what it is."""
    async with NemoVideo() as nemo:
        try:
            video = await nemo.make_video(photos, WISH, to="photos.mp4", on_progress=show)
        except NemoVideoError as error:
            print(f"\n{error.message} {error.hint}")
            return 1
    print(f"\n{video.path}: {video.width}x{video.height}, {video.duration} s, {video.size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(tuple(sys.argv[1:]))))
