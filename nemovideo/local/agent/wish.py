"""What a wish is, and the rule that reads one out of a clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from attrs import AttrsInstance, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from nemovideo.local.agent.clauses import Clause
    from nemovideo.local.agent.timeline import Timeline

Facts = dict[str, Any]
"""What an edit did, for the sentence that tells it; `told` names the sentence, where it is not the op's."""


class Wish(AttrsInstance, Protocol):
    """One thing that a person wants done; a frozen value."""

    op: ClassVar[str]
    """What the tool call names it."""

    def apply(self, timeline: Timeline) -> Facts:
        """Do it, and return what the sentence about it needs.

        Raises:
            CannotDo: The timeline has nothing that it could be done to; nothing was changed.
        """
        ...


class CannotDo(Exception):
    """A wish that was understood and cannot be done.

    Args:
        reason: A key of the sentences.
        facts: What the sentence needs.
    """

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


@frozen
class Rule:
    """How one wish is asked for.

    Attributes:
        title: What it does, for the table in docs/local.md.
        examples: Messages that it understands, English and Chinese.
        read: Returns the wish, or None when the clause says nothing of it.
    """

    title: str
    examples: tuple[str, ...]
    read: Callable[[Clause], Wish | None]
