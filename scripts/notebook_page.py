"""Runs the notebook of the examples, keeps its outputs in it, and writes docs/notebook.md from it.

Run it after a change of the notebook or of what it shows: `python scripts/notebook_page.py`. A test fails
while the page is stale.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbclient import NotebookClient
from transcripts import DOCS, steady

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = Path(__file__).parent.parent / "examples" / "notebook.ipynb"
PAGE = DOCS / "notebook.md"
HTML = "text/html"


async def run(notebook: NotebookNode) -> None:
    """Execute every cell in a real kernel, in a folder of its own; the outputs are kept in the notebook."""
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}})
        await client.async_execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran is nobody's business
        cell.outputs = _joined(cell.get("outputs", [])) if cell.cell_type == "code" else []
        if cell.cell_type != "code":
            del cell["outputs"]


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return streamed outputs as one: how they were cut is chance."""
    text = "".join(output.text for output in outputs if output.output_type == "stream")
    rest = [output for output in outputs if output.output_type != "stream"]
    if not text:
        return rest
    printed = nbformat.from_dict(  # type: ignore[no-untyped-call]  # nbformat has no types
        {"output_type": "stream", "name": "stdout", "text": steady(text)}
    )
    return [printed, *rest]


def pictures(notebook: NotebookNode) -> dict[str, str]:
    """Return the pictures that it drew, as SVG, by the names they have beside the page."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    drawn = [output.data[HTML] for output in outputs if output.output_type != "stream"]
    return {
        f"{PAGE.stem}-{number}.svg": svg.replace('width="100%"', 'width="800"', 1).rstrip() + "\n"
        for number, svg in enumerate(drawn, 1)
    }


def page(notebook: NotebookNode) -> str:
    """Return the executed notebook as a page: words, code, what it printed and drew."""
    names = iter(pictures(notebook))
    pieces = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            pieces.append(cell.source)
            continue
        pieces.append(f"```py\n{cell.source}\n```")
        printed = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        if printed:
            pieces.append(f"```text\n{printed.rstrip()}\n```")
        if any(output.output_type != "stream" for output in cell.outputs):
            pieces.append(f"![The timeline]({next(names)})")
    return "\n\n".join(pieces) + "\n"


async def main() -> None:
    """Write both."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # as above
    await run(notebook)
    nbformat.write(notebook, NOTEBOOK)  # type: ignore[no-untyped-call]  # as above
    PAGE.write_text(page(notebook), encoding="utf-8")
    for name, svg in pictures(notebook).items():
        (DOCS / name).write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
