"""What the end of an attempt means for a recipient."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from campaigns.outcomes import Ending, RetryPolicy, ending_of
from campaigns.repository.ledger import Claimed
from delivery.errors import Stage
from delivery.outcome import Outcome, Result
from storage.models import SendState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
POLICY = RetryPolicy()


def ending(
    outcome: Outcome, stage: Stage | None, code: int | None, text: str, enhanced: str | None = None, **recipient: Any
) -> Ending:
    known: dict[str, Any] = {"tries": 0, "first_tried_at": None} | recipient
    claimed = Claimed(7, "a@example.org", name="", first_name="", position="", company=None, **known)
    return ending_of(Result(7, outcome, code, text, stage, enhanced), claimed, NOW, POLICY)


def test_a_taken_mail_is_sent_and_a_lost_answer_is_in_doubt() -> None:
    sent = ending(Outcome.SENT, None, 250, "250 2.0.0 queued as 4711")
    assert (sent.settled.state, sent.settled.sent_at, sent.settled.reply) == (
        SendState.SENT, NOW, "250 2.0.0 queued as 4711",
    )  # fmt: skip
    assert ending(Outcome.IN_DOUBT, Stage.DOT, None, "lost").settled.state is SendState.IN_DOUBT


@pytest.mark.parametrize(
    ("stage", "code", "text", "enhanced", "reason", "bars"),
    [
        (Stage.RCPT, 550, "5.1.1 No such user", "5.1.1", "userunknown", True),
        (Stage.RCPT, 550, "User unknown", None, "userunknown", True),
        (Stage.RCPT, 552, "5.2.2 Mailbox full", "5.2.2", "mailboxfull", False),
        (Stage.RCPT, 550, "5.7.1 Blocked by policy", "5.7.1", None, False),
        (Stage.DOT, 554, "5.7.1 Message contains spam", "5.7.1", None, False),
        (Stage.DOT, 550, "5.1.1 No such user", "5.1.1", None, False),
    ],
)
def test_only_an_address_that_does_not_exist_is_barred(
    stage: Stage, code: int, text: str, enhanced: str | None, reason: str | None, bars: bool
) -> None:
    found = ending(Outcome.PERMANENT, stage, code, text, enhanced)
    assert (found.settled.state, found.bars) == (SendState.FAILED, bars)
    assert reason is None or found.settled.reason == reason
    assert (found.settled.bounced_at is not None) == bars


def test_transient_refusals_wait_longer_each_time_and_expire() -> None:
    delays = []
    for tries in range(9):
        found = ending(Outcome.TRANSIENT, Stage.RCPT, 451, "4.7.1 Greylisted", "4.7.1", tries=tries, first_tried_at=NOW)
        assert found.settled.due_at is not None
        delays.append((found.settled.due_at - NOW).total_seconds())
    assert delays == sorted(delays)
    assert delays[0] == 60
    old = ending(Outcome.TRANSIENT, Stage.RCPT, 451, "later", tries=30, first_tried_at=NOW - timedelta(hours=71))
    assert (old.settled.state, old.settled.reason) == (SendState.FAILED, "expired")


def test_what_is_no_fault_of_the_recipient_costs_no_try() -> None:
    away = ending(Outcome.TRANSIENT, Stage.CONNECT, None, "Nothing listens there.")
    assert (away.settled.state, away.settled.untried, away.blames_us) == (SendState.RETRY, True, "")
    login = ending(Outcome.PERMANENT, Stage.AUTH, 535, "wrong password")
    assert (login.settled.state, login.settled.untried) == (SendState.RETRY, True)
    sender = ending(Outcome.PERMANENT, Stage.MAIL, 553, "5.7.1 Sender address rejected", "5.7.1")
    assert (sender.settled.state, bool(sender.blames_us)) == (SendState.RETRY, True)
    letters = ending(Outcome.PERMANENT, Stage.MAIL, None, "no SMTPUTF8", "5.6.7")
    assert letters.settled.state is SendState.FAILED


QUOTA = "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message"


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA, Stage.DOT])
@pytest.mark.parametrize(
    ("code", "text", "enhanced", "told"),
    [
        (550, "5.4.5 Daily user sending limit exceeded. - gsmtp", "5.4.5", "sending limit"),
        (550, "Daily SMTP relay limit exceeded for customer", None, "sending limit"),
        (550, "5.1.90 You've reached your daily limit for message recipients", "5.1.90", "sending limit"),
        (554, QUOTA, "5.2.0", "sending limit"),
        (554, "5.2.252 SendAsDenied; a@x.example not allowed to send as b@x.example", "5.2.252", "sender's address"),
        (550, "5.7.60 SMTP; Client does not have permissions to send as this sender", "5.7.60", "sender's address"),
        (553, "5.7.1 <a@x.example>: Sender address rejected: not owned by user b", "5.7.1", "sender's address"),
        (550, "5.1.8 Access denied, bad outbound sender AS(42004)", "5.1.8", "blocked"),
    ],
)
def test_what_a_provider_says_of_us_fails_no_recipient_at_any_stage(
    stage: Stage, code: int, text: str, enhanced: str | None, told: str
) -> None:
    """Given the words of Gmail, Microsoft and Postfix, then nobody is given up, and a person is told what to do."""
    found = ending(Outcome.PERMANENT, stage, code, text, enhanced)
    assert (found.settled.state, found.bars, found.settled.bounced_at) == (SendState.RETRY, False, None)
    assert told in found.blames_us
    assert "x.example" not in found.blames_us

    full = ending(Outcome.PERMANENT, stage, 552, "5.2.2 Mailbox full", "5.2.2")
    assert (full.settled.state, full.blames_us) == (SendState.FAILED, "")
    later = ending(Outcome.TRANSIENT, stage, 450, "4.4.5 Daily user sending limit exceeded", "4.4.5")
    assert (later.settled.state, later.blames_us) == (SendState.RETRY, "")
