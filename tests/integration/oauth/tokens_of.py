"""A mailbox's access token, asked for and aged."""

from datetime import timedelta

from core.clock import utcnow
from integration.oauth.conftest import House
from mailsync.oauth.tokens import access_token_now
from storage.models import OAuthProvider


def ask(house: House, mailbox_id: int, *, refused: str | None = None) -> str:
    return access_token_now(house.store, house.settings, mailbox_id, OAuthProvider.GOOGLE, refused=refused)


def age(house: House, mailbox_id: int, seconds_left: float) -> None:
    """Let the access token have so long to live, as the provider and as we know it."""
    house.change_grant(
        mailbox_id,
        renew_at=utcnow() - timedelta(seconds=1),
        access_expires_at=utcnow() + timedelta(seconds=seconds_left),
    )
