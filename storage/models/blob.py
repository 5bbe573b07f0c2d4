"""Raw bytes of mail, compressed: in a row of their own when embedded, in append-only packs when scaled out."""

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row


class Blob(Row):
    """Bytes: either `data` holds them, or `pack`, `offset` and `length` tell where they lie.

    `sha256` and `size` are of the bytes as received. `codec`: 0 stored as is, 1 zstd.
    """

    __tablename__ = "blob"

    sha256: Mapped[str]
    size: Mapped[int]
    codec: Mapped[int]
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    pack: Mapped[str | None]
    offset: Mapped[int | None] = mapped_column(BigId)
    length: Mapped[int | None]
