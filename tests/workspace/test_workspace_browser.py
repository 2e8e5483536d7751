"""The page behind a claim link in a real browser: `make browser` runs these."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import PROGRAM, Tab, chromium
from PIL import Image

from nemovideo import NemoVideo, Session
from nemovideo.local import LocalBackend

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(PROGRAM is None, reason="Chromium is not installed: the page was not looked at"),
]


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    async with chromium(tmp_path / "profile") as tab:
        yield tab


@pytest.fixture
async def session(nemo: NemoVideo, tmp_path: Path) -> Session:
    """One with a photo, a conversation, and a video of two seconds."""
    Image.new("RGB", (270, 480), "teal").save(tmp_path / "mug.jpg")
    session = await nemo.sessions.create("Spring launch")
    await session.upload(tmp_path / "mug.jpg")
    await session.chat("turn this photo into a 2-second 9:16 video, title 'First Light', lo-fi music")
    await session.export(tmp_path / "out.mp4", quality="low")
    return session


async def test_it_fits_phones_and_screens_in_light_and_dark(tab: Tab, session: Session) -> None:
    """Nothing hangs over the edge, both style sheets are let through, and nothing is complained of."""
    link = await session.claim_link()
    seen = {}
    for width in (400, 1200):
        for dark in (False, True):
            await tab.open(link, width=width, dark=dark)
            over_the_edge = await tab.run("""[...document.querySelectorAll("section *")].filter(
                element => element.getBoundingClientRect().right > document.documentElement.clientWidth
            ).filter(element => !element.closest("svg")).map(element => element.outerHTML)""")
            assert over_the_edge == []
            seen[width, dark] = await tab.run("""[
                getComputedStyle(document.body).backgroundColor,
                getComputedStyle(document.querySelector("svg .lane")).fill,
                getComputedStyle(document.querySelector("main")).gridTemplateColumns.split(" ").length,
            ]""")

    light, dark_ones = ["rgb(244, 245, 247)", "rgb(240, 241, 244)"], ["rgb(14, 15, 19)", "rgb(34, 37, 44)"]
    assert seen == {
        (400, False): [*light, 1],
        (400, True): [*dark_ones, 1],
        (1200, False): [*light, 2],
        (1200, True): [*dark_ones, 2],
    }
    assert tab.complaints == []


async def test_what_it_shows_can_be_read_and_seen(tab: Tab, session: Session) -> None:
    """Headings, messages, the timeline's labels as text; the photo as a picture."""
    await tab.open(await session.claim_link(), width=400)

    text = await tab.run("document.body.innerText")
    headings = ["Videos", "Timeline", "Conversation", "Media"]
    assert [line for line in text.splitlines() if line in headings] == headings
    assert "turn this photo into a 2-second 9:16 video" in text
    labels = await tab.run("[...document.querySelectorAll('svg text')].map(text => text.textContent)")
    assert {"1. Video", "2. BGM", "3. Title", "mug.jpg", '"First Light"'} <= set(labels)
    assert await tab.run(
        """new Promise(resolve => {
            const photo = document.querySelector("img");
            const tell = () => resolve([photo.naturalWidth, photo.naturalHeight]);
            photo.loading = "eager";
            photo.complete && photo.naturalWidth ? tell() : photo.addEventListener("load", tell);
        })"""
    ) == [270, 480]


async def test_the_video_plays(tab: Tab, session: Session) -> None:
    """The browser's own player, in the page, to its end."""
    await tab.open(await session.claim_link(), width=400)

    played = await tab.run("""new Promise(async resolve => {
        const video = document.querySelector("video");
        video.muted = true;
        video.playbackRate = 4;
        const aspect = () => video.videoWidth / video.videoHeight;
        video.addEventListener("ended", () => resolve([aspect(), video.currentTime]));
        await video.play();
    })""")

    assert played == [9 / 16, pytest.approx(2, abs=0.1)]
    assert tab.complaints == []


async def test_a_hostile_title_stays_a_title(tab: Tab, nemo: NemoVideo) -> None:
    """It is read, not run: in the window's title, the heading, and the conversation."""
    hostile = "</title><script>document.title='run'</script><img src=x onerror=alert(1)>"
    session = await nemo.sessions.create(hostile)
    await session.chat(f"add a title “{hostile}”")
    await tab.open(await session.claim_link(), width=400)

    assert await tab.run("[document.title, document.querySelector('h1').innerText]") == [
        f"{hostile} · NemoVideo",
        hostile,
    ]
    assert await tab.run("document.scripts.length + document.querySelectorAll('img').length") == 0
    assert hostile in await tab.run("document.querySelector('.user').innerText")
    assert tab.complaints == []


async def test_a_script_that_got_in_would_not_run(tab: Tab, session: Session) -> None:
    """The policy is a second lock: neither scripts nor handlers, and the browser says so."""
    await tab.open(await session.claim_link(), width=400)

    await tab.run("""
        const script = document.createElement("script");
        script.textContent = "window.ran = 1";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", '<button onclick="window.ran = 2">');
        document.querySelector("button").click()
    """)

    assert await tab.run("typeof window.ran") == "undefined"
    assert len([complaint for complaint in tab.complaints if "Content Security Policy" in complaint]) == 2


async def test_a_link_that_is_over_gets_a_page_too(tab: Tab, nemo_backend: LocalBackend) -> None:
    """Words for a person, in the same dress."""
    await tab.open(f"{nemo_backend.web_url}/workspace/claim?ct=clm_unknown", width=400, dark=True)

    assert "There is nothing behind this link" in await tab.run("document.body.innerText")
    assert await tab.run("getComputedStyle(document.body).backgroundColor") == "rgb(14, 15, 19)"
