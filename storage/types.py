"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine
from typing_extensions import override

JsonColumn = JSON().with_variant(JSONB(), "postgresql")
"""Free-form data; queried by key only where a page says so."""


class _SortableText(sqlite.DATETIME):
    """Text as SQLAlchemy's own type writes it, in an eighth of the time."""

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | None]:
        return lambda value: None if value is None else value.isoformat(" ", "microseconds")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive datetimes, gives aware ones back; SQLite keeps sortable text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return _SortableText()  # type: ignore[no-untyped-call]
        return dialect.type_descriptor(DateTime(timezone=True))

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive datetime was about to be stored; all times are UTC.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class FewLists(TypeDecorator[Any]):
    """JSON lists of which few different ones are written in many rows; named tuples in them become objects.

    Where they are given as tuples, what the driver gets for them is remembered: to write JSON is the dearest of all types.
    """

    impl = JSON
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[Any] | None], Any]:
        process = cast(Callable[[Sequence[Any] | None], Any], super().bind_processor(dialect))
        remembered = lru_cache(maxsize=4096)(process)
        return lambda value: remembered(value) if isinstance(value, tuple) else process(value)

    @override
    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> list[Any] | None:
        return None if value is None else [each._asdict() if hasattr(each, "_asdict") else each for each in value]


E = TypeVar("E", bound=StrEnum)


class Word(TypeDecorator[E]):
    """A `StrEnum` stored as its word, so that rows read well and a new word needs no migration."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    @override
    def process_bind_param(self, value: E | None, dialect: Dialect) -> Any:
        return None if value is None else self.words(value).value

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:
        return None if value is None else self.words(value)
