"""What a media file is: found out from its content, whatever its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import av
from attrs import frozen
from av.error import FFmpegError
from av.stream import Disposition
from PIL import Image, UnidentifiedImageError

from nemovideo.local.render.errors import UnreadableMedia

if TYPE_CHECKING:
    from pathlib import Path

FileType = Literal["image", "video", "audio"]

ORIENTATION_TAG = 0x0112
"""EXIF: how the camera was held. 5 to 8 mean that width and height change places."""

MAX_PIXELS = 89_478_485
"""More than this in one still is refused: it is Pillow's own line between a photo and an attack."""

# ffmpeg finds a "video" in plain text too, so only the containers that the service takes are asked.
CONTAINERS = frozenset(("mov", "mp4", "m4a", "matroska", "webm", "avi", "mp3", "wav", "aac", "gif", "ogg"))


@frozen
class MediaInfo:
    """What `probe` found out.

    Attributes:
        path: The file.
        file_type: Image (also an animated one), video or audio.
        width: Pixels, as seen: after the rotation that the file asks for. 0 for audio.
        height: Likewise.
        duration: Seconds; 0 for stills.
        fps: Frames per second; 0 for stills and audio.
        has_sound: Whether there is sound in it.
    """

    path: Path
    file_type: FileType
    width: int = 0
    height: int = 0
    duration: float = 0.0
    fps: float = 0.0
    has_sound: bool = False

    @property
    def is_moving(self) -> bool:
        """Whether its picture changes: a video, or an animated image."""
        return self.file_type != "audio" and self.duration > 0


def probe(path: Path) -> MediaInfo:
    """Read a file as far as it takes to know what it is, and that it is whole.

    Args:
        path: A photo, an animated GIF, a video or a sound file.

    Raises:
        UnreadableMedia: It is missing, empty, cut short, or something else.
    """
    try:
        if path.stat().st_size == 0:
            raise UnreadableMedia(f"{path.name} is empty.")
        with Image.open(path) as image:
            # Cameras put several pictures in one JPEG (MPO): only a GIF of several is an animation.
            if image.format != "GIF" or not getattr(image, "is_animated", False):
                return _probe_still(path, image)
    except UnidentifiedImageError:
        pass
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnreadableMedia(f"{path.name} has too many pixels.") from None
    except OSError as error:
        raise UnreadableMedia(f"{path.name} cannot be read: {error.strerror or error}.") from None
    except (ValueError, SyntaxError, EOFError):  # what Pillow's decoders say to broken headers
        raise UnreadableMedia(f"{path.name} is a damaged image.") from None
    return _probe_container(path)


def _probe_still(path: Path, image: Image.Image) -> MediaInfo:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UnreadableMedia(f"{path.name} has too many pixels.")
    if image.getexif().get(ORIENTATION_TAG, 1) >= 5:
        width, height = height, width
    image.draft(None, (1, 1))  # a JPEG is decoded at an eighth: enough to see that it is whole
    image.load()
    return MediaInfo(path=path, file_type="image", width=width, height=height)


def _probe_container(path: Path) -> MediaInfo:
    try:
        with av.open(str(path)) as container:
            names = set(container.format.name.split(","))
            if not names & CONTAINERS:
                raise UnreadableMedia(f"{path.name} is no photo, video or sound that can be used.")
            pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
            sounds = container.streams.audio
            duration = (container.duration or 0) / av.time_base
            if not pictures:
                if not sounds:
                    raise UnreadableMedia(f"{path.name} has neither pictures nor sound.")
                next(container.decode(sounds[0]))
                return MediaInfo(path=path, file_type="audio", duration=duration, has_sound=True)
            stream = pictures[0]
            if stream.duration is not None and stream.time_base is not None:
                duration = float(stream.duration * stream.time_base)
            frame = next(container.decode(stream))
            width, height = frame.width, frame.height
            if frame.rotation % 180:
                width, height = height, width
            return MediaInfo(
                path=path,
                file_type="image" if "gif" in names else "video",
                width=width,
                height=height,
                duration=duration,
                fps=float(stream.average_rate or stream.base_rate or 25),
                has_sound=bool(sounds),
            )
    except StopIteration:
        raise UnreadableMedia(f"{path.name} holds no frame that can be decoded.") from None
    except (FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableMedia(f"{path.name} cannot be read: {reason}.") from None
