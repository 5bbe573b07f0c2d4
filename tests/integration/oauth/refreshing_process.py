"""A process that asks for the access token of a mailbox, and tells it: two of them refresh at the same moment."""

import os
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from core.config import load_settings
from mailsync.oauth.tokens import access_token_now
from storage.models import OAuthProvider
from storage.store import open_store


def tell_token(mailbox_id: int, environment: Mapping[str, str], start: Barrier, told: Connection) -> None:
    """Open the store, wait until all have, ask."""
    os.environ.update(environment)
    settings = load_settings()
    store = open_store(settings)
    start.wait(60)
    told.send(access_token_now(store, settings, mailbox_id, OAuthProvider.GOOGLE))
    store.close()
