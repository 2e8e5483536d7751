"""Headless Chromium, driven by its DevTools protocol over one WebSocket."""

from __future__ import annotations

import asyncio
import base64
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from attrs import define, field

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The browser, if there is one."""
PATIENCE_SECONDS, ENDING_SECONDS = 60, 10
COMPLAINTS = ("Log.entryAdded", "Runtime.exceptionThrown", "Page.javascriptDialogOpening")
"""What a page that only shows things never brings about."""


@define
class Tab:
    """One tab; all that it complains about is kept."""

    _socket: aiohttp.ClientWebSocketResponse
    complaints: list[str] = field(factory=list)
    _asked: int = 0

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._asked += 1
        await self._socket.send_json({"id": self._asked, "method": method, "params": params})
        while True:
            message = await self._heard()
            if message.get("id") == self._asked:
                assert "error" not in message, message
                return dict(message["result"])

    async def open(self, url: str, *, width: int, dark: bool = False) -> None:
        """Load a page in a window of this width, a phone's or a screen's, and wait until it is there."""
        for domain in ("Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        window = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.call("Emulation.setDeviceMetricsOverride", **window)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])
        await self.call("Page.navigate", url=url)
        while (await self._heard()).get("method") != "Page.loadEventFired":
            pass

    async def run(self, script: str) -> Any:
        """Return what a script comes to; a promise is awaited."""
        answer = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        """Return the whole page as a PNG."""
        shot = await self.call("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    async def _heard(self) -> dict[str, Any]:
        message: dict[str, Any] = await self._socket.receive_json(timeout=PATIENCE_SECONDS)
        if message.get("method") in COMPLAINTS:
            self.complaints.append(str(message["params"]))
        return message


@asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[Tab]:
    """Start the browser with an empty profile, and end it afterwards."""
    assert PROGRAM is not None
    process = await asyncio.create_subprocess_exec(
        PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        address = await asyncio.wait_for(_debugging_address(process), PATIENCE_SECONDS)
        async with aiohttp.ClientSession() as http:
            async with http.get(f"http://{address}/json/list") as answer:
                (tab,) = [target for target in await answer.json() if target["type"] == "page"]
            async with http.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Tab(socket)
    finally:
        process.terminate()
        try:
            await asyncio.wait_for(process.communicate(), ENDING_SECONDS)
        except TimeoutError:
            process.kill()


async def _debugging_address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        if b"DevTools listening on ws://" in line:
            return line.decode().partition("ws://")[2].partition("/")[0]
    raise AssertionError("the browser ended before it was there")
