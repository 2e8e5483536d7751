"""The agent: a message and a scene become edits and an answer. Pure, and no model of language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve

from nemovideo.draft.model import Draft
from nemovideo.local.agent.cuts import KeepShots
from nemovideo.local.agent.footage import MakeVideo, SetLength, SetShotLength
from nemovideo.local.agent.grammar import RULES, read
from nemovideo.local.agent.looks import SetCanvas, SetFilter, SetMotion, SetTransitions
from nemovideo.local.agent.music import RemoveMusic, SetMusic
from nemovideo.local.agent.reply import Reply, Step
from nemovideo.local.agent.sentences import is_chinese, sentence
from nemovideo.local.agent.talk import Say, Undo
from nemovideo.local.agent.texts import AddText, RemoveText
from nemovideo.local.agent.timeline import Timeline
from nemovideo.local.agent.wish import CannotDo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nemovideo.local.agent.reply import Scene
    from nemovideo.local.agent.wish import Facts, Wish

DEFAULT_TITLES = {False: "My Story", True: "我的故事"}
"""The title nobody asked for, when the session has no name of its own; by whether it is Chinese."""
_FIRST_STAGE = (SetLength, SetShotLength, SetCanvas, SetTransitions, SetMotion, SetFilter)


def respond(message: str, scene: Scene) -> Reply:
    """Answer a message.

    Args:
        message: What the person wrote.
        scene: Where the session stands.
    """
    return _Turn(message, scene).reply()


class _Turn:
    """One answer in the making."""

    def __init__(self, message: str, scene: Scene) -> None:
        self._scene = scene
        self._chinese = is_chinese(message, scene.language)
        self._timeline = Timeline(scene.draft, scene.media, message.lower())
        names = [item["filename"] for item in scene.media]
        self._reading = read(message, names, has_video=bool(self._timeline.footage))
        self._steps: list[Step] = []
        self._said: list[str] = []
        self._problems: list[str] = []

    def reply(self) -> Reply:
        """Do the wishes, and say what came of it."""
        wishes = self._reading.wishes
        base, undo = self._scene.draft, self._scene.undo
        if any(isinstance(wish, Undo) for wish in wishes):
            if undo:
                *rest, base = undo
                undo = tuple(rest)
                self._go_back(base)
            else:
                self._give_up("nothing_to_undo", {})
        going_back = len(self._steps)
        makes = any(isinstance(wish, MakeVideo) for wish in wishes)
        if makes:
            self._make(wishes)
        else:
            for wish in wishes:
                self._do(wish)
        self._tell_unread()
        if len(self._steps) > going_back and base:
            undo = (*undo, base)
        asked = any(isinstance(wish, Say) for wish in wishes)
        plain = not (makes or asked or self._problems or self._reading.unread)
        return Reply(
            " ".join(self._said), tuple(self._steps), undo, may_be_silent=plain and bool(self._steps)
        )

    def _go_back(self, draft: dict[str, Any]) -> None:
        self._timeline.draft = Timeline(draft).draft
        self._steps.append(Step("edit_multitrack", {"op": "undo"}, draft))
        self._said.append(self._sentence("undo", {}))

    def _make(self, wishes: Sequence[Wish]) -> None:
        """Make the raw video first; then music and a title, asked for or not, as the service does [P].

        Only some of the photos: the making itself has taken those.
        """
        first = [wish for wish in wishes if isinstance(wish, _FIRST_STAGE)]
        later = [wish for wish in wishes if not isinstance(wish, (*_FIRST_STAGE, MakeVideo, KeepShots))]
        unasked = self._unasked(later)
        # "No music" of a new video: there is none, as wished.
        later = [wish for wish in later if not isinstance(wish, RemoveText | RemoveMusic)]
        make = next(wish for wish in wishes if isinstance(wish, MakeVideo))
        for wish in first:
            if isinstance(wish, SetLength):
                make = evolve(make, length_ms=wish.length_ms)
        facts = self._try(make)
        if facts is None:
            return
        for wish in first:
            if not isinstance(wish, SetLength):
                self._try(wish)
        facts["seconds"] = self._timeline.total_ms / 1000
        raw = self._sentence(make.op, facts)
        args = {"op": make.op, "shots": facts["count"], "seconds": facts["seconds"]}
        self._steps.append(Step("generate_video", args, self._snapshot(), raw))
        for addition in (*later, *unasked):
            self._do(addition)
        self._said = [*self._problems, self._sentence("finished", {"summary": self._summary()})]

    def _unasked(self, later: Sequence[Wish]) -> list[Wish]:
        added: list[Wish] = []
        if not any(isinstance(wish, SetMusic | RemoveMusic) for wish in later):
            added.append(SetMusic())
        if not any(isinstance(wish, AddText | RemoveText) and wish.role in ("title", "") for wish in later):
            name = self._scene.task_name.strip()
            title = name if name and name != "project" else DEFAULT_TITLES[self._chinese]
            added.append(AddText("title", title))
        return added

    def _try(self, wish: Wish) -> Facts | None:
        """Do one wish; None when it cannot be done, which is said."""
        try:
            return wish.apply(self._timeline)
        except CannotDo as problem:
            self._give_up(problem.reason, problem.facts)
            return None

    def _give_up(self, reason: str, facts: dict[str, Any]) -> None:
        self._problems.append(self._sentence(reason, facts))
        self._said.append(self._problems[-1])

    def _do(self, wish: Wish) -> None:
        """Do one wish as a tool call of its own, and say so."""
        if isinstance(wish, Say):
            self._answer(wish.topic)
        if isinstance(wish, Say | Undo):
            return
        before = self._snapshot()
        facts = self._try(wish)
        if facts is None:
            return
        after = self._snapshot()
        if after != before:
            known = {key: value for key, value in asdict(wish).items() if value not in (None, "", ())}
            generated = self._new_music(before, after)
            self._steps.append(Step("edit_multitrack", {"op": wish.op, **known}, after, "", generated))
        self._said.append(self._sentence(facts.pop("told", wish.op), facts))

    def _answer(self, topic: str) -> None:
        if topic == "help":
            self._said.append(self._sentence("help", self._rules()))
        elif topic == "export":
            self._said.append(self._sentence("export" if self._timeline.footage else "no_video", {}))
        else:
            key = "summary" if self._timeline.footage else "nothing_there"
            self._said.append(self._sentence(key, {"summary": self._summary()}))

    def _tell_unread(self) -> None:
        pieces = ", ".join(f'"{piece}"' for piece in self._reading.unread)
        if self._steps and pieces:
            self._said.append(self._sentence("left_out", {"pieces": pieces}))
        elif pieces or not self._said:
            pieces = pieces or ("这句话" if self._chinese else "that")
            self._said.append(self._sentence("unread", {"pieces": pieces, **self._rules()}))

    def _snapshot(self) -> dict[str, Any]:
        return Timeline(self._timeline.draft).draft

    def _new_music(self, before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        old, new = (
            [s["m"]["music"] for track in draft["t"] for s in track["sg"] if "music" in s["m"]]
            for draft in (before, after)
        )
        return tuple({"media_type": "audio", "name": m["mood"], "music": m} for m in new if m not in old)

    def _summary(self) -> str:
        return Draft.from_wire(self._timeline.draft).summary("zh" if self._chinese else "en")

    def _rules(self) -> dict[str, Any]:
        examples = [f'"{rule.examples[-1 if self._chinese else 0]}"' for rule in RULES]
        titled = (f"{rule.title} ({example})" for rule, example in zip(RULES, examples, strict=True))
        return {"rules": "; ".join(titled), "examples": ("、" if self._chinese else ", ").join(examples)}

    def _sentence(self, key: str, facts: dict[str, Any]) -> str:
        return sentence(key, facts, chinese=self._chinese)
