"""Wishes about sound: music by mood, its volume, and fades."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import frozen

from nemovideo.local.agent.quantities import milliseconds, ordinals, share
from nemovideo.local.agent.timeline import AUDIO
from nemovideo.local.agent.wish import CannotDo, Facts, Rule, Wish

if TYPE_CHECKING:
    from nemovideo.local.agent.clauses import Clause
    from nemovideo.local.agent.timeline import Segment, Timeline

VOLUME = 0.35
"""Of music under pictures, when none is asked for: as in the service's own example [S]."""
MAX_VOLUME = 1.5
FADE_OUT_MS = 2000
LOUDER, QUIETER, HALF = 1.5, 0.6, 0.5

_MOODS = (
    ("lo-fi", r"\blo-?\s?fi\b|\bchill(?:ed|ing)?\b"),
    ("upbeat", r"\b(?:upbeat|happ(?:y|ier)|energetic|cheerful|joyful|fun|lively|pop)\b|欢快|轻快|活泼|动感"),
    (
        "calm",
        (
            r"\b(?:calm(?:er)?|relax(?:ed|ing)?|peaceful|soft|gentle|ambient|quiet|slow|piano)\b"
            r"|平静|舒缓|安静|轻柔|轻松|放松|钢琴"
        ),
    ),
    ("electronic", r"\b(?:electronic|techno|edm|synth(?:wave)?|house|dance)\b|电子"),
    ("cinematic", r"\b(?:cinematic|epic|dramatic|inspiring|inspirational|emotional)\b|电影感|史诗|大气|激昂"),
)
_MUSIC = re.compile(
    r"\b(?:music|bgm|soundtrack|song|tune|beats?|audio|sound)\b|\blo-?\s?fi\b|音乐|配乐|背景乐|歌"
)
_ADD = re.compile(r"\badd\b|加(?![大强])|配")
_ANY = re.compile(
    r"(?:\W|\d|\b(?:add|put|use|want|need|like|give|have|include|play|with|background|bgm|music|soundtrack|song|tune"
    r"|track|audio|sound|some|any|an?|the|my|our|this|that|it|i|we|you|me|us|d|let|s|to|in|on|as|for|of|under|behind"
    r"|please|can|could|would|nice|good|great|uploaded|own|video|photos?|whole|too|also)\b"
    r"|[加点上一个些首段放配要来用背景音乐歌曲视频给我把的了请有传])*"
)
"""Music of whatever kind; any other word names one that this agent does not have."""
_REMOVE = re.compile(
    r"\b(?:remove|delete|drop|no|mute|stop|off)\b|去掉|删掉|删除|移除|不要|静音|无|关掉|关闭"
)
_LOUDER = re.compile(
    r"\b(?:louder|turn (?:it |the \w+ )?up|raise|too quiet)\b|大声|调高|提高|增大|响一点|大一点"
)
_QUIETER = re.compile(
    r"\b(?:quieter|softer|turn (?:it |the \w+ )?down|lower|less loud|too loud|half (?:as loud|the volume))\b"
    r"|小声|调低|降低|减小|减半|轻一点|小一点"
)
_LOUDNESS = re.compile(r"\b(?:volume|louder|quieter|less loud|turn it (?:up|down))\b|音量|[大小]声|声音")
"""What speaks of sound by itself; other things are raised, lowered and softer, too."""
_STEPS = ((LOUDER, _LOUDER), (QUIETER, _QUIETER))
_EXACTLY = re.compile(r"\b(?:to|at)\b|[到至为成]")
_HALF = re.compile(r"\bhalf\b|一半|减半")
_FADE = re.compile(r"\bfad(?:e|es|ing)\b|淡出|淡入")
_FADES = (("fade_in", r"\bin\b|淡入"), ("fade_out", r"\bout\b|淡出"))


@frozen
class SetMusic:
    """Music under the whole video, in place of what was there.

    Attributes:
        mood: Lo-fi, upbeat, calm, cinematic or electronic; empty takes an uploaded sound, else lo-fi.
        volume: 1 is as loud as it is.
    """

    op: ClassVar[str] = "add_bgm"
    mood: str = ""
    volume: float = VOLUME

    def apply(self, timeline: Timeline) -> Facts:
        """Put it on the timeline, with a fade-out."""
        if not timeline.footage:
            raise CannotDo("no_video")
        settings: dict[str, Any] = {"id": "bgm1"}
        sounds = [item for item in timeline.media if item["file_type"] == "audio"]
        if sounds and not self.mood:
            settings |= {"name": sounds[-1]["filename"], "source": sounds[-1]["cdn_url"]}
        else:
            mood = self.mood or "lo-fi"
            # The same footage gets the same piece, other footage another.
            seed = zlib.crc32("".join(s["m"].get("name", "") for s in timeline.footage).encode()) % 1000
            settings |= {"name": mood.capitalize(), "music": {"mood": mood, "seed": seed}}
        fade = min(FADE_OUT_MS, timeline.total_ms // 3)
        settings |= {"start": 0, "volume": self.volume, "fade_out": fade}
        timeline.replace(AUDIO, "bgm", [{"d": timeline.total_ms, "m": settings}])
        timeline.settle()
        return {"name": settings["name"], "percent": round(100 * self.volume)}


@frozen
class RemoveMusic:
    """No music."""

    op: ClassVar[str] = "remove_bgm"

    def apply(self, timeline: Timeline) -> Facts:
        """Take its track away."""
        _music(timeline)
        timeline.replace(AUDIO, "bgm", [])
        return {}


@frozen
class ChangeVolume:
    """The music louder or quieter.

    Attributes:
        volume: To this; None goes by the factor.
        factor: So many times as loud as now.
    """

    op: ClassVar[str] = "set_volume"
    volume: float | None = None
    factor: float = 1.0

    def apply(self, timeline: Timeline) -> Facts:
        """Set it on all of the music."""
        for segment in _music(timeline):
            now = segment["m"].get("volume", 1.0)
            wanted = now * self.factor if self.volume is None else self.volume
            segment["m"]["volume"] = round(min(wanted, MAX_VOLUME), 2)
        return {"percent": round(100 * _music(timeline)[0]["m"]["volume"])}


@frozen
class FadeMusic:
    """The music comes or goes slowly, or both."""

    op: ClassVar[str] = "fade_bgm"
    keys: tuple[str, ...]

    def apply(self, timeline: Timeline) -> Facts:
        """Set the fade."""
        for segment in _music(timeline):
            segment["m"] |= dict.fromkeys(self.keys, min(FADE_OUT_MS, segment["d"] // 2))
        return {}


def _music(timeline: Timeline) -> list[Segment]:
    music = timeline.segments(AUDIO, "bgm")
    if not music:
        raise CannotDo("no_music")
    return music


def _read_music(clause: Clause) -> Wish | None:
    text, volume = clause.text, share(clause.text)
    if clause.quotes or clause.makes or ordinals(text) or milliseconds(text) is not None:
        return None
    about_music = _MUSIC.search(text) is not None
    if not about_music and not isinstance(clause.before, SetMusic | ChangeVolume):
        return _read_volume(text, volume) if _LOUDNESS.search(text) else None
    if about_music and _REMOVE.search(text):
        return RemoveMusic()
    mood = _mood(text)
    if wish := _read_volume(text, volume):
        if volume is not None and (mood or _ADD.search(text)):
            return SetMusic(mood, min(volume, MAX_VOLUME))
        return wish
    if _FADE.search(text):
        asked = tuple(key for key, words in _FADES if re.search(words, text))
        return FadeMusic(asked or ("fade_out",))
    return SetMusic(mood) if about_music and (mood or _ANY.fullmatch(text)) else None


def _read_volume(text: str, volume: float | None) -> Wish | None:
    step = next((factor for factor, words in _STEPS if words.search(text)), None)
    if volume is not None and (step is None or _EXACTLY.search(text)):
        return ChangeVolume(min(volume, MAX_VOLUME))
    if step is None:
        return None
    if volume is not None:
        return ChangeVolume(factor=1 + volume if step > 1 else max(0.0, 1 - volume))
    return ChangeVolume(factor=HALF if step < 1 and _HALF.search(text) else step)


def _mood(text: str) -> str:
    return next((mood for mood, words in _MOODS if re.search(words, text)), "")


MUSIC_RULE = Rule(
    "Background music: lo-fi, upbeat, calm, cinematic, electronic, or an upload; volume, fades, none",
    (
        "add lo-fi background music",
        "cinematic music at 50% volume",
        "make the music quieter",
        "fade the music out",
        "remove the music",
        "加上欢快的背景音乐",
        "音乐小声一点",
    ),
    _read_music,
)
