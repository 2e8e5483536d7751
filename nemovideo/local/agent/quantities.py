"""Numbers, times and counts, as people write them in a sentence; English and Chinese, lower case."""
# ruff: noqa: RUF001 - it reads and writes Chinese, whose punctuation is no mistake here

from __future__ import annotations

import re

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90, "half a": 0.5, "a": 1,
}  # fmt: skip
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "last": -1, "最后": -1,
}  # fmt: skip

LARGEST = 1e6
"""What a number is cut to: nothing said here means more, and infinity would be no length of time."""

_NUMBER = (
    r"(?:\d+(?:\.\d+)?|(?<![a-z])(?:"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r")(?![a-z])|[零一二两三四五六七八九十]+|半)"
)
_MINUTES = r"(?:minutes?|mins?|分钟|分)"
_SECONDS = r"(?:seconds?(?!\s+(?:photo|picture|image|clip|one))|secs?|s(?![a-z])|秒钟?)"
_DURATION = re.compile(
    rf"(?P<minutes>{_NUMBER})[\s-]*个?{_MINUTES}(?![a-z])(?:[\s-]*(?P<rest>{_NUMBER})[\s-]*{_SECONDS})?"
    rf"|(?P<seconds>{_NUMBER})[\s-]*{_SECONDS}"
)
_OWN_LENGTH = re.compile(
    rf"\bfor\s+(?:about\s+)?{_NUMBER}[\s-]*(?:{_SECONDS}|{_MINUTES})"
    rf"|{_NUMBER}[\s-]*{_SECONDS}\s+(?:title|caption|sub-?title|text)"
    rf"|(?:持续|显示|停留)\s*{_NUMBER}\s*{_SECONDS}"
)
_CLOCK = rf"(?:\d+:\d\d(?:\.\d+)?|{_NUMBER}[\s-]*{_SECONDS}|{_NUMBER})"
_RANGE = re.compile(
    rf"(?:from|between|从)?\s*第?(?P<a>{_CLOCK})\s*(?:to|until|till|-|–|~|剪?到|至)\s*(?:the\s+|第)?"
    rf"(?P<b>{_CLOCK}|end|结尾|最后)"
)
_HEAD = re.compile(rf"(?:the\s+)?(?:first|opening|前|开头的?)\s*(?P<n>{_NUMBER})[\s-]*{_SECONDS}")
_TAIL = re.compile(rf"(?:the\s+)?(?:last|final|closing|最后的?|后)\s*(?P<n>{_NUMBER})[\s-]*{_SECONDS}")
_AT = re.compile(
    rf"(?:\bat\s+(?:the\s+)?|\bfrom\s+|在|从|第)\s*(?P<n>\d+:\d\d|{_NUMBER}(?=[\s-]*{_SECONDS}))"
)
_ORDINAL = re.compile(
    r"\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)\b(?!\s*\d)"
    r"|\b(\d+)(?:st|nd|rd|th)\b"
    r"|\b(?:photo|picture|image|clip|shot)\s*#?\s*(\d+)\b"
    r"|第\s*(\d+|[一二两三四五六七八九十]+)\s*(?:张|个|段|幅)"
    r"|(最后)(?:一|的)?\s*(?:张|个|段|幅)"
)


_FEW = re.compile(
    rf"\b(?:first|(?P<last>last)) (?P<few>{_NUMBER})\s+(?:photos|pictures|images|clips|shots|ones)\b"
    rf"|(?:前|(?P<last_zh>最后))(?P<few_zh>{_NUMBER})[张个段幅]"
)
_NUMBERED = re.compile(
    r"\b(?:photo|picture|image|clip|shot)(?:s\s+|\s+(?=\d+\s*(?:&|and|to|-|–)\s*\d))"
    r"(\d{1,3}(?:\s*(?:&|and|to|-|–)\s*\d{1,3})*)\b"
    r"(?!\.\d|\s*(?:s\b|sec))"
)
_THROUGH = re.compile(rf"[张个段幅][到至]第|\b(?:to|through) (?:the )?(?:{'|'.join(_ORDINALS)})\b")
_MOST_PLACES = 100
_LONG_MS = 10**9


def number(text: str) -> float:
    """Return what one number says: digits, an English word or a Chinese numeral below 100."""
    if text in _WORDS:
        return float(_WORDS[text])
    if text == "半":
        return 0.5
    if text[0].isdecimal():
        return min(float(text), LARGEST)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float(int("".join(str(_DIGITS[digit]) for digit in ones)))
    return float(10 * (_DIGITS.get(tens, 1)) + _DIGITS.get(ones, 0))


def milliseconds(text: str) -> int | None:
    """Return the first length of time in a text: `15-second`, `1 min 30 s`, `half a minute`, `十五秒`."""
    match = _DURATION.search(text)
    if match is None:
        return None
    if match["minutes"]:
        rest = number(match["rest"]) if match["rest"] else 0.0
        return round(1000 * (60 * number(match["minutes"]) + rest))
    return round(1000 * number(match["seconds"]))


def own_length_ms(text: str) -> int | None:
    """Return how long a thing itself lasts: `a 2-second title`, `for 4 s`; not `the first 2 s`."""
    match = _OWN_LENGTH.search(text)
    return milliseconds(match[0]) if match else None


def without_times(text: str) -> str:
    """Return a text without its lengths of time."""
    return _DURATION.sub(" ", text)


def span_ms(text: str, total_ms: int) -> tuple[int, int | None] | None:
    """Return the stretch that a text names, as start and end; the end is None where it is left open.

    Knows `from 2 to 5 seconds`, `the first 3 seconds`, `the last 3 seconds`, `at 4 s`, `at the start`, and
    `at the end`, whose start is -1: it depends on how long the thing lasts.
    """
    if match := _HEAD.search(text):
        return 0, round(1000 * number(match["n"]))
    if match := _TAIL.search(text):
        return max(0, total_ms - round(1000 * number(match["n"]))), total_ms
    if match := _RANGE.search(text):
        end = total_ms if match["b"] in ("end", "结尾", "最后") else _clock_ms(match["b"])
        return _clock_ms(match["a"]), end
    if match := _AT.search(text):
        return _clock_ms(match["n"]), None
    if re.search(r"\b(?:at|in|near) the (?:very )?end\b|结尾|最后(?![一的]?[张个段幅])|末尾|片尾", text):
        return -1, None
    if re.search(r"\bat the (?:start|beginning)\b|\bopening\b|开头|开始|片头", text):
        return 0, None
    if re.search(r"\b(?:whole|entire|throughout|all the time)\b|全程|整个", text):
        return 0, total_ms
    return None


def names_a_stretch(text: str) -> bool:
    """Return whether a text speaks of a part of the time, and not of the whole."""
    for places in (_FEW, _NUMBERED, _ORDINAL):
        text = places.sub(" ", text)
    return span_ms(text, _LONG_MS) not in (None, (0, _LONG_MS))


def share(text: str) -> float | None:
    """Return a percentage as a share: `35%` is 0.35."""
    match = re.search(r"(\d+(?:\.\d+)?)\s*(?:%|percent)|百分之(\d+)", text)
    return float(match[1] or match[2]) / 100 if match else None


def ordinals(text: str) -> list[int]:
    """Return the places in a row that a text names: from 1, or from the end, whose place is -1."""
    found = []
    for match in _ORDINAL.finditer(without_times(text)):
        word = next(group for group in match.groups() if group)
        found.append(_ORDINALS[word] if word in _ORDINALS else int(number(word)))
    if len(found) == 2 and 0 < found[0] < found[1] and _THROUGH.search(text):
        return list(range(found[0], min(found[1], found[0] + _MOST_PLACES) + 1))
    if few := _FEW.search(text):
        count = min(int(number(few["few"] or few["few_zh"])), _MOST_PLACES)
        return list(range(-count, 0) if few["last"] or few["last_zh"] else range(1, 1 + count))
    for match in _NUMBERED.finditer(text):
        for first, last in re.findall(r"(\d+)(?:\s*(?:to|-|–)\s*(\d+))?", match[1]):
            found += range(int(first), min(int(last or first), int(first) + _MOST_PLACES) + 1)
    return found


def _clock_ms(text: str) -> int:
    if ":" in text:
        minutes, _, seconds = text.partition(":")
        return round(1000 * (60 * number(minutes) + float(seconds)))
    match = re.match(_NUMBER, text)
    return round(1000 * number(match[0])) if match else 0
