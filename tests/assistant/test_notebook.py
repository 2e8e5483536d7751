"""The notebook of the examples runs in a real kernel, and its page shows what it prints today."""

from __future__ import annotations

import nbformat
from notebook_page import NOTEBOOK, PAGE, page, run


async def test_the_notebook_runs_and_its_page_is_fresh() -> None:
    """Every cell runs; stale outputs are written again with `python scripts/notebook_page.py`."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    shown = page(notebook)
    await run(notebook)
    assert page(notebook) == shown == PAGE.read_text(encoding="utf-8")
