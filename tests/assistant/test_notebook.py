"""The notebook of the examples runs in a real kernel, and its page shows what it prints today."""

from __future__ import annotations

import nbformat
from notebook_page import NOTEBOOK, PAGE, page, pictures, run


async def test_the_notebook_runs_and_its_page_is_fresh() -> None:
    """Every cell runs; stale outputs are written again with `python scripts/notebook_page.py`."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
    kept = page(notebook), pictures(notebook)
    await run(notebook)
    assert (page(notebook), pictures(notebook)) == kept
    assert PAGE.read_text(encoding="utf-8") == page(notebook)
    assert kept[1]
    for name, svg in kept[1].items():
        assert (PAGE.parent / name).read_text(encoding="utf-8") == svg
