"""Access that is not needed any more is given back at the provider, not only forgotten here."""

import asyncio

from core.config import Settings
from core.errors import MailsyncError
from core.logging import get_logger
from mailsync.oauth.endpoint import revoke
from mailsync.oauth.providers import find_provider
from mailsync.oauth.repository import grant_of
from mailsync.oauth.tokens import REFRESH_TOKEN
from storage.models import Mailbox, OAuthProvider
from storage.store import Store

Held = tuple[OAuthProvider, str]
"""A provider, and the refresh token that we have from it."""
log = get_logger(__name__)


def held_access(store: Store, mailbox_id: int) -> Held | None:
    """What would be given back for a mailbox; read it before the mailbox forgets it. None where it can not be read, too:
    a secret that is damaged, or of another key file, must not hold up whoever wants to be rid of it."""
    with store.database.reading() as session:
        row, grant = session.get(Mailbox, mailbox_id), grant_of(session, mailbox_id)
    if row is None or row.oauth_provider is None or grant is None:
        return None
    try:
        return row.oauth_provider, store.keys.decrypt(REFRESH_TOKEN, grant.refresh_token_encrypted)
    except MailsyncError:
        log.warning("oauth.unreadable", mailbox_id=mailbox_id, provider=row.oauth_provider.value)
        return None


def give_back(settings: Settings, mailbox_id: int, held: Held | None) -> bool:
    """Tell the provider, in a few seconds; whether the access has ended there. It raises nothing: what we had is forgotten
    here either way."""
    if held is None:
        return False
    provider, token = held
    try:
        ended = asyncio.run(revoke(find_provider(settings, provider), token))
    except MailsyncError:
        ended = False
    log.info("oauth.given_back", mailbox_id=mailbox_id, provider=provider.value, ended=ended)
    return ended
