"""The rows of docs/faults.md, and the tests that are marked with them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
MATRIX = TESTS.parent / "docs" / "faults.md"


def rows() -> list[str]:
    """The ids in the matrix, in its order."""
    return re.findall(r"^\| (F\d+) \|", MATRIX.read_text("utf-8"), flags=re.MULTILINE)


def marked() -> set[str]:
    """The ids that tests are marked with, read from their source: also those that are not run this time."""
    return {
        argument.value
        for module in TESTS.rglob("test_*.py")
        for call in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(call, ast.Call) and _is_fault_mark(call.func)
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def _is_fault_mark(called: ast.expr) -> bool:
    """Whether it is `pytest.mark.fault`."""
    return (
        isinstance(called, ast.Attribute)
        and called.attr == "fault"
        and isinstance(called.value, ast.Attribute)
        and called.value.attr == "mark"
    )
