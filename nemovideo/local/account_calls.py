"""Calls about accounts: the starter token, the balance, the claim link."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from aiohttp import web

from nemovideo.local._store.accounts import TokenStillValid
from nemovideo.local._store.ledger import TURN_COST, Charge
from nemovideo.local.answers import Refusal, field, ok, read_object

if TYPE_CHECKING:
    from nemovideo._clock import Clock
    from nemovideo.local._store.accounts import Account, Accounts
    from nemovideo.local._store.ledger import Ledger
    from nemovideo.local._store.sessions import SessionRecord, SessionStore

ATTRIBUTION_HEADERS = ("X-Skill-Source", "X-Skill-Version", "X-Skill-Platform")


class Gate:
    """Says who is calling, what is theirs, and whether they can pay."""

    def __init__(self, accounts: Accounts, ledger: Ledger, sessions: SessionStore, clock: Clock) -> None:
        self._accounts = accounts
        self._ledger = ledger
        self._sessions = sessions
        self._clock = clock

    def account(self, request: web.Request) -> Account:
        """Return the caller.

        Raises:
            Refusal: 1001 without a valid bearer token.
        """
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        account = self._accounts.find(token) if scheme.lower() == "bearer" else None
        if account is None:
            raise Refusal(1001, "The token is invalid or expired.")
        return account

    def session(self, account: Account, session_id: str) -> SessionRecord:
        """Return a session of the caller.

        Raises:
            Refusal: 1002 when there is none with this id, or it is another's.
        """
        session = self._sessions.find(session_id, account.user_id)
        if session is None:
            raise Refusal(1002, "There is no such session.")
        return session

    def attributed(self, request: web.Request) -> None:
        """Let an export pass that says where it comes from [S].

        Raises:
            Refusal: 402 when an attribution header is missing.
        """
        missing = [name for name in ATTRIBUTION_HEADERS if not request.headers.get(name)]
        if missing:
            raise Refusal(402, f"Export is blocked: {', '.join(missing)} missing.")

    def balance(self, account: Account) -> int:
        """Return the credits that are left."""
        return account.credits - self._ledger.spent(account.user_id)

    def charge_turn(self, account: Account, session: SessionRecord, message: str) -> None:
        """Take the price of one turn.

        Raises:
            Refusal: 2001 when there is not enough; nothing is taken.
        """
        if self.balance(account) < TURN_COST:
            raise Refusal(2001, "There are no credits left.", data={"user_id": account.user_id})
        self._ledger.write(
            Charge(account.user_id, session.session_id, TURN_COST, message, self._clock.time())
        )


class AccountCalls:
    """Serves tokens, balances and claim links."""

    def __init__(self, gate: Gate, accounts: Accounts, clock: Clock, *, granted: int) -> None:
        self._gate = gate
        self._accounts = accounts
        self._clock = clock
        self._granted = granted

    def routes(self) -> list[web.RouteDef]:
        """Return what is served here."""
        return [
            web.post("/api/auth/anonymous-token", self.anonymous_token),
            web.get("/api/credits/balance/simple", self.balance),
            web.post("/api/auth/claim-token", self.claim_token),
        ]

    async def anonymous_token(self, request: web.Request) -> web.Response:
        """Open a starter account, once for a client id in seven days [S]."""
        try:
            client_id = str(uuid.UUID(request.headers.get("X-Client-Id", "")))
        except ValueError:
            raise Refusal(400, "X-Client-Id must be a UUID.") from None
        try:
            account = self._accounts.open_anonymous(client_id, self._granted)
        except TokenStillValid as error:
            raise Refusal(
                429, "This client got its starter token already.", retry_after=error.seconds
            ) from None
        expires_at = datetime.datetime.fromtimestamp(account.expires_at, tz=datetime.UTC)
        return ok(
            {
                "token": account.token,
                "user_id": account.user_id,
                "credits": self._gate.balance(account),
                "expires_at": expires_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            }
        )

    async def balance(self, request: web.Request) -> web.Response:
        """Tell what is left; nothing is ever frozen here, a turn is paid when it is accepted."""
        account = self._gate.account(request)
        available = self._gate.balance(account)
        return ok({"available": available, "frozen": 0, "total": available})

    async def claim_token(self, request: web.Request) -> web.Response:
        """Make a link token for a browser [P]."""
        account = self._gate.account(request)
        body = await read_object(request)
        session = self._gate.session(account, field(body, str, "session_id"))
        if field(body, str, "task_id") != session.task_id:
            raise Refusal(1002, "The task does not belong to the session.")
        claim = self._accounts.make_claim(account.user_id, session.session_id)
        return ok(
            {
                "claim_token": claim.claim_token,
                "expires_in": round(claim.expires_at - self._clock.time()),
            }
        )
