"""Every error this package raises, in one tree.

NemoVideoError
├── APIError                     the service refused
│   ├── AuthenticationError      1001, 1010, 1011, HTTP 401
│   ├── SessionNotFoundError     1002
│   ├── InsufficientCreditsError 2001
│   ├── UnsupportedFileError     4001
│   ├── FileTooLargeError        4002, HTTP 413
│   ├── MissingClientIdError     400
│   ├── ExportBlockedError       402
│   ├── RateLimitError           429
│   ├── ServerError              HTTP 5xx; a message may have been done all the same
│   └── UnknownAPIError          any other code
├── TransportError               the network failed
│   ├── NotSentError             nothing left this machine: repeat freely
│   └── OutcomeUnknownError      it may have arrived, and may have been charged
├── ProtocolError                an answer that is not what the wire promises
├── ChatError                    the agent ended a turn with an error
├── TurnTimeoutError             a turn outlived its deadline
├── TurnInProgressError          a session runs one turn at a time
├── RenderFailedError            the render farm gave up on a job
├── RenderTimeoutError           a job outlived its deadline; it goes on, and its id still works
├── DraftError                   a timeline that is not one, or an edit that cannot be made
│   └── EmptyDraftError          nothing on the timeline to render
├── DownloadError                a finished video could not be saved
└── ConfigurationError           an argument, a file or a setting that cannot work

Each carries `message` (what happened, for a person), `hint` (what to do about it) and its own data as
attributes. All pickle, and none keeps an aiohttp or cattrs exception as cause or context: those hold the
bearer token in their reprs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

SUPPORTED_FORMATS = (
    "mp4", "mov", "avi", "webm", "mkv",
    "jpg", "jpeg", "png", "gif", "webp",
    "mp3", "wav", "m4a", "aac",
)  # fmt: skip
"""File endings the service takes, lower case, without the dot [S]."""

MAX_FILE_BYTES = 200 * 1024 * 1024
"""A file is at most this long [S]."""


class NemoVideoError(Exception):
    """Base of every error of this package.

    Attributes:
        message: What happened, in one sentence.
        hint: What to do about it; empty where there is nothing to say.
    """

    default_hint: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = self.default_hint if hint is None else hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, dict(self.__dict__))


def _rebuild(cls: type[NemoVideoError], args: tuple[Any, ...], state: dict[str, Any]) -> NemoVideoError:
    """Restore a pickled error without running its `__init__`, whose keywords pickle cannot know."""
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class APIError(NemoVideoError):
    """The service answered, and the answer is no.

    Attributes:
        code: The envelope's code, or the HTTP status where there was no envelope.
        status: The HTTP status.
        request_id: The service's id for the call, if it gave one.
        retry_after: Seconds to wait before another try, if the service said so.
    """

    def __init__(
        self,
        message: str,
        *,
        code: int,
        status: int = 200,
        hint: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after


class AuthenticationError(APIError):
    """The token is missing, wrong or expired (1001, 1010, 1011, HTTP 401)."""

    default_hint = "Set NEMO_TOKEN to a valid token, or unset it to use a free starter token."


class SessionNotFoundError(APIError):
    """The session is gone (1002)."""

    default_hint = "Create a new session with nemo.sessions.create(); the old timeline cannot be reached."


class InsufficientCreditsError(APIError):
    """The account has no credits left (2001).

    Attributes:
        register_url: Where an anonymous user keeps the work and gets credits; None for a registered one.
    """

    default_hint = "Top up credits in your account."

    def __init__(self, message: str, *, register_url: str | None = None, **fields: Any) -> None:
        if register_url is not None and fields.get("hint") is None:
            fields["hint"] = f"Register to go on with this work: {register_url}"
        super().__init__(message, **fields)
        self.register_url = register_url


class UnsupportedFileError(APIError):
    """The service does not take this kind of file (4001); also raised before anything is sent."""

    default_hint = f"Supported formats: {' '.join(SUPPORTED_FORMATS)}."


class FileTooLargeError(APIError):
    """The file is over the service's limit of 200 MB (4002, HTTP 413); also raised before sending."""

    default_hint = f"Compress or trim the file: the limit is {MAX_FILE_BYTES // 1024**2} MB."


class MissingClientIdError(APIError):
    """The X-Client-Id header did not arrive (400)."""

    default_hint = "Set NEMO_CLIENT_ID, or let the client make an id by leaving it unset."


class ExportBlockedError(APIError):
    """The plan does not include export (402). This is not about credits."""

    default_hint = "Register or upgrade your plan to unlock export."


class RateLimitError(APIError):
    """Too many calls (429); a starter token is given once per client in 7 days."""

    default_hint = "Wait, then try again."


class ServerError(APIError):
    """The service failed (HTTP 5xx)."""

    default_hint = "Try again later."


class UnknownAPIError(APIError):
    """A code that the documented table does not list."""


ERRORS_BY_CODE: Mapping[int, type[APIError]] = {
    1001: AuthenticationError,
    1010: AuthenticationError,
    1011: AuthenticationError,
    401: AuthenticationError,
    1002: SessionNotFoundError,
    2001: InsufficientCreditsError,
    4001: UnsupportedFileError,
    4002: FileTooLargeError,
    413: FileTooLargeError,
    400: MissingClientIdError,
    402: ExportBlockedError,
    429: RateLimitError,
}
"""The error table. Codes come in the envelope or as the HTTP status; both are accepted [S][P]."""


class TransportError(NemoVideoError):
    """The network failed in the middle of a call that changes nothing by being repeated."""

    default_hint = "Check the network, then try again."


class NotSentError(TransportError):
    """Nothing left this machine: no connection could be made. Repeating is safe."""

    default_hint = "Check the network and the API URL, then repeat: nothing was sent and nothing charged."


class OutcomeUnknownError(TransportError):
    """The request may have arrived, but its outcome could not be found out.

    Attributes:
        may_have_charged: Whether credits may have been spent.
        session_id: The session it belongs to, if any.
    """

    default_hint = "Do not send it again: read the state first, it may have been done."

    def __init__(
        self,
        message: str,
        *,
        may_have_charged: bool = False,
        session_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.may_have_charged = may_have_charged
        self.session_id = session_id


class ProtocolError(NemoVideoError):
    """An answer that is not what the wire promises.

    Attributes:
        path: Where in the answer, such as `$.data.files[0].width`.
    """

    default_hint = "The service may have changed: look for a newer nemovideo."

    def __init__(self, message: str, *, path: str = "$", hint: str | None = None) -> None:
        super().__init__(f"{path}: {message}", hint=hint)
        self.path = path

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}".rstrip()


class ChatError(NemoVideoError):
    """The agent ended the turn with an error of its own.

    Attributes:
        code: The agent's word for it, such as `RESOURCE_EXHAUSTED`; empty if it gave none.
        text: What it had said until then.
        session_id: The session of the turn.
    """

    default_hint = "Read the state to see what was done before you ask again."

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        text: str = "",
        session_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.text = text
        self.session_id = session_id


class TurnTimeoutError(NemoVideoError):
    """A turn outlived its deadline. It may still be running, and may have been charged.

    Attributes:
        session_id: The session of the turn.
        may_have_charged: Whether credits may have been spent: always true.
    """

    default_hint = "Do not send it again: read the state later, the edit may still arrive."
    may_have_charged: ClassVar[bool] = True

    def __init__(self, message: str, *, session_id: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.session_id = session_id


class TurnInProgressError(NemoVideoError):
    """A turn is running in this session, and the service would mix two.

    Attributes:
        session_id: The busy session.
    """

    default_hint = "Await the running turn first, or use another session."

    def __init__(self, message: str, *, session_id: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.session_id = session_id


class RenderFailedError(NemoVideoError):
    """A render job ended without a video: failed, cancelled or unknown to the service.

    Attributes:
        render_id: The job.
        status: Its last status.
    """

    default_hint = "Look at the draft, then export again: rendering costs no credits."

    def __init__(
        self, message: str, *, render_id: str, status: str = "failed", hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.render_id = render_id
        self.status = status


class RenderTimeoutError(NemoVideoError):
    """A render job was not done in time. It goes on: wait for its id again.

    Attributes:
        render_id: The job.
        status: Its last status.
    """

    def __init__(self, message: str, *, render_id: str, status: str = "", hint: str | None = None) -> None:
        super().__init__(
            message, hint=hint or f'The job goes on: nemo.renders.wait("{render_id}") picks it up.'
        )
        self.render_id = render_id
        self.status = status


class DraftError(NemoVideoError):
    """A draft that cannot be read or edited.

    Attributes:
        path: Where in the draft, such as `$.t[1].sg[0].d`.
    """

    def __init__(self, message: str, *, path: str = "$", hint: str | None = None) -> None:
        super().__init__(f"{path}: {message}" if path != "$" else message, hint=hint)
        self.path = path


class EmptyDraftError(DraftError):
    """The timeline has no segment to render."""

    default_hint = "Upload photos and ask for a video first."


class DownloadError(NemoVideoError):
    """A file could not be fetched or saved; nothing is left at the destination.

    Attributes:
        path: The destination.
    """

    def __init__(self, message: str, *, path: str = "", hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path


class ConfigurationError(NemoVideoError):
    """An argument, a file or a setting that cannot work; the service has done nothing with it."""


def api_error(
    code: int,
    message: str,
    *,
    status: int = 200,
    request_id: str | None = None,
    retry_after: float | None = None,
    **fields: Any,
) -> APIError:
    """Return the typed error for an envelope code or an HTTP status.

    Args:
        code: The envelope's code; the HTTP status where there is no envelope.
        message: What the service said; a plain sentence is made up where it said nothing.
        status: The HTTP status.
        request_id: The service's id for the call.
        retry_after: Seconds to wait before another try.
        fields: What the class takes besides, such as `register_url`.
    """
    cls = ERRORS_BY_CODE.get(code) or (ServerError if status >= 500 else UnknownAPIError)
    return cls(
        message or f"The service answered with code {code}.",
        code=code,
        status=status,
        request_id=request_id,
        retry_after=retry_after,
        **fields,
    )
