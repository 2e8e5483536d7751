"""The program as a process: signals, exit status, what it needs to start."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nemovideo import NemoVideo, _version
from nemovideo.cli.commands import commands
from nemovideo.local import LocalBackend

if TYPE_CHECKING:
    import pytest

    from cli.conftest import Run

PROGRAM = (sys.executable, "-m", "nemovideo.cli.main")


async def start(*arguments: str, **environ: str) -> asyncio.subprocess.Process:
    """Start the program with a few settings on top of this environment."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *PROGRAM, *arguments, stdout=pipe, stderr=pipe, env={**os.environ, **environ}
    )


async def test_serve_prints_how_to_find_it_and_stops_cleanly_on_sigterm(tmp_path: Path) -> None:
    """A client finds the printed URL; SIGTERM ends it with status 0 and no complaint."""
    server = await start("serve", "--port", "0", "--data-dir", str(tmp_path / "data"), "--json")
    assert server.stdout is not None
    url = json.loads(await server.stdout.readline())["NEMO_API_URL"]
    async with NemoVideo(base_url=url, config_dir=tmp_path) as nemo:
        balance = await nemo.credits.balance()
    server.send_signal(signal.SIGTERM)
    _, err = await server.communicate()

    assert (balance.available, server.returncode, err) == (100, 0, b"")


async def test_serve_says_in_one_line_that_its_port_is_taken() -> None:
    """The first one's printed settings are ready for a shell; Ctrl-C ends it with status 0."""
    first = await start("serve", "--port", "0")
    assert first.stdout is not None
    settings = dict(pair.split("=") for pair in (await first.stdout.readline()).decode().split())
    port = settings["NEMO_API_URL"].removeprefix("http://127.0.0.1:")
    second = await start("serve", "--port", port)
    _, err = await second.communicate()
    first.send_signal(signal.SIGINT)
    await first.communicate()

    assert (first.returncode, settings["NEMO_WEB_URL"]) == (0, settings["NEMO_API_URL"])
    assert (second.returncode, len(err.splitlines())) == (2, 1)
    assert f"nemovideo: Cannot serve on 127.0.0.1, port {port}: " in err.decode()


async def test_an_interrupted_command_ends_with_130_and_leaves_nothing_behind(
    photo: Path, tmp_path: Path
) -> None:
    """Ctrl-C in the middle of a turn: one line, no file, and the message is not sent again."""
    async with LocalBackend(pace=60.0) as slow:
        program = await start(
            "make", str(photo), "-p", "a 1-second video", "-o", str(tmp_path / "out.mp4"),
            NEMO_API_URL=slow.url, XDG_CONFIG_HOME=str(tmp_path / "home"),
        )  # fmt: skip
        while not slow.ledger.charges() and program.returncode is None:  # noqa: ASYNC110 - a ledger has no event to wait for
            await asyncio.sleep(0)
        program.send_signal(signal.SIGINT)
        _, err = await program.communicate()

        assert (program.returncode, len(slow.ledger.charges())) == (130, 1)
    assert err.decode().splitlines()[-1] == "nemovideo: interrupted."
    assert not (tmp_path / "out.mp4").exists()


async def test_an_interrupted_start_ends_with_130() -> None:
    """Ctrl-C while the program still loads: one line, too."""
    code = """if True:
        import sys
        class Impatient:
            def find_spec(self, name, *_):
                if name == "click":
                    raise KeyboardInterrupt
        sys.meta_path.insert(0, Impatient())
        from nemovideo.cli.main import main
        sys.exit(main(["credits"]))
    """
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stderr=asyncio.subprocess.PIPE)
    _, err = await program.communicate()

    assert (program.returncode, err) == (130, b"nemovideo: interrupted.\n")


async def test_without_its_extra_the_program_says_how_to_install_it() -> None:
    """One line, and wrong use: the library alone has no command line."""
    code = "import sys; sys.modules['click'] = None; from nemovideo.cli.main import main; sys.exit(main())"
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stderr=asyncio.subprocess.PIPE)
    _, err = await program.communicate()

    assert (program.returncode, err.decode()) == (
        2, 'nemovideo: its commands need an extra: pip install "nemovideo[cli]"\n'
    )  # fmt: skip


async def test_every_command_has_help_and_a_sentence(run: Run) -> None:
    """`--help` names each command, and each command explains itself."""
    overview = await run("--help")
    for name, command in commands.commands.items():
        ran = await run(name, "--help")

        assert (ran.status, name in overview.out) == (0, True)
        assert command.help is not None
        assert command.help.split("\n")[0] in " ".join(ran.out.split())


async def test_the_version_is_printed(run: Run) -> None:
    """As one line on stdout."""
    ran = await run("--version")

    assert (ran.status, ran.out) == (0, f"nemovideo {_version.__version__}\n")


async def test_no_command_is_wrong_use(run: Run) -> None:
    """One line, with the way to help."""
    ran = await run()

    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "nemovideo: Missing command. See 'nemovideo --help'.\n"


async def test_an_unknown_command_is_one_line(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """With the way to help."""
    ran = await run("mkae")

    assert (ran.status, len(ran.err.splitlines())) == (2, 1)
    assert "'mkae'" in ran.err


async def test_without_the_renderer_local_says_how_to_install_it(photo: Path, tmp_path: Path) -> None:
    """A part of the extra that is missing is named, at once and in one line."""
    code = (
        "import sys; sys.modules['cv2'] = None; from nemovideo.cli.main import main;"
        f"sys.exit(main(['make', {str(photo)!r}, '-p', 'a 1-second video', '-o', 'out.mp4', '--local']))"
    )
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=tmp_path, stderr=asyncio.subprocess.PIPE
    )
    _, err = await program.communicate()

    assert program.returncode == 3
    assert (
        err.decode().splitlines()[-1].startswith('nemovideo: cv2 is missing: pip install "nemovideo[local]"')
    )
    assert not (tmp_path / "out.mp4").exists()
