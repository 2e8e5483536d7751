"""The assertions hold when they should, and fail with what is needed to see why."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from nemovideo import NemoVideo
from nemovideo.local import LocalBackend
from nemovideo.testing import assert_charged_once, assert_sent_once, assert_token_never_logged

_logger = logging.getLogger("somebody.bot")


async def test_one_turn_is_charged_and_sent_once(nemo: NemoVideo, nemo_backend: LocalBackend) -> None:
    session = await nemo.sessions.create()
    await session.chat("help")

    assert_charged_once(nemo_backend, session.session_id)
    assert_charged_once(nemo_backend, session.session_id, "help")
    assert_sent_once(nemo_backend)
    assert_sent_once(nemo_backend, "POST /api/tasks/me/with-session/nemo_agent")


async def test_a_second_turn_fails_both(nemo: NemoVideo, nemo_backend: LocalBackend) -> None:
    """The ledger is shown, and what was asked and answered."""
    session = await nemo.sessions.create()
    await session.chat("help")
    await session.chat("undo")

    with pytest.raises(AssertionError) as charged:
        assert_charged_once(nemo_backend, session.session_id)
    with pytest.raises(AssertionError) as sent:
        assert_sent_once(nemo_backend)

    asked = ["Requests to POST /run_sse:", "  POST /run_sse: 200", "  POST /run_sse: 200"]
    assert str(charged.value).splitlines() == [
        f"Session {session.session_id} was charged for a turn 2 times instead of once.",
        "The ledger of this session:",
        "  1 for 'help'",
        "  1 for 'undo'",
        *asked,
    ]
    assert str(sent.value).splitlines() == [
        "POST /run_sse reached the backend 2 times instead of once.",
        *asked,
    ]
    assert_charged_once(nemo_backend, session.session_id, "undo")


async def test_no_turn_at_all_fails_both(nemo: NemoVideo, nemo_backend: LocalBackend) -> None:
    """Instead of the missing requests, all that there were are shown."""
    session = await nemo.sessions.create()

    with pytest.raises(AssertionError, match="charged for the message 'help' 0 times") as charged:
        assert_charged_once(nemo_backend, session.session_id, "help")
    with pytest.raises(AssertionError, match="reached the backend 0 times"):
        assert_sent_once(nemo_backend)

    assert str(charged.value).splitlines()[1:] == [
        "The ledger has nothing of this session.",
        "No request to POST /run_sse; there were:",
        "  POST /api/auth/anonymous-token: 200",
        "  POST /api/tasks/me/with-session/nemo_agent: 200",
    ]


async def test_the_client_logs_no_token(nemo: NemoVideo) -> None:
    with assert_token_never_logged():
        await nemo.credits.balance()


def _in_the_message(token: str) -> None:
    _logger.debug("calling with %s", token)


def _in_a_traceback(token: str) -> None:
    try:
        int(token)
    except ValueError:
        _logger.exception("failed")


def _in_an_extra_field(token: str) -> None:
    _logger.info("calling", extra={"headers": {"Authorization": f"Bearer {token}"}})


@pytest.mark.parametrize("leak", [_in_the_message, _in_a_traceback, _in_an_extra_field])
@pytest.mark.parametrize(("token", "named"), [("nmv_usr_abc-DEF_1", ()), ("my own.*", ("my own.*",))])
def test_a_logged_token_fails_and_is_not_repeated(
    leak: Callable[[str], None], token: str, named: tuple[str, ...]
) -> None:
    """At any level, wherever in the record; the failure shows the line without it."""
    with (
        pytest.raises(AssertionError, match=r"A token was logged, 1 times:\n.* somebody.bot: ") as failed,
        assert_token_never_logged(*named),
    ):
        leak(token)

    assert token not in str(failed.value)


def test_the_log_is_as_it_was_afterwards() -> None:
    """Level and handlers, also when the block fails; its own error comes out."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    with pytest.raises(KeyError), assert_token_never_logged():
        raise KeyError

    assert (root.level, root.handlers) == before
