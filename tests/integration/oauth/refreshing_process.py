"""A process that asks for the access token of a mailbox, and prints it: two of them refresh at the same moment."""

import sys

from core.config import load_settings
from mailsync.oauth.tokens import access_token_now
from storage.models import OAuthProvider
from storage.store import open_store


def main(mailbox_id: int) -> None:
    """Open the store, say so, wait for the word to go, ask."""
    settings = load_settings()
    store = open_store(settings)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(access_token_now(store, settings, mailbox_id, OAuthProvider.GOOGLE))
    sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
