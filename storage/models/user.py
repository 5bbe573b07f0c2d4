"""People who use the product, and how they prove it: sign-in sessions and API tokens."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.types import Word


class Role(StrEnum):
    """The roles that every installation has, widest first; what each gives here is in its row (`storage.models.role`)."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    SELLER = "seller"
    CONSULTANT = "consultant"
    GUEST = "guest"
    NONE = "none"
    OWN = "own"
    """One that the installation has made: `User.role_id` says which."""


class User(Row):
    """A colleague. `email_key` is how mail of theirs is told from customers' mail."""

    __tablename__ = "user"

    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[Role] = mapped_column(Word(Role))
    role_id: Mapped[int | None] = mapped_column(BigId)
    """The row of an own role; None for the others."""
    active: Mapped[bool] = mapped_column(default=True)
    time_zone: Mapped[str | None]
    marks_read: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether opening a conversation marks it read."""
    formats: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """How days and numbers are written for them (`crm.office.formats`), where it is not as for the company."""
    created_at: Mapped[datetime]


class LoginSession(Row):
    """One signed-in browser; the cookie holds the token, we hold its hash."""

    __tablename__ = "login_session"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(default="")


class ApiToken(Row):
    """A key for programs, limited to scopes such as `mail:read`."""

    __tablename__ = "api_token"

    name: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
