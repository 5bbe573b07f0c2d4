"""What a database complains about reaches the log without the rows that it is about: real errors of real databases."""

import json
import logging
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.logging import configure_logging, get_logger
from storage.bulk import insert_rows
from storage.ids import reserve_ids
from storage.models import Contact, MailboxAlias, Setting
from storage.sessions import WriteSession
from storage.store import Store

ADDRESS, BODY = "carl.secret@client.example", 'The offer is 12,000 "Euro"\nand nobody\nDETAIL: may know'
SECRETS = ("carl.secret", "client.example", "12,000", "nobody", "may know")
TABLE = "CREATE TEMP TABLE note (id int PRIMARY KEY, address text UNIQUE, body text, CONSTRAINT short CHECK (length(body) < 99))"
INSERT = "INSERT INTO note VALUES (:id, :address, :body)"


def insert(session: WriteSession, number: int, body: str = BODY) -> None:
    session.execute(text(INSERT), {"id": number, "address": ADDRESS, "body": body})


def twice(session: WriteSession) -> None:
    session.execute(text(TABLE))
    insert(session, 1)
    insert(session, 2)


def too_long(session: WriteSession) -> None:
    session.execute(text(TABLE))
    insert(session, 1, BODY * 9)


def copied(session: WriteSession) -> None:
    """By COPY, into a mailbox that is not there."""
    ids = reserve_ids(session, MailboxAlias, 20)
    rows = [{"id": key, "mailbox_id": 999, "address": ADDRESS, "key": f"{key} {BODY}"} for key in ids]
    insert_rows(session, MailboxAlias, rows)


def copied_line(session: WriteSession) -> None:
    """CONTEXT names the line and its value."""
    session.execute(text(TABLE))
    cursor = session.connection().connection.cursor()
    with cursor.copy("COPY note (id, address, body) FROM STDIN") as copy:
        copy.write(f"1\t{ADDRESS}\tshort\nno number {BODY[:20]}\t{ADDRESS}\tsecond\n")


def no_number(session: WriteSession) -> None:
    session.execute(text("SELECT CAST(:given AS int)"), {"given": f'a "b" {ADDRESS}'})


def bad_bytes(session: WriteSession) -> None:
    session.execute(text("SELECT convert_from(:given, 'UTF8')"), {"given": BODY.encode() + b"\xff"})


def lone_half(session: WriteSession) -> None:
    session.execute(text("SELECT CAST(:given AS text)"), {"given": f"{ADDRESS}\ud800"})


def by_model(session: WriteSession) -> None:
    session.add_all([Setting(name=ADDRESS, value={"body": BODY}), Setting(name=ADDRESS, value={})])
    session.flush()


def null(session: WriteSession) -> None:
    session.execute(text("INSERT INTO contact (name) VALUES (:name)"), {"name": ADDRESS})


FAILURES: list[tuple[Callable[[WriteSession], None], str, str]] = [
    (twice, "IntegrityError", "note_address_key"),
    (too_long, "IntegrityError", "constraint_name=short"),
    (copied, "IntegrityError", "fk_mailbox_alias_mailbox_id"),
    (copied_line, "InvalidTextRepresentation", "sqlstate=22P02"),
    (no_number, "DataError", "sqlstate=22P02"),
    (bad_bytes, "DataError", "sqlstate=22021"),
    (lone_half, "UnicodeEncodeError", "surrogates not allowed"),
    (by_model, "IntegrityError", "pk_setting"),
    (null, "IntegrityError", f"table_name={Contact.__tablename__}"),
]


pytestmark = pytest.mark.usefixtures("logging_as_before")


def fail(store: Store, failure: Callable[[WriteSession], None]) -> None:
    """Chained, as code that answers an error raises another."""
    try:
        with store.database.unit_of_work() as session:
            failure(session)
    except (SQLAlchemyError, psycopg.Error, UnicodeError) as error:
        try:
            raise LookupError("what failed first stands above") from error
        except LookupError as second:
            raise ExceptionGroup("several", [second, ValueError(f"no mailbox {ADDRESS}")]) from None


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_no_error_of_postgresql_carries_a_row_into_the_log(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    for failure, kind, told in FAILURES:
        try:
            fail(store, failure)
        except ExceptionGroup:
            get_logger("test").exception("job.crashed", job_id=7)
            logging.getLogger("some.library").exception("Exception in ASGI application")
        written = capsys.readouterr().err
        assert not [secret for secret in SECRETS if secret in written], failure.__name__
        ours, theirs = (json.loads(line)["exception"] for line in written.splitlines())
        for trace in (ours, theirs):
            assert kind in trace, failure.__name__
            assert told in trace, failure.__name__
            assert "LookupError: what failed first stands above" in trace
            assert "no mailbox (address)" in trace
            assert f"in {failure.__name__}" in trace, "it is told where"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_nor_does_one_of_sqlite(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    for failure, kind, told in (
        (twice, "IntegrityError", "note.address"),
        (by_model, "IntegrityError", "setting.name"),
    ):
        try:
            fail(store, failure)
        except ExceptionGroup:
            get_logger("test").exception("job.crashed")
        written = capsys.readouterr().err
        assert not [secret for secret in SECRETS if secret in written]
        assert kind in written
        assert told in written
