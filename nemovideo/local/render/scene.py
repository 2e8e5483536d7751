"""What is to be drawn and heard, in frames and samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from nemovideo.local.render.instruments import SAMPLE_RATE

if TYPE_CHECKING:
    from nemovideo.local.render.media import MediaInfo


@frozen
class Transition:
    """How a shot comes in over what was there before.

    Attributes:
        type: Dissolve, fade, slide or wipe.
        frames: How long it takes, from the shot's first frame on.
    """

    type: str
    frames: int


@frozen
class Shot:
    """A photo or a clip for a stretch of frames.

    Attributes:
        media: The file.
        first: Its first frame.
        end: The frame after its last one.
        until: The frame after the last one that shows it, under the next shot's transition too.
        source_start: Seconds into the file where it begins.
        speed: 2 plays twice as fast.
        motion: The camera move over it: zoom_in, zoom_out, pan_left, pan_right, pan_up, pan_down or none.
        look: The filter's name; empty for none.
        transition: How it comes in; None is a cut.
    """

    media: MediaInfo
    first: int
    end: int
    until: int
    source_start: float = 0.0
    speed: float = 1.0
    motion: str = "none"
    look: str = ""
    transition: Transition | None = None


@frozen
class Cue:
    """A piece of text for a stretch of frames.

    Attributes:
        text: What it says; may have several lines.
        role: Title, caption or subtitle: decides its size and style.
        position: Center, top or bottom.
        first: Its first frame.
        end: The frame after its last one.
        fade_in: Frames until it is fully there.
        fade_out: Frames that it takes to go.
    """

    text: str
    role: str
    position: str
    first: int
    end: int
    fade_in: int = 0
    fade_out: int = 0


@frozen
class Music:
    """Music to be made up.

    Attributes:
        mood: Such as lo-fi, upbeat, calm, cinematic.
        seed: The same seed gives the same piece.
    """

    mood: str
    seed: int = 0


@frozen
class Sound:
    """Something to be heard for a stretch of samples.

    Attributes:
        source: A file with sound in it, or music to be made up.
        first: Its first sample.
        end: The sample after its last one.
        source_start: Seconds into the file where it begins.
        speed: 2 plays twice as fast, at the same pitch.
        volume: 1 leaves it as it is.
        fade_in: Samples until it is fully there.
        fade_out: Samples that it takes to go.
    """

    source: MediaInfo | Music
    first: int
    end: int
    source_start: float = 0.0
    speed: float = 1.0
    volume: float = 1.0
    fade_in: int = 0
    fade_out: int = 0


@frozen
class Plan:
    """Everything that `engine.render` needs to know.

    Attributes:
        width: Pixels, even.
        height: Pixels, even.
        fps: Frames per second.
        frames: How many there are.
        format: The file's container.
        quality: What to spend on it.
        layers: The shots of each video track, in order of time; a later layer lies over an earlier one.
        cues: The texts, drawn over everything.
        sounds: All that is heard.
        warnings: What the draft asks for and will not get, a sentence each.
    """

    width: int
    height: int
    fps: int
    frames: int
    format: str = "mp4"
    quality: str = "high"
    layers: tuple[tuple[Shot, ...], ...] = ()
    cues: tuple[Cue, ...] = ()
    sounds: tuple[Sound, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def samples(self) -> int:
        """How many samples of sound there are: as long as the picture."""
        return round(self.frames * SAMPLE_RATE / self.fps)
