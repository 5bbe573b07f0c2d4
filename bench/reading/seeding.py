"""Fills a store with as many messages as wanted, straight through the tables: a first sync of a million takes too long.

Ids are given newest first, as loading history gives them, so that a conversation lies scattered as in a real store. Raw
mails are those of a few thousand letters that many messages share: they are read when a page shows them.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from bench.reading.cast import CONTACTS, LETTERS, Letter, Person, add_people, write_letters
from bench.reading.mail_company import BOXES, FOLDERS, NOW, Company, make_company
from storage.bulk import insert_rows
from storage.folding import fold
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Base,
    Direction,
    Message,
    MessageAddress,
    Part,
    Place,
    RecordType,
    Reference,
    Thread,
)
from storage.search import index_messages
from storage.sessions import WriteSession
from storage.store import Store

AT_ONCE = 5000
YEARS = 8
MESSAGES_A_THREAD = 16.7
LONGEST = 1000
RARE_WORD = "zirkonia"
RARE_EVERY = 40_000
FREQUENT_WORD = "delivery"
UNREAD, FLAGGED, WITH_FILE, IN_TWO_BOXES = 0.02, 0.01, 0.15, 0.05


class Seeding:
    """Writes one store. Everything is drawn from one seed: two stores of one size hold the same."""

    def __init__(self, store: Store, messages: int) -> None:
        self.store, self.messages = store, messages
        self.chance = random.Random(6)
        self.threads = max(int(messages / MESSAGES_A_THREAD), 1)

    def run(self) -> Company:
        """Fill the store."""
        with self.store.database.unit_of_work() as session:
            self.company = make_company(session)
            self.letters = write_letters(self.store, session, self.chance)
            self.people = add_people(session, self.chance)
        moments = self._moments()
        for start in range(0, len(moments), AT_ONCE):
            with self.store.database.unit_of_work() as session:
                self._write(session, start, moments[start : start + AT_ONCE])
        if self.store.database.url.startswith("postgresql"):
            self._after_postgresql()
        return self.company

    def _moments(self, *, again: bool = False) -> list[tuple[float, int, int]]:
        """(seconds before now, thread, position in it) of every message, newest first. Writes the threads too, unless `again`."""
        found, rows, left = [], [], self.messages
        box_of: list[int] = []
        shares = [box.share for box in BOXES]
        for thread in range(1, self.threads + 1):
            size = LONGEST if thread == 1 else min(max(int(self.chance.paretovariate(1.06) * 1.9), 1), 400)
            size = min(size, left - (self.threads - thread)) if thread < self.threads else left
            left -= size
            last = 0.0 if thread == 1 else self.chance.random() * YEARS * 365 * 86400
            span = min(size * 86400 * 2.0, YEARS * 365 * 86400 - last)
            ages = sorted((last, *(last + self.chance.random() * span for _ in range(size - 1))), reverse=True)
            found += [(age, thread, position) for position, age in enumerate(ages)]
            box_of.append(0 if thread == 1 else self.chance.choices(range(len(BOXES)), shares)[0])
            rows.append(
                {
                    "id": thread,
                    "subject": self.letters[thread % LETTERS].subject,
                    "first_at": NOW - timedelta(seconds=int(ages[0])),
                    "last_at": NOW - timedelta(seconds=int(last)),
                    "message_count": size,
                    "merged_into_id": None,
                }
            )
        self.box_of = box_of
        if not again:
            with self.store.database.unit_of_work() as session:
                insert_rows(session, Thread, rows)
        return sorted(found)

    def _write(self, session: WriteSession, start: int, moments: Sequence[tuple[float, int, int]]) -> None:
        rows: dict[type[Base], list[dict[str, Any]]] = {
            table: [] for table in (Message, Place, MessageAddress, Part, Reference, Activity, ActivityBinding)
        }
        texts, dates = [], []
        for message_id, (age, thread, position) in enumerate(moments, start + 1):
            date = NOW - timedelta(seconds=int(age))
            texts.append(self._message(rows, message_id, thread, position, date))
            dates.append(date)
        for table, each in rows.items():
            insert_rows(session, table, each)
        index_messages(session, texts, dates)

    def _message(self, rows: Any, message_id: int, thread: int, position: int, date: datetime) -> dict[str, Any]:
        chance, letter = self.chance, self.letters[(thread * 7 + position * 13) % LETTERS]
        box = self.box_of[thread - 1]
        person = self._person_of(thread)
        ours = BOXES[box].email
        incoming = position % 3 != 1
        folder = 1 if not incoming else chance.choices(range(len(FOLDERS)), [share for _, share in FOLDERS.values()])[0]
        subject = self.letters[thread % LETTERS]
        files = int(chance.random() < WITH_FILE)
        rare = message_id % RARE_EVERY == 1
        author = person if incoming else None
        rows[Message].append(self._message_row(message_id, thread, date, subject.subject, letter, author, box, files))
        for each in [box, (box + 1) % 2] if chance.random() < IN_TWO_BOXES else [box]:
            rows[Place].append(self._place(message_id, each, folder, date, letter, incoming=incoming))
        both = [(person.name, person.address), ("Our Sales", ours)]
        for role, (name, address) in zip(("from", "to"), both if incoming else reversed(both), strict=True):
            rows[MessageAddress].append(_named(message_id, role, name, address))
        if files:
            rows[Part].append(_file(message_id))
        if position:
            rows[Reference].append({"message_id": message_id, "target_hash": f"{message_id - 1:040x}"})
        said = subject.subject, letter.snippet
        self._put_on_records(rows, message_id, thread, date, said, person, incoming=incoming)
        us = fold(f"Our Sales {ours}")
        return {
            "id": message_id,
            "subject": subject.folded[0],
            "sender": person.folded if incoming else us,
            "recipients": us if incoming else person.folded,
            "copies": "",
            "files": "offer.pdf" if files else "",
            "body": f"{self._body(letter)} {RARE_WORD}" if rare else self._body(letter),
        }

    def _person_of(self, thread: int) -> Person:
        """With whom a conversation is."""
        return self.people[(thread * 31) % CONTACTS]

    def _body(self, letter: Letter) -> str:
        """What of a letter's text is searched."""
        return letter.folded[1]

    def _put_on_records(
        self,
        rows: Any,
        message_id: int,
        thread: int,
        date: datetime,
        said: tuple[str, str],
        person: Person,
        *,
        incoming: bool,
    ) -> None:
        """The mail's entry in timelines, if it has one."""
        del incoming
        if thread % 3 == 0:
            rows[Activity].append(self._activity(message_id, thread, date, *said))
            rows[ActivityBinding].append(_bound(message_id, person))

    def _message_row(
        self,
        message_id: int,
        thread: int,
        date: datetime,
        subject: str,
        letter: Letter,
        author: Person | None,
        box: int,
        files: int,
    ) -> dict[str, Any]:
        """A mail by `author`, or by us."""
        address = author.address if author else BOXES[box].email
        return {
            "id": message_id,
            "identity": f"{message_id:040x}",
            "fingerprint": f"{message_id:040x}",
            "message_id": f"{message_id}@seed.example",
            "message_id_hash": f"{message_id:040x}",
            "thread_id": thread,
            "direction": Direction.INCOMING if author else Direction.OUTGOING,
            "kind": "normal",
            "date": date,
            "subject": subject,
            "base_subject_hash": f"{thread:040x}",
            "from_name": author.name if author else "Our Sales",
            "from_address": address,
            "from_key": address,
            "snippet": letter.snippet,
            "body_blob_id": letter.body_id,
            "attachment_count": files,
            "authenticated": None,
            "outgoing_id": None,
            "arrived_in": [self.company.mailboxes[box]],
        }

    def _place(
        self, message_id: int, box: int, folder: int, date: datetime, letter: Letter, *, incoming: bool
    ) -> dict[str, Any]:
        return {
            "mailbox_id": self.company.mailboxes[box],
            "folder_id": self.company.folders[box][folder],
            "message_id": message_id,
            "variant_id": None,
            "uid": self.messages + 1 - message_id,
            "object_id": None,
            "seen": not incoming or self.chance.random() > UNREAD,
            "flagged": self.chance.random() < FLAGGED,
            "answered": False,
            "draft": False,
            "modseq": None,
            "internal_date": date,
            "size": letter.size,
            "sha256": f"{message_id:064x}",
            "head_blob_id": letter.head_id,
            "is_new": False,
            "decision": DECISION,
        }

    def _activity(self, message_id: int, thread: int, date: datetime, subject: str, snippet: str) -> dict[str, Any]:
        return {
            "id": message_id,
            "kind": ActivityKind.MAIL,
            "direction": Direction.INCOMING,
            "title": subject,
            "text": snippet,
            "at": date,
            "created_at": date,
            "author_id": None,
            "responsible_id": self.company.users[thread % len(self.company.users)],
            "message_id": message_id,
            "thread_id": thread,
            "task_id": None,
            "post_id": None,
            "deadline": date if message_id < 2000 else None,
            "completed_at": None if message_id < 500 else date,
        }

    def _after_postgresql(self) -> None:
        """Rows carried their own ids; statistics are what autovacuum would have gathered by itself."""
        with self.store.database.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in ("message", "thread", "activity", "contact"):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
                )
            connection.execute(text("VACUUM ANALYZE"))


DECISION = [
    {"step": "direction", "outcome": "incoming", "detail": ""},
    {"step": "identity", "outcome": "new", "detail": ""},
    {"step": "thread", "outcome": "joined", "detail": "by references"},
    {"step": "match", "outcome": "contact", "detail": "by its address"},
]


def _named(message_id: int, role: str, name: str, address: str) -> dict[str, Any]:
    return {"message_id": message_id, "role": role, "position": 0, "name": name, "address": address, "key": address}


def _bound(activity_id: int, person: Person) -> dict[str, Any]:
    return {"activity_id": activity_id, "record_type": RecordType.CONTACT, "record_id": person.id, "owner": True}


def _file(message_id: int) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "index": 0,
        "filename": "offer.pdf",
        "content_type": "application/pdf",
        "size": 48_000,
        "sha256": f"{message_id:064x}",
        "content_id": None,
        "inline": False,
    }
