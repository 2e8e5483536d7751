"""Talk to the assistant in a terminal.

    python examples/terminal_chat.py photo1.jpg photo2.jpg

With `NEMO_API_URL=local` in the environment it needs no account: everything happens on this machine.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from nemovideo import NemoVideo
from nemovideo.assistant import Assistant, Say, SendFile, Suggest, Working


async def talk(files: list[str]) -> None:
    """Read messages until the input ends; the files go with the first."""
    async with NemoVideo() as nemo:
        assistant = Assistant(nemo, folder=Path.cwd())
        while True:
            try:
                text = await asyncio.to_thread(input, "> ")
            except EOFError:
                return
            async for reply in assistant.handle(text, files):
                match reply:
                    case Say(text):
                        print(text)
                    case Working(text):
                        print(f"({text})")
                    case SendFile(video, text):
                        print(f"{text}\n{video.path}")
                    case Suggest(options):
                        print("You could say:", " | ".join(options))
            files = []


if __name__ == "__main__":
    asyncio.run(talk(sys.argv[1:]))
