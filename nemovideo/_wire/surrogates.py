r"""Half characters: JSON can spell one (`"\ud83d"`), and no encoding can write it down again."""

from __future__ import annotations


def is_whole(text: str) -> bool:
    """Return whether a text can be printed, stored and sent."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def mend(text: str) -> str:
    """Return the text with U+FFFD for each half character, as for any other broken encoding."""
    if is_whole(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
