"""Sessions: open one, pick an old one up, read its state, hand it over to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import quote

from nemovideo._wire import endpoints
from nemovideo._wire.converter import ClaimToken, session_state, structure
from nemovideo.errors import ConfigurationError
from nemovideo.models import SessionInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from nemovideo._transport.http import HttpTransport
    from nemovideo.models import SessionState

Handle = TypeVar("Handle")


class Sessions(Generic[Handle]):
    """Verbs over sessions.

    Args:
        transport: Carries the calls.
        make_handle: Makes the handle that people hold.
    """

    def __init__(self, transport: HttpTransport, make_handle: Callable[[SessionInfo], Handle]) -> None:
        self._transport = transport
        self._make_handle = make_handle

    async def create(self, task_name: str = "project", *, language: str = "en") -> Handle:
        """Open a new session, with an empty timeline [S].

        Args:
            task_name: What the service calls the project.
            language: The agent's, such as `en` or `zh`.

        Raises:
            APIError: The service refused.
            TransportError: The network failed; after `OutcomeUnknownError` an unused session may exist.
        """
        if not task_name or not language:
            raise ConfigurationError("A session needs a task name and a language.")
        data = await self._transport.call(endpoints.create_session(task_name, language))
        return self._make_handle(structure(data, SessionInfo))

    def attach(self, session_id: str, *, task_id: str | None = None) -> Handle:
        """Pick an old session up by its id; nothing is sent.

        Args:
            session_id: From `Session.session_id`.
            task_id: From `Session.task_id`; only a claim link needs it.
        """
        if not isinstance(session_id, str) or not session_id:
            raise ConfigurationError("A session id is a text that is not empty.")
        return self._make_handle(SessionInfo(session_id, task_id))

    async def state(self, session_id: str) -> SessionState:
        """Read a session's timeline and media [S].

        Raises:
            SessionNotFoundError: It is gone.
            ProtocolError: The state is not what the wire promises.
        """
        return session_state(await self._transport.call(endpoints.state(session_id)))

    async def claim_link(self, session_id: str, task_id: str | None) -> str:
        """Return a link with which a browser takes the session over; it holds no account token [P].

        Args:
            session_id: Which one.
            task_id: From `Session.task_id`.

        Raises:
            ConfigurationError: There is no task id; nothing was sent.
        """
        if not task_id:
            raise ConfigurationError(
                "A claim link needs the session's task id.",
                hint="Keep Session.task_id: nemo.sessions.attach(session_id, task_id=...) takes it.",
            )
        data = await self._transport.call(endpoints.claim_token(task_id, session_id))
        claim = structure(data, ClaimToken).claim_token
        return f"{self._transport.web_url()}/workspace/claim?ct={quote(claim, safe='')}"
