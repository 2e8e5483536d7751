"""The page behind a claim link, as it comes over HTTP."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import aiohttp
import pytest
from attrs import frozen
from PIL import Image

from nemovideo import NemoVideo, Session
from nemovideo.local import LocalBackend
from nemovideo.local.workspace.page import MAX_SHOWN
from nemovideo.testing import ManualClock

HOSTILE = "</title></svg><script>alert('1')</script><img src=x onerror=alert(2)>\"' {name} \u202e\U0001f6a8"
"""Leaves any tag, attribute or template that does not hold it."""

ELEMENTS = {
    "a", "audio", "body", "div", "footer", "g", "h1", "h2", "head", "header", "html", "i", "img", "li",
    "line", "link", "main", "meta", "p", "polygon", "progress", "rect", "section", "span", "style", "svg",
    "text", "time", "title", "ul", "video",
}  # fmt: skip
"""All that a page may be made of: nothing that runs, sends or loads."""


@frozen
class Page:
    """An answer, its tags with their attributes, and its text."""

    status: int
    headers: dict[str, str]
    source: str
    tags: list[tuple[str, dict[str, str | None]]]
    texts: list[str]

    def of(self, tag: str, attribute: str) -> list[str]:
        """Return an attribute of each element of a kind."""
        found = (attributes.get(attribute) for name, attributes in self.tags if name == tag)
        return [value for value in found if value is not None]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


async def get(link: str) -> Page:
    """Open a link as a browser does: with nothing but the link."""
    async with aiohttp.ClientSession() as http, http.get(link) as answer:
        source = await answer.text()
        reader = _Reader()
        reader.feed(source)
        return Page(answer.status, dict(answer.headers), source, reader.tags, reader.texts)


def photo_called(path: Path) -> Path:
    """Make a small photo."""
    Image.new("RGB", (90, 160), "teal").save(path)
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return photo_called(tmp_path / "mug & spoon.jpg")


@pytest.fixture
async def session(nemo: NemoVideo, photo: Path) -> Session:
    """One with a photo on a two-second timeline."""
    session = await nemo.sessions.create("Spring launch")
    await session.upload(photo)
    await session.chat("turn this photo into a 2-second video, title 'First Light', lo-fi music")
    return session


async def test_the_page_shows_timeline_media_and_conversation(session: Session) -> None:
    """In words, and the timeline as the picture that the draft makes of itself."""
    page = await get(await session.claim_link())

    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.texts[0] == "Spring launch · NemoVideo"
    assert {"Spring launch", "mug & spoon.jpg", "90x160", "No video yet."} <= set(page.texts)
    assert "turn this photo into a 2-second video, title 'First Light', lo-fi music" in page.texts
    assert any(text.startswith("Your video is ready!") for text in page.texts)
    assert (await session.state()).draft.to_svg() in page.source


async def test_a_finished_video_can_be_played_and_downloaded(session: Session, tmp_path: Path) -> None:
    """Both by the same address, which needs no token; and so does the photo."""
    await session.export(tmp_path / "out.mp4", quality="low")

    link = await session.claim_link()
    page = await get(link)
    async with aiohttp.ClientSession(link.partition("/workspace")[0]) as http:
        async with http.get(page.of("video", "src")[0]) as answer:
            video = await answer.read()
        async with http.get(page.of("img", "src")[0]) as answer:
            assert (answer.status, answer.content_type) == (200, "image/jpeg")

    assert video == (tmp_path / "out.mp4").read_bytes()
    # a moment into the video: without it phones show a black player until it is played
    assert page.of("video", "src") == [f"{url}#t=0.1" for url in page.of("a", "href")]
    assert "download" in dict(page.tags)["a"]
    assert any(text.startswith("MP4, low quality") for text in page.texts)


async def test_a_render_under_way_and_a_cancelled_one_say_so(nemo: NemoVideo, session: Session) -> None:
    """The second waits behind the first, which has a bar."""
    await session.chat("make it 20 seconds long")
    draft = (await session.state()).draft
    first = await nemo.renders.submit(session.session_id, draft)
    second = await nemo.renders.submit(session.session_id, draft)
    await nemo.renders.cancel(second.id)

    page = await get(await session.claim_link())

    assert "MP4, high quality: cancelled" in page.texts
    assert len(page.of("progress", "value")) == 1
    await nemo.renders.cancel(first.id)


@pytest.mark.nemo_backend(silent_edits=1)
async def test_an_edit_without_a_word_has_its_line(session: Session) -> None:
    """The person sees that something was done."""
    await session.chat("make it warmer")

    page = await get(await session.claim_link())

    assert page.texts.count("Done, without a word.") == 1


async def test_hostile_text_is_only_text(nemo: NemoVideo, tmp_path: Path) -> None:
    """Session name, file name, message and title, all at once: seen as written, and nothing else."""
    session = await nemo.sessions.create(HOSTILE)
    await session.upload(photo_called(tmp_path / "<script>alert(3)<&'.jpg"))
    await session.chat(f"a 2-second video with the title “{HOSTILE}”")

    page = await get(await session.claim_link())

    assert {tag for tag, _ in page.tags} <= ELEMENTS
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []
    assert page.texts.count(HOSTILE) == 1
    assert f"a 2-second video with the title “{HOSTILE}”" in page.texts
    assert any("<script>alert(3)" in text for text in page.texts)


async def test_the_page_may_run_nothing_and_tell_nobody(session: Session) -> None:
    """The policy names its two style sheets, this server's media, and nothing else."""
    page = await get(await session.claim_link())

    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy.keys() == {
        "default-src", "style-src", "img-src", "media-src", "base-uri", "form-action", "frame-ancestors"
    }  # fmt: skip
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert [word[:8] for word in policy["style-src"].split()] == ["'sha256-", "'sha256-"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


async def test_no_token_is_in_the_page(session: Session, nemo_backend: LocalBackend, tmp_path: Path) -> None:
    """Neither the account's nor the link's own."""
    await session.export(tmp_path / "out.mp4", quality="low")
    link = await session.claim_link()

    page = await get(link)

    secrets = {request.headers.get("Authorization", "Bearer ")[7:] for request in nemo_backend.requests}
    secrets = {*secrets - {""}, link.partition("ct=")[2]}
    assert {secret[:8] for secret in secrets} >= {"nmv_usr_"}
    told = page.source + str(page.headers)
    assert {secret for secret in {*secrets, "nmv_usr_", "clm_"} if secret in told} == set()


@pytest.mark.parametrize("query", ["", "?ct=", "?ct=clm_unknown", "?ct=%00", "?other=1"])
async def test_a_link_that_never_was_is_a_friendly_404(nemo_backend: LocalBackend, query: str) -> None:
    page = await get(f"{nemo_backend.web_url}/workspace/claim{query}")

    assert (page.status, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing behind this link" in page.texts


async def test_a_link_ends_after_half_an_hour(
    nemo: NemoVideo, nemo_backend: LocalBackend, nemo_clock: ManualClock
) -> None:
    """By the clock: a second before it works, then it is gone, and a new one works."""
    session = await nemo.sessions.create()
    link = await session.claim_link()

    nemo_clock.jump(1799)
    before = await get(link)
    nemo_clock.jump(1)
    after = await get(link)
    renewed = await get(await session.claim_link())

    assert [before.status, after.status, renewed.status] == [200, 410, 200]
    assert "This link is over" in after.texts


async def test_a_restarted_backend_knows_link_and_conversation(tmp_path: Path) -> None:
    """What was said is kept in the folder."""
    async with (
        LocalBackend(data_dir=tmp_path) as backend,
        NemoVideo(base_url=backend.url, config_dir=tmp_path / "home") as nemo,
    ):
        session = await nemo.sessions.create()
        await session.chat("help")
        link = await session.claim_link()
    async with LocalBackend(data_dir=tmp_path) as backend:
        page = await get(f"{backend.web_url}/workspace/claim?ct={link.partition('ct=')[2]}")

    assert page.status == 200
    assert "help" in page.texts


async def test_an_empty_session_says_that_it_is(nemo: NemoVideo) -> None:
    session = await nemo.sessions.create()

    page = await get(await session.claim_link())

    assert {"No video yet.", "Nothing on it yet.", "Nothing said yet.", "No files yet."} <= set(page.texts)


async def test_a_long_conversation_shows_its_end(nemo: NemoVideo) -> None:
    """The page stays a page, and says how much it leaves out."""
    session = await nemo.sessions.create()
    turns = MAX_SHOWN // 2 + 1
    for number in range(turns):
        await session.chat(f"help {number}")

    page = await get(await session.claim_link())

    assert f"The latest {MAX_SHOWN} of {2 * turns}." in page.texts
    asked = [text for text in page.texts if text.startswith("help ")]
    assert (asked[0], asked[-1]) == ("help 1", f"help {turns - 1}")
