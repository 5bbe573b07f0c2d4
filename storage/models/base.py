"""What all tables share: naming of constraints, integer keys that are never used twice, types of columns."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.sql.schema import SchemaItem
from typing_extensions import override

from storage.types import JsonColumn, UtcDateTime

SortedText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its characters' numbers, on both databases: an index finds what begins with a word."""
BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """Metadata of every table; names of constraints are fixed, so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        str: Text(),
        dict[str, Any]: JsonColumn,
        list[str]: JsonColumn,
        list[int]: JsonColumn,
        list[dict[str, Any]]: JsonColumn,
    }


class Row(Base):
    """A table whose integer `id` is never used twice: a job that names a deleted row finds nothing.

    (On SQLite that takes AUTOINCREMENT.)
    """

    __abstract__ = True

    constraints: ClassVar[tuple[SchemaItem, ...]] = ()
    """Unique keys and indexes of the table."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True, sort_order=-1)

    @declared_attr.directive
    @classmethod
    @override
    def __table_args__(cls) -> tuple[Any, ...]:
        return (*cls.constraints, {"sqlite_autoincrement": True})
