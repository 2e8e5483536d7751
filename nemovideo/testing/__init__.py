"""For suites that test what they build on this package: assertions here, fixtures in the pytest plugin.

The plugin comes with the installed package, and gives each test `nemo_backend`, `nemo` and `nemo_clock`;
docs/testing.md shows them at work. Names load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo._lazy import lazy_names

if TYPE_CHECKING:
    from nemovideo._clock import ManualClock
    from nemovideo.testing.assertions import (
        assert_charged_once,
        assert_sent_once,
        assert_token_never_logged,
    )

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "nemovideo._clock": ("ManualClock",),
        "nemovideo.testing.assertions": (
            "assert_charged_once",
            "assert_sent_once",
            "assert_token_never_logged",
        ),
    },
)

__all__ = ["ManualClock", "assert_charged_once", "assert_sent_once", "assert_token_never_logged"]
