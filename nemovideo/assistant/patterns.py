"""Patterns written as lists of words, so that they can be read."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re

MARKS = r"[^\w\"'“‘「『【《\[(（\ue000-\uf8ff]*"
"""What may stand before a clause without being part of it: spaces, bullets, emoji; no quotation opens."""


def one_of(words: str) -> str:
    """Return a pattern for any of the words.

    Args:
        words: Patterns with commas between; lines and the spaces around them do not count.
    """
    return f"(?:{'|'.join(word.strip() for word in words.split(','))})"


def begins(*patterns: str) -> re.Pattern[str]:
    """Return a pattern for a text that begins as one of these, in any case."""
    return re.compile(f"^(?:{'|'.join(patterns)})", re.IGNORECASE)
