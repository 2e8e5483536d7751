"""The files in an upload, as a server gets them."""

from __future__ import annotations

import email.parser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loopback import Received


def files_of(request: Received) -> list[tuple[str | None, bytes]]:
    """The file names and contents in a multipart body."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.parser.BytesParser().parsebytes(head + request.body)
    parts: list[Any] = message.get_payload()  # type: ignore[assignment]  # a list, since it is multipart
    return [(part.get_filename(), part.get_payload(decode=True)) for part in parts]
