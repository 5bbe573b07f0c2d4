"""Addresses that campaigns are sent from, each with its SMTP server. One that nobody has verified sends nothing."""

from dataclasses import dataclass

from campaigns.repository import campaigns
from core.addresses import address_key
from core.clock import utcnow
from core.config import Settings
from core.crypto import KeyRing
from core.errors import UsageError
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from delivery.address_check import check_syntax
from delivery.servers import SmtpServer, parse_smtp_url
from storage.sessions import ReadSession
from storage.store import Store

PASSWORD_PURPOSE = "sender.smtp"  # noqa: S105 - names a key, holds none


@dataclass(frozen=True, slots=True)
class NewSender:
    """What a person gives. `vouch`: an administrator answers for the address, so that it counts as verified."""

    email: str
    smtp_url: str
    password: str | None = None
    name: str = ""
    vouch: bool = False


def add_sender(store: Store, settings: Settings, viewer: Viewer, new: NewSender) -> int:
    """Add an identity, or give a known one another server. Raises `UsageError`, and `Forbidden` for who may not."""
    viewer.require_administrator()
    try:
        email = check_syntax(new.email.strip(), quoted=False, literals=False).normal
    except ValueError as error:
        raise UsageError(f"That is not an address to send from: {error}") from None
    parse_smtp_url(new.smtp_url, new.password, allow_private=settings.allow_private_hosts)
    values: dict[str, object] = {
        "email": email,
        "email_key": address_key(email),
        "smtp_url": new.smtp_url.strip(),
        "password_encrypted": store.keys.encrypt(PASSWORD_PURPOSE, new.password) if new.password else None,
    }
    if new.name.strip():
        values["name"] = " ".join(new.name.split())
    if new.vouch:
        values |= {"verified_at": utcnow(), "vouched_by_id": viewer.user_id}
    with store.database.unit_of_work() as session:
        sender_id = campaigns.put_sender(session, values)
        record_act(session, viewer, "sender.vouch" if new.vouch else "sender.add", sender_id=sender_id)
    return sender_id


def server_of(session: ReadSession, keys: KeyRing, settings: Settings, sender_id: int) -> SmtpServer:
    """The server an identity sends through, password opened. Raises `UsageError`, `Permanent`."""
    secret = campaigns.sender_secret(session, sender_id)
    sealed = secret.password_encrypted
    password = None if sealed is None else keys.decrypt(PASSWORD_PURPOSE, sealed)
    return parse_smtp_url(secret.smtp_url, password, allow_private=settings.allow_private_hosts)
