"""What a notebook shows of the records: readable, playable, and safe with any text."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nemovideo import CreditBalance, Draft, Outcome, Turn, Upload, Video, pictures
from nemovideo.draft import Segment, diff

NASTY = "</p></svg><script>alert('1')</script>\" onerror='x' {url}"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(shown: object) -> _Reader:
    """Return what a notebook makes of a value."""
    reader = _Reader()
    reader.feed(shown._repr_html_())  # type: ignore[attr-defined]  # the method that notebooks look for
    return reader


def show() -> Draft:
    return Draft().append(Segment.of_source("a.jpg", 5))


def video(path: Path, url: str | None = "https://cdn.example/v.mp4") -> Video:
    return Video(path, url, "render_1", 1080, 1920, 15.0, 4_200_000)


def test_a_turn_shows_words_changes_and_timeline() -> None:
    """In this order; the timeline is the draft's own picture."""
    html = Turn("s1", "Done.\nEnjoy.", Outcome.ANSWERED, show(), diff(Draft(), show()))._repr_html_()

    words, change, picture = html.index("Done.\nEnjoy."), html.index("a.jpg (0-5s)</li>"), html.index("<svg")
    assert words < change < picture
    assert html.endswith(show().to_svg())


def test_a_turn_without_a_word_says_how_it_ended() -> None:
    shown = read(Turn("s1", "", Outcome.SILENT))

    assert (shown.text, shown.tags) == ("silent", ["p"])


def test_credits_are_a_line() -> None:
    """What is held is told only where something is."""
    assert read(CreditBalance(100, 0, 100)).text == "100 credits"
    held = "97.5 credits (2 more are held for running work, 99.5 in all)"
    assert read(CreditBalance(97.5, 2, 99.5)).text == held


@pytest.mark.parametrize(("kind", "tag"), [("image", "img"), ("video", "video"), ("audio", "audio")])
def test_an_upload_can_be_seen_or_heard(kind: str, tag: str) -> None:
    shown = read(Upload("a b.jpg", kind, "https://cdn.example/a?b&c", 2.5, 40, 30))

    assert tag in shown.tags
    assert shown.attributes["src"] == "https://cdn.example/a?b&c"
    assert shown.text == "a b.jpg 40x30 · 2.5 s"


@pytest.mark.parametrize(
    ("kind", "url"), [("image", "javascript:alert(1)"), ("image", ""), ("3d", "https://a.example")]
)
def test_an_upload_that_cannot_be_shown_is_named(kind: str, url: str) -> None:
    """An address that is none of the web's, or a kind of file that is not known."""
    assert read(Upload("a.jpg", kind, url)).tags == ["figure", "figcaption", "b"]


@pytest.mark.parametrize(
    ("name", "tag", "kind"),
    [("v.mp4", "video", "video/mp4"), ("v.webm", "video", "video/webm"), ("v.gif", "img", "image/gif")],
)
def test_a_video_plays_from_its_file(tmp_path: Path, name: str, tag: str, kind: str) -> None:
    """The cell holds the file, so it plays when link and file are gone; a GIF is a picture."""
    content = b"\x00 a video"
    (tmp_path / name).write_bytes(content)

    shown = read(video(tmp_path / name))

    assert tag in shown.tags
    assert shown.attributes["src"] == f"data:{kind};base64,{base64.b64encode(content).decode()}"
    assert shown.text == f"{name} 1080x1920 · 15 s · 4.2 MB"


def test_a_long_video_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To where it was fetched from, else to the file; and so is one that has gone."""
    monkeypatch.setattr(pictures, "MAX_INLINE_BYTES", 5)
    (tmp_path / "long.mp4").write_bytes(b"12345")

    fetched, kept = read(video(tmp_path / "long.mp4")), read(video(tmp_path / "long.mp4", None))
    gone = read(video(Path("gone.mp4"), "javascript:alert(1)"))

    assert fetched.attributes["href"] == "https://cdn.example/v.mp4"
    assert kept.attributes["href"] == (tmp_path / "long.mp4").as_uri()
    assert str(gone.attributes["href"]).startswith("file:///")
    assert fetched.text.startswith(str(tmp_path / "long.mp4"))


def test_text_cannot_leave_its_place(tmp_path: Path) -> None:
    """Answers, changes, file names and addresses are only letters."""
    draft = show().append(Segment.of_text(NASTY, 3))
    path = tmp_path / re.sub("[/\0]", "", NASTY)
    path.write_bytes(b"x")
    shown = [
        read(Turn("s1", NASTY, Outcome.ANSWERED, draft, diff(show(), draft))),
        read(Upload(NASTY, "image", f"https://{NASTY}")),
        read(video(path)),
        read(video(tmp_path / NASTY, f"https://{NASTY}")),
    ]

    assert [reader for reader in shown if "script" in reader.tags or "onerror" in reader.attributes] == []
    assert [NASTY in reader.text for reader in shown] == [True, True, False, True]
