"""What became of one mail, read from the replies of its transaction. Pure, so that the rules can be tested alone."""

from dataclasses import dataclass
from enum import StrEnum

from delivery.channel import Loss
from delivery.envelope import Envelope
from delivery.errors import Failure, SmtpPermanent, SmtpTransient, Stage, refusal
from delivery.replies import Reply

START_INPUT = 354
CLOSING = 421
LOST_TRACK = (500, 503)
"""Command not recognised; bad sequence of commands."""


class Outcome(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    TRANSIENT = "transient"
    PERMANENT = "permanent"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class Result:
    """The end of one attempt. `text` is the server's own answer, or our sentence where it gave none.

    `refused` holds the recipients that were refused although the mail was sent to others.
    """

    key: int
    outcome: Outcome
    code: int | None
    text: str
    stage: Stage | None = None
    enhanced: str | None = None
    refused: tuple[tuple[str, Reply], ...] = ()
    sentence: str = ""
    """What to tell a person; free of addresses, as `text` may not be."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The answers to MAIL, the RCPTs and DATA. In a one-by-one conversation the list ends at the first refusal."""

    replies: tuple[Reply, ...]
    recipients: int

    @property
    def accepted(self) -> bool:
        """Whether the server waits for the message and at least one recipient will get it."""
        return self.waits_for_data and self.replies[0].good and any(reply.good for reply in self._rcpt)

    @property
    def waits_for_data(self) -> bool:
        """Whether the server waits for a message, even though it may have refused every recipient."""
        return len(self.replies) == self.recipients + 2 and self.replies[-1].code == START_INPUT

    @property
    def _rcpt(self) -> tuple[Reply, ...]:
        return self.replies[1 : self.recipients + 1]

    @property
    def confused(self) -> bool:
        """Whether the server lost track of grouped commands: it offers PIPELINING and can not do it."""
        mail, *rcpt = self.replies[: self.recipients + 1]
        return mail.code in LOST_TRACK or (mail.good and any(reply.code in LOST_TRACK for reply in rcpt))

    @property
    def astray(self) -> bool:
        """Whether answers stand at the wrong command: one too many came somewhere, and none can be believed."""
        *early, last = self.replies
        complete = len(self.replies) == self.recipients + 2
        return any(reply.code == START_INPUT for reply in early) or (complete and last.good)

    @property
    def farewell(self) -> bool:
        """Whether the server closes the connection instead of judging this mail."""
        return any(reply.code == CLOSING for reply in self.replies)

    def refused(self, envelope: Envelope) -> tuple[tuple[str, Reply], ...]:
        """The refused recipients with the answer each got."""
        if all(reply.good for reply in self._rcpt):
            return ()
        pairs = zip(envelope.recipients, self._rcpt, strict=False)
        return tuple((address, reply) for address, reply in pairs if not reply.good)

    def error(self) -> SmtpTransient | SmtpPermanent:
        """Why the mail was not taken. Several refused recipients: transient as soon as one refusal is."""
        stage, reply = self._reason()
        return refusal(stage, reply.code, reply.enhanced, reply.text)

    def _reason(self) -> tuple[Stage, Reply]:
        if not self.replies[0].good:
            return Stage.MAIL, self.replies[0]
        refusals = [reply for reply in self._rcpt if not reply.good]
        if refusals and len(refusals) == len(self._rcpt):
            return Stage.RCPT, min(refusals, key=lambda reply: reply.code)
        return Stage.DATA, self.replies[-1]


def lost(stage: Stage, loss: Loss | None, *, in_doubt: bool) -> SmtpTransient:
    """The error for a conversation that ended without an answer."""
    how = {
        Loss.TIMEOUT: "The mail server did not answer in time",
        Loss.GARBLED: "The mail server answered with something that is not SMTP",
    }.get(loss or Loss.CLOSED, "The connection to the mail server was lost")
    tail = " after the whole message was sent; it may have arrived." if in_doubt else "."
    return SmtpTransient(how + tail, Failure(stage, in_doubt=in_doubt))


def result_of(key: int, error: SmtpTransient | SmtpPermanent) -> Result:
    """The result that an error means for a mail."""
    failure = error.failure
    outcome = Outcome.PERMANENT if isinstance(error, SmtpPermanent) else Outcome.TRANSIENT
    if failure.in_doubt:
        outcome = Outcome.IN_DOUBT
    text = failure.reply or str(error)
    return Result(key, outcome, failure.code, text, failure.stage, failure.enhanced, (), str(error))
