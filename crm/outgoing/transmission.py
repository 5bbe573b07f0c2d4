"""One try to hand a mail to the mailbox's SMTP server, and what its outcome means. Asks no database itself."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from core.config import Settings
from core.crypto import KeyRing
from core.errors import Permanent, Transient, UsageError
from crm.outgoing.repository import SendingMailbox
from delivery.envelope import Envelope
from delivery.errors import SmtpPermanent, SmtpTransient
from delivery.relay_ids import relay_ids
from delivery.servers import SmtpServer, parse_smtp_url, server_with_token
from delivery.smtp import Accepted, send_message
from storage.models import OAuthProvider
from storage.store import Store

SMTP_LOGIN = "mailbox.smtp"
"""The purpose under which a mailbox's SMTP password is encrypted."""
WHOLE_TRY_SECONDS = 600.0
"""Well inside the time for which a job may run, so that nobody takes it over while bytes still flow."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took it; `reason` tells of recipients that it did not take it for."""

    reply: str
    reason: str
    known_as: tuple[str, ...] = ()
    """The Message-IDs that the server has given it."""


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


class AccessTokens(Protocol):
    """Where access tokens of mailboxes come from, which is above this room (`mailsync.oauth`)."""

    def __call__(
        self, store: Store, settings: Settings, mailbox_id: int, provider: OAuthProvider, *, refused: str | None = None
    ) -> str:
        """A token that is good now, and not the `refused` one. Raises errors of `core.errors`."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the mailbox, and how one gets at its access token."""

    store: Store
    settings: Settings
    mailbox: SendingMailbox
    access_tokens: AccessTokens

    def server(self, *, refused: str | None = None) -> SmtpServer:
        """The server that sends for the mailbox, entered with another token than the `refused` one.

        Raises `UsageError` or `Permanent` when its settings are not usable, `Transient` when no token can be had now.
        """
        mailbox, token = self.mailbox, None
        if mailbox.oauth_provider is not None and mailbox.smtp_url is not None:
            token = self.access_tokens(self.store, self.settings, mailbox.id, mailbox.oauth_provider, refused=refused)
        return server_of_mailbox(self.settings, self.store.keys, mailbox, token)


def server_of_mailbox(settings: Settings, keys: KeyRing, mailbox: SendingMailbox, token: str | None) -> SmtpServer:
    """The server that sends for `mailbox`, entered with the access token, or with its password where that is None.

    Raises `UsageError` or `Permanent` when its settings are not usable.
    """
    url, private = mailbox.smtp_url, settings.allow_private_hosts
    if url is None:
        raise UsageError("This mailbox has no outgoing server: add its SMTP server in Settings.")
    if token is not None:
        return server_with_token(url, mailbox.username, token, allow_private=private)
    sealed = mailbox.smtp_password_encrypted
    password = keys.decrypt(SMTP_LOGIN, sealed) if sealed and "@" in url else None
    return parse_smtp_url(url, password, allow_private=private)


def transmit(sender: Sender, server: SmtpServer, envelope: Envelope, raw: bytes) -> Outcome:
    """Hand the mail over to `server`, the one of `sender`; every way it can end is a value.

    A token that is refused is refreshed once: nothing of the mail has left by then.
    """
    try:
        accepted = _hand_over(sender, server, envelope, raw)
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
    return _sent(accepted, len(envelope.recipients), server.host)


def _hand_over(sender: Sender, server: SmtpServer, envelope: Envelope, raw: bytes) -> Accepted:
    try:
        return _send(server, envelope, raw)
    except SmtpPermanent as error:
        if server.access_token is None or not error.failure.refused_login:
            raise
    return _send(sender.server(refused=server.access_token), envelope, raw)


def _send(server: SmtpServer, envelope: Envelope, raw: bytes) -> Accepted:
    return asyncio.run(asyncio.wait_for(send_message(server, envelope, raw), WHOLE_TRY_SECONDS))


def _sent(accepted: Accepted, recipients: int, host: str) -> Sent:
    known_as = relay_ids(accepted.reply, host)
    if not accepted.refused:
        return Sent(accepted.reply, "", known_as)
    answers = "".join(f"\n{address}: {answer}" for address, answer in accepted.refused.items())
    reason = f"The server refused {len(accepted.refused)} of {recipients} recipients."
    return Sent(accepted.reply + answers, reason, known_as)
