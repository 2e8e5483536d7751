"""The pytest plugin: an embedded backend, a client of it, and a clock to drive both, for each test.

Pytest loads this module in every suite of an environment that has the package. So nothing is imported here
that a suite without these fixtures would not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from nemovideo._clock import ManualClock
    from nemovideo.client import NemoVideo
    from nemovideo.local.backend import LocalBackend

_FOREIGN_SETTINGS = ("NEMO_TOKEN", "NEMO_CLIENT_ID", "SKILL_SOURCE")


def pytest_configure(config: pytest.Config) -> None:
    """Make the plugin's marker known."""
    marker = "nemo_backend(**options): options of LocalBackend for this test's `nemo_backend`"
    config.addinivalue_line("markers", marker)


def _async_fixture(function: Callable[..., AsyncIterator[Any]]) -> Any:
    """Make a fixture that pytest-asyncio runs in the test's loop, in its strict mode too."""
    try:
        import pytest_asyncio
    except ModuleNotFoundError:
        return _fixture_without_asyncio()
    return pytest_asyncio.fixture(function)


def _fixture_without_asyncio() -> Any:
    @pytest.fixture
    def missing(request: pytest.FixtureRequest) -> None:
        pytest.fail(
            f"The fixture {request.fixturename!r} needs pytest-asyncio: pip install pytest-asyncio",
            pytrace=False,
        )

    return missing


@pytest.fixture
def nemo_clock() -> ManualClock:
    """A clock that stands still until the test moves it: `await nemo_clock.advance(seconds)`.

    In a test that asks for it, `nemo_backend` and `nemo` go by it too.
    """
    from nemovideo._clock import ManualClock

    return ManualClock()


@_async_fixture
async def nemo_backend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LocalBackend]:
    """An embedded backend of the test's own, quick, and with an answer in words to every edit.

    `@pytest.mark.nemo_backend(credits=0)` passes options to `LocalBackend`. While it runs, the environment
    leads to it (`NEMO_API_URL`, and an empty configuration folder): clients that the code under test makes by
    itself talk to it, and never to the service.
    """
    from nemovideo.local.backend import LocalBackend

    options: dict[str, Any] = {"silent_edits": 0.0, "pace": 0.0, "clock": _driven_clock(request)}
    for mark in reversed(list(request.node.iter_markers("nemo_backend"))):
        options |= mark.kwargs
    async with LocalBackend(**options) as backend:
        with pytest.MonkeyPatch.context() as environment:
            for name in _FOREIGN_SETTINGS:
                environment.delenv(name, raising=False)
            environment.setenv("NEMO_API_URL", backend.url)
            environment.setenv("NEMO_WEB_URL", backend.web_url)
            environment.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("nemovideo-config")))
            yield backend


@_async_fixture
async def nemo(request: pytest.FixtureRequest, nemo_backend: LocalBackend) -> AsyncIterator[NemoVideo]:
    """A client of `nemo_backend`, closed after the test."""
    from nemovideo.client import NemoVideo

    async with NemoVideo(base_url=nemo_backend.url, clock=_driven_clock(request)) as client:
        yield client


def _driven_clock(request: pytest.FixtureRequest) -> ManualClock | None:
    """Return the clock of a test that asked for one, itself or through its fixtures."""
    return request.getfixturevalue("nemo_clock") if "nemo_clock" in request.fixturenames else None
