"""The wire spoken by hand, as someone with curl would: no code of the client side."""

from __future__ import annotations

import asyncio
import io
import json
import uuid
from typing import Any

import aiohttp
from attrs import define, field
from PIL import Image

ATTRIBUTION = {
    "X-Skill-Source": "image-to-video-online-ai",
    "X-Skill-Version": "1.0.0",
    "X-Skill-Platform": "unknown",
}


def photo(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a small JPEG of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


@define
class WireClient:
    """One account on a backend, and one session of it once `open` was called."""

    http: aiohttp.ClientSession
    url: str
    token: str = ""
    user_id: str = ""
    session_id: str = ""
    task_id: str = ""
    client_id: str = field(factory=lambda: str(uuid.uuid4()))

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **ATTRIBUTION}

    async def get(self, path: str, **options: Any) -> Any:
        async with self.http.get(self.url + path, headers=self.headers, **options) as response:
            return await response.json()

    async def post(self, path: str, body: Any = None, **options: Any) -> Any:
        headers = options.pop("headers", self.headers)
        async with self.http.post(self.url + path, json=body, headers=headers, **options) as response:
            return await response.json()

    async def sign_in(self) -> WireClient:
        answer = await self.post("/api/auth/anonymous-token", headers={"X-Client-Id": self.client_id})
        self.token, self.user_id = answer["data"]["token"], answer["data"]["user_id"]
        return self

    async def open(self, task_name: str = "project", language: str = "en") -> WireClient:
        await self.sign_in()
        body = {"task_name": task_name, "language": language}
        data = (await self.post("/api/tasks/me/with-session/nemo_agent", body))["data"]
        self.session_id, self.task_id = data["session_id"], data["task_id"]
        return self

    async def upload(self, *files: tuple[str, bytes]) -> Any:
        form = aiohttp.FormData(quote_fields=False)  # as curl and browsers send names
        for name, content in files:
            form.add_field("files", content, filename=name)
        return await self.post_form(form)

    async def post_form(self, form: aiohttp.FormData) -> Any:
        path = f"{self.url}/api/upload-video/nemo_agent/me/{self.session_id}"
        async with self.http.post(path, data=form, headers=self.headers) as response:
            return await response.json()

    async def upload_photos(self, count: int = 3) -> Any:
        colours = ("red", "green", "blue", "white", "black")
        return await self.upload(*((f"{'abcde'[i]}.jpg", photo(colours[i])) for i in range(count)))

    def message(self, text: str) -> dict[str, Any]:
        return {
            "app_name": "nemo_agent",
            "user_id": "me",
            "session_id": self.session_id,
            "new_message": {"parts": [{"text": text}]},
        }

    def start_chat(self, text: str) -> Any:
        headers = {**self.headers, "Accept": "text/event-stream"}
        return self.http.post(f"{self.url}/run_sse", json=self.message(text), headers=headers)

    async def chat(self, text: str) -> list[dict[str, Any]]:
        """Send a message, and return the payloads of its stream; heartbeats are left out."""
        async with self.start_chat(text) as response:
            assert response.content_type == "text/event-stream", await response.text()
            return payloads(await response.read())

    async def state(self) -> Any:
        answer = await self.get(f"/api/state/nemo_agent/me/{self.session_id}/latest")
        return answer["data"]["state"]

    async def credits(self) -> int:
        return int((await self.get("/api/credits/balance/simple"))["data"]["available"])

    def render_body(self, render_id: str, draft: Any, **output: Any) -> dict[str, Any]:
        wanted = {"format": "mp4", "quality": "low", **output}
        return {"id": render_id, "sessionId": self.session_id, "draft": draft, "output": wanted}

    async def render(self, render_id: str, draft: Any, **output: Any) -> Any:
        return await self.post("/api/render/proxy/lambda", self.render_body(render_id, draft, **output))

    async def rendered(self, render_id: str) -> Any:
        """Poll until a render is over, and return its last answer."""
        for _ in range(2000):
            data = (await self.get(f"/api/render/proxy/lambda/{render_id}"))["data"]
            if data["status"] not in ("pending", "processing"):
                return data
            await asyncio.sleep(0.01)
        raise AssertionError(data)


def payloads(stream: bytes) -> list[dict[str, Any]]:
    """Return the JSON of each event of a stream that has one line an event."""
    lines = [line for line in stream.decode().split("\n\n") if line.removeprefix("data:").strip()]
    return [json.loads(line.removeprefix("data:")) for line in lines]


def parts(events: list[dict[str, Any]], kind: str) -> list[Any]:
    """Return the parts of one kind in whole (not partial) ADK events."""
    return [
        part[kind]
        for event in events
        if not event.get("partial")
        for part in event.get("content", {}).get("parts", [])
        if kind in part
    ]
