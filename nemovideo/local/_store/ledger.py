"""Who paid for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import asdict, frozen

if TYPE_CHECKING:
    from nemovideo.local._store.records import Records

TURN_COST = 1
"""Credits that one accepted chat turn costs; nothing else costs any [D]."""


@frozen
class Charge:
    """One charged turn.

    Attributes:
        user_id: Who pays.
        session_id: The session of the turn.
        amount: Credits.
        message: What the user wrote.
        at: Unix time.
    """

    user_id: str
    session_id: str
    amount: int
    message: str
    at: float


class Ledger:
    """Every charge the backend made, oldest first."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._charges = [Charge(**record) for record in records.load("charge")]
        self._spent: dict[str, int] = {}
        for charge in self._charges:
            self._count(charge)

    def charges(self, session_id: str | None = None) -> tuple[Charge, ...]:
        """Return the charges of one session, or all of them."""
        return tuple(c for c in self._charges if session_id is None or c.session_id == session_id)

    def spent(self, user_id: str) -> int:
        """Return the credits that a user has spent."""
        return self._spent.get(user_id, 0)

    def write(self, charge: Charge) -> None:
        """Enter a charge."""
        self._charges.append(charge)
        self._count(charge)
        self._records.put("charge", str(len(self._charges)), asdict(charge))

    def _count(self, charge: Charge) -> None:
        self._spent[charge.user_id] = self.spent(charge.user_id) + charge.amount
