"""Uploads: files and URLs, and what is not taken."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.wire_client import WireClient, photo
from nemovideo.errors import MAX_FILE_BYTES
from nemovideo.local import LocalBackend
from nemovideo.local._store.files import safe_name


async def test_an_upload_is_looked_at(wire: WireClient) -> None:
    """Each file is answered with its kind, size, hash and a URL that serves the same bytes."""
    content = photo(size=(120, 80))
    answer = await wire.upload(("My photo.JPG", content), ("b.png", photo("blue")))
    assert answer["data"]["session_state_applied"] is True
    first, second = answer["data"]["files"]
    assert first["filename"] == "My photo.JPG"
    assert (first["file_type"], first["width"], first["height"], first["duration"]) == ("image", 120, 80, 0)
    assert second["filename"] == "b.png"
    async with wire.http.get(first["cdn_url"]) as response:
        assert response.status == 200
        assert await response.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [("notes.txt", b"hello"), ("a.heic", b"x"), ("noending", b"x"), ("a.jpg", b"hello"), ("a.jpg", b""),
     ("a.mp4", b"\0" * 100), ("half.jpg", photo(size=(400, 400))[:900])],
)  # fmt: skip
async def test_what_is_no_media_is_refused(wire: WireClient, name: str, content: bytes) -> None:
    """Wrong endings, and files that are not what their name says, get 4001; the session stays as it was."""
    answer = await wire.upload(("good.jpg", photo()), (name, content))
    assert answer["code"] == 4001
    assert name in answer["message"]
    assert (await wire.state())["video_infos"] == []


async def test_a_file_over_the_limit_is_refused(wire: WireClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """More bytes than the limit get 4002."""
    monkeypatch.setattr("nemovideo.local._store.files.MAX_FILE_BYTES", 1000)
    assert (await wire.upload(("big.jpg", bytes(1001))))["code"] == 4002
    assert MAX_FILE_BYTES == 200 * 1024 * 1024


async def test_odd_multipart_bodies_are_refused(wire: WireClient) -> None:
    """No file, another field name, or a field that is no file: 422."""
    empty, other, text = aiohttp.FormData(), aiohttp.FormData(), aiohttp.FormData()
    empty.add_field("files", "")
    other.add_field("file", photo(), filename="a.jpg")
    text.add_field("files", "words", content_type="text/plain")
    for form in (empty, other, text):
        assert (await wire.post_form(form))["code"] == 422


async def test_urls_of_this_machine_are_fetched(wire: WireClient) -> None:
    """A URL upload is answered like a file; its name comes from the path."""
    url = (await wire.upload_photos(1))["data"]["files"][0]["cdn_url"]
    path = f"/api/upload-video/nemo_agent/me/{wire.session_id}"
    answer = await wire.post(path, {"urls": [url], "source_type": "url"})
    assert answer["data"]["files"][0]["filename"] == "a.jpg"
    assert answer["data"]["files"][0]["cdn_url"] == url
    assert len((await wire.state())["video_infos"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"urls": ["http://example.com/a.jpg"], "source_type": "url"},
        {"urls": ["http://169.254.169.254/a.jpg"], "source_type": "url"},
        {"urls": ["file:///etc/passwd"], "source_type": "url"},
        {"urls": ["http://[/a.jpg"], "source_type": "url"},
        {"urls": ["http://127.0.0.1:9/a.jpg"], "source_type": "url"},
        {"urls": [], "source_type": "url"},
        {"urls": [1], "source_type": "url"},
        {"urls": ["http://127.0.0.1/a.jpg"]},
    ],
)
async def test_other_urls_are_refused(wire: WireClient, body: object) -> None:
    """Other hosts, other schemes, dead ports and odd bodies: 422."""
    answer = await wire.post(f"/api/upload-video/nemo_agent/me/{wire.session_id}", body)
    assert answer["code"] == 422


@pytest.mark.parametrize(
    "name",
    ["../../evil.jpg", "/etc/evil.jpg", "a\\..\\evil.jpg", "CON.jpg", "..jpg", ".jpg", "x" * 300 + ".jpg",
     'quo"te.jpg', "名字.jpg", "a?b#c%2e.jpg"],
)  # fmt: skip
async def test_no_name_leads_out_of_the_folder(
    http: aiohttp.ClientSession, tmp_path: Path, name: str
) -> None:
    """A file with a hostile name is kept below the data folder, served, and its ending survives."""
    folder = tmp_path / "data"
    async with LocalBackend(data_dir=folder, pace=0) as backend:
        wire = await WireClient(http, backend.url).open()
        answer = await wire.upload((name, photo()))
        async with http.get(answer["data"]["files"][0]["cdn_url"]) as response:
            assert await response.read() == photo()
    assert entries(tmp_path) == ["data"]


def entries(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@given(st.text(max_size=300))
def test_safe_names_are_safe(name: str) -> None:
    """Whatever a file is called, its safe name is one short plain name, and its own safe name."""
    safe = safe_name(name)
    assert safe == safe_name(safe)
    assert safe.strip(". ") == safe != ""
    assert not set(safe) & set('/\\:*?"<>|\0\r\n')
    assert len(safe.encode("utf-8", "surrogatepass")) <= 255
