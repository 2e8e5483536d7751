"""Whether a clause tells the person to do something with a screen, and what goes with it.

A clause does if it begins, after words such as "then you can", with a verb of the hand and names a thing of
the screen; or if it says where on the screen something is.
"""

from __future__ import annotations

from nemovideo.assistant import screen_chinese as chinese
from nemovideo.assistant import screen_english as english


def instructs(clause: str, *, in_scene: bool = False) -> bool:
    """Return whether a clause is an instruction.

    Args:
        clause: A piece of a sentence.
        in_scene: Whether the sentence tells before it what the video shows.
    """
    if any(pattern.match(clause) for pattern in (*english.INSTRUCTIONS, *chinese.PLACED)):
        return True
    if in_scene or chinese.SCENE_BEGINS.match(clause) or chinese.REPORTS.search(clause):
        return False
    return any(pattern.match(clause) for pattern in chinese.INSTRUCTIONS)


def tells_scene(clause: str) -> bool:
    """Return whether a clause tells what the video shows, as far as that matters for the next one."""
    return chinese.SCENE.search(clause) is not None


def leads_to(clause: str) -> bool:
    """Return whether a clause says nothing but when or why to follow the instruction after it."""
    return any(language.LEADS_TO.match(clause) for language in (english, chinese))


def follows(clause: str) -> bool:
    """Return whether a clause says nothing but what comes of the instruction before it."""
    return any(language.FOLLOWS.match(clause) for language in (english, chinese))


def explains(line: str) -> bool:
    """Return whether a line is a heading over instructions."""
    return any(language.EXPLAINS.match(line) for language in (english, chinese))
