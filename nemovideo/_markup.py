"""HTML that nothing breaks out of: what is put into a template is escaped, unless it is markup itself."""

from __future__ import annotations


class Markup(str):
    """HTML that may stand in a page as it is."""

    __slots__ = ()


def fill(template: str, **values: object) -> Markup:
    """Return a template of ours, `{name}` by `{name}` replaced.

    Args:
        template: Markup as written in this package; it never comes from outside.
        values: `Markup` goes in as it is, a list item by item, and anything else as escaped text.
    """
    return Markup(template.format_map({name: _safe(value) for name, value in values.items()}))


def _safe(value: object) -> str:
    if isinstance(value, list):
        return "".join(_safe(item) for item in value)
    if isinstance(value, Markup):
        return value
    from html import escape  # only here: most programs show no HTML

    return escape(str(value))
