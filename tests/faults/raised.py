"""Errors that came out of the client, and what hangs on them."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from nemovideo.errors import NemoVideoError

if TYPE_CHECKING:
    from collections.abc import Iterator


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, its causes and contexts, and theirs."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [link.__cause__, link.__context__]


def assert_ours(error: BaseException, secret: str = "") -> None:
    """One of our errors, with a sentence, no error of a library behind it, and nowhere the secret."""
    assert isinstance(error, NemoVideoError)
    assert error.message
    for link in chain(error):
        assert type(link).__module__.partition(".")[0] not in {"aiohttp", "cattrs", "attrs", "backoff"}, link
    if secret:
        told = "".join(traceback.format_exception(error)) + "".join(repr(link) for link in chain(error))
        assert secret not in told
