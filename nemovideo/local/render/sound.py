"""Sample number → finished sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nemovideo.local.render.plan import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nemovideo.local.render.plan import Plan


class Mixer:
    """x."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def block(self, number: int) -> NDArray[np.float32]:
        """Return"""
        first = round(number * SAMPLE_RATE / self._plan.fps)
        end = round((number + 1) * SAMPLE_RATE / self._plan.fps)
        return np.zeros((2, end - first), np.float32)
