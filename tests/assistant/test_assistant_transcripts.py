"""The conversations in docs are what the assistant says today."""

from __future__ import annotations

import pytest
from transcripts import DOCS, PAGES, Page, transcribe


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
async def test_a_transcript_is_what_is_said_today(page: Page) -> None:
    """A page that is stale is written again with `python scripts/transcripts.py`."""
    assert len(page.messages) == 12
    assert await transcribe(page) == (DOCS / page.name).read_text(encoding="utf-8")
