"""Settings that people change while the program runs, the keys a database belongs to, and who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Row


class Setting(Base):
    """A named value such as `crm.mode`; whoever reads it has the default."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class KeyFingerprint(Base):
    """Which key ring this database was written with; another ring is refused at start."""

    __tablename__ = "key_fingerprint"

    key_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]


class Audit(Row):
    """One act of a person that others may ask about later: a vouched sender, a changed right, an export."""

    __tablename__ = "audit"

    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action: Mapped[str]
    detail: Mapped[dict[str, Any]]
