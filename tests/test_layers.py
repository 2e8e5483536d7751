"""Each room imports only what stands below it: read from the source of every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

PACKAGE = Path(__file__).parents[1] / "nemovideo"

LAYERS = (
    {"errors", "_clock", "_lazy", "_markup", "_unbroken", "_version"},
    {"draft", "events", "config", "pictures"},
    {"models"},
    {"_wire"},
    {"_transport"},
    {"journal"},
    {"resources"},
    {"session"},
    {"client"},
    {"assistant", "batch"},
    {"cli", "testing"},
)
"""The rooms from the ground up. A room is a module or a package directly below `nemovideo`."""

BESIDE = {
    "local": {"errors", "_clock", "_markup", "_version", "draft", "local"},
    "draft": {"errors", "_lazy", "draft"},
}
"""Rooms that may use less than all below them: all that each may import."""

USERS_OF_LOCAL = {"client", "cli", "testing"}
"""The only rooms that may start an embedded backend."""

FACES = {
    ("client", "nemovideo.local"): "an embedded backend starts on first need, through its public name",
    ("cli.serve", "nemovideo.local"): "the command line uses public names",
}
"""Imports from a package's own face (its `__init__`), each with its reason. Nothing else may."""

HOMES = {
    "aiohttp": {"_transport", "local", "resources.chat"},  # the last one only to catch its errors
    "aiohttp_sse_client2": {"_transport.event_source"},
    "aiosqlite": {"journal"},
    "av": {"local"},
    "backoff": {"_transport.repeat"},
    "cattrs": {"_wire.converter"},
    "click": {"cli"},
    "cv2": {"local"},
    "filelock": {"_transport.store"},
    "numpy": {"local"},
    "opentimelineio": {"draft"},
    "pillow_heif": {"resources.heic"},
    "puremagic": {"resources.preflight"},
    "PIL": {"local", "resources.heic"},
    "pytest": {"testing.plugin"},
    "pytest_asyncio": {"testing.plugin"},
    "rich": {"cli"},
    "webvtt": {"draft.subtitles"},
}
"""Packages that must stay replaceable or optional, and the only modules or packages that know them."""


@frozen
class Import:
    """One import of another module.

    Attributes:
        source: The importing module, without `nemovideo.`.
        line: Its line.
        module: What is imported, or imported from.
        name: The name taken from it; empty for `import module`.
    """

    source: str
    line: int
    module: str
    name: str = ""

    @property
    def rooms(self) -> tuple[str, str]:
        """The importing room and the imported one."""
        target = f"{self.module}.{self.name}" if self.module == "nemovideo" else self.module
        return self.source.partition(".")[0], target.split(".")[1]

    @property
    def is_of_a_face(self) -> bool:
        """Whether the name comes out of a package's `__init__`."""
        folder = PACKAGE.parent / self.module.replace(".", "/")
        submodule = folder / self.name
        return folder.is_dir() and not (submodule.is_dir() or submodule.with_suffix(".py").is_file())


def imports() -> Iterator[Import]:
    """Yield every import in the package: at the top, inside functions, and for type checkers alike."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        source = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (Import(source, node.lineno, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}:{node.lineno} is a relative import"
                assert node.module is not None
                yield from (Import(source, node.lineno, node.module, name.name) for name in node.names)


EVERY = tuple(imports())
OWN = tuple(found for found in EVERY if found.module.partition(".")[0] == "nemovideo" and found.source)
"""Imports inside the package, but for its face, which may name everything."""


def allowed(room: str) -> set[str]:
    """Return the rooms that a room may import."""
    if room in BESIDE:
        return BESIDE[room]
    (level,) = (number for number, layer in enumerate(LAYERS) if room in layer)
    below = set().union(*LAYERS[:level])
    return below | {room} | ({"local"} if room in USERS_OF_LOCAL else set())


def test_every_room_has_its_place() -> None:
    """A new module or package has to be put into a layer before it can be imported or import."""
    rooms = {
        path.stem
        for path in PACKAGE.iterdir()
        if path.name != "__init__.py" and (path.suffix == ".py" or (path / "__init__.py").is_file())
    }

    assert rooms - set().union(*LAYERS) - {"local"} == set()


def test_nothing_imports_upward() -> None:
    """Imports for type checkers count as well: who names a type depends on it."""
    upward = [found for found in OWN if found.rooms[1] not in allowed(found.rooms[0])]

    assert upward == []


def test_no_module_imports_from_a_packages_face() -> None:
    """Import cycles come from that; the exceptions above are all in use."""
    faces = {(found.source, found.module) for found in OWN if found.is_of_a_face}

    assert faces == set(FACES)


def test_the_renderer_knows_nothing_of_the_service_around_it() -> None:
    """Drafts and files go in, a video comes out: no HTTP, no accounts."""
    rooms = ("nemovideo.local.render", "nemovideo.draft", "nemovideo.errors")
    foreign = [
        found
        for found in EVERY
        if found.source.startswith("local.render.")
        and (found.module.startswith("aiohttp") or (found in OWN and not found.module.startswith(rooms)))
    ]

    assert foreign == []


@pytest.mark.parametrize("package", HOMES)
def test_a_package_is_known_in_its_home_only(package: str) -> None:
    """What is replaceable or optional is not spread."""
    homes = tuple(f"{home}." for home in HOMES[package])
    users = {found.source for found in EVERY if found.module.partition(".")[0] == package}

    assert {user for user in users if not f"{user}.".startswith(homes)} == set()
