"""What can go wrong between us and a mail server, in the two classes that decide what happens next.

A failure keeps the server's own words in `reply`, for the ledger and for the person who looks at one mail; the text of
the error never repeats them, because servers like to quote addresses.
"""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import Permanent, Transient


class Stage(StrEnum):
    """How far a conversation had come when it failed."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a conversation failed and what the server said.

    `in_doubt` is true when the whole message had left us and no answer came: it may have been delivered.
    """

    stage: Stage
    code: int | None = None
    enhanced: str | None = None
    """Enhanced status code of RFC 3463, such as `5.1.1`."""
    reply: str = ""
    in_doubt: bool = False

    @property
    def refused_login(self) -> bool:
        """Whether the server itself said no to the user name, the password or the token; not where none could be tried."""
        return self.stage is Stage.AUTH and self.code is not None


class SmtpTransient(Transient):
    """The server can not take it now: a lost connection, a timeout, a 4xx."""

    def __init__(self, message: str, failure: Failure, *, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.failure = failure


class SmtpPermanent(Permanent):
    """The server will not take it, however often it is asked: a 5xx, a wrong password, an untrusted certificate."""

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure


_REFUSED = {
    Stage.CONNECT: "The mail server did not greet us",
    Stage.TLS: "The mail server refused to encrypt the connection",
    Stage.AUTH: "The mail server refused the user name or password",
    Stage.MAIL: "The mail server refused the sender",
    Stage.RCPT: "The mail server refused the recipient",
    Stage.DATA: "The mail server refused to take the message",
    Stage.DOT: "The mail server refused the message",
}


_SWITCHED_OFF = "smtpclientauthentication is disabled"
"""How Microsoft 365 says that nobody, or not this mailbox, may send by SMTP."""


def refusal(
    stage: Stage, code: int, enhanced: str | None, reply: str, *, with_token: bool = False
) -> SmtpTransient | SmtpPermanent:
    """The error for an answer that says no: 5xx is permanent, everything else is worth another try.

    `with_token` tells that an OAuth token was tried in place of a password.
    """
    status = f"{code} {enhanced}" if enhanced else str(code)
    said_no = _REFUSED[stage]
    if stage is Stage.AUTH and with_token:
        said_no = "The mail server does not take our sign-in for sending: sign in to the mailbox again"
    if stage is Stage.AUTH and _SWITCHED_OFF in reply.lower():
        said_no = (
            "Sending by SMTP is switched off for this mailbox at Microsoft 365: its administrator has to allow "
            "Authenticated SMTP"
        )
    message = f"{said_no} (it answered {status})."
    failure = Failure(stage, code, enhanced, reply)
    return SmtpPermanent(message, failure) if 500 <= code < 600 else SmtpTransient(message, failure)


def as_transient(error: SmtpTransient | SmtpPermanent) -> SmtpTransient:
    """The same failure where it is no fault of the mail at hand, so that another try may help."""
    return error if isinstance(error, SmtpTransient) else SmtpTransient(str(error), error.failure)
