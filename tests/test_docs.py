"""What README, docs and examples show is true: it is run, and what they list is complete."""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from PIL import Image

from nemovideo import NemoVideo, Timing, errors
from nemovideo.cli.commands import commands
from nemovideo.local import LocalBackend

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SNIPPET = re.compile(r"^```py(?:thon)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def page_name(page: Path) -> str:
    """Return a page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def snippets(page: Path) -> Iterator[CodeType]:
    """Compile each Python block of a page; its lines keep their numbers in the page."""
    text = page.read_text(encoding="utf-8")
    for match in SNIPPET.finditer(text):
        lines_above = text[: match.start(1)].count("\n")
        yield compile(
            "\n" * lines_above + match[1], page_name(page), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        )


@asynccontextmanager
async def given(*photos: str) -> AsyncIterator[dict[str, Any]]:
    """What the index promises to blocks that do not make it."""
    async with LocalBackend() as backend, NemoVideo(base_url=backend.url) as nemo:
        session = await nemo.sessions.create()
        await session.upload(*photos)
        yield {"backend": backend, "nemo": nemo, "session": session, "session_id": session.session_id}


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a.jpg, b.jpg and c.jpg, an empty home, and no service but the embedded one."""
    for name, shade in (("a", "tomato"), ("b", "teal"), ("c", "gold")):
        Image.new("RGB", (270, 480), shade).save(tmp_path / f"{name}.jpg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEMO_API_URL", "local")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    for name in ("NEMO_TOKEN", "NEMO_CLIENT_ID", "SKILL_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.usefixtures("photos")
@pytest.mark.parametrize("page", [page for page in PAGES if any(snippets(page))], ids=page_name)
def test_each_python_block_runs(page: Path) -> None:
    """The blocks of a page run one after the other, as a reader would paste them."""
    names: dict[str, Any] = {}
    with asyncio.Runner() as runner:
        context = given("a.jpg", "b.jpg", "c.jpg")
        promised = runner.run(context.__aenter__())
        for code in snippets(page):
            names |= promised
            if code.co_flags & inspect.CO_COROUTINE:
                runner.run(eval(code, names))  # noqa: S307 - our own pages, run on purpose
            else:
                exec(code, names)  # noqa: S102 - our own pages, run on purpose
        runner.run(context.__aexit__(None, None, None))


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_each_link_leads_to_a_file(page: Path) -> None:
    """Pages name each other, examples and pictures; none of them is missing."""
    targets = LINK.findall(page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_index_leads_to_every_page() -> None:
    """No page is left where nobody finds it."""
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {page_name(page).removeprefix("docs/") for page in PAGES if page.parent != ROOT}

    assert pages - {"index.md"} - set(LINK.findall(index)) == set()


def test_every_error_has_its_line() -> None:
    """A new class cannot be forgotten in docs/errors.md."""
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    classes = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, errors.NemoVideoError)
    }

    assert {name for name in classes if f"`{name}`" not in page} == set()


def test_every_command_has_its_line() -> None:
    """A new command cannot be forgotten in docs/command-line.md."""
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")

    assert {name for name in commands.commands if f"| `nemovideo {name}" not in page} == set()


def test_every_time_limit_has_its_line_and_its_default() -> None:
    """docs/configuration.md says what `Timing` says."""
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", page, re.MULTILINE))
    limits = {name: getattr(Timing(), name) for name in inspect.signature(Timing).parameters}

    assert {name: float(value) for name, value in rows.items()} == limits


def test_every_argument_of_a_client_has_its_line() -> None:
    """A new setting cannot be forgotten in docs/configuration.md."""
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert {
        name for name in inspect.signature(NemoVideo).parameters if f"\n| `{name}` |" not in page
    } == set()


async def run_example(name: str, *arguments: str, stdin: str = "") -> str:
    """Run an example as its own process and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "examples" / name), *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=dict(os.environ),
    )  # fmt: skip
    out, _ = await process.communicate(stdin.encode())
    assert process.returncode == 0
    return out.decode()


async def test_photos_become_a_video_by_the_example(photos: Path) -> None:
    """It writes the file that it names."""
    out = await run_example("photos_to_video.py", "a.jpg", "b.jpg")

    assert f"{photos / 'photos.mp4'}: 1080x1920, 6.0 s" in out
    assert (photos / "photos.mp4").stat().st_size > 0


async def test_the_chat_example_answers_each_line_and_exports(photos: Path) -> None:
    """Two wishes on stdin, each with its changes, and a video at the end."""
    out = await run_example("streaming_chat.py", "a.jpg", stdin="a 1-second video\nmake it warmer\n")

    assert "  Video added: a.jpg (0-1s)" in out.splitlines()
    assert out.splitlines()[-1] == str(photos / "chat.mp4")


async def test_a_render_is_fetched_by_another_process_than_the_one_that_started_it(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id that the first prints is enough for the second; there is one job."""
    async with LocalBackend() as backend:
        monkeypatch.setenv("NEMO_API_URL", backend.url)
        render_id = (await run_example("resume_render.py", "start", "a.jpg", "b.jpg")).strip()
        out = await run_example("resume_render.py", "fetch", render_id)
        submitted = [
            r for r in backend.requests if (r.method, r.path) == ("POST", "/api/render/proxy/lambda")
        ]

    assert (out.strip(), len(submitted)) == (str(photos / "resumed.mp4"), 1)
