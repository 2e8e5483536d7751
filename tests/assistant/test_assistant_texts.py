"""Every language says everything, and what is suggested works."""
# ruff: noqa: RUF001 - it reads Chinese, whose punctuation is no mistake here

from __future__ import annotations

import string
from pathlib import Path

import pytest

from nemovideo.assistant.routing import Route, route
from nemovideo.assistant.texts import ENGLISH, LANGUAGES, count, language_of, say
from nemovideo.client import NemoVideo


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_facts(language: str) -> None:
    """A language that is added cannot forget a text or a fact."""
    table = LANGUAGES[language]
    assert table.keys() == ENGLISH.keys()
    for key, text in table.items():
        assert _facts(text) == _facts(ENGLISH[key]), key
        assert text.strip() == text or key == "comma"


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


SUGGESTIONS = [
    (language, key, option)
    for language in LANGUAGES
    for key in ENGLISH
    if key.startswith("suggest_")
    for option in say(language, key).split("|")
]


@pytest.mark.parametrize(
    ("language", "key", "option"), SUGGESTIONS, ids=[option for *_, option in SUGGESTIONS]
)
async def test_every_suggestion_works_when_it_is_said(
    nemo: NemoVideo, photos: list[Path], language: str, key: str, option: str
) -> None:
    """A suggestion is a deed, or a wish that the agent understands and charges one credit for."""
    assert language_of(option, "") == language
    if route(option) is not Route.CHAT:
        assert route(option) in (Route.EXPORT, Route.STATE)
        return
    session = await nemo.sessions.create(language=language)
    await session.upload(*photos)
    if key != "suggest_make":
        await session.chat("make a 1-second 1:1 video")
        await session.chat("make it brighter")
    turn = await session.chat(option)
    assert turn.changes
    assert "not understand" not in turn.text
    assert "没有理解" not in turn.text


def test_an_unknown_language_speaks_the_first() -> None:
    """A language without a table falls back to English."""
    assert say("fr", "editing") == "On it…"


@pytest.mark.parametrize("language", ["zh-CN", "zh_TW", "ZH"])
def test_a_region_speaks_its_language(language: str) -> None:
    """The codes that chat programs give, such as `zh-hans`, find their language."""
    assert say(language, "editing") == "好的，马上处理……"


def test_one_is_not_many() -> None:
    """Numbers agree with their nouns, and large ones are written out."""
    said = [count("en", "credits", number) for number in (0, 1, 1.5, 1234567)]
    assert said == ["0 credits", "1 credit", "1.5 credits", "1234567 credits"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("make it shorter", "en"),
        ("短一点", "zh"),
        ("put a title '城市之光' at the start", "en"),
        ('标题改成 "Urban Dreams"', "zh"),
        ("export 成 mp4", "zh"),
        ("1080", "fr"),
        ("👍", "fr"),
        ("", "fr"),
        ("https://example.com/a.jpg", "fr"),
    ],
)
def test_a_message_is_answered_in_its_own_language(text: str, expected: str) -> None:
    """Quotations and addresses do not count; without words the language stays."""
    assert language_of(text, "fr") == expected
