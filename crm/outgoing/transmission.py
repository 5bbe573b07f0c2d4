"""One try to hand a mail to the mailbox's SMTP server, and what its outcome means. Knows no database."""

import asyncio
from dataclasses import dataclass

from core.config import Settings
from core.crypto import KeyRing
from core.errors import Permanent, Transient, UsageError
from crm.outgoing.repository import SendingMailbox
from delivery.envelope import Envelope
from delivery.errors import SmtpPermanent, SmtpTransient
from delivery.servers import SmtpServer, parse_smtp_url
from delivery.smtp import send_message

SMTP_LOGIN = "mailbox.smtp"
"""The purpose under which a mailbox's SMTP password is encrypted."""
WHOLE_TRY_SECONDS = 600.0
"""Well inside the time for which a job may run, so that nobody takes it over while bytes still flow."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it; `reason` tells of recipients that it did not take it for."""

    reply: str
    reason: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing was taken; another try may help. `after` is the server's hint in seconds."""

    reason: str
    reply: str
    after: float | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was taken, and will not be."""

    reason: str
    reply: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The whole mail had left when the connection was lost: it may have arrived."""

    reason: str


Outcome = Sent | NotNow | Refused | InDoubt


def server_of(mailbox: SendingMailbox, keys: KeyRing, settings: Settings) -> SmtpServer:
    """The server that sends for a mailbox. Raises `UsageError` or `Permanent` when its settings are not usable."""
    if mailbox.smtp_url is None:
        raise UsageError("This mailbox has no outgoing server: add its SMTP server in Settings.")
    sealed = mailbox.smtp_password_encrypted
    password = keys.decrypt(SMTP_LOGIN, sealed) if sealed and "@" in mailbox.smtp_url else None
    return parse_smtp_url(mailbox.smtp_url, password, allow_private=settings.allow_private_hosts)


def transmit(server: SmtpServer, envelope: Envelope, raw: bytes) -> Outcome:
    """Hand the mail over; every way it can end is a value."""
    try:
        accepted = asyncio.run(asyncio.wait_for(send_message(server, envelope, raw), WHOLE_TRY_SECONDS))
    except TimeoutError:
        return InDoubt("The mail server took longer than ten minutes; the mail may have arrived.")
    except SmtpTransient as error:
        if error.failure.in_doubt:
            return InDoubt(str(error))
        return NotNow(str(error), error.failure.reply, error.retry_after)
    except SmtpPermanent as error:
        return Refused(str(error), error.failure.reply)
    except Transient as error:
        return NotNow(str(error), "", error.retry_after)
    except (Permanent, UsageError) as error:
        return Refused(str(error), "")
    return _sent(accepted.reply, accepted.refused, len(envelope.recipients))


def _sent(reply: str, refused: dict[str, str], recipients: int) -> Sent:
    if not refused:
        return Sent(reply, "")
    answers = "".join(f"\n{address}: {answer}" for address, answer in refused.items())
    return Sent(reply + answers, f"The server refused {len(refused)} of {recipients} recipients.")
