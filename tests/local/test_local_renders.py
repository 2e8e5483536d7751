"""Render jobs: submitted, polled, cancelled, downloaded."""

from __future__ import annotations

import io
import sys
from typing import Any

import aiohttp
import av
import pytest

from local.wire_client import ATTRIBUTION, WireClient, photo
from nemovideo.local import LocalBackend

SMALL = {"width": 64, "height": 64, "fps": 10}


async def small_draft(wire: WireClient, seconds: float = 1.0) -> Any:
    """Return a tiny draft of two photos."""
    await wire.upload_photos(2)
    await wire.chat(f"make a {seconds:g}-second video without music and without title")
    return (await wire.state())["draft"]


async def test_a_render_is_a_video(wire: WireClient) -> None:
    """A submitted draft becomes a file of its length and size, served without a token; it costs nothing."""
    draft = await small_draft(wire)
    spent = await wire.credits()
    answer = await wire.render("render_1", draft, **SMALL)
    assert answer["success"] is True
    assert answer["data"] == {"id": "render_1", "status": "pending", "progress": 0.0}
    done = await wire.rendered("render_1")
    assert (done["status"], done["progress"]) == ("completed", 100.0)
    async with wire.http.get(done["output"]["url"]) as response:
        assert response.content_type == "video/mp4"
        content = await response.read()
    with av.open(io.BytesIO(content), "r") as container:
        frames = list(container.decode(video=0))
    assert (len(frames), frames[0].width, frames[0].height) == (10, 64, 64)
    async with wire.http.get(
        f"{wire.url}/api/render/proxy/render_1/download", headers=wire.headers
    ) as response:
        assert await response.read() == content
    assert await wire.credits() == spent
    assert (await wire.state())["generated_media"][-1]["cdn_url"] == done["output"]["url"]


async def test_a_finished_render_tells_of_its_video(wire: WireClient) -> None:
    """Its size and length are those of the file, also where the format made it smaller than the draft."""
    draft = await small_draft(wire)
    draft["m"]["canvas"] = {"width": 1280, "height": 640, "fps": 10}
    await wire.render("r", draft, format="gif")
    output = (await wire.rendered("r"))["output"]
    async with wire.http.get(output["url"]) as response:
        with av.open(io.BytesIO(await response.read()), "r") as container:
            frame = next(container.decode(video=0))
    assert (output["width"], output["height"]) == (frame.width, frame.height) == (640, 320)
    assert output["duration"] == draft["d"] / 1000


async def test_what_cannot_be_had_is_logged(wire: WireClient, caplog: pytest.LogCaptureFixture) -> None:
    """A word that the renderer does not know is rendered as another, and not without a word."""
    draft = await small_draft(wire)
    draft["t"][0]["sg"][1]["m"]["transition"]["type"] = "explode"
    await wire.render("r", draft, **SMALL)
    assert (await wire.rendered("r"))["status"] == "completed"
    assert "render r: Segment 2 of track 1: there is no transition 'explode'; it dissolves." in caplog.text


async def test_the_same_id_is_the_same_job(wire: WireClient) -> None:
    """Submitting an id again answers with the job that is there: nothing is rendered twice."""
    draft = await small_draft(wire)
    await wire.render("r", draft, **SMALL)
    done = await wire.rendered("r")
    again = await wire.render("r", draft, **SMALL)
    assert again["data"] == done
    videos = [m for m in (await wire.state())["generated_media"] if m["media_type"] == "video"]
    assert len(videos) == 1


async def test_jobs_wait_their_turn(wire: WireClient) -> None:
    """One renders at a time: the second is pending while the first is at work."""
    draft = await small_draft(wire, seconds=20)
    await wire.render("one", draft)
    await wire.render("two", draft, **SMALL)
    while (await wire.get("/api/render/proxy/lambda/one"))["data"]["status"] == "pending":
        pass
    assert (await wire.get("/api/render/proxy/lambda/two"))["data"]["status"] == "pending"
    await wire.post("/api/render/proxy/lambda/one/cancel")
    assert (await wire.rendered("two"))["status"] == "completed"


async def test_a_running_render_is_cancelled(wire: WireClient) -> None:
    """Cancel ends a job at work, and a waiting one; a job that is over stays as it is."""
    draft = await small_draft(wire, seconds=60)
    await wire.render("long", draft)
    await wire.render("waiting", draft)
    while not 0 < (await wire.get("/api/render/proxy/lambda/long"))["data"]["progress"] < 100:
        pass
    for render_id in ("waiting", "long"):
        answer = await wire.post(f"/api/render/proxy/lambda/{render_id}/cancel")
        assert answer["data"]["status"] == "cancelled"
    assert (await wire.rendered("long"))["status"] == "cancelled"
    async with wire.http.get(f"{wire.url}/api/render/proxy/long/download", headers=wire.headers) as response:
        assert response.status == 404
    await wire.render("short", draft | {"t": [], "d": 0} | await small_draft(wire), **SMALL)
    await wire.rendered("short")
    assert (await wire.post("/api/render/proxy/lambda/short/cancel"))["data"]["status"] == "completed"


async def test_a_render_fails_with_its_reason(wire: WireClient) -> None:
    """A draft whose source is not there ends as failed, and the error says why."""
    segment = {"d": 1000, "m": {"source": f"{wire.url}/cdn/{'0' * 32}/gone.jpg"}}
    await wire.render("r", {"t": [{"tt": 0, "sg": [segment]}], "d": 1000})
    answer = await wire.rendered("r")
    assert answer["status"] == "failed"
    assert "gone.jpg" in answer["error"]


async def test_a_broken_renderer_fails_the_job_and_not_the_queue(
    wire: WireClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the extra, or with a bug in the renderer, the job fails; the next one is done."""
    draft = await small_draft(wire)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "nemovideo.local.render.engine", None)
        await wire.render("one", draft, **SMALL)
        assert "nemovideo[local]" in (await wire.rendered("one"))["error"]
    with monkeypatch.context() as patch:
        patch.setattr("nemovideo.local.render.plan.plan", lambda *_: 1 / 0)
        await wire.render("two", draft, **SMALL)
        assert (await wire.rendered("two"))["status"] == "failed"
    assert "ZeroDivisionError" in caplog.text
    await wire.render("three", draft, **SMALL)
    assert (await wire.rendered("three"))["status"] == "completed"


@pytest.mark.parametrize("missing", ATTRIBUTION)
async def test_export_wants_attribution(wire: WireClient, missing: str) -> None:
    """Without one of the attribution headers a render is refused with HTTP 402, code 402."""
    headers = {key: value for key, value in wire.headers.items() if key != missing}
    body = wire.render_body("r", {"t": [{"tt": 0, "sg": [{"d": 1}]}], "d": 1})
    async with wire.http.post(f"{wire.url}/api/render/proxy/lambda", json=body, headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (402, 402)


@pytest.mark.parametrize(
    "change",
    [{"id": "../x"}, {"id": ""}, {"id": 5}, {"draft": {}}, {"draft": []}, {"draft": {"t": "x"}},
     {"draft": {"t": [{"tt": 0, "sg": []}]}}, {"draft": {"t": [{"tt": 0, "sg": [{"d": 10**12}]}]}},
     {"output": None}, {"output": {"format": "exe"}}, {"output": {"quality": "best"}},
     {"output": {"width": "64"}}],
)  # fmt: skip
async def test_a_wrong_render_body_is_refused(wire: WireClient, change: dict[str, Any]) -> None:
    """Odd ids, drafts without a segment and unknown outputs get 422."""
    body = wire.render_body("r", {"t": [{"tt": 0, "sg": [{"d": 1}]}], "d": 1}) | change
    assert (await wire.post("/api/render/proxy/lambda", body))["code"] == 422


async def test_renders_belong_to_their_user(
    backend: LocalBackend, wire: WireClient, http: aiohttp.ClientSession
) -> None:
    """Another account sees no job under the id, and cannot take it."""
    await wire.render("r", await small_draft(wire), **SMALL)
    other = await WireClient(http, backend.url).open()
    assert (await other.get("/api/render/proxy/lambda/r"))["code"] == 404
    assert (await other.render("r", await small_draft(other)))["code"] == 422
    await wire.rendered("r")


async def test_ranges_and_validators(wire: WireClient) -> None:
    """Downloads take ranges; If-Range with another tag gets the whole file; a known tag gets 304."""
    content = photo(size=(300, 300))
    url = (await wire.upload(("a.jpg", content)))["data"]["files"][0]["cdn_url"]

    async def fetch(**headers: str) -> tuple[int, bytes, Any]:
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        async with wire.http.get(url, headers=sent) as response:
            return response.status, await response.read(), response.headers

    status, body, headers = await fetch()
    assert (status, body, int(headers["Content-Length"])) == (200, content, len(content))
    tag = headers["ETag"]
    status, body, headers = await fetch(Range="bytes=100-")
    assert (status, body) == (206, content[100:])
    assert headers["Content-Range"] == f"bytes 100-{len(content) - 1}/{len(content)}"
    assert (await fetch(Range="bytes=10-19"))[1] == content[10:20]
    assert (await fetch(Range="bytes=-5"))[1] == content[-5:]
    assert (await fetch(Range="bytes=5-", If_Range=tag))[0] == 206
    assert (await fetch(Range="bytes=5-", If_Range='"other"'))[:2] == (200, content)
    status, _, headers = await fetch(Range=f"bytes={len(content)}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(content)}")
    assert (await fetch(Range="lines=1-2"))[0] in (200, 416)
    assert (await fetch(If_None_Match=tag))[0] == 304
    async with wire.http.head(url) as response:
        assert (response.status, response.content_length) == (200, len(content))


@pytest.mark.parametrize(
    "path",
    [
        "/cdn/x/a.jpg",
        "/cdn/%2e%2e/a.jpg",
        "/cdn/{0}/..%2f..%2frecords.sqlite",
        "/cdn/{0}/%00",
        "/cdn/{0}/b.jpg",
    ],
)
async def test_no_path_leads_out_of_the_folder(wire: WireClient, path: str) -> None:
    """Only what was put there is served."""
    url = (await wire.upload_photos(1))["data"]["files"][0]["cdn_url"]
    folder = url.split("/")[-2]
    async with wire.http.get(wire.url + path.format(folder)) as response:
        assert response.status == 404
