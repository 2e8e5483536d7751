"""What one conversation works on, and the deeds that can be done to it; each tells what it does."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
import weakref
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define

from nemovideo.assistant.apologies import explain, tell_formats
from nemovideo.assistant.exporting import ExportRequest, refuses_export
from nemovideo.assistant.listening import Listener
from nemovideo.assistant.patience import patiently
from nemovideo.assistant.replies import Say, SendFile, Suggest, Working
from nemovideo.assistant.telling import tell_changes, tell_names, tell_unasked, tell_video
from nemovideo.assistant.texts import count, say
from nemovideo.assistant.translation import Action
from nemovideo.assistant.watching import Watched
from nemovideo.errors import NemoVideoError, SessionNotFoundError, UnknownAPIError
from nemovideo.models import Outcome
from nemovideo.resources.renders import FORMATS as EXPORT_FORMATS

if TYPE_CHECKING:
    from nemovideo._clock import Clock
    from nemovideo.assistant.patience import Replies
    from nemovideo.assistant.spending import SpendGuard
    from nemovideo.client import NemoVideo
    from nemovideo.models import Turn
    from nemovideo.session import Session

_SECONDS_BETWEEN_REPORTS = 10.0
_REPORTS = {"upload": "upload_progress", "render": "render_progress"}


@define
class Project:
    """A session with what the conversation knows of it.

    Attributes:
        nemo: The client.
        guard: Counts credits.
        clock: Waits between tries, and paces reports.
        folder: Where videos go; None until the first one, for a temporary folder.
        session: None before the first upload or message.
        file_count: How many files the session was given.
        has_video: Whether there is something to export.
        has_link: Whether the claim link was given.
    """

    nemo: NemoVideo
    guard: SpendGuard
    clock: Clock
    folder: Path | None = None
    session: Session | None = None
    file_count: int = 0
    has_video: bool = False
    has_link: bool = False

    def forget_session(self) -> None:
        """Begin anew: the session is gone, and its files with it."""
        self.session = None
        self.file_count = 0
        self.has_video = self.has_link = False

    # --- files ----------------------------------------------------------------------------------------

    async def check_files(self, files: list[Path], language: str) -> tuple[list[Path], list[Say]]:
        """Return the files that can be taken, and a complaint for each kind of problem with the others."""
        problems: dict[type[NemoVideoError], tuple[NemoVideoError, list[Path]]] = {}
        usable = []
        for file in files:
            try:
                await self.nemo.uploads.check(file)
            except NemoVideoError as problem:
                problems.setdefault(type(problem), (problem, []))[1].append(file)
            else:
                usable.append(file)
        return usable, [
            Say(explain(problem, language, names=tell_names([file.name for file in refused], language)))
            for problem, refused in problems.values()
        ]

    async def take_files(self, files: list[Path], language: str) -> Replies:
        """Upload files; if the session is gone, to a new one: the files are at hand."""
        is_gone = False
        step = partial(self._upload, files, language)
        try:
            async with aclosing(patiently(step, self.clock, language)) as replies:
                async for reply in replies:
                    yield reply
        except SessionNotFoundError:
            is_gone = True
        if is_gone:
            self.forget_session()
            yield Say(say(language, "session_new"))
            async with aclosing(step()) as replies:
                async for reply in replies:
                    yield reply

    async def _upload(self, files: list[Path], language: str) -> Replies:
        if self.session is None:
            yield Working(say(language, "connecting"))
        session = await self._open(language)
        yield _uploading(len(files), language)
        upload = Watched(lambda on_progress: session.upload(*files, on_progress=on_progress))
        async with aclosing(self._reports(upload, language)) as reports:
            async for report in reports:
                yield report
        self.file_count += len(upload.result)
        yield Say(say(language, "uploaded", names=tell_names([file.name for file in files], language)))

    async def take_addresses(self, addresses: list[str], language: str) -> Replies:
        """Have the service fetch files from the web."""
        yield _uploading(len(addresses), language)
        try:
            uploads = await (await self._open(language)).upload_urls(*addresses)
        except UnknownAPIError:
            yield Say(say(language, "unreachable", names=tell_names(addresses, language)))
            return
        self.file_count += len(uploads)
        yield Say(
            say(language, "uploaded", names=tell_names([upload.filename for upload in uploads], language))
        )

    # --- the agent --------------------------------------------------------------------------------------

    async def chat(self, wish: str, language: str, *, is_follow_up: bool = False) -> Replies:
        """Have the agent do a wish, and do in its place what it asks the person to do with a screen."""
        if self.guard.is_closed:
            yield Say(
                say(language, "limit_reached", credits=count(language, "credits", self.guard.limit or 0))
            )
            return
        first_video = not self.has_video
        listener = Listener(language, has_video=self.has_video)
        turns: list[Turn] = []
        # Only a refusal is tried again; once the message is out, a stream raises none.
        send = partial(self._send, wish, language, listener, turns)
        async with aclosing(patiently(send, self.clock, language)) as replies:
            async for reply in replies:
                yield reply
        (turn,) = turns
        if turn.draft is not None:
            self.has_video = turn.draft.is_renderable
        if refuses_export(wish) and Action.EXPORT in listener.actions:
            listener.actions.remove(Action.EXPORT)
        only_instructed = bool(listener.actions) and not turn.changes
        if turn.outcome is Outcome.RECOVERED or not (listener.has_spoken or only_instructed):
            yield Say(tell_changes(turn, language, is_first_video=first_video))
        if first_video and turn.draft is not None and (more := tell_unasked(turn.draft, wish, language)):
            yield Say(more)
        async with aclosing(self._act(turn, listener, language, is_follow_up=is_follow_up)) as replies:
            async for reply in replies:
                yield reply
        if self.has_video and not (is_follow_up or Action.EXPORT in listener.actions):
            yield _suggest("suggest_video" if first_video else "suggest_edit", language)

    async def _send(self, wish: str, language: str, listener: Listener, turns: list[Turn]) -> Replies:
        if self.session is None:
            yield Working(say(language, "connecting"))
        session = await self._open(language)
        yield Working(say(language, "editing"))
        async with self.guard.counting(), session.stream(wish) as stream:
            async with aclosing(listener.replies(stream)) as replies:
                async for reply in replies:
                    yield reply
            turns.append(await stream.result())

    async def _act(self, turn: Turn, listener: Listener, language: str, *, is_follow_up: bool) -> Replies:
        """Do what the agent left to the person, each deed once."""
        actions = set(listener.actions)
        if Action.CREDITS in actions:
            yield await self._balance(language)
        if Action.UPLOAD in actions:
            yield Say(say(language, "send_files", formats=tell_formats(language)))
        if actions & {Action.EDIT, Action.EXECUTE} and not (turn.changes or is_follow_up or actions & _DEEDS):
            wish = say(language, "do_for_me", instructions="; ".join(listener.instructions))
            async with aclosing(self.chat(wish, language, is_follow_up=True)) as replies:
                async for reply in replies:
                    yield reply
        if actions & {Action.SUMMARY, Action.STATE} and turn.draft is not None and turn.draft.is_renderable:
            summary = turn.draft.summary(language)
            if summary not in turn.text:
                yield Say(say(language, "summary", summary=summary))
        if Action.EXPORT in actions and self.has_video:
            async with aclosing(self.export(ExportRequest(), language)) as replies:
                async for reply in replies:
                    yield reply

    # --- deeds that cost nothing --------------------------------------------------------------------------

    async def export(self, request: ExportRequest, language: str) -> Replies:
        """Render the timeline and hand over the file, and once the link to the project."""
        step = partial(self._export, request, language)
        async with aclosing(patiently(step, self.clock, language)) as replies:
            async for reply in replies:
                yield reply

    async def _export(self, request: ExportRequest, language: str) -> Replies:
        session = self.session
        draft = (await session.state()).draft if session is not None else None
        if session is None or draft is None or not draft.is_renderable:
            yield Say(say(language, "nothing_to_export"))
            return
        if not request.can_have_format:
            formats = say(language, "comma").join(EXPORT_FORMATS)
            yield Say(say(language, "no_such_format", format=request.file_format, formats=formats))
        if not request.can_have_resolution:
            yield Say(say(language, "no_such_resolution"))
        yield Working(say(language, "rendering"))
        to = await self._new_file(request.file_format if request.file_format in EXPORT_FORMATS else "mp4")
        fitted, quality = request.fitted(draft), request.quality or "high"
        export = Watched(
            lambda on_progress: session.export(to, draft=fitted, quality=quality, on_progress=on_progress)
        )
        async with aclosing(self._reports(export, language)) as reports:
            async for report in reports:
                yield report
        yield SendFile(export.result, tell_video(export.result, language))
        if not self.has_link and (link := await self._claim_link(session)):
            self.has_link = True
            yield Say(say(language, "claim", link=link))
        yield _suggest("suggest_exported", language)

    async def tell_state(self, language: str) -> Replies:
        """Say what is on the timeline."""
        state = await self.session.state() if self.session is not None else None
        if state is not None and state.draft.is_renderable:
            yield Say(say(language, "summary", summary=state.draft.summary(language)))
        elif self.file_count:
            yield Say(say(language, "files_only", count=self.file_count))
        else:
            yield Say(say(language, "nothing_yet"))

    async def tell_credits(self, language: str) -> Replies:
        """Say what is left, of the account and of this conversation's share."""
        yield await self._balance(language)

    async def _balance(self, language: str) -> Say:
        balance = await self.nemo.credits.balance()
        text = say(language, "balance", credits=count(language, "credits", balance.available))
        if self.guard.limit is not None:
            text += " " + say(language, "spent", spent=f"{self.guard.spent:g}", limit=f"{self.guard.limit:g}")
        return Say(text)

    # --- parts of deeds -----------------------------------------------------------------------------------

    async def _open(self, language: str) -> Session:
        if self.session is None:
            self.session = await self.nemo.sessions.create(language=language)
        return self.session

    async def _claim_link(self, session: Session) -> str:
        """Return the link; empty where there is none: a video in hand is no failure."""
        try:
            return await session.claim_link()
        except NemoVideoError:
            return ""

    async def _new_file(self, ending: str) -> Path:
        if self.folder is None:
            self.folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="nemovideo-"))
            weakref.finalize(self, _remove_if_empty, self.folder)
        return self.folder / f"video-{uuid.uuid4().hex[:8]}.{ending}"

    async def _reports(self, call: Watched[Any], language: str) -> Replies:
        """Run a call; of its progress tell what a chat can bear."""
        told = self.clock.monotonic()
        async with aclosing(call.progress()) as reports:
            async for report in reports:
                key, fraction = _REPORTS.get(report.phase), report.fraction
                if key and fraction is not None and self.clock.monotonic() >= told + _SECONDS_BETWEEN_REPORTS:
                    told = self.clock.monotonic()
                    yield Working(say(language, key, percent=round(100 * fraction)))


_DEEDS = {Action.EXPORT, Action.UPLOAD, Action.CREDITS}
"""What is done here, without the agent."""


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):  # a video that nobody took away stays
        folder.rmdir()


def _suggest(key: str, language: str) -> Suggest:
    return Suggest(tuple(say(language, key).split("|")))


def _uploading(files: int, language: str) -> Working:
    return Working(count(language, "uploading", files))
