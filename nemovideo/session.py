"""The handle that people hold: one session, with all that can be done in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nemovideo._transport.download import check_destination

if TYPE_CHECKING:
    import os

    from nemovideo.draft.model import Draft
    from nemovideo.models import OnProgress, SessionInfo, SessionState, Turn, Upload, Video
    from nemovideo.resources.chat import Chat, ChatStream
    from nemovideo.resources.renders import Renders
    from nemovideo.resources.sessions import Sessions
    from nemovideo.resources.uploads import Uploads


class Session:
    """A session: media, a conversation and a timeline. Made by `nemo.sessions`.

    Attributes:
        session_id: Enough to pick it up again: `nemo.sessions.attach(session_id)`.
        task_id: The service's project; None for a session picked up without it.
        user_id: Whose it is; None for a session picked up.
    """

    def __init__(
        self, info: SessionInfo, sessions: Sessions[Session], uploads: Uploads, chat: Chat, renders: Renders
    ) -> None:
        self.session_id = info.session_id
        self.task_id = info.task_id
        self.user_id = info.user_id
        self._sessions = sessions
        self._uploads = uploads
        self._chat = chat
        self._renders = renders

    def __repr__(self) -> str:
        return f"<Session {self.session_id}>"

    async def upload(
        self, *paths: str | os.PathLike[str], on_progress: OnProgress | None = None
    ) -> list[Upload]:
        """Upload files; see `Uploads.files`."""
        return await self._uploads.files(self.session_id, *paths, on_progress=on_progress)

    async def upload_urls(self, *urls: str) -> list[Upload]:
        """Have the service fetch files; see `Uploads.urls`."""
        return await self._uploads.urls(self.session_id, *urls)

    async def chat(self, text: str) -> Turn:
        """Say something and await what comes of it; sent at most once. See `Chat.send`."""
        return await self._chat.send(self.session_id, text)

    def stream(self, text: str) -> ChatStream:
        """Say something and watch it being done; see `Chat.stream`."""
        return self._chat.stream(self.session_id, text)

    async def state(self) -> SessionState:
        """Read the timeline and the media; see `Sessions.state`."""
        return await self._sessions.state(self.session_id)

    async def export(
        self,
        to: str | os.PathLike[str] | None = None,
        *,
        draft: Draft | None = None,
        file_format: str | None = None,
        quality: str = "high",
        timeout: float | None = None,
        on_progress: OnProgress | None = None,
    ) -> Video:
        """Render the timeline and fetch the video; this costs no credits [P].

        Args:
            to: The file to write, checked before anything is sent; by default the server's name, made safe,
                in the current folder.
            draft: What to render instead of the session's own timeline.
            file_format: mp4, mov, webm or gif; by default the one that the file's name ends in, else mp4.
            quality: low, medium or high.
            timeout: Seconds for the render; `Timing.render` by default.
            on_progress: Told percent, then bytes.

        Raises:
            EmptyDraftError: There is nothing to render.
            ExportBlockedError: The plan does not include export.
            RenderFailedError: The farm gave up.
            RenderTimeoutError: It was not done in time; it goes on, and its `render_id` still works.
            DownloadError: The video could not be written or did not come whole.
        """
        check_destination(to)
        if draft is None:
            draft = (await self.state()).draft
        return await self._renders.export(
            self.session_id,
            draft,
            to,
            file_format=file_format,
            quality=quality,
            timeout=timeout,
            on_progress=on_progress,
        )

    async def claim_link(self) -> str:
        """Return a link with which a browser takes the session over; see `Sessions.claim_link`."""
        return await self._sessions.claim_link(self.session_id, self.task_id)
