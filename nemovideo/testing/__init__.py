"""For suites that test what they build on this package: assertions here, fixtures in the pytest plugin.

The plugin comes with the installed package, and gives each test `nemo_backend`, `nemo` and `nemo_clock`;
docs/testing.md shows them at work. Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nemovideo._clock import ManualClock
    from nemovideo.testing.assertions import (
        assert_charged_once,
        assert_sent_once,
        assert_token_never_logged,
    )

_HOME_OF = {
    "ManualClock": "nemovideo._clock",
    "assert_charged_once": "nemovideo.testing.assertions",
    "assert_sent_once": "nemovideo.testing.assertions",
    "assert_token_never_logged": "nemovideo.testing.assertions",
}

__all__ = ["ManualClock", "assert_charged_once", "assert_sent_once", "assert_token_never_logged"]


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
