"""What batches of mail that are being taken in keep to themselves, for PostgreSQL to let others wait."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class IntakeKey(Base):
    """A key of a batch, as a number. Nobody ever sees a row: who inserts one deletes it before the commit.

    On PostgreSQL the table is UNLOGGED; on SQLite it stays empty (`storage/held_keys.py`).
    """

    __tablename__ = "intake_key"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
