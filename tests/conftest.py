"""What all tests share: the tools of one folder are found from the others."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parent / folder) for folder in ("client", "faults")]
