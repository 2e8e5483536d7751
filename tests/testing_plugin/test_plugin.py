"""The plugin as it is installed: suites of other people, run by a pytest of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"

SUITE = """
import os
import pytest
from nemovideo import NemoVideo
from nemovideo.testing import ManualClock

{mark}

async def test_the_client_speaks_to_the_backend(nemo, nemo_backend):
    assert (await nemo.credits.balance()).available == 100
    assert len(nemo_backend.requests) == 2  # a token, the balance

async def test_each_test_has_its_own(nemo_backend):
    assert nemo_backend.requests == ()

@pytest.mark.nemo_backend(credits=7)
class TestMarks:
    async def test_a_mark_passes_options(self, nemo):
        assert (await nemo.credits.balance()).available == 7

    @pytest.mark.nemo_backend(credits=3)
    async def test_the_nearest_mark_wins(self, nemo):
        assert (await nemo.credits.balance()).available == 3

async def test_a_client_that_the_code_makes_finds_the_backend(nemo_backend):
    async with NemoVideo() as nemo:
        await nemo.credits.balance()
    assert nemo_backend.requests[-1].status == 200
    assert "NEMO_TOKEN" not in os.environ

async def test_both_go_by_the_clock(nemo, nemo_backend, nemo_clock):
    assert isinstance(nemo_clock, ManualClock)
    await nemo.credits.balance()
    nemo_clock.jump(8 * 24 * 3600)
    await nemo.credits.balance()
    asked = [r.path for r in nemo_backend.requests]
    assert asked.count("/api/auth/anonymous-token") == 2  # the first token is over, and the client knew
    assert asked.count("/api/credits/balance/simple") == 2

async def test_the_environment_is_put_back():
    assert os.environ["NEMO_TOKEN"] == "the-developers-own"
"""


@pytest.fixture
def child(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder for a suite, whose developer has an account."""
    monkeypatch.setenv("NEMO_TOKEN", "the-developers-own")
    return pytester


def run(child: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run the suite with warnings as errors; the plugin comes with the package, nothing asks for it."""
    quick = ("-p", "no:hypothesispytest", "-p", "no:cacheprovider")
    loops = ("-o", "asyncio_default_fixture_loop_scope=function")
    return child.runpytest_subprocess("--strict-markers", "-W", "error", *quick, *loops, *options)


@pytest.mark.parametrize(("mode", "mark"), [("strict", "pytestmark = pytest.mark.asyncio"), ("auto", "")])
def test_the_fixtures_work_in_both_modes_of_pytest_asyncio(
    child: pytest.Pytester, mode: str, mark: str
) -> None:
    """Backend, client and clock, options by mark, and an environment that leads nowhere else."""
    child.makepyfile(SUITE.format(mark=mark))

    run(child, "--asyncio-mode", mode).assert_outcomes(passed=7)


def test_the_documented_bot_passes_its_tests(child: pytest.Pytester) -> None:
    """docs/testing.md, pasted into one file."""
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    child.makepyfile("\n".join(blocks))

    run(child).assert_outcomes(passed=5)


def test_a_suite_without_the_fixtures_pays_nothing(child: pytest.Pytester) -> None:
    """The plugin is active, and neither client nor backend nor what they need is loaded."""
    child.makepyfile("""
        import sys

        def test_nothing_is_loaded(pytestconfig):
            assert pytestconfig.pluginmanager.hasplugin("nemovideo")
            assert {"aiohttp", "attrs", "cattrs", "numpy", "av", "PIL"} & sys.modules.keys() == set()
            ours = {name for name in sys.modules if name.partition(".")[0] == "nemovideo"}
            light = ("", "._lazy", "._version", ".testing", ".testing.plugin")
            assert ours == {"nemovideo" + name for name in light}
    """)

    run(child).assert_outcomes(passed=1)


def test_without_pytest_asyncio_the_fixtures_say_what_is_missing(child: pytest.Pytester) -> None:
    """One line with the remedy, instead of a coroutine that nobody awaits."""
    child.makepyfile("def test_it(nemo):\n    pass\n")
    child.makepyfile(not_installed="import sys\nsys.modules['pytest_asyncio'] = None\n")

    ran = child.runpytest_subprocess("-p", "not_installed", "-p", "no:asyncio", "-p", "no:hypothesispytest")

    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines("*The fixture 'nemo*' needs pytest-asyncio: pip install pytest-asyncio")
