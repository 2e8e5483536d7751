"""Instruments: one note or one stroke each, mono, as float arrays. Loudness 1 is about full scale."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Wave = NDArray[np.float32]

SAMPLE_RATE = 48_000
"""Samples per second."""

_CYCLE = np.arange(8192) / 8192  # the nearest entry is off by -71 dB
_SINE = np.sin(2 * np.pi * _CYCLE).astype(np.float32)
_STRINGS = np.sum([0.3 / k**1.6 * np.sin(2 * np.pi * k * _CYCLE) for k in range(1, 7)], axis=0).astype(
    np.float32
)


def hertz(note: int) -> float:
    """Return the pitch of a MIDI note number; 69 is 440 Hz."""
    return float(440.0 * 2.0 ** ((note - 69) / 12))


def electric_piano(note: int, seconds: float) -> Wave:
    """A bell-like strike that mellows."""
    pitch = hertz(note)
    parts = ((1, 0.8, 1.1), (2, 0.28, 0.7), (3, 0.1, 0.45), (7.02, 0.05, 0.12))
    return _shaped(_partials(pitch, parts, seconds), 0.006, 0.12)


@functools.lru_cache(maxsize=32)
def pluck(note: int, seconds: float) -> Wave:
    """A soft string, for melodies."""
    parts = tuple((k, 0.6 / k**1.7, 0.55 / k**0.7) for k in range(1, 7))
    return _shaped(_partials(hertz(note), parts, seconds), 0.004, 0.08)


def pad(note: int, seconds: float) -> Wave:
    """Strings that swell; two of them a little out of tune with each other."""
    wave = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    for detune in (0.9975, 1.0025):
        wave += _sounded(_STRINGS, hertz(note) * detune, seconds)
    return _shaped(wave, seconds * 0.25, seconds * 0.3)


def bass(note: int, seconds: float) -> Wave:
    """A round, plucked bass."""
    parts = ((1, 0.9, 0.9), (2, 0.25, 0.35), (3, 0.06, 0.15))
    return _shaped(_partials(hertz(note), parts, seconds), 0.008, 0.06)


@functools.cache
def kick() -> Wave:
    """A soft bass drum."""
    time = _time(0.32)
    phase = 2 * np.pi * (48 * time - 70 * 0.035 * np.exp(-time / 0.035))
    return _wave(np.sin(phase) * np.exp(-time / 0.11))


@functools.cache
def snare() -> Wave:
    """A brushed snare."""
    time = _time(0.22)
    noise = _noise(len(time), seed=1)
    body = np.sin(2 * np.pi * 185 * time) * np.exp(-time / 0.05)
    return _wave(0.45 * noise * np.exp(-time / 0.06) + 0.5 * body)


@functools.cache
def hat() -> Wave:
    """A closed hi-hat."""
    time = _time(0.06)
    noise = np.diff(_noise(len(time) + 2, seed=2), 2)  # differences keep what is high
    return _wave(0.25 * noise * np.exp(-time / 0.014))


def crackle(samples: int, generator: np.random.Generator) -> Wave:
    """A worn record: a little hiss, some ticks."""
    wave = generator.standard_normal(samples).astype(np.float32) * 0.012
    ticks = generator.integers(0, samples, size=samples // 5200)
    wave[ticks] += generator.uniform(-1, 1, size=len(ticks)).astype(np.float32) * 0.5
    return wave


def _partials(pitch: float, parts: tuple[tuple[float, float, float], ...], seconds: float) -> Wave:
    """Add sines; each part is (multiple of the pitch, loudness, seconds to a third)."""
    time = _time(seconds)
    wave = np.zeros_like(time)
    for multiple, loudness, decay in parts:
        if pitch * multiple < SAMPLE_RATE / 3:
            wave += _sounded(_SINE, pitch * multiple, seconds) * (loudness * np.exp(time / -decay))
    return wave


def _shaped(wave: Wave, attack: float, release: float) -> Wave:
    rise, fall = (min(len(wave) // 2, max(1, round(seconds * SAMPLE_RATE))) for seconds in (attack, release))
    wave[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    wave[-fall:] *= np.linspace(1, 0, fall, dtype=np.float32)
    return wave


def _time(seconds: float) -> Wave:
    return np.arange(round(seconds * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)


def _sounded(table: Wave, pitch: float, seconds: float) -> Wave:
    """Go round a table of one cycle: several times quicker than to compute each sine."""
    steps = np.arange(round(seconds * SAMPLE_RATE)) * (pitch * len(table) / SAMPLE_RATE)
    return _wave(table[steps.astype(np.int32) & (len(table) - 1)])


def _noise(samples: int, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(samples)


def _wave(values: NDArray[np.floating]) -> Wave:
    return values.astype(np.float32, copy=False)
