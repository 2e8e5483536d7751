"""Music made up on the spot: eight bars in a mood, which begin again without a seam."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from nemovideo.local.render import instruments
from nemovideo.local.render.instruments import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BARS = 8
_BEATS = 4

# Chords as semitones over the key note: sevenths and ninths, four of them for four bars.
_MELLOW = (
    ((0, 4, 7, 11, 14), (9, 12, 16, 19), (2, 5, 9, 12, 16), (7, 11, 14, 17)),
    ((5, 9, 12, 16), (4, 7, 11, 14), (2, 5, 9, 12), (0, 4, 7, 11, 14)),
    ((9, 12, 16, 19), (5, 9, 12, 16), (0, 4, 7, 11), (7, 11, 14, 17)),
)
_BRIGHT = (
    ((0, 4, 7, 12), (7, 11, 14, 19), (9, 12, 16, 21), (5, 9, 12, 17)),
    ((0, 4, 7, 12), (5, 9, 12, 17), (9, 12, 16, 21), (7, 11, 14, 19)),
)
_GRAVE = (
    ((0, 3, 7, 12), (8, 12, 15, 20), (3, 7, 10, 15), (10, 14, 17, 22)),
    ((0, 3, 7, 14), (5, 8, 12, 17), (8, 12, 15, 20), (7, 10, 14, 19)),
)
_PENTATONIC = (0, 2, 4, 7, 9)
_MINOR_PENTATONIC = (0, 3, 5, 7, 10)


@frozen
class Mood:
    """How a kind of music is played. Loudnesses are shares; 0 leaves an instrument out.

    Attributes:
        tempo: Beats per minute.
        chords: Progressions to choose from.
        scale: The melody's notes.
        swing: How late every second half-beat comes, in beats.
        keys: Of the electric piano.
        pads: Of the strings.
        bass: Of the bass.
        drums: Of the drums.
        melody: Of the plucked melody.
        crackle: Of the worn record.
        brightness: Hertz above which it grows dull.
        room: Share of reverberation.
        beat_kicks: Beats of a bar with a bass drum.
    """

    tempo: float
    chords: tuple[tuple[tuple[int, ...], ...], ...]
    scale: tuple[int, ...]
    swing: float
    keys: float
    pads: float
    bass: float
    drums: float
    melody: float
    crackle: float
    brightness: float
    room: float
    beat_kicks: tuple[float, ...] = (0, 2.5)


MOODS = {
    "lo-fi": Mood(78, _MELLOW, _PENTATONIC, 0.09, 0.5, 0.1, 0.55, 0.5, 0.22, 0.6, 4200, 0.16),
    "calm": Mood(66, _MELLOW, _PENTATONIC, 0.0, 0.34, 0.42, 0.28, 0.0, 0.2, 0.0, 5200, 0.4),
    "upbeat": Mood(
        112, _BRIGHT, _PENTATONIC, 0.0, 0.42, 0.12, 0.55, 0.75, 0.34, 0.0, 11000, 0.12, (0, 1, 2, 3)
    ),
    "cinematic": Mood(72, _GRAVE, _MINOR_PENTATONIC, 0.0, 0.12, 0.75, 0.5, 0.35, 0.12, 0.0, 7000, 0.5, (0,)),
    "electronic": Mood(
        120, _GRAVE, _MINOR_PENTATONIC, 0.0, 0.2, 0.35, 0.6, 0.85, 0.34, 0.0, 12000, 0.2, (0, 1, 2, 3)
    ),
}
"""Moods by the name that a draft gives."""

_GRID = 14_400  # samples: a multiple of it has small factors, and its Fourier transform is quick
_LOUDNESS = 0.19  # root mean square: about -14.4 dB
_CEILING = 0.9


@functools.lru_cache(maxsize=2)
def loop(mood: str, seed: int) -> NDArray[np.float32]:
    """Return some 16 to 30 seconds of music, of shape (2, samples); its end runs into its start.

    Args:
        mood: One of `MOODS`; any other is lo-fi.
        seed: Another number is another piece; the same one is the same.
    """
    manner = MOODS.get(mood, MOODS["lo-fi"])
    generator = np.random.default_rng([abs(seed), *mood.encode()])
    tape = _Tape(manner.tempo)
    key = 48 + int(generator.integers(0, 8))
    chords = manner.chords[int(generator.integers(len(manner.chords)))]
    for place, chord in enumerate(chords):
        starts = range(place * _BEATS, _BARS * _BEATS, len(chords) * _BEATS)
        _play_chord(tape, manner, starts, key, chord)
    for bar in range(_BARS):
        _play_drums(tape, manner, bar, generator)
        _play_melody(tape, manner, bar, key, generator)
    if manner.crackle:
        tape.add(0, instruments.crackle(tape.samples, generator), manner.crackle, 0)
    return _mastered(tape.sound, manner, generator)


class _Tape:
    """A loop that is recorded onto: what runs over its end goes on at its start."""

    def __init__(self, tempo: float) -> None:
        beats = _BEATS * _BARS
        self.samples = round(SAMPLE_RATE * 60 / tempo * beats / _GRID) * _GRID
        self._beat = self.samples / beats
        self.sound = np.zeros((2, self.samples), np.float32)

    def seconds(self, beats: float) -> float:
        """Return how long some beats take, to the millisecond, so that notes can be kept and reused."""
        return round(beats * self._beat / SAMPLE_RATE, 3)

    def add(self, beat: float, wave: NDArray[np.float32], loudness: float, side: float) -> None:
        """Record a sound at a beat, from -1 (left) to 1 (right)."""
        start = round(beat * self._beat) % self.samples
        head = min(len(wave), self.samples - start)
        for channel, share in enumerate((1 - max(0.0, side), 1 + min(0.0, side))):
            self.sound[channel, start : start + head] += wave[:head] * (loudness * share)
            self.sound[channel, : len(wave) - head] += wave[head:] * (loudness * share)


def _play_chord(tape: _Tape, manner: Mood, starts: Sequence[int], key: int, chord: tuple[int, ...]) -> None:
    """Record a chord at all its beats; each note is made once, and let go."""
    again = 2.5 + manner.swing
    for index, step in enumerate(chord):
        side = 0.5 * (index / (len(chord) - 1) - 0.5)
        if manner.keys:
            note = instruments.electric_piano(key + 12 + step, tape.seconds(3.2))
            for start in starts:
                rolled = start + index * 0.012  # a hand rolls a chord a little
                tape.add(rolled, note, manner.keys * 0.32, side)
                tape.add(start + again, note, manner.keys * 0.2, side)
        if manner.pads:
            note = instruments.pad(key + 12 + step, tape.seconds(5))
            for start in starts:
                tape.add(start, note, manner.pads * 0.3, -side)
    if manner.bass:
        root = key - 12 + chord[0] % 12
        for beat, length, loudness in ((0.0, 1.8, 0.6), (again, 1.2, 0.5)):
            note = instruments.bass(root, tape.seconds(length))
            for start in starts:
                tape.add(start + beat, note, manner.bass * loudness, 0)


def _play_drums(tape: _Tape, manner: Mood, bar: int, generator: np.random.Generator) -> None:
    if not manner.drums:
        return
    start = bar * _BEATS
    for beat in manner.beat_kicks:
        tape.add(start + beat, instruments.kick(), manner.drums * 0.8, 0)
    for beat in (1, 3):
        tape.add(start + beat + 0.01, instruments.snare(), manner.drums * 0.45, 0.1)
    for half in range(_BEATS * 2):
        late = manner.swing if half % 2 else 0.0
        loudness = manner.drums * float(generator.uniform(0.16, 0.3)) * (1.0 if half % 2 else 0.7)
        tape.add(start + half / 2 + late, instruments.hat(), loudness, -0.25)


def _play_melody(tape: _Tape, manner: Mood, bar: int, key: int, generator: np.random.Generator) -> None:
    step = int(generator.integers(2, len(manner.scale) + 3))
    for beat in np.flatnonzero(generator.random(_BEATS * 2) < (0.42 if bar % 2 else 0.25)) / 2:
        step = int(np.clip(step + generator.integers(-2, 3), 0, len(manner.scale) * 2 - 1))
        octave, place = divmod(step, len(manner.scale))
        note = instruments.pluck(key + 24 + 12 * octave + manner.scale[place], tape.seconds(1.5))
        late = manner.swing if beat % 1 else 0.0
        loudness = manner.melody * float(generator.uniform(0.3, 0.5))
        tape.add(bar * _BEATS + float(beat) + late, note, loudness, float(generator.uniform(-0.4, 0.4)))


def _mastered(
    sound: NDArray[np.float32], manner: Mood, generator: np.random.Generator
) -> NDArray[np.float32]:
    """Dull, reverberate and level. In the frequency domain, where a loop stays a loop."""
    samples = sound.shape[1]
    frequencies = np.fft.rfftfreq(samples, 1 / SAMPLE_RATE).astype(np.float32)
    tone = 1 / np.sqrt(1 + (frequencies / manner.brightness) ** 4)
    tone *= 1 / np.sqrt(1 + (30 / np.maximum(frequencies, 1e-3)) ** 4)  # no rumble, no offset
    decay = np.exp(np.arange(SAMPLE_RATE * 2, dtype=np.float32) / (-0.45 * SAMPLE_RATE))
    for channel in sound:
        echo = generator.standard_normal(len(decay), dtype=np.float32) * decay
        echo *= manner.room / np.sqrt(np.sum(echo**2))
        spectrum = np.fft.rfft(channel)
        spectrum *= tone
        spectrum *= 1 + np.fft.rfft(echo, samples)
        channel[:] = np.fft.irfft(spectrum, samples)
    sound *= _LOUDNESS / _CEILING / np.sqrt(np.mean(sound**2))
    np.tanh(sound, out=sound)
    sound *= _CEILING
    return sound
