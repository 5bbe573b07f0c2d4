"""What the end of an attempt means for a recipient. Pure, so that the rules can be read and tested alone.

sent                              sent
lost after the dot                in_doubt: listed, and not sent again by itself
4xx, lost before the dot          retry, later each time; failed(expired) after three days
5xx about the recipient           failed(reason); an address that does not exist is not written to again
5xx about us (sender, limit)      retry: it is no fault of the recipient, and stops the campaign when it goes on
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.refusals_of_us import refusal_of_us
from campaigns.repository.ledger import Claimed, Settled
from delivery.errors import Stage
from delivery.outcome import Outcome, Result
from parsers.bounce.failure import Failure
from parsers.bounce.reasons import judged
from parsers.model import Recipient
from storage.models import SendState

EXPIRED = "expired"
BEFORE_THE_MAIL = (Stage.RESOLVE, Stage.CONNECT, Stage.TLS, Stage.AUTH)
COMMANDS: dict[Stage | None, str] = {Stage.MAIL: "MAIL", Stage.RCPT: "RCPT", Stage.DATA: "DATA", Stage.DOT: "BODY"}
"""The stage by the name that it has in a bounce."""
LONGEST_REPLY = 500


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to come again. Greylisting lets most in after a minute or five; `delays` are seconds, the last repeats."""

    delays: tuple[float, ...] = (60, 300, 900, 1_800, 3_600, 7_200, 14_400)
    give_up_after: timedelta = timedelta(hours=72)
    trouble: tuple[float, ...] = (5, 15, 60, 300)
    """Seconds to leave a server alone that takes nothing at all, each time a little longer."""

    def delay(self, tries: int) -> timedelta:
        """How long to wait after so many attempts."""
        return timedelta(seconds=self.delays[min(max(tries, 1), len(self.delays)) - 1])


@dataclass(frozen=True, slots=True)
class Ending:
    """The row to write. `bars` says that the address is not to be written to again.

    `blames_us` is not empty where nobody would be written to: what to tell a person when that goes on.
    """

    settled: Settled
    bars: bool = False
    blames_us: str = ""


def ending_of(result: Result, recipient: Claimed, now: datetime, policy: RetryPolicy) -> Ending:
    """What to write down for `recipient` after this attempt, which was the `tries + 1`st."""
    reply = " ".join(result.text.split())[:LONGEST_REPLY].replace("\x00", "")
    if result.outcome is Outcome.SENT:
        return Ending(Settled(recipient.id, SendState.SENT, reply=reply, sent_at=now))
    if result.outcome is Outcome.IN_DOUBT:
        return Ending(Settled(recipient.id, SendState.IN_DOUBT, result.sentence, reply, sent_at=now))
    if result.stage in BEFORE_THE_MAIL:
        due = now + policy.delay(1)
        return Ending(Settled(recipient.id, SendState.RETRY, "server_unreachable", reply, due_at=due, untried=True))
    about_us = _about_us(result)
    if result.outcome is Outcome.TRANSIENT or about_us:
        return Ending(_again(result, recipient, reply, now, policy), blames_us=about_us)
    hard = result.stage is Stage.RCPT and _judged(result).permanent
    bounced = now if hard else None
    return Ending(Settled(recipient.id, SendState.FAILED, _reason(result), reply, bounced_at=bounced), bars=hard)


def _about_us(result: Result) -> str:
    """What to tell a person of a final refusal that is about us, "" for any other result."""
    known = refusal_of_us(result)
    if known is not None:
        return known.sentence
    sender = result.outcome is Outcome.PERMANENT and result.stage is Stage.MAIL and result.code is not None
    return result.sentence or "The mail server refuses the sender." if sender else ""


def _again(result: Result, recipient: Claimed, reply: str, now: datetime, policy: RetryPolicy) -> Settled:
    due = now + policy.delay(recipient.tries + 1)
    if due - (recipient.first_tried_at or now) > policy.give_up_after:
        return Settled(recipient.id, SendState.FAILED, EXPIRED, reply)
    return Settled(recipient.id, SendState.RETRY, _reason(result), reply, due_at=due)


def _reason(result: Result) -> str:
    """In Sisimai's vocabulary, as for the bounces that come later."""
    if result.code is None:
        return "networkerror" if result.outcome is Outcome.TRANSIENT else "rejected_before_sending"
    return _judged(result).reason


def _judged(result: Result) -> Recipient:
    """What a server's answer means, by its words, its codes and the command that it answered."""
    return judged(
        Failure(
            address="",
            action="delayed" if result.outcome is Outcome.TRANSIENT else "failed",
            status=result.enhanced or "",
            reply_code=str(result.code or ""),
            diagnostic=f"{result.code or ''} {result.text}",
            command=COMMANDS.get(result.stage, ""),
        )
    )
