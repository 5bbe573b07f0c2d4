"""Access to mailboxes by OAuth 2: what a provider granted us, and sign-ins that are under way in somebody's browser."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row
from storage.types import Word


class OAuthProvider(StrEnum):
    """Who lets us into a mailbox without its password."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"


class OAuthGrant(Row):
    """The tokens of one mailbox, encrypted.

    `version` grows with each change of the tokens: whoever refreshed them writes only over what it had read. While a
    token endpoint is in trouble nobody asks it before `retry_at`.
    """

    __tablename__ = "oauth_grant"

    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id", ondelete="CASCADE"), unique=True)
    refresh_token_encrypted: Mapped[str]
    access_token_encrypted: Mapped[str]
    access_expires_at: Mapped[datetime]
    renew_at: Mapped[datetime]
    """From then on a fresh access token is fetched, ahead of the end of this one."""
    version: Mapped[int] = mapped_column(default=1)
    granted_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    """Refreshes in a row that failed for a reason that passes."""
    retry_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")
    """Why the last of them failed, in words."""


class OAuthFlow(Row):
    """A person who was sent to the provider's sign-in page and is to come back. Deleted when it is read.

    `session_hash` binds it to the browser that began it; empty for one that began at the command line.
    """

    __tablename__ = "oauth_flow"

    state_hash: Mapped[str] = mapped_column(unique=True)
    session_hash: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    provider: Mapped[OAuthProvider] = mapped_column(Word(OAuthProvider))
    redirect_uri: Mapped[str]
    verifier_encrypted: Mapped[str]
    """The secret of PKCE (RFC 7636), whose hash the provider got."""
    wishes: Mapped[dict[str, Any]]
    """What the person chose for the mailbox: address, name, depth."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
