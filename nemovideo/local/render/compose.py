"""Frame number -> finished picture."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import cv2
from attrs import evolve

from nemovideo.local.render.clip import ClipShot
from nemovideo.local.render.lettering import letter
from nemovideo.local.render.planes import BLACK, blank
from nemovideo.local.render.stage import Stage
from nemovideo.local.render.still import CutOutShot, StillShot, has_transparency
from nemovideo.local.render.transitions import combine

if TYPE_CHECKING:
    from pathlib import Path

    from nemovideo.local.render.planes import Picture
    from nemovideo.local.render.scene import Cue, Plan, Shot
    from nemovideo.local.render.stamp import Stamp

Source = StillShot | CutOutShot | ClipShot

FROM_THE_BOTTOM = ("subtitle", "caption", "title")
"""In which order texts stand that share a place: people look for each where it usually is."""


class Composer:
    """Draws the frames of a plan in their order, keeping what the next one needs.

    Args:
        plan: What to draw.
        font: A font file of the user's, asked before the installed ones.
    """

    def __init__(self, plan: Plan, font: Path | None = None) -> None:
        self._plan = plan
        self._font = font
        self._interpolation = cv2.INTER_LINEAR if plan.quality == "low" else cv2.INTER_CUBIC
        self._starts = [[shot.first for shot in shots] for shots in plan.layers]
        self._incoming = blank(plan.width, plan.height)
        self._sources: dict[Shot, Source] = {}
        self._stamps: dict[Cue, Stamp] = {}

    def draw(self, number: int, target: Picture) -> None:
        """Draw a frame.

        Args:
            number: Counted from 0.
            target: Of the plan's size; all of it is painted over.

        Raises:
            UnreadableMedia: A file is gone or damaged.
        """
        target.fill(BLACK)
        for shots, starts in zip(self._plan.layers, self._starts, strict=True):
            self._draw_layer(shots, bisect_right(starts, number) - 1, number, target)
        for cue in self._plan.cues:
            if cue.first <= number < cue.end:
                self.stamp(cue).put(target, _presence(cue, number))
        for shot in [shot for shot in self._sources if shot.until <= number + 1]:
            del self._sources[shot]
        for cue in [cue for cue in self._stamps if cue.end <= number + 1]:
            del self._stamps[cue]

    def _draw_layer(self, shots: tuple[Shot, ...], latest: int, number: int, target: Picture) -> None:
        if latest < 0 or number >= shots[latest].end:
            return
        current = shots[latest]
        transition = current.transition
        if transition is None or number >= current.first + transition.frames:
            self._source(current).draw(number, target)
            return
        self._incoming.paste(target)
        self._source(current).draw(number, self._incoming)
        if latest > 0 and number < shots[latest - 1].until:
            self._source(shots[latest - 1]).draw(number, target)
        progress = (number - current.first + 1) / (transition.frames + 1)
        combine(transition.type, target, self._incoming, progress)

    def _source(self, shot: Shot) -> Source:
        if shot not in self._sources:
            self._sources[shot] = self._open(shot)
        return self._sources[shot]

    def _open(self, shot: Shot) -> Source:
        plan = self._plan
        is_overlay = shot not in plan.layers[0] and not shot.media.is_moving
        if is_overlay and has_transparency(shot.media.path):
            return CutOutShot(shot, plan.width, plan.height)
        stage = Stage(shot, plan.width, plan.height, plan.fps, self._interpolation)
        return ClipShot(shot, stage, plan.fps) if shot.media.is_moving else StillShot(shot, stage)

    def stamp(self, cue: Cue) -> Stamp:
        """Return a text as drawn where nothing else stands."""
        if cue not in self._stamps:
            drawn = letter(cue, self._plan.width, self._plan.height, self._font)
            if other := self._further_out(cue):
                there = self.stamp(other)
                y = there.y - drawn.height if cue.position == "bottom" else there.y + there.height
                drawn = evolve(drawn, y=min(max(0, y), self._plan.height - drawn.height))
            self._stamps[cue] = drawn
        return self._stamps[cue]

    def _further_out(self, cue: Cue) -> Cue | None:
        """Return what stands between a text and the edge at its time: the longest of the next role."""
        inwards = FROM_THE_BOTTOM if cue.position == "bottom" else FROM_THE_BOTTOM[::-1]
        if cue.role not in inwards:
            return None
        beside = [
            other
            for other in self._plan.cues
            if other.role in inwards[: inwards.index(cue.role)] and _meet(cue, other)
        ]
        return max(beside, key=lambda other: (inwards.index(other.role), len(other.text)), default=None)


def _meet(cue: Cue, other: Cue) -> bool:
    return cue.position == other.position and cue.first < other.end and other.first < cue.end


def _presence(cue: Cue, number: int) -> float:
    """How much of a text is there: it comes and goes evenly, and is never quite absent in its own time."""
    coming = (number - cue.first + 1) / (cue.fade_in + 1)
    going = (cue.end - number) / (cue.fade_out + 1)
    return min(1.0, coming, going)
