"""Messages go where their writers want them, and near misses do not."""
# ruff: noqa: RUF001 - full-width letters are what one test is about

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.labelled import rows
from nemovideo.assistant.routing import Route, route

# "near-chat+files" → the route, whether files come along, whether it is a near miss
CASES = [
    (label.removeprefix("near-").split("+")[0], "+files" in label, text)
    for label, text in rows("utterances.txt")
]
NEAR = [text for label, text in rows("utterances.txt") if label.startswith("near-")]


@pytest.mark.parametrize(("expected", "has_files", "text"), CASES, ids=[case[2] for case in CASES])
def test_a_message_goes_where_its_label_says(expected: str, has_files: bool, text: str) -> None:
    """The labelled list holds, message by message."""
    assert route(text, has_files=has_files) is Route(expected)


def test_the_list_is_large_bilingual_and_half_near_misses() -> None:
    """At least 200 messages, a third of them Chinese, each once, and about half of them near misses."""
    texts = [text for _, _, text in CASES]
    chinese = [text for text in texts if any("\u4e00" <= letter <= "\u9fff" for letter in text)]
    assert len(texts) >= 200
    assert len({(text, files) for _, files, text in CASES}) == len(texts)
    assert len(chinese) * 3 >= len(texts)
    assert 0.4 <= len(NEAR) / len(texts) <= 0.6


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_files_without_words_are_an_upload(text: str) -> None:
    """Files alone are taken; nothing at all is left to the chat."""
    assert route(text, has_files=True) is Route.UPLOAD
    assert route(text) is Route.CHAT


@pytest.mark.parametrize("text", ["Export!", "ｅｘｐｏｒｔ", "  EXPORT  ", "导出。", "«export»"])
def test_case_width_and_punctuation_do_not_matter(text: str) -> None:
    """The same word in capitals, in full width and in marks is the same wish."""
    assert route(text) is Route.EXPORT


@given(st.text(max_size=200), st.booleans())
@example("\x00\x01\x02", False)
@example("\x02 export", True)
def test_any_text_has_a_route(text: str, has_files: bool) -> None:
    """No text makes the router fail, marks of its own included."""
    assert isinstance(route(text, has_files=has_files), Route)


@given(
    st.sampled_from(["don't", "never", "title", "'hello'", "subtitles", "不要", "标题", "字幕"]), st.data()
)
def test_one_foreign_word_makes_it_a_message_for_the_agent(word: str, data: st.DataObject) -> None:
    """Whatever deed is asked for, a word that belongs to none sends the whole message to the agent."""
    deed = data.draw(st.sampled_from([text for label, _, text in CASES if label in ("export", "credits")]))
    assert route(f"{deed} {word}") is Route.CHAT
    assert route(f"{word} {deed}") is Route.CHAT
