"""From a sign-in to a connected mailbox: the code redeemed, the account compared, the servers tried, everything saved.

A mailbox that is connected already, with a password or with a grant that has ended, is entered by the new grant from
then on; its mail stays as it is.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from core.clock import utcnow
from core.config import Settings
from core.errors import Conflict, MailsyncError
from core.logging import get_logger
from crm.access.steering import require_right, require_staying
from crm.access.viewer import Viewer
from delivery.servers import server_with_token
from delivery.smtp import check_server
from mailsync import repository as mailbox_rows
from mailsync.account import connect_vetted, imap_server
from mailsync.connecting import new_row
from mailsync.imap.server import OAuthToken
from mailsync.logins import NewMailbox, complete
from mailsync.oauth import endpoint, repository
from mailsync.oauth.endpoint import Tokens
from mailsync.oauth.errors import GrantEnded, SignInFailed
from mailsync.oauth.flow import LOST, Returned
from mailsync.oauth.identity import is_same_mailbox, vouched_addresses
from mailsync.oauth.providers import Provider, smtp_url_for
from mailsync.oauth.tokens import sealed_tokens
from mailsync.states.repository import put_in_state
from storage.models import Mailbox, MailboxState
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

ENTRANCE = (
    "imap_host", "imap_port", "imap_security", "username", "password_encrypted", "oauth_provider", "smtp_url",
    "smtp_password_encrypted",
)  # fmt: skip
"""What of a mailbox says how to get in."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Connected:
    """A mailbox that is read from now on. `sending_problem` tells why nothing can be sent from it; None: it can."""

    mailbox_id: int
    is_new: bool
    sending_problem: str | None


def connect_signed_in(store: Store, settings: Settings, viewer: Viewer, returned: Returned) -> Connected:
    """Finish a sign-in. Raises `SignInFailed` or another `UsageError` in words, `Conflict` or `Forbidden` when the mailbox is
    somebody else's already, `Transient` when the provider or the server is in trouble, `Permanent` when the server does not
    let us in or gives no inbox (`TokenRejected`, `ImapDisabled`, `NoSuchFolder`); nothing is saved then.
    """
    began = utcnow()
    tokens = asyncio.run(_redeem(returned))
    row = _entered_by(returned.provider, new_row(store, _new_mailbox(settings, returned, tokens)))
    is_new = _may_be_saved(store, viewer, row.email_key)
    problem = asyncio.run(_try_servers(settings, row, tokens.access_token))
    grant = {**sealed_tokens(store.keys, tokens, began), "granted_at": began}
    mailbox_id = _save(store, viewer, row, grant)
    log.info("mailbox.signed_in", mailbox_id=mailbox_id, provider=returned.provider.key.value, sends=problem is None)
    return Connected(mailbox_id, is_new, problem)


async def _redeem(returned: Returned) -> Tokens:
    provider = returned.provider
    try:
        tokens = await endpoint.redeem_code(
            provider, code=returned.code, verifier=returned.verifier, redirect_uri=returned.redirect_uri
        )
    except GrantEnded:
        raise SignInFailed(LOST) from None
    if tokens.scope is not None and not provider.lets_read(tokens.scope):
        raise SignInFailed(
            f"{provider.name} was not allowed to give us the mail: sign in again and leave every box ticked."
        )
    if tokens.refresh_token is None:
        raise SignInFailed(f"{provider.name} gave access for an hour only: sign in again and agree to lasting access.")
    return tokens


def _new_mailbox(settings: Settings, returned: Returned, tokens: Tokens) -> NewMailbox:
    provider, wishes = returned.provider, returned.wishes
    vouched = vouched_addresses(provider, tokens.id_token)
    email = wishes.email or vouched[0]
    if not any(is_same_mailbox(email, one) for one in vouched):
        raise SignInFailed(
            f"Another account was signed in at {provider.name} than the one of this mailbox: start again, and choose "
            "the account with the mailbox's own address there."
        )
    imap = provider.imap_server()
    return complete(
        NewMailbox(
            email,
            password="",
            name=wishes.name,
            imap_host=imap.host,
            imap_port=imap.port,
            imap_security=imap.security,
            smtp_url=smtp_url_for(settings, provider, email),
            owner_id=wishes.owner_id,
            shared=wishes.shared,
            share_level=None if wishes.shared else wishes.share_level,
            depth_since=wishes.depth,
        )
    )


def _entered_by(provider: Provider, row: Mailbox) -> Mailbox:
    row.oauth_provider, row.password_encrypted, row.smtp_password_encrypted = provider.key, "", None
    return row


def _may_be_saved(store: Store, viewer: Viewer, email_key: str) -> bool:
    """Whether the mailbox is new; one that is there already has to be the viewer's to steer."""
    with store.database.reading() as session:
        existing = mailbox_rows.mailbox_by_email(session, email_key)
    if existing is not None:
        require_right(viewer, existing)
        require_staying(existing)
    return existing is None


async def _try_servers(settings: Settings, row: Mailbox, token: str) -> str | None:
    """Raises what keeps us from reading; returns what keeps us from sending, which may be allowed later."""
    connection = await connect_vetted(imap_server(row), OAuthToken(row.username, token), settings)
    try:
        await connection.select("INBOX")
    finally:
        await connection.close()
    private = settings.allow_private_hosts
    try:
        await check_server(server_with_token(row.smtp_url or "", row.username, token, allow_private=private))
    except MailsyncError as error:
        return str(error)
    return None


def _save(store: Store, viewer: Viewer, row: Mailbox, grant: dict[str, Any]) -> int:
    try:
        with store.database.unit_of_work(Urgency.PERSON) as session:
            mailbox_id = _save_entrance(session, viewer, row)
            repository.replace_grant(session, mailbox_id, grant)
    except IntegrityError:
        raise Conflict("This mailbox was connected by somebody else just now.") from None
    return mailbox_id


def _save_entrance(session: WriteSession, viewer: Viewer, row: Mailbox) -> int:
    """Store a new mailbox, or how one that is known is entered from now on: asked again, since it may have been connected
    or given up while its servers were tried."""
    known = mailbox_rows.mailbox_by_email(session, row.email_key)
    if known is None:
        session.add(row)
        session.flush()
        return row.id
    require_right(viewer, known)
    require_staying(known)
    for name in ENTRANCE:
        setattr(known, name, getattr(row, name))
    if known.state not in mailbox_rows.RESTING:
        put_in_state(session, known, MailboxState.CONNECTING, "")
        mailbox_rows.ask_for_pass(session, known.id)
    return known.id
