"""The client: one account, all resources."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from nemovideo._clock import Clock, SystemClock
from nemovideo._transport.download import check_destination
from nemovideo._transport.http import HttpTransport
from nemovideo._transport.reporting import Reporter
from nemovideo._transport.store import ConfigStore
from nemovideo._unbroken import unbroken
from nemovideo.config import LOCAL, Attribution, Settings, Timing
from nemovideo.errors import ConfigurationError, EmptyDraftError
from nemovideo.events import ToolCall
from nemovideo.resources.chat import Chat, check_message
from nemovideo.resources.credits import Credits
from nemovideo.resources.renders import Renders
from nemovideo.resources.sessions import Sessions
from nemovideo.resources.uploads import Uploads
from nemovideo.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from nemovideo.journal import Journal, JournalEntry
    from nemovideo.local import LocalBackend
    from nemovideo.models import OnProgress, RenderJob, SessionInfo, Turn, Video


class NemoVideo:
    """A client of the service, for one event loop; use it with `async with`.

    What is not given comes from the environment, read here and now: `NEMO_TOKEN`, `NEMO_API_URL`,
    `NEMO_WEB_URL`, `NEMO_CLIENT_ID`, `SKILL_SOURCE`. Without a token, a free starter token is fetched at the
    first call and kept in `config_dir`, for all processes.

    Args:
        token: Used as it is, and never replaced.
        base_url: The API; `"local"` is an embedded backend, started in this process at the first call.
        web_url: The web site that links lead to.
        client_id: Whose starter token; a UUID.
        attribution: Sent with every call.
        timing: Time limits; short ones where the API is on this machine.
        config_dir: Where the client id and the starter token are kept; `~/.config/nemovideo` by default.
        journal: A file in which turns and renders are written down before they are sent; none by default.
        trust_env: Whether proxy variables count; .netrc never does.
        clock: What time it is; a test may drive it.

    Attributes:
        sessions: Open sessions and pick them up.
        uploads: Upload files, by session id.
        chat: Send messages, by session id.
        renders: Submit, wait, cancel, download, by render id.
        credits: The balance.

    Raises:
        ConfigurationError: A setting cannot work.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        base_url: str | None = None,
        web_url: str | None = None,
        client_id: str | None = None,
        attribution: Attribution | None = None,
        timing: Timing | None = None,
        config_dir: str | os.PathLike[str] | None = None,
        journal: str | os.PathLike[str] | None = None,
        trust_env: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self._settings = Settings.resolve(
            token=token,
            base_url=base_url,
            web_url=web_url,
            client_id=client_id,
            attribution=attribution,
            timing=timing,
            config_dir=config_dir,
            trust_env=trust_env,
        )
        self._is_local = self._settings.base_url == LOCAL
        self._backend: LocalBackend | None = None
        self._backend_options: dict[str, Any] = {}
        self._starting: asyncio.Task[LocalBackend] | None = None
        clock = clock or SystemClock()
        self._journal = _open_journal(journal, self._settings.base_url, clock)
        self._transport = HttpTransport(
            self._settings,
            clock,
            # the tokens of an embedded backend end with it, unless it has a folder
            ConfigStore(None if self._is_local and config_dir is None else self._settings.config_dir),
            self._locate,
            self._web_url,
        )
        self.sessions: Sessions[Session] = Sessions(self._transport, self._make_session)
        self.uploads = Uploads(self._transport)
        self.chat = Chat(self._transport, self.sessions.state, self._journal)
        self.renders = Renders(self._transport, self._journal)
        self.credits = Credits(self._transport)

    @classmethod
    def local(cls, *, timing: Timing | None = None, clock: Clock | None = None, **options: Any) -> Self:
        """Return a client of an embedded backend of its own, in this process: offline, with no account.

        Args:
            timing: Time limits; short ones by default.
            clock: What time it is, for both.
            options: Go to `nemovideo.local.LocalBackend`; with a `data_dir` the client stays the same user.
        """
        data_dir = options.get("data_dir")
        own_folder = None if data_dir is None else Path(data_dir) / "client"
        client = cls(base_url=LOCAL, timing=timing, clock=clock, config_dir=own_folder)
        client._backend_options = options if clock is None else {"clock": clock, **options}
        return client

    @property
    def backend(self) -> LocalBackend | None:
        """The embedded backend, once it runs; None for a remote service."""
        return self._backend

    @property
    def journal(self) -> Journal:
        """What was begun and has not ended.

        Raises:
            ConfigurationError: This client keeps no journal.
        """
        if self._journal is None:
            raise ConfigurationError("This client keeps no journal.", hint='Make it with journal="jobs.db".')
        return self._journal

    async def resume(
        self, entry: JournalEntry, *, on_progress: OnProgress | None = None
    ) -> Turn | Video | RenderJob:
        """Finish what a journal's entry names, from any process, without sending anything twice.

        Args:
            entry: From `nemo.journal.pending()`.
            on_progress: For a render: told percent, then bytes.

        Returns:
            For a turn, the turn; for a render, its video where the journal knows the file it shall become,
            else the completed job.

        Raises:
            OutcomeUnknownError: A turn that has left no trace so far; its entry stays.
            NemoVideoError: As `Renders.wait` and `Renders.download`.
        """
        if entry.kind == "turn":
            return await self.chat.resume(entry)
        return await self.renders.resume(entry, on_progress=on_progress)

    async def make_video(
        self,
        photos: Iterable[str | os.PathLike[str]],
        prompt: str,
        *,
        to: str | os.PathLike[str],
        language: str = "en",
        on_progress: OnProgress | None = None,
    ) -> Video:
        """Turn photos and a wish into a video file: a session, an upload, one message, an export.

        Args:
            photos: Files; see `Uploads.files`.
            prompt: The wish.
            to: The file to write; checked before anything is sent.
            language: The agent's.
            on_progress: Told each phase.

        Raises:
            ConfigurationError: No photos, no wish, or a file that is not there.
            EmptyDraftError: The agent made no timeline; its words are in the message.
            NemoVideoError: Whatever else the steps raise: see `Uploads.files`, `Chat.send`, `Session.export`.
        """
        if isinstance(photos, str | bytes | os.PathLike) or not photos:
            raise ConfigurationError("There are no photos.", hint="Give a list with at least one file.")
        photos = tuple(photos)
        check_destination(to)
        check_message(prompt)
        await self.uploads.check(*photos)
        session = await self.sessions.create(language=language)
        await session.upload(*photos, on_progress=on_progress)
        reporter = Reporter(on_progress, self._transport.clock, "chat")
        async with session.stream(prompt) as stream:
            async for event in stream:
                if isinstance(event, ToolCall):
                    await reporter.report(0, event.name)
            turn = await stream.result()
        if turn.draft is not None and not turn.draft.is_renderable:
            raise EmptyDraftError(f"The agent made no timeline. {turn.text}".rstrip())
        return await session.export(to, draft=turn.draft, on_progress=on_progress)

    async def close(self) -> None:
        """Close all connections, and stop an embedded backend; a second time does nothing.

        It is never left half way: cancelled meanwhile, it ends before the caller does.
        """
        await unbroken(self._close())

    async def _close(self) -> None:
        await self._transport.close()
        starting, self._starting, self._backend = self._starting, None, None
        if starting is not None and not starting.get_loop().is_closed():
            await asyncio.wait([starting])
            if not starting.cancelled() and starting.exception() is None:
                await starting.result().close()

    async def __aenter__(self) -> Self:
        if self._is_local:
            try:
                await self._locate()
            except BaseException:
                await self.close()  # nobody else will: the block is not entered
                raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<NemoVideo {self._settings.base_url}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a NemoVideo client holds a token and open connections: it cannot be pickled")

    def _make_session(self, info: SessionInfo) -> Session:
        return Session(info, self.sessions, self.uploads, self.chat, self.renders)

    def _web_url(self) -> str:
        return self._backend.web_url if self._backend is not None else self._settings.web_url

    async def _locate(self) -> str:
        """Return the API's base URL; an embedded backend starts on first need."""
        if not self._is_local:
            return self._settings.base_url
        if self._starting is None:
            self._transport.connections.check_open()
            # a task of its own: a cancelled caller leaves no half-open port behind
            self._starting = asyncio.create_task(self._start_backend())
        backend = await asyncio.shield(self._starting)
        self._backend = backend
        return backend.url

    async def _start_backend(self) -> LocalBackend:
        from nemovideo.local import LocalBackend  # the extra `local`, needed only here

        backend = LocalBackend(**self._backend_options)
        await backend.start()
        return backend


def _open_journal(path: str | os.PathLike[str] | None, service: str, clock: Clock) -> Journal | None:
    if path is None:
        return None
    from nemovideo.journal import Journal  # only here: most clients keep none

    return Journal(path, service, clock)
