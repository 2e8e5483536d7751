"""Every public coroutine of the client, ready to be called: for sweeps over all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from attrs import frozen
from tiny_session import MAKE, photo, session_with_photo, tiny_draft

from nemovideo import NemoVideo, Timing
from nemovideo.journal import JournalEntry
from nemovideo.resources.chat import ChatStream
from nemovideo.session import Session

TIMING = Timing(
    request=5, recover_first=0.01, recover_every=0.01, recover_reads=2, render_poll=0.02, rate_limit=0.01
)


@frozen
class Scene:
    """What a call may use.

    Attributes:
        nemo: A client with a journal.
        session: A session with a photo.
        url: Where that photo lies.
        folder: For videos; nothing but whole ones may be left there.
        render_id: A job that is completed.
    """

    nemo: NemoVideo
    session: Session
    url: str
    folder: Path
    render_id: str

    @property
    def id(self) -> str:
        return self.session.session_id

    @property
    def out(self) -> Path:
        return self.folder / "out.mp4"

    def photo(self, name: str = "a.png") -> Path:
        return photo(self.folder.parent, name)

    async def read(self, stream: ChatStream) -> object:
        """Read a stream to its end."""
        async with stream:
            async for _ in stream:
                pass
            return await stream.result()

    async def resume_render(self, finish: Callable[[JournalEntry], Awaitable[object]]) -> object:
        """Write a render down, as a process that then died, and finish it."""
        render_id = f"render_of_{self.id}"
        await self.nemo.journal.begin_render(
            render_id, self.id, tiny_draft(), file_format="mp4", quality="low", to=str(self.out)
        )
        entries = await self.nemo.journal.pending()
        return await finish(next(entry for entry in entries if entry.id == render_id))

    async def resume_turn(self) -> object:
        """Write a turn down, as a process that then died, and find out about it."""
        entry_id = await self.nemo.journal.begin_turn(self.id, MAKE, {"draft": tiny_draft().to_wire()})
        entries = await self.nemo.journal.pending()
        return await self.nemo.chat.resume(next(entry for entry in entries if entry.id == entry_id))


@asynccontextmanager
async def open_scene(url: str, folder: Path, token: str | None = None) -> AsyncIterator[Scene]:
    """Open a client of the backend at `url`, and prepare what calls need."""
    out = folder / "out"
    out.mkdir(exist_ok=True)
    async with NemoVideo(
        token=token, base_url=url, timing=TIMING, config_dir=folder / "home", journal=folder / "jobs.db"
    ) as nemo:
        session = await session_with_photo(nemo, folder)
        [upload] = await session.upload(photo(folder))
        job = await nemo.renders.submit(session.session_id, tiny_draft())
        await nemo.renders.wait(job.id)
        yield Scene(nemo, session, upload.cdn_url, out, job.id)


CALLS: dict[str, Callable[[Scene], Awaitable[object]]] = {
    "Chat.resume": lambda s: s.resume_turn(),
    "Chat.send": lambda s: s.nemo.chat.send(s.id, "what can you do?"),
    "ChatStream.result": lambda s: s.read(s.session.stream(MAKE)),
    "Credits.balance": lambda s: s.nemo.credits.balance(),
    "Journal.begin_render": lambda s: s.nemo.journal.begin_render(
        f"render_begun_{s.id}", s.id, tiny_draft(), file_format="mp4", quality="low", to=None
    ),
    "Journal.begin_turn": lambda s: s.nemo.journal.begin_turn(s.id, MAKE, None),
    "Journal.forget": lambda s: s.nemo.journal.forget("nothing"),
    "Journal.pending": lambda s: s.nemo.journal.pending(),
    "Journal.settle": lambda s: s.nemo.journal.settle("nothing"),
    "NemoVideo.make_video": lambda s: s.nemo.make_video([s.photo()], MAKE, to=s.out),
    "NemoVideo.resume": lambda s: s.resume_render(s.nemo.resume),
    "Renders.cancel": lambda s: s.nemo.renders.cancel(s.render_id),
    "Renders.download": lambda s: s.nemo.renders.download(s.render_id, s.out),
    "Renders.export": lambda s: s.nemo.renders.export(s.id, tiny_draft(), s.out),
    "Renders.get": lambda s: s.nemo.renders.get(s.render_id),
    "Renders.resume": lambda s: s.resume_render(s.nemo.renders.resume),
    "Renders.submit": lambda s: s.nemo.renders.submit(s.id, tiny_draft()),
    "Renders.wait": lambda s: s.nemo.renders.wait(s.render_id, timeout=0.5),
    "Session.chat": lambda s: s.session.chat("what can you do?"),
    "Session.claim_link": lambda s: s.session.claim_link(),
    "Session.export": lambda s: s.session.export(s.out, draft=tiny_draft()),
    "Session.state": lambda s: s.session.state(),
    "Session.upload": lambda s: s.session.upload(s.photo(), s.photo("b.png")),
    "Session.upload_urls": lambda s: s.session.upload_urls(s.url),
    "Sessions.claim_link": lambda s: s.nemo.sessions.claim_link(s.id, s.session.task_id),
    "Sessions.create": lambda s: s.nemo.sessions.create(),
    "Sessions.state": lambda s: s.nemo.sessions.state(s.id),
    "Uploads.check": lambda s: s.nemo.uploads.check(s.photo()),
    "Uploads.files": lambda s: s.nemo.uploads.files(s.id, s.photo()),
    "Uploads.urls": lambda s: s.nemo.uploads.urls(s.id, s.url),
}
"""By class and method."""
