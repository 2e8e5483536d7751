"""What all tests share: the tools of one folder are found from the others, and the fault matrix is told."""

from __future__ import annotations

import functools
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import Mock

import aiohttp
import aioresponses.core
import pytest

sys.path += [str(Path(__file__).parent / folder) for folder in ("client", "faults")]

from fault_rows import rows

if TYPE_CHECKING:
    from collections.abc import Iterable

# aioresponses 0.7.9 does not know what aiohttp needs since 3.14
aioresponses.core.ClientResponse = functools.partial(  # type: ignore[attr-defined, assignment]  # stands in
    aiohttp.ClientResponse, stream_writer=Mock()
)

FAULTS = pytest.StashKey[dict[str, set[str]]]()
"""The rows that each test is marked with, by the test's id."""


@pytest.fixture(autouse=True)
def temporary_files(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files lie, here and in processes that a test starts or kills."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[FAULTS] = {
        item.nodeid: {str(mark.args[0]) for mark in item.iter_markers("fault")} for item in items
    }


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many rows this run has proven: some test of theirs passed, and none failed."""
    marks = config.stash.get(FAULTS, {})

    def rows_with(*outcomes: str) -> set[str]:
        reports: Iterable[pytest.TestReport] = (
            report
            for outcome in outcomes
            for report in terminalreporter.stats.get(outcome, ())
            if isinstance(report, pytest.TestReport)
        )
        return {row for report in reports for row in marks.get(report.nodeid, ())}

    proven = rows_with("passed") - rows_with("failed", "error")
    if any(marks.values()):
        terminalreporter.write_line(f"fault matrix: {len(proven)} of {len(rows())} rows proven")
