"""Music, mixing, volumes, fades and speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from painted import tone_file

from nemovideo.local.render import music
from nemovideo.local.render.instruments import SAMPLE_RATE
from nemovideo.local.render.media import probe
from nemovideo.local.render.scene import Music, Plan, Sound
from nemovideo.local.render.sound import CEILING, Mixer

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SECOND = SAMPLE_RATE


def mixed(*sounds: Sound, seconds: int = 2, fps: int = 30) -> NDArray[np.float32]:
    plan = Plan(32, 32, fps, seconds * fps, sounds=sounds)
    mixer = Mixer(plan)
    return np.concatenate([mixer.block() for _ in range(plan.frames)], axis=1)


def decibels(samples: NDArray[np.float32]) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(np.float64) ** 2)) + 1e-9))


def pitch(samples: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * SAMPLE_RATE / len(samples))


@pytest.mark.parametrize("mood", music.MOODS)
def test_every_mood_is_music_at_one_loudness(mood: str) -> None:
    """It is neither silent nor clipped, and about as loud as every other."""
    loop = music.loop(mood, 7)
    assert 10 < loop.shape[1] / SAMPLE_RATE < 40
    assert decibels(loop) == pytest.approx(-15, abs=1)
    assert np.abs(loop).max() < CEILING
    assert np.abs(loop.mean()) < 1e-3


def test_a_seed_is_a_piece() -> None:
    """The same seed gives the same samples, another one another piece."""
    first = music.loop("lo-fi", 1)
    music.loop.cache_clear()
    assert (music.loop("lo-fi", 1) == first).all()
    other = music.loop("lo-fi", 2)
    assert other.shape != first.shape or np.abs(other - first).max() > 0.05


def test_a_loop_has_no_seam() -> None:
    """From the last sample to the first is no larger a step than elsewhere."""
    loop = music.loop("calm", 3)
    assert np.abs(loop[:, 0] - loop[:, -1]).max() <= np.abs(np.diff(loop)).max()


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_the_sound_is_as_long_as_the_picture(fps: int) -> None:
    """Blocks add up to the sample, at every rate."""
    assert mixed(Sound(Music("lo-fi"), 0, SECOND), seconds=1, fps=fps).shape == (2, SECOND)


def test_a_volume_of_35_percent_is_nine_decibels_down(tmp_path: Path) -> None:
    """Volume is a factor."""
    tone = probe(tone_file(tmp_path / "a.wav", 440, 2))
    full, part = (decibels(mixed(Sound(tone, 0, 2 * SECOND, volume=volume))) for volume in (1, 0.35))
    assert full - part == pytest.approx(9.12, abs=0.05)


def test_a_sound_is_heard_in_its_time_only(tmp_path: Path) -> None:
    """Before and after there is silence, to the sample."""
    tone = probe(tone_file(tmp_path / "a.wav", 440, 2))
    heard = mixed(Sound(tone, SECOND // 2, SECOND))
    assert not heard[:, : SECOND // 2].any()
    assert not heard[:, SECOND:].any()
    assert decibels(heard[:, SECOND // 2 : SECOND]) > -15


def test_fades_come_from_silence_and_go_to_it(tmp_path: Path) -> None:
    """In the middle it is as it is; at both ends it is far below."""
    tone = probe(tone_file(tmp_path / "a.wav", 440, 2))
    heard = mixed(Sound(tone, 0, 2 * SECOND, fade_in=SECOND // 2, fade_out=SECOND // 2))
    middle = decibels(heard[:, SECOND - 4800 : SECOND + 4800])
    assert middle - decibels(heard[:, :960]) > 20
    assert middle - decibels(heard[:, -960:]) > 20


def test_loud_sounds_together_do_not_clip(tmp_path: Path) -> None:
    """Three at full scale, one of them coming in abruptly: nothing passes the ceiling, nothing clicks."""
    tones = [probe(tone_file(tmp_path / f"{hertz}.wav", hertz, 2, 0.95)) for hertz in (220, 330, 441)]
    heard = mixed(*(Sound(tone, index * 30_000, 2 * SECOND) for index, tone in enumerate(tones)))
    assert np.abs(heard).max() <= CEILING + 1e-6
    assert np.abs(np.diff(heard)).max() < 0.2


def test_sound_is_trimmed_to_the_sample(tmp_path: Path) -> None:
    """Starting 0.5 s into a file leaves 1.5 s of it."""
    tone = probe(tone_file(tmp_path / "a.wav", 440, 2))
    heard = mixed(Sound(tone, 0, 2 * SECOND, source_start=0.5))
    last = int(np.flatnonzero(np.abs(heard[0]) > 1e-4)[-1])
    assert last == pytest.approx(1.5 * SECOND, abs=300)


@pytest.mark.parametrize("speed", [0.4, 2.0, 3.0])
def test_speed_changes_the_length_and_not_the_pitch(tmp_path: Path, speed: float) -> None:
    """A faster voice is no higher one."""
    tone = probe(tone_file(tmp_path / "a.wav", 440, 2))
    heard = mixed(Sound(tone, 0, 6 * SECOND, speed=speed), seconds=6)
    last = int(np.flatnonzero(np.abs(heard[0]) > 0.02)[-1])
    assert last / SECOND == pytest.approx(2 / speed, rel=0.06)
    assert pitch(heard[0, SECOND // 10 : SECOND // 2]) == pytest.approx(440, abs=6)
