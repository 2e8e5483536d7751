"""docs/draft-format.md tells what the code does."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

from nemovideo.draft import Draft, Segment, vocabulary

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "draft-format.md").read_text(encoding="utf-8")


def test_the_page_is_fresh() -> None:
    """If this fails: run scripts/draft_format_doc.py."""
    script = runpy.run_path(str(_ROOT / "scripts" / "draft_format_doc.py"))
    assert script["page"]() == _PAGE


def test_the_example_is_sound() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", _PAGE, re.DOTALL)
    draft = Draft.from_wire(json.loads(example))
    assert draft.validate() == ()
    assert draft.summary() in _PAGE


def test_every_key_of_the_vocabulary_is_read_by_the_model() -> None:
    """No listed key is a promise that nothing keeps: each has a reader of its name."""
    readers = {name.removesuffix("_ms") for name in dir(Segment)}
    for key in vocabulary.SEGMENT:
        top = key.name.split(".")[0]
        assert top in readers or top == "end"
