"""The public face: what is there, and that it costs next to nothing until it is used."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import nemovideo

PINNED = (
    "Attribution", "ChatEvent", "ChatStream", "CreditBalance", "Draft", "Heartbeat", "Journal",
    "JournalEntry", "Media", "NemoVideo", "NemoVideoError", "OnProgress", "Outcome", "Progress",
    "RenderJob", "Session", "SessionState", "StateDelta", "StillWorking", "Text", "TextDelta", "Thought",
    "Timing", "ToolCall", "ToolResult", "Turn", "UnknownEvent", "Upload", "Video", "__version__",
)  # fmt: skip
"""What the package promises, in full. A name is added here on purpose, and never taken away in passing."""

PROMISED = {
    "nemovideo.assistant": {
        "Action", "Assistant", "Route", "Say", "SendFile", "Suggest", "Working", "route", "translate",
    },
    "nemovideo.draft": {"Draft", "Segment", "Track", "TrackType", "diff"},
    "nemovideo.errors": {
        "APIError", "AuthenticationError", "ChatError", "ConfigurationError", "DownloadError", "DraftError",
        "EmptyDraftError", "ExportBlockedError", "FileTooLargeError", "InsufficientCreditsError",
        "MissingClientIdError", "NemoVideoError", "NotSentError", "OutcomeUnknownError", "ProtocolError",
        "RateLimitError", "RenderFailedError", "RenderTimeoutError", "ServerError", "SessionNotFoundError",
        "TransportError", "TurnInProgressError", "TurnTimeoutError", "UnknownAPIError",
        "UnsupportedFileError",
    },
    "nemovideo.local": {"LocalBackend"},
    "nemovideo.resources": {"Chat", "Credits", "Renders", "Sessions", "Uploads"},
    "nemovideo.testing": {
        "ManualClock", "assert_charged_once", "assert_sent_once", "assert_token_never_logged",
    },
}  # fmt: skip
"""What else can be imported, from where."""

FACES = sorted(
    f"nemovideo.{path.parent.name}"
    for path in Path(nemovideo.__file__).parent.glob("[!_]*/__init__.py")
    if "__all__" in path.read_text(encoding="utf-8")
)
"""The public packages."""

HEAVY = {"PIL", "aiohttp", "av", "cattrs", "click", "cv2", "numpy", "rich"}


def test_the_names_of_the_package_are_pinned() -> None:
    """`__all__` is exactly this, sorted, and each name can be had."""
    assert tuple(nemovideo.__all__) == PINNED == tuple(sorted(PINNED))
    assert [name for name in PINNED if not hasattr(nemovideo, name)] == []
    assert set(PINNED) <= set(dir(nemovideo))


@pytest.mark.parametrize("module", PROMISED)
def test_what_is_promised_elsewhere_is_there(module: str) -> None:
    """Each name can be imported from where people look for it."""
    face = importlib.import_module(module)

    assert {name for name in PROMISED[module] if not hasattr(face, name)} == set()


@pytest.mark.parametrize("module", FACES)
def test_the_names_of_a_public_package_are_sorted_and_there(module: str) -> None:
    """Sorted, so that a new name has one place."""
    face = importlib.import_module(module)

    assert list(face.__all__) == sorted(face.__all__)
    assert [name for name in face.__all__ if not hasattr(face, name)] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    """Lazy loading does not turn a typo into something else."""
    with pytest.raises(AttributeError, match="no attribute 'NemoVide'"):
        nemovideo.NemoVide  # noqa: B018 - the look-up is the test


def loaded_by(code: str) -> set[str]:
    """Return the top-level packages that a fresh interpreter imports for a piece of code."""
    command = [sys.executable, "-X", "importtime", "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - code of ours
    lines = (line.rpartition("|")[2].strip() for line in ran.stderr.splitlines() if "|" in line)
    return {line.partition(".")[0] for line in lines}


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Not even aiohttp: names load on first use."""
    loaded = loaded_by("import nemovideo")

    assert (loaded & HEAVY, "nemovideo" in loaded) == (set(), True)


def test_the_client_does_not_need_the_extras() -> None:
    """Renderer and command line are loaded by those who use them."""
    loaded = loaded_by("from nemovideo import NemoVideo")

    assert loaded & (HEAVY - {"aiohttp", "cattrs"}) == set()


def test_the_client_loads_what_few_calls_need_on_first_use() -> None:
    """It costs little more than aiohttp."""
    loaded = loaded_by("from nemovideo import NemoVideo")

    assert loaded & {"aiosqlite", "filelock", "pathvalidate", "puremagic", "sqlite3", "yaml"} == set()


def test_the_embedded_backend_starts_without_its_renderer() -> None:
    """Its packages are loaded with the first upload."""
    code = """if True:
        import asyncio
        from nemovideo import NemoVideo
        async def main():
            async with NemoVideo.local() as nemo:
                await nemo.credits.balance()
        asyncio.run(main())
    """

    assert loaded_by(code) & {"PIL", "av", "cv2", "numpy"} == set()
