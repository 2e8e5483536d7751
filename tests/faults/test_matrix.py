"""Every fault that the matrix names has a test, and no test names a fault that the matrix does not."""

from __future__ import annotations

from fault_rows import marked, rows


def test_the_matrix_names_53_rows_once_each() -> None:
    assert sorted(rows()) == [f"F{number:02}" for number in range(1, 54)]


def test_every_row_has_a_test() -> None:
    proven = marked()
    assert [row for row in rows() if row not in proven] == []


def test_every_mark_is_a_row() -> None:
    assert marked() - set(rows()) == set()
