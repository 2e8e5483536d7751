"""HEIC photos: converted on the way where that is possible, else refused with the way out."""

# ruff: noqa: ASYNC240 - the files are tiny, and each test has its loop to itself

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path

import pytest
from answering import TOKEN, answering, envelope, refusal
from loopback import Loopback
from received_files import files_of

from nemovideo import NemoVideo, Progress
from nemovideo.errors import NemoVideoError, UnsupportedFileError

# The first bytes of a HEIC photo, which is all that tells what it is.
HEIC_HEAD = b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf\0\0\0\0meta" + bytes(64)
GOOD = envelope({"files": [{"filename": "a.jpg"}]})


def service(answer: bytes = GOOD) -> Loopback:
    return answering(POST=answer)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """400 x 200 pixels, left half red, right half blue, to be shown a quarter turned clockwise."""
    pillow_heif = pytest.importorskip("pillow_heif", reason="the extra heic is not installed")
    image_module = pytest.importorskip("PIL.Image")
    image = image_module.new("RGB", (400, 200), (200, 30, 30))
    image.paste((30, 30, 200), (200, 0, 400, 200))
    exif = image_module.Exif()
    exif[0x0112] = 6
    path = tmp_path / "IMG_1.HEIC"
    pillow_heif.from_pillow(image).save(path, quality=90, exif=exif.tobytes())
    return path


async def test_a_heic_photo_arrives_as_an_upright_jpeg(photo: Path, temporary_files: Path) -> None:
    """Under its name with another ending; told to 100 % of the JPEG; no temporary file is left."""
    from PIL import Image

    seen: list[Progress] = []
    async with service() as server, NemoVideo(token=TOKEN, base_url=server.url) as nemo:
        await nemo.uploads.files("s1", photo, on_progress=seen.append)
        [(name, content)] = files_of(server.requests[0])
    assert name == "IMG_1.jpg"
    with Image.open(io.BytesIO(content)) as sent:
        assert (sent.format, sent.size) == ("JPEG", (200, 400))
        assert sent.getexif().get(0x0112, 1) == 1
        top, bottom = sent.convert("RGB").getpixel((100, 50)), sent.convert("RGB").getpixel((100, 350))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 150 > 90 > top[2]
    assert bottom[2] > 150 > 90 > bottom[0]
    assert seen[-1].done == seen[-1].total == len(content)
    assert list(temporary_files.iterdir()) == []


async def test_heic_under_another_name_and_among_others_keeps_its_place(
    photo: Path, temporary_files: Path
) -> None:
    """Phones call it .jpg; the order of the files is that of the call."""
    named_jpg = photo.with_name("phone.jpg")
    named_jpg.write_bytes(photo.read_bytes())
    plain = photo.with_name("plain.jpg")
    plain.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64))
    async with service() as server, NemoVideo(token=TOKEN, base_url=server.url) as nemo:
        await nemo.uploads.files("s1", named_jpg, plain, photo)
        sent = files_of(server.requests[0])
    assert [name for name, _ in sent] == ["phone.jpg", "plain.jpg", "IMG_1.jpg"]
    assert all(content.startswith(b"\xff\xd8\xff") for _, content in sent)
    assert list(temporary_files.iterdir()) == []


async def test_checking_a_heic_photo_converts_nothing(photo: Path, temporary_files: Path) -> None:
    async with NemoVideo(token=TOKEN, base_url="http://127.0.0.1:9") as nemo:
        await nemo.uploads.check(photo)
    assert list(temporary_files.iterdir()) == []


async def test_a_refused_upload_leaves_no_temporary_file(photo: Path, temporary_files: Path) -> None:
    async with service(refusal(4001)) as server, NemoVideo(token=TOKEN, base_url=server.url) as nemo:
        with pytest.raises(UnsupportedFileError):
            await nemo.uploads.files("s1", photo)
        assert len(server.requests) == 1
    assert list(temporary_files.iterdir()) == []


async def test_a_cancelled_upload_leaves_no_temporary_file(photo: Path, temporary_files: Path) -> None:
    arrived = asyncio.Event()

    async def answer(*_: object) -> None:
        arrived.set()
        await asyncio.Event().wait()

    async with Loopback(answer) as server, NemoVideo(token=TOKEN, base_url=server.url) as nemo:
        uploading = asyncio.create_task(nemo.uploads.files("s1", photo))
        await arrived.wait()
        assert len(list(temporary_files.iterdir())) == 1
        uploading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await uploading
    assert list(temporary_files.iterdir()) == []


async def test_a_damaged_heic_photo_is_refused_before_anything_is_sent(
    photo: Path, temporary_files: Path
) -> None:
    photo.write_bytes(photo.read_bytes()[:700])
    async with service() as server, NemoVideo(token=TOKEN, base_url=server.url) as nemo:
        with pytest.raises(UnsupportedFileError, match="could not be converted"):
            await nemo.uploads.files("s1", photo)
        assert server.requests == []
    assert list(temporary_files.iterdir()) == []


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "IMG_1.heif", "phone.jpg"])
async def test_without_the_extra_heic_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = tmp_path / name
    path.write_bytes(HEIC_HEAD)
    async with service() as server, NemoVideo(token=TOKEN, base_url=server.url) as nemo:
        for verb in (nemo.uploads.check, lambda path: nemo.uploads.files("s1", path)):
            with pytest.raises(UnsupportedFileError) as caught:
                await verb(path)
            assert "HEIC" in caught.value.message
            assert "nemovideo[heic]" in caught.value.hint
        assert server.requests == []


async def test_what_only_calls_itself_heic_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.heic"
    path.write_text("no photo")
    async with service() as server, NemoVideo(token=TOKEN, base_url=server.url) as nemo:
        with pytest.raises(NemoVideoError, match="not what its ending says"):
            await nemo.uploads.files("s1", path)
        assert server.requests == []
