"""The sweeps over all calls miss none."""

from __future__ import annotations

import inspect

from every_call import CALLS

from nemovideo import NemoVideo
from nemovideo.journal import Journal
from nemovideo.resources.chat import Chat, ChatStream
from nemovideo.resources.credits import Credits
from nemovideo.resources.renders import Renders
from nemovideo.resources.sessions import Sessions
from nemovideo.resources.uploads import Uploads
from nemovideo.session import Session

CLASSES = (NemoVideo, Session, Sessions, Uploads, Chat, ChatStream, Renders, Credits, Journal)


def test_every_public_coroutine_is_swept() -> None:
    """A new one is cancelled at each await and searched for the token from its first day."""
    found = {
        f"{cls.__name__}.{name}"
        for cls in CLASSES
        for name, _ in inspect.getmembers(cls, inspect.iscoroutinefunction)
        if not name.startswith("_") and name != "close"
    }
    assert found == CALLS.keys()
