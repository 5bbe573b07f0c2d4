"""A store of many mails made of a small one: rows are copied by the database itself, with ids and hashes of their own.

A first sync of a million mails takes long, and what makes a large store slow is known: indexes on hashes that come in no order,
and the index of words. Both are as large here as after a sync. Raw bytes are not copied: they lie at the end of a file, and
nobody who takes mail in reads them.
"""

from dataclasses import dataclass

from sqlalchemy import Table, column, insert, select, table, text

from storage.models import Base, Message, MessageText
from storage.search.index import COLUMNS
from storage.search.order import number_of_row
from storage.sessions import WriteSession
from storage.store import Store

MULTIPLIED = (
    "thread", "blob", "message", "message_text", "place", "message_address", "part", "reference", "activity",
    "activity_binding",
)  # fmt: skip
"""In the order that foreign keys ask for."""
HASHES = ("identity", "fingerprint", "message_id_hash", "base_subject_hash", "target_hash")
EMPTY = ("data", "object_id")


@dataclass(frozen=True, slots=True)
class _Copy:
    """How one table is copied: the new values of its columns, by the number of the copy and how many ids lie between two."""

    table: Table
    stride: int

    def statement(self, number: int, *, on_postgresql: bool) -> str:
        """INSERT … SELECT of the original rows."""
        random_hash = "md5(random()::text) || 'abcdef01'" if on_postgresql else "lower(hex(randomblob(20)))"
        columns = [column.name for column in self.table.columns]
        if on_postgresql and self.table is MessageText.__table__:
            columns.append("vector")
        values = [self._value(name, number * self.stride, random_hash) for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        table = f'"{self.table.name}"'
        return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE id <= {self.stride}"

    def _value(self, name: str, further: int, random_hash: str) -> str:
        if name in EMPTY:
            return "NULL"
        if name in HASHES:
            return f'CASE WHEN "{name}" IS NULL OR "{name}" = \'\' THEN "{name}" ELSE {random_hash} END'
        if name == "uid" or name == "id" or self._points_at_a_copy(name):
            return f'"{name}" + {further}'
        return f'"{name}"'

    def _points_at_a_copy(self, name: str) -> bool:
        keys = {key for column in self.table.columns if column.name == name for key in column.foreign_keys}
        return any(key.column.table.name in MULTIPLIED for key in keys)


def multiply(store: Store, times: int) -> int:
    """Make the store `times` as large, a copy a transaction; how many messages it holds then.

    All mail is to lie in one folder, with UIDs from 1.
    """
    with store.database.reading() as session:
        ends = [session.execute(text(f'SELECT coalesce(max(id), 0) FROM "{name}"')).scalar_one() for name in MULTIPLIED]
    copies = [_Copy(Base.metadata.tables[name], max(ends)) for name in MULTIPLIED]
    for number in range(1, times):
        with store.database.unit_of_work() as session:
            for copy in copies:
                session.execute(text(copy.statement(number, on_postgresql=session.on_postgresql)))
            if not session.on_postgresql:
                _index_words(session, after=number * max(ends))
    with store.database.unit_of_work() as session:
        if session.on_postgresql:
            _go_on_behind(session, copies)
        count: int = session.execute(text("SELECT count(*) FROM message")).scalar_one()
    return count


def _index_words(session: WriteSession, after: int) -> None:
    """As `storage.search` does, in one statement: rows are counted by date, then id, and come in that order."""
    words = [getattr(MessageText, name) for name in COLUMNS]
    rows = select(number_of_row().label("number"), *words).join(Message, Message.id == MessageText.id)
    rows = rows.where(MessageText.id > after).order_by("number")
    index = table("message_search", column("rowid"), *map(column, COLUMNS))
    session.execute(insert(index).from_select(["rowid", *COLUMNS], rows))


def _go_on_behind(session: WriteSession, copies: list[_Copy]) -> None:
    """Ids that PostgreSQL gives from now on lie behind those of the copies."""
    for copy in copies:
        name = copy.table.name
        if name != "message_text":
            last = f'(SELECT max(id) FROM "{name}")'
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), {last})"))
    session.execute(text("ANALYZE"))
