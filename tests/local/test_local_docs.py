"""The tables of docs/local.md are those of the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from nemovideo.local import LocalBackend
from nemovideo.local.agent.grammar import RULES
from nemovideo.local.faults import KINDS

PAGE = Path(__file__).parents[2] / "docs" / "local.md"


def faults_table() -> str:
    rows = ["| kind | options | what happens |", "|---|---|---|"]
    for name, kind in KINDS.items():
        options = ", ".join(
            f"`{option}`" if default is ... else f"`{option}={default!r}`"
            for option, default in kind.options.items()
        )
        rows.append(f"| `{name}` | {options} | {kind.does} |")
    return "\n".join(rows)


def wishes_table() -> str:
    rows = ["| wish | such as |", "|---|---|"]
    rows += [f"| {rule.title} | {'; '.join(rule.examples)} |" for rule in RULES]
    return "\n".join(rows)


def test_the_page_has_the_tables_of_the_code() -> None:
    """Faults and wishes stand there as the code has them; to mend it, put in what this test prints."""
    page = PAGE.read_text(encoding="utf-8")
    for name, table in (("faults", faults_table()), ("wishes", wishes_table())):
        found = re.search(rf"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", page, re.DOTALL)
        assert found is not None
        assert found[1] == table, f"\n{table}"


def test_the_page_has_every_option() -> None:
    """Each argument of the backend has its row."""
    page = PAGE.read_text(encoding="utf-8")
    options = inspect.signature(LocalBackend).parameters
    assert [option for option in options if f"| `{option}` |" not in page] == []
