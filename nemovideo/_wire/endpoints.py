"""Every call of the wire: where it goes, and whether it may be repeated."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING
from urllib.parse import quote

from attrs import field, frozen

from nemovideo._wire.surrogates import is_whole
from nemovideo.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nemovideo.draft.model import Draft

AGENT = "nemo_agent"
USER = "me"


class Repeat(enum.Enum):
    """When a call may be sent again by itself."""

    ALWAYS = "always"
    """After any failure: doing it twice is doing it once."""
    REFUSED = "refused"
    """Only when it was surely not done: no connection, 429, or a token that had to be renewed."""
    BODY_CUT = "body cut"
    """As REFUSED, and also when its body had not left whole: a torn upload is never kept."""
    NEVER = "never"
    """Never, whatever happens: it may charge."""


@frozen
class Endpoint:
    """One call.

    Attributes:
        name: As errors and logs call it.
        method: The HTTP method.
        path: With `{names}` to fill in.
        repeat: When it may be sent again.
        why: The reason for that.
        authorized: Whether it carries the token and the attribution.
        pooled: Whether it may use a kept-alive connection; one that went stale looks like a lost answer.
    """

    name: str
    method: str
    path: str
    repeat: Repeat
    why: str
    authorized: bool = True
    pooled: bool = False


ANONYMOUS_TOKEN = Endpoint(
    "anonymous token", "POST", "/api/auth/anonymous-token", Repeat.REFUSED,
    "a lost answer has used up the one token of 7 days; asking again cannot help", authorized=False,
)  # fmt: skip
CREATE_SESSION = Endpoint(
    "create session", "POST", f"/api/tasks/{USER}/with-session/{AGENT}", Repeat.REFUSED,
    "each one makes another session",
)  # fmt: skip
CHAT = Endpoint("chat", "POST", "/run_sse", Repeat.NEVER, "each one is charged")
UPLOAD = Endpoint(
    "upload", "POST", f"/api/upload-video/{AGENT}/{USER}/{{session_id}}", Repeat.BODY_CUT,
    "each whole one adds the files to the session again",
)  # fmt: skip
CREDITS = Endpoint(
    "credits", "GET", "/api/credits/balance/simple", Repeat.ALWAYS, "it only reads", pooled=True
)  # fmt: skip
STATE = Endpoint(
    "state", "GET", f"/api/state/{AGENT}/{USER}/{{session_id}}/latest", Repeat.ALWAYS,
    "it only reads", pooled=True,
)  # fmt: skip
SUBMIT_RENDER = Endpoint(
    "submit render", "POST", "/api/render/proxy/lambda", Repeat.REFUSED,
    "the job may be there already: its id is looked up first",
)  # fmt: skip
GET_RENDER = Endpoint(
    "get render", "GET", "/api/render/proxy/lambda/{render_id}", Repeat.ALWAYS, "it only reads", pooled=True
)  # fmt: skip
CANCEL_RENDER = Endpoint(
    "cancel render", "POST", "/api/render/proxy/lambda/{render_id}/cancel", Repeat.ALWAYS,
    "a cancelled job stays cancelled",
)  # fmt: skip
DOWNLOAD_RENDER = Endpoint(
    "download render", "GET", "/api/render/proxy/{render_id}/download", Repeat.ALWAYS, "it only reads"
)  # fmt: skip
CLAIM_TOKEN = Endpoint(
    "claim token", "POST", "/api/auth/claim-token", Repeat.ALWAYS, "an unused claim token expires by itself"
)  # fmt: skip


@frozen
class Request:
    """A call that is ready to go, but for its host and token.

    Attributes:
        endpoint: Which call.
        path: Filled in and quoted.
        json: Its body; None for none.
        headers: Beyond those that every call carries.
    """

    endpoint: Endpoint
    path: str
    json: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(factory=dict)


def anonymous_token(client_id: str) -> Request:
    """Ask for a starter token [S]."""
    return Request(ANONYMOUS_TOKEN, ANONYMOUS_TOKEN.path, headers={"X-Client-Id": client_id})


def create_session(task_name: str, language: str) -> Request:
    """Open a session [S]."""
    return Request(CREATE_SESSION, CREATE_SESSION.path, {"task_name": task_name, "language": language})


def chat(session_id: str, message: str) -> Request:
    """Send a message; the answer is a stream [S]."""
    body = {
        "app_name": AGENT,
        "user_id": USER,
        "session_id": session_id,
        "new_message": {"parts": [{"text": message}]},
    }
    return Request(CHAT, CHAT.path, body, {"Accept": "text/event-stream"})


def upload_files(session_id: str) -> Request:
    """Upload files; the multipart body is the transport's [S]."""
    return Request(UPLOAD, _fill(UPLOAD, session_id=session_id))


def upload_urls(session_id: str, urls: tuple[str, ...]) -> Request:
    """Have the service fetch files [S]."""
    return Request(UPLOAD, _fill(UPLOAD, session_id=session_id), {"urls": list(urls), "source_type": "url"})


def credits_balance() -> Request:
    """Read the balance [S]."""
    return Request(CREDITS, CREDITS.path)


def state(session_id: str) -> Request:
    """Read a session's state [S]."""
    return Request(STATE, _fill(STATE, session_id=session_id))


def submit_render(
    render_id: str, session_id: str, draft: Draft, *, file_format: str, quality: str
) -> Request:
    """Submit a render under an id of ours; `sessionId` is the wire's one camelCase key [P]."""
    body = {
        "id": render_id,
        "sessionId": session_id,
        "draft": draft.to_wire(),
        "output": {"format": file_format, "quality": quality},
    }
    return Request(SUBMIT_RENDER, SUBMIT_RENDER.path, body)


def get_render(render_id: str) -> Request:
    """Look at a render job [S]."""
    return Request(GET_RENDER, _fill(GET_RENDER, render_id=render_id))


def cancel_render(render_id: str) -> Request:
    """Stop a render job [P]."""
    return Request(CANCEL_RENDER, _fill(CANCEL_RENDER, render_id=render_id))


def download_render(render_id: str) -> Request:
    """Fetch the video from the API itself, where the job names no URL [P]."""
    return Request(DOWNLOAD_RENDER, _fill(DOWNLOAD_RENDER, render_id=render_id))


def claim_token(task_id: str, session_id: str) -> Request:
    """Ask for a token with which a browser takes the session over [P]."""
    return Request(CLAIM_TOKEN, CLAIM_TOKEN.path, {"task_id": task_id, "session_id": session_id})


def _fill(endpoint: Endpoint, **values: str) -> str:
    for name, value in values.items():
        if not isinstance(value, str) or value in {"", ".", ".."} or not is_whole(value):
            raise ConfigurationError(f"{value!r} is no {name.replace('_', ' ')}.")
    return endpoint.path.format(**{name: quote(value, safe="") for name, value in values.items()})
