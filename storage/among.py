"""`column IN (many values)` as one parameter, so that statements stay the same (and cached) for any number of values.

An element of its own, because hundreds of these are built for each thousand mails: spelled with SQLAlchemy's functions
and subqueries it takes ten times as long to build and to recognise.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine, UserDefinedType
from typing_extensions import override


class _Array(UserDefinedType[str]):
    """An array of PostgreSQL, spelled by us: the driver takes 2 µs for each value of a list."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, kind: type[BigInteger | Text]) -> None:
        self.kind = kind

    @override
    def get_col_spec(self, **_: Any) -> str:
        """Its name."""
        return "BIGINT[]" if self.kind is BigInteger else "TEXT[]"


class _Several(TypeDecorator[Collection[Any]]):
    """Many values as one: an array on PostgreSQL, a JSON list on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[BigInteger | Text]) -> None:
        super().__init__()
        self.kind = kind

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _Array(self.kind) if dialect.name == "postgresql" else Text()

    @override
    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        if dialect.name != "postgresql":
            return json.dumps(values)
        return f"{{{','.join(map(str, values) if self.kind is BigInteger else map(_quoted, values))}}}"


def _quoted(word: str) -> str:
    """As an element of an array (postgresql.org/docs/current/arrays.html#ARRAYS-IO)."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Among(FunctionElement[bool]):
    """A column and a parameter of `_Several`."""

    type = Boolean()
    inherit_cache = True

    @override
    def self_group(self, against: Any = None) -> Any:
        """As it is: on SQLite "= 1" would be added to it as to a column of truth values, and no index be used."""
        return self


_NUMBERS, _WORDS = _Several(BigInteger), _Several(Text)


def among(column: Any, values: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """A condition that holds where `column` (integers or text) is one of `values`."""
    is_number = isinstance(next(iter(values)), int) if values else isinstance(column.type, Integer)
    return _Among(column, bindparam(None, values, _NUMBERS if is_number else _WORDS))


def among_given(column: Any, name: str) -> ColumnElement[bool]:
    """The same in a statement that is built once: a list of values comes as parameter `name` when it is run."""
    return _Among(column, bindparam(name, type_=_NUMBERS if isinstance(column.type, Integer) else _WORDS))


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **context: Any) -> str:
    column, values = (compiler.process(part, **context) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **context: Any) -> str:
    column, values = (compiler.process(part, **context) for part in element.clauses)
    return f"{column} = ANY({values})"
