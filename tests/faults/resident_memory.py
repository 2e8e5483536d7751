"""The resident memory of this process, as Linux counts it.

`ru_maxrss` will not do: a child begins with its parent's.
"""

from __future__ import annotations

import re
from pathlib import Path

CAN_MEASURE = Path("/proc/self/clear_refs").exists()

_STATUS = Path("/proc/self/status")


def forget_peak() -> int:
    """Let the peak begin anew; return what is resident now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _read("VmRSS")


def peak() -> int:
    """The most that was resident since `forget_peak`, in bytes."""
    return _read("VmHWM")


def _read(name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", _STATUS.read_text(), flags=re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024
