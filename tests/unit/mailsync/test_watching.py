"""When a lost connection is only the end of its access token, and no failure."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from core.clock import utcnow
from mailsync.imap.errors import ConnectionLost, SessionExpired, Unavailable
from mailsync.watching import MailboxWatch

HOUR = timedelta(hours=1)


def watch(ends_at: datetime | None) -> MailboxWatch:
    nothing = cast(Any, None)
    made = MailboxWatch(nothing, nothing, 1, nothing, asyncio.Semaphore(1))
    made._login_ends_at = ends_at
    return made


@pytest.mark.parametrize(
    ("error", "ends_in", "lived", "expected"),
    [
        (ConnectionLost(), -HOUR, 3600.0, True),
        (ConnectionLost(), -HOUR, 1.0, True),
        (ConnectionLost(), HOUR, 3600.0, False),
        (SessionExpired(), HOUR, 3600.0, True),
        (SessionExpired(), HOUR, 1.0, False),
        (Unavailable(), -HOUR, 3600.0, False),
    ],
)
def test_a_session_that_ended_with_its_token(
    error: Exception, ends_in: timedelta, lived: float, expected: bool
) -> None:
    watching = watch(utcnow() + ends_in)
    assert watching._only_the_login_ended(cast(Any, error), lived) is expected
    if expected:
        assert not watching._only_the_login_ended(cast(Any, error), lived), (
            "twice for one login would go round and round"
        )


def test_a_mailbox_with_a_password_has_no_login_that_ends() -> None:
    assert not watch(None)._only_the_login_ended(SessionExpired(), 3600.0)
