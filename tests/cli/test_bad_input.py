"""What cannot work ends in one clear line and an exit status, with nothing written and nothing charged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nemovideo.local import LocalBackend

if TYPE_CHECKING:
    from cli.conftest import Run

WRONG_USE, FAILED = 2, 3


def make_files(folder: Path) -> None:
    """Lay out one bad file of each kind."""
    (folder / "folder").mkdir()
    (folder / "empty.jpg").touch()
    (folder / "text.jpg").write_text("This is no photo.")
    (folder / "notes.txt").write_text("Neither is this.")
    with (folder / "large.jpg").open("wb") as large:
        large.truncate(201 * 1024 * 1024)


@pytest.mark.parametrize(
    ("bad", "status", "words"),
    [
        ("missing.jpg", WRONG_USE, "missing.jpg cannot be uploaded: there is no such file."),
        ("folder", WRONG_USE, "folder cannot be uploaded: it is a folder; name the files in it."),
        ("empty.jpg", FAILED, "empty.jpg is empty."),
        ("text.jpg", FAILED, "text.jpg is not what its ending says. Supported formats: mp4"),
        ("notes.txt", FAILED, "notes.txt has an ending that the service does not take."),
        ("large.jpg", FAILED, "large.jpg has 201.0 MB. Compress or trim the file: the limit is 200 MB."),
    ],
)
async def test_a_bad_file_is_named_before_anything_is_sent(
    run: Run, photo: Path, nemo_backend: LocalBackend, bad: str, status: int, words: str
) -> None:
    """One line says which file and why; the good file beside it is not sent either."""
    make_files(photo.parent)

    ran = await run("make", photo, bad, "-p", "a 1-second video", "-o", "out.mp4")

    assert (ran.status, ran.out, len(ran.err.splitlines())) == (status, "", 1)
    assert ran.err.startswith(f"nemovideo: {words}")
    assert (nemo_backend.requests, (photo.parent / "out.mp4").exists()) == ((), False)


async def test_no_photos_is_wrong_use(run: Run, nemo_backend: LocalBackend) -> None:
    """The line names what is missing, and where help is."""
    ran = await run("make", "-p", "a 1-second video", "-o", "out.mp4")

    assert (ran.status, nemo_backend.requests) == (WRONG_USE, ())
    assert ran.err == "nemovideo: Missing argument 'PHOTO...'. See 'nemovideo make --help'.\n"


async def test_an_empty_wish_is_wrong_use(run: Run, photo: Path, nemo_backend: LocalBackend) -> None:
    """Nothing is sent for it."""
    ran = await run("make", photo, "-p", "  ", "-o", "out.mp4")

    assert (ran.status, nemo_backend.requests, len(ran.err.splitlines())) == (WRONG_USE, (), 1)


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("missing/out.mp4", "missing does not exist."),
        ("photo.jpg/out.mp4", "photo.jpg does not exist."),
        ("folder.mp4", "folder.mp4 is a folder."),
        ("out.avi", "out.avi has to end in .mp4, .mov, .webm, .gif."),
    ],
)
async def test_a_destination_that_cannot_be_is_wrong_use(
    run: Run, photo: Path, nemo_backend: LocalBackend, out: str, words: str
) -> None:
    """It is found before anything is sent, for every command that writes."""
    (photo.parent / "folder.mp4").mkdir()

    for command in (("make", photo, "-p", "a 1-second video"), ("export", "some-session")):
        ran = await run(*command, "-o", out)

        assert (ran.status, ran.out, len(ran.err.splitlines())) == (WRONG_USE, "", 1)
        assert words in ran.err
    assert nemo_backend.requests == ()


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that not even root can write")
async def test_a_folder_that_cannot_be_written_is_wrong_use(
    run: Run, photo: Path, nemo_backend: LocalBackend
) -> None:
    """It is found before anything is sent, by trying: its permissions promise otherwise."""
    ran = await run("make", photo, "-p", "a 1-second video", "-o", "/proc/out.mp4")

    assert (ran.status, nemo_backend.requests) == (WRONG_USE, ())
    assert "The folder /proc cannot be written." in ran.err


async def test_an_unreachable_service_is_a_failure_with_a_hint(
    run: Run, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says what was tried, and that nothing was charged."""
    monkeypatch.setenv("NEMO_API_URL", "http://127.0.0.1:9")  # the discard port: nothing listens

    ran = await run("make", photo, "-p", "a 1-second video", "-o", "out.mp4")

    assert (ran.status, ran.out, len(ran.err.splitlines())) == (FAILED, "", 1)
    assert "nothing was sent and nothing charged" in ran.err


async def test_an_api_url_that_is_none_is_wrong_use(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line shows what it should look like."""
    monkeypatch.setenv("NEMO_API_URL", "mega-api")

    ran = await run("credits")

    assert (ran.status, len(ran.err.splitlines())) == (WRONG_USE, 1)
    assert "'mega-api'" in ran.err


async def test_a_bad_token_is_a_failure_and_is_not_shown(
    run: Run, photo: Path, nemo_backend: LocalBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token of the caller's is not replaced, and not printed."""
    monkeypatch.setenv("NEMO_TOKEN", "nmv_usr_wrong")

    ran = await run("make", photo, "-p", "a 1-second video", "-o", "out.mp4")

    assert (ran.status, ran.out, nemo_backend.ledger.charges()) == (FAILED, "", ())
    assert ran.err.splitlines()[-1].startswith("nemovideo: The token is invalid or expired. Set NEMO_TOKEN")
    assert "nmv_usr_wrong" not in ran.err


async def test_no_credits_is_a_failure_that_says_where_to_register(
    run: Run, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is charged and nothing written."""
    async with LocalBackend(credits=0) as poor:
        monkeypatch.setenv("NEMO_API_URL", poor.url)

        ran = await run("make", photo, "-p", "a 1-second video", "-o", "out.mp4")

        assert (ran.status, ran.out, poor.ledger.charges()) == (FAILED, "", ())
    assert "/register?bind=anon_" in ran.err.splitlines()[-1]
    assert list(photo.parent.iterdir()) == [photo]


async def test_a_wish_that_makes_no_timeline_is_a_failure_with_the_agents_words(
    run: Run, photo: Path
) -> None:
    """The agent's answer is the best hint there is; it stays one short line."""
    ran = await run("make", photo, "-p", "sing me a song", "-o", "out.mp4")

    assert ran.status == FAILED
    assert ran.err.splitlines()[-1].startswith("nemovideo: The agent made no timeline. ")
    assert len(ran.err.splitlines()[-1]) < 400
    assert not (photo.parent / "out.mp4").exists()


async def test_a_session_that_is_gone_is_a_failure(run: Run, photo: Path, nemo_backend: LocalBackend) -> None:
    """Every command that takes a session says so in one line."""
    for command in (("chat", "gone", "hello"), ("state", "gone"), ("upload", "gone", photo)):
        ran = await run(*command)

        assert (ran.status, ran.out) == (FAILED, "")
        assert ran.err.splitlines()[-1].startswith("nemovideo: There is no such session. ")
    assert nemo_backend.ledger.charges() == ()
