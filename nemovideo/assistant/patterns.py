"""Patterns written as lists of words, so that they can be read."""

from __future__ import annotations

import re


def one_of(words: str) -> str:
    """Return a pattern for any of the words.

    Args:
        words: Patterns with commas between; lines and the spaces around them do not count.
    """
    return f"(?:{'|'.join(word.strip() for word in words.split(','))})"


def begins(*patterns: str) -> re.Pattern[str]:
    """Return a pattern for a text that begins as one of these, in any case."""
    return re.compile(f"^(?:{'|'.join(patterns)})", re.IGNORECASE)
