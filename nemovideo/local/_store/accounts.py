"""Accounts, their tokens and claim tokens."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from attrs import asdict, evolve, frozen

if TYPE_CHECKING:
    from nemovideo._clock import Clock
    from nemovideo.local._store.records import Records

TOKEN_LIFETIME = 7 * 24 * 3600.0
"""Seconds that an anonymous token is valid, and for which its client id gets no second one [S]."""
REGISTERED_LIFETIME = 365 * 24 * 3600.0
"""Seconds that a registered user's token is valid [D]."""
CLAIM_LIFETIME = 1800.0
"""Seconds that a claim token is valid [D]."""


@frozen
class Account:
    """One user of the backend.

    Attributes:
        user_id: `anon_…` for a starter account, `user_…` for a registered one.
        token: The bearer token.
        credits: What the account was given at first.
        client_id: The client that asked for the starter token; empty for a registered account.
        expires_at: Unix time at which the token ends.
    """

    user_id: str
    token: str = ""
    credits: int = 0
    client_id: str = ""
    expires_at: float = 0.0

    def __repr__(self) -> str:
        return f"Account(user_id={self.user_id!r})"


class TokenStillValid(Exception):
    """A client has a starter token already.

    Args:
        seconds: How long that one is still valid.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@frozen
class Claim:
    """A short-lived right to open one session in a browser.

    Attributes:
        claim_token: The secret of the link.
        user_id: Who gave it.
        session_id: What it opens.
        expires_at: Unix time at which it ends.
    """

    claim_token: str
    user_id: str
    session_id: str
    expires_at: float

    def __repr__(self) -> str:
        return f"Claim(session_id={self.session_id!r})"


class Accounts:
    """Every account of the backend, by token and by client id."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._by_token: dict[str, Account] = {}
        self._by_client: dict[str, Account] = {}
        for record in records.load("account"):
            self._keep(Account(**record))
        self._claims = {r["claim_token"]: Claim(**r) for r in records.load("claim")}

    def open_anonymous(self, client_id: str, granted: int) -> Account:
        """Return a starter account with a new token; a client that comes again is the same user.

        Raises:
            TokenStillValid: This client's last token is.
        """
        last = self._by_client.get(client_id)
        if last is not None and (wait := self._remaining(last)) > 0:
            raise TokenStillValid(wait)
        user_id = f"anon_{uuid.uuid4().hex[:16]}" if last is None else last.user_id
        account = Account(
            user_id=user_id,
            token=f"nmv_usr_{secrets.token_urlsafe(24)}",
            credits=granted,
            client_id=client_id,
            expires_at=self._clock.time() + TOKEN_LIFETIME,
        )
        self._write(account)
        return account

    def open_registered(self, granted: int) -> Account:
        """Return a new registered account, whose token is valid for a year."""
        account = Account(
            user_id=f"user_{uuid.uuid4().hex[:16]}",
            token=f"nmv_usr_{secrets.token_urlsafe(24)}",
            credits=granted,
            expires_at=self._clock.time() + REGISTERED_LIFETIME,
        )
        self._write(account)
        return account

    def expire_tokens(self) -> None:
        """End every starter token now; a client may then ask for a new one, and stays the same user."""
        for account in list(self._by_client.values()):
            self._write(evolve(account, expires_at=self._clock.time()))

    def find(self, token: str) -> Account | None:
        """Return the account of a valid token."""
        account = self._by_token.get(token)
        return account if account is not None and self._remaining(account) > 0 else None

    def make_claim(self, user_id: str, session_id: str) -> Claim:
        """Return a new claim token for a session."""
        claim = Claim(
            claim_token=f"clm_{secrets.token_urlsafe(24)}",
            user_id=user_id,
            session_id=session_id,
            expires_at=self._clock.time() + CLAIM_LIFETIME,
        )
        self._claims[claim.claim_token] = claim
        self._records.put("claim", claim.claim_token, asdict(claim))
        return claim

    def find_claim(self, claim_token: str) -> Claim | None:
        """Return a claim, also one that is over: its `expires_at` tells."""
        return self._claims.get(claim_token)

    def _remaining(self, account: Account) -> float:
        return account.expires_at - self._clock.time()

    def _write(self, account: Account) -> None:
        self._keep(account)
        self._records.put("account", account.token, asdict(account))

    def _keep(self, account: Account) -> None:
        self._by_token[account.token] = account
        if account.client_id:
            self._by_client[account.client_id] = account
