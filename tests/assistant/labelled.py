"""Reads the labelled lists: one case a line, columns kept apart by two spaces or more."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent


def rows(name: str) -> list[list[str]]:
    """Return the lines of a list as columns; comments and blank lines are left out."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [re.split(r"\s{2,}", line.strip()) for line in lines if line.strip() and not line.startswith("#")]
