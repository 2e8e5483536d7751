"""Calls about sessions: create one, read its state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from nemovideo.local.answers import Refusal, ok, read_object, whole_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from nemovideo.local._store.sessions import SessionRecord, SessionStore
    from nemovideo.local.account_calls import Gate

DEFAULT_CANVAS = {"width": 1080, "height": 1920, "fps": 30}


class SessionCalls:
    """Serves sessions and their state."""

    def __init__(self, gate: Gate, sessions: SessionStore, public_url: Callable[[str], str]) -> None:
        self._gate = gate
        self._sessions = sessions
        self._public_url = public_url

    def routes(self) -> list[web.RouteDef]:
        """Return what is served here."""
        return [
            web.post("/api/tasks/me/with-session/nemo_agent", self.create),
            web.get("/api/state/nemo_agent/me/{session_id}/latest", self.state),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Open an empty session."""
        account = self._gate.account(request)
        body = await read_object(request)
        task_name, language = body.get("task_name", "project"), body.get("language", "en")
        if not isinstance(task_name, str) or not isinstance(language, str):
            raise Refusal(422, "$.task_name and $.language must be strings.")
        session = self._sessions.create(account.user_id, whole_text(task_name), whole_text(language))
        return ok({"session_id": session.session_id, "task_id": session.task_id, "user_id": session.user_id})

    async def state(self, request: web.Request) -> web.Response:
        """Tell what the session holds."""
        account = self._gate.account(request)
        session = self._gate.session(account, request.match_info["session_id"])
        return ok({"state": self._state(session)})

    def _state(self, session: SessionRecord) -> dict[str, Any]:
        canvas = session.draft.get("m", {}).get("canvas") or DEFAULT_CANVAS
        uploads = [uploaded(item, self._public_url) for item in session.media]
        return {
            "draft": session.draft or None,
            "revision": session.revision,
            "video_infos": uploads,
            "canvas_config": canvas,
            "generated_media": [uploaded(item, self._public_url) for item in session.generated],
            "video_analyses": [{"cdn_url": item["cdn_url"], "summary": _describe(item)} for item in uploads],
        }


def uploaded(item: dict[str, Any], public_url: Callable[[str], str]) -> dict[str, Any]:
    """Return a stored file as the wire shows it, with the URL of the backend as it runs now."""
    shown = {key: value for key, value in item.items() if key != "cdn_path"}
    if "cdn_path" in item:
        shown["cdn_url"] = public_url(item["cdn_path"])
    return shown


def _describe(item: dict[str, Any]) -> str:
    if item["file_type"] == "audio":
        return f"sound, {item['duration']:g} s"
    shape = (
        "square"
        if item["width"] == item["height"]
        else ("landscape" if item["width"] > item["height"] else "portrait")
    )
    size = f"{item['width']}x{item['height']}"
    return f"{shape} {item['file_type']}, {size}" + (f", {item['duration']:g} s" if item["duration"] else "")
