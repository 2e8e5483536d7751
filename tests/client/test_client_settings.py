"""What a client is told, what it takes from the environment, and what it refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from chat_service import ChatService, saying, text_frame
from loopback import Loopback, Received, http

import nemovideo
from nemovideo import Attribution, NemoVideo, Timing
from nemovideo.config import API_URL, WEB_URL, Settings
from nemovideo.errors import ConfigurationError

VARIABLES = (
    "NEMO_TOKEN",
    "NEMO_API_URL",
    "NEMO_WEB_URL",
    "NEMO_CLIENT_ID",
    "SKILL_SOURCE",
    "XDG_CONFIG_HOME",
)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_without_an_environment_the_documented_hosts_are_used() -> None:
    settings = Settings.resolve()
    assert (settings.base_url, settings.web_url) == (API_URL, WEB_URL)
    assert (settings.base_url, settings.web_url) == (
        "https://mega-api-prod.nemovideo.ai", "https://nemovideo.com",
    )  # fmt: skip
    assert settings.token is None
    assert settings.config_dir == Path("~/.config/nemovideo").expanduser()


async def test_the_environment_is_read_when_a_client_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at import, and not later: the calls carry what was set then."""
    async with ChatService(saying(text_frame("Done."))) as service:
        monkeypatch.setenv("NEMO_API_URL", service.url + "/")
        monkeypatch.setenv("NEMO_TOKEN", "t-environment")
        monkeypatch.setenv("SKILL_SOURCE", "my-platform")
        async with NemoVideo() as nemo:
            monkeypatch.setenv("NEMO_API_URL", "http://127.0.0.1:1")
            monkeypatch.setenv("NEMO_TOKEN", "t-later")
            await nemo.sessions.state("s1")
        [request] = service.requests
    assert request.headers["authorization"] == "Bearer t-environment"
    assert request.headers["x-skill-platform"] == "my-platform"
    assert request.headers["x-skill-source"] == "image-to-video-online-ai"
    assert request.headers["x-skill-version"] == nemovideo.__version__


async def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ChatService(saying()) as service:
        monkeypatch.setenv("NEMO_API_URL", "http://127.0.0.1:1")
        monkeypatch.setenv("NEMO_TOKEN", "t-environment")
        attribution = Attribution(source="my-skill", version="2", platform="here")
        async with NemoVideo(token="t-given", base_url=service.url, attribution=attribution) as nemo:
            await nemo.sessions.state("s1")
        [request] = service.requests
    assert request.headers["authorization"] == "Bearer t-given"
    sent = {name: value for name, value in request.headers.items() if name.startswith("x-skill")}
    assert sent == {"x-skill-source": "my-skill", "x-skill-version": "2", "x-skill-platform": "here"}


async def test_the_client_id_of_the_environment_gets_the_starter_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is sent with the one call that takes it, and with no other; that call carries no attribution."""

    async def answer(request: Received, writer: asyncio.StreamWriter) -> None:
        body = b'{"code": 0, "data": {"token": "nmv_usr_1", "user_id": "anon_1", "available": 1,'
        body += b' "expires_at": "2999-01-01T00:00:00Z"}}'
        writer.write(http(body))

    monkeypatch.setenv("NEMO_CLIENT_ID", "my-own-id")
    async with Loopback(answer) as server:
        async with NemoVideo(base_url=server.url, config_dir=tmp_path) as nemo:
            await nemo.credits.balance()
        first, second = server.requests
    assert first.line == "POST /api/auth/anonymous-token"
    assert first.headers["x-client-id"] == "my-own-id"
    assert "authorization" not in first.headers
    assert first.body == b""
    assert "x-client-id" not in second.headers


@pytest.mark.parametrize("how", ["argument", "environment", "local()"])
async def test_local_means_a_backend_in_this_process(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts with the client, on a free port, and ends with it; nothing is kept in the home."""
    if how == "environment":
        monkeypatch.setenv("NEMO_API_URL", "local")
    monkeypatch.setenv("NEMO_TOKEN", "t-of-another-service")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nowhere")
    made = {
        "argument": lambda: NemoVideo(base_url="local"),
        "environment": NemoVideo,
        "local()": NemoVideo.local,
    }[how]()
    async with made as nemo:
        assert nemo.backend is not None
        assert nemo.backend.url.startswith("http://127.0.0.1:")
        session = await nemo.sessions.create("Spring launch", language="zh")
        assert (await session.claim_link()).startswith(f"{nemo.backend.web_url}/workspace/claim?ct=")
        assert nemo.backend.requests[0].path == "/api/auth/anonymous-token"
    assert nemo.backend is None


async def test_a_local_backend_also_starts_at_the_first_call() -> None:
    """Without `async with`, and once for calls that come together; closing ends it."""
    nemo = NemoVideo.local(credits=7)
    assert nemo.backend is None
    balances = await asyncio.gather(*(nemo.credits.balance() for _ in range(5)))
    assert {balance.available for balance in balances} == {7}
    backend = nemo.backend
    assert backend is not None
    paths = [request.path for request in backend.requests]
    assert paths.count("/api/auth/anonymous-token") == 1
    await nemo.close()
    await nemo.close()
    with pytest.raises(ConfigurationError, match="closed"):
        await nemo.credits.balance()


def test_a_service_has_one_address_however_it_is_typed() -> None:
    """So that its token is found again: capitals in the host and slashes at the end make no other service."""
    typed = Settings.resolve(base_url="HTTPS://API.Example.com:8443/Base//", environ={})
    assert typed.base_url == "https://api.example.com:8443/Base"


@pytest.mark.parametrize(
    "url", ["ftp://x", "nemovideo.ai", "http://", "https://user:secret@x", "https://x?y", "http://x:port"]
)
def test_a_url_that_cannot_work_is_refused_without_showing_secrets(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        NemoVideo(base_url=url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("value", ["a b ", "line\nbreak", "ünicode", "", "\x00"])
def test_values_that_are_no_header_are_refused(value: str) -> None:
    """A token is refused without being shown."""
    with pytest.raises(ConfigurationError) as caught:
        NemoVideo(token=value or "\n", base_url="http://127.0.0.1:1")
    assert (value or "\n") not in caught.value.message
    with pytest.raises(ConfigurationError):
        Attribution(source=value)
    with pytest.raises(ConfigurationError):
        NemoVideo(client_id=value, base_url="http://127.0.0.1:1")


@pytest.mark.parametrize("value", [0, -1, True, "30", None, float("nan")])
@pytest.mark.parametrize("name", ["request", "turn", "recover_reads"])
def test_a_limit_that_is_no_time_is_refused(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=rf"Timing\.{name}"):
        Timing(**{name: value})  # type: ignore[arg-type]  # that is the point


def test_a_pause_may_be_none_at_all() -> None:
    timing = Timing(recover_first=0, recover_every=0, render_poll=0, rate_limit=0)
    assert (timing.recover_first, timing.render_poll) == (0, 0)


@pytest.mark.parametrize("value", [-1, True, "30", None, float("nan")])
@pytest.mark.parametrize("name", ["recover_every", "rate_limit"])
def test_a_pause_that_is_no_time_is_refused(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=rf"Timing\.{name}"):
        Timing(**{name: value})  # type: ignore[arg-type]  # that is the point


def test_a_number_of_looks_that_is_not_whole_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"recover_reads is 2\.5"):
        Timing(recover_reads=2.5)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("folder", ["", "relative"])
def test_a_config_folder_that_is_not_absolute_is_ignored(
    monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """Else a token would be kept wherever a program happens to run."""
    monkeypatch.setenv("XDG_CONFIG_HOME", folder)
    assert Settings.resolve().config_dir == Path("~/.config/nemovideo").expanduser()


def test_limits_are_the_documented_ones_and_short_for_this_machine() -> None:
    remote, local = Settings.resolve().timing, Settings.resolve(base_url="http://127.0.0.1:1").timing
    assert remote == Timing()
    assert (remote.turn, remote.heartbeat_only, remote.still_working) == (900, 600, 120)
    assert (remote.recover_first, remote.recover_every, remote.recover_reads) == (30, 60, 5)
    assert local == Timing.local()
    assert local.render_poll < 1 < remote.render_poll


SKILL = """---
name: my-skill
version: 1.9
description: makes videos
---
# How to make videos
"""


@pytest.mark.parametrize(
    ("folder", "platform"),
    [(".clawhub/skills/video", "clawhub"), (".cursor/skills/video", "cursor"), ("elsewhere", "unknown")],
)
def test_a_skill_file_says_who_calls(tmp_path: Path, folder: str, platform: str) -> None:
    """Name and version stand in its frontmatter; its place tells the platform."""
    skill = tmp_path / folder / "SKILL.md"
    skill.parent.mkdir(parents=True)
    skill.write_text(SKILL)
    assert Attribution.from_skill(skill) == Attribution(source="my-skill", version="1.9", platform=platform)


@pytest.mark.parametrize(
    "text", ["", "# no frontmatter", "---\nversion: 1\n---\n", "---\n[: no yaml\n---\n", "---"]
)
def test_a_skill_file_without_a_name_is_refused(tmp_path: Path, text: str) -> None:
    skill = tmp_path / "SKILL.md"
    skill.write_text(text)
    with pytest.raises(ConfigurationError, match=r"SKILL\.md"):
        Attribution.from_skill(skill)
    with pytest.raises(ConfigurationError):
        Attribution.from_skill(tmp_path / "missing.md")
