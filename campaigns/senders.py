"""Addresses that campaigns are sent from, each with its SMTP server, or through a connected mailbox as its single mails go.

One that nobody has verified sends nothing. A mailbox that was entered by signing in at its provider is the proof of its own
address.
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from campaigns.repository import campaigns
from campaigns.repository.campaigns import SenderSecret
from core.addresses import address_key
from core.clock import utcnow
from core.config import Settings
from core.errors import NotFound, UsageError
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.outgoing import repository as outgoing
from crm.outgoing.repository import SendingMailbox
from crm.outgoing.transmission import server_of_mailbox
from delivery.address_check import check_syntax
from delivery.servers import SmtpServer, parse_smtp_url
from storage.models import OAuthProvider
from storage.sessions import ReadSession
from storage.store import Store

PASSWORD_PURPOSE = "sender.smtp"  # noqa: S105 - names a key, holds none
NOT_ITS_ADDRESS = "That mailbox does not write as this address: add it to the mailbox's other addresses first."
NO_OUTGOING = "That mailbox has no outgoing server: add its SMTP server in Settings first."
MAILBOX_GONE = "The mailbox that this sender goes through is not connected any more: give the sender another one."


@dataclass(frozen=True, slots=True)
class NewSender:
    """What a person gives: a server, or the id of a connected mailbox in its place.

    `vouch`: an administrator answers for the address, so that it counts as verified.
    """

    email: str
    smtp_url: str = ""
    password: str | None = None
    name: str = ""
    vouch: bool = False
    mailbox_id: int | None = None


def add_sender(store: Store, settings: Settings, viewer: Viewer, new: NewSender) -> int:
    """Add an identity, or give a known one another server; one that only its mailbox has proven then waits to be vouched for.

    Raises `UsageError`, `Forbidden` for who may not, and `NotFound` for a mailbox that the viewer does not work in.
    """
    viewer.require_administrator()
    try:
        email = check_syntax(new.email.strip(), quoted=False, literals=False).normal
    except ValueError as error:
        raise UsageError(f"That is not an address to send from: {error}") from None
    if new.mailbox_id is None:
        parse_smtp_url(new.smtp_url, new.password, allow_private=settings.allow_private_hosts)
    elif new.smtp_url.strip() or new.password:
        raise UsageError("Choose one: a mailbox that it goes through, or an SMTP server of its own.")
    values: dict[str, object] = {
        "email": email,
        "email_key": address_key(email),
        "smtp_url": new.smtp_url.strip(),
        "password_encrypted": store.keys.encrypt(PASSWORD_PURPOSE, new.password) if new.password else None,
        "mailbox_id": new.mailbox_id,
    }
    if new.name.strip():
        values["name"] = " ".join(new.name.split())
    if new.vouch:
        values |= {"verified_at": utcnow(), "vouched_by_id": viewer.user_id}
    with store.database.unit_of_work() as session:
        if new.mailbox_id is not None and _is_proven(_own_mailbox(session, viewer, new.mailbox_id, email), email):
            values.setdefault("verified_at", utcnow())
        elif not new.vouch and campaigns.is_only_proven(session, address_key(email)):
            values["verified_at"] = None  # What its mailbox proved, another way does not.
        sender_id = campaigns.put_sender(session, values)
        record_act(session, viewer, campaigns.VOUCHED if new.vouch else "sender.add", sender_id=sender_id)
    return sender_id


def _own_mailbox(session: ReadSession, viewer: Viewer, mailbox_id: int, email: str) -> SendingMailbox:
    """A mailbox that the viewer works in, and that writes as `email`."""
    mailbox = outgoing.mailbox(session, viewer, mailbox_id)
    if address_key(email) not in mailbox.own_keys:
        raise UsageError(NOT_ITS_ADDRESS)
    if mailbox.smtp_url is None:
        raise UsageError(NO_OUTGOING)
    return mailbox


def _is_proven(mailbox: SendingMailbox, email: str) -> bool:
    """Whether the provider has told us, when somebody signed in, that the mailbox is this very address."""
    return mailbox.oauth_provider is not None and address_key(email) == address_key(mailbox.email)


class AccessToken(Protocol):
    """A token that is good now."""

    @property
    def value(self) -> str:
        """What the mail server is shown."""


class AccessTokens(Protocol):
    """Where access tokens of mailboxes come from, which is a room beside this one (`mailsync.oauth`)."""

    async def __call__(
        self, store: Store, settings: Settings, mailbox_id: int, provider: OAuthProvider, *, refused: str | None = None
    ) -> AccessToken:
        """A token that is good now, and not the `refused` one. Raises errors of `core.errors`."""


async def server_of(
    store: Store, settings: Settings, access_tokens: AccessTokens, sender_id: int, *, refused: str | None = None
) -> SmtpServer:
    """The server an identity sends through, password opened, or entered with an access token other than the `refused` one.

    However long a provider takes for a token, no thread waits for it. Raises `UsageError`, also where the mailbox does not
    write as this address any more, `Permanent`, and `Transient` where no token can be had now.
    """
    secret, mailbox = await asyncio.to_thread(_way_of, store, sender_id)
    if mailbox is None:
        sealed = secret.password_encrypted
        password = None if sealed is None else store.keys.decrypt(PASSWORD_PURPOSE, sealed)
        return parse_smtp_url(secret.smtp_url, password, allow_private=settings.allow_private_hosts)
    token = None
    if mailbox.oauth_provider is not None:
        token = (await access_tokens(store, settings, mailbox.id, mailbox.oauth_provider, refused=refused)).value
    return server_of_mailbox(settings, store.keys, mailbox, token)


def _way_of(store: Store, sender_id: int) -> tuple[SenderSecret, SendingMailbox | None]:
    """What is stored of an identity, and the mailbox that it goes through, as that is now."""
    with store.database.reading() as session:
        secret = campaigns.sender_secret(session, sender_id)
        if secret.mailbox_id is None:
            return secret, None
        try:
            mailbox = outgoing.mailbox_of_mail(session, secret.mailbox_id)
        except NotFound:
            raise UsageError(MAILBOX_GONE) from None
    if mailbox.smtp_url is None:
        raise UsageError(MAILBOX_GONE)
    if secret.email_key not in mailbox.own_keys:
        raise UsageError(NOT_ITS_ADDRESS)
    return secret, mailbox
