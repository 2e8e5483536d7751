"""Drafts as a server may send them: odd, incomplete, full of keys we do not know, and legal."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# The machine may be busy with other tests: slowness is for the benchmarks to tell.
settings.register_profile("drafts", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("drafts")

KNOWN_KEYS = frozenset(("t", "tt", "sg", "d", "m"))
READ = frozenset(("start", "text", "name", "source", "volume", "transition", "music", "canvas", "role"))

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-(10**7), 10**7) | st.floats(-1e7, 1e7)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
json_values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
foreign = st.dictionaries(texts.filter(lambda key: key not in KNOWN_KEYS), json_values, max_size=3)


@st.composite
def objects(draw: st.DrawFn, /, **known: st.SearchStrategy[Any]) -> dict[str, Any]:
    """An object with some of the known keys and some foreign ones, in any order."""
    items = list((draw(st.fixed_dictionaries({}, optional=known)) | draw(foreign)).items())
    return dict(draw(st.permutations(items)))


metadata = st.none() | objects(
    start=numbers,
    text=texts,
    name=texts,
    source=texts | st.just("https://cdn.example/a%20b.jpg"),
    volume=numbers | texts,
    transition=json_values | st.just({"type": "dissolve", "duration": 500}),
    music=json_values | st.just({"mood": "lo-fi", "seed": 1}),
    canvas=json_values | st.just({"width": 640, "height": 360, "fps": 25}),
    role=texts | st.sampled_from(["bgm", "voice", "sfx", "title", "caption", "subtitle"]),
)
segments = objects(d=st.none() | numbers, m=metadata, start=numbers, end=numbers, id=texts)
tracks = objects(
    tt=st.none() | st.sampled_from([0, 1, 7]) | st.integers(-5, 99),
    sg=st.none() | st.lists(segments, max_size=4),
    m=metadata,
    d=st.none() | numbers,
)
drafts = objects(t=st.none() | st.lists(tracks, max_size=4), d=st.none() | numbers, m=metadata)
