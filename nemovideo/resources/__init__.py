"""The verbs of a client: `nemo.sessions`, `nemo.uploads`, `nemo.chat`, `nemo.renders`, `nemo.credits`."""

from nemovideo.resources.chat import Chat
from nemovideo.resources.credits import Credits
from nemovideo.resources.renders import Renders
from nemovideo.resources.sessions import Sessions
from nemovideo.resources.uploads import Uploads

__all__ = ["Chat", "Credits", "Renders", "Sessions", "Uploads"]
