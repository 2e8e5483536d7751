"""The call behind a claim link: `<web>/workspace/claim?ct=<claim_token>` [P]."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from aiohttp import web

from nemovideo.draft.model import Draft
from nemovideo.local.workspace.page import STYLE, Workspace, notice, page

if TYPE_CHECKING:
    from nemovideo._clock import Clock
    from nemovideo._markup import Markup
    from nemovideo.local._store.accounts import Accounts
    from nemovideo.local._store.chat_log import ChatLog
    from nemovideo.local._store.sessions import SessionStore
    from nemovideo.local.render_queue import RenderQueue


class WorkspaceCalls:
    """Serves a session as a page to whoever has a claim token that is still valid."""

    def __init__(
        self, accounts: Accounts, sessions: SessionStore, chat_log: ChatLog, queue: RenderQueue, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._chat_log = chat_log
        self._queue = queue
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return what is served here."""
        return [web.get("/workspace/claim", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """Show the session; 404 for a link that never was one, 410 for one that is over."""
        claim = self._accounts.find_claim(request.query.get("ct", ""))
        if claim is None:
            return _answer(
                notice("There is nothing behind this link", "Was it copied whole? A new one can be made."),
                404,
            )
        if claim.expires_at <= self._clock.time():
            return _answer(
                notice("This link is over", "The session is still there: ask for a new link."), 410
            )
        session = self._sessions.get(claim.session_id)
        renders = self._queue.of_session(claim.session_id)
        timeline = Draft.from_wire(session.draft)
        picture = timeline.to_svg()
        workspace = Workspace(
            session=session,
            timeline=timeline,
            picture=picture,
            messages=self._chat_log.of_session(claim.session_id),
            renders=tuple((job, self._queue.progress(job)) for job in renders),
            valid_until=claim.expires_at,
        )
        return _answer(page(workspace), 200, _style_of(picture))


def _answer(body: Markup, status: int, *styles: str) -> web.Response:
    """Answer a page that may show what it brings and files of this server, and run nothing."""
    allowed = " ".join(f"'sha256-{_digest(style)}'" for style in (STYLE, *styles))
    policy = (
        f"default-src 'none'; style-src {allowed}; img-src 'self' data:; media-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return web.Response(
        status=status,
        body=body.encode("utf-8", "replace"),
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy,
            "Referrer-Policy": "no-referrer",  # the link is a secret
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _style_of(picture: str) -> str:
    """Return the style sheet inside an SVG of ours; what follows its first one is text of the draft."""
    return picture.partition("<style>")[2].partition("</style>")[0]


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
