"""What an installation has stored, in words that do not depend on row ids, so that two installations can be compared.

`where` is the data directory of one on SQLite, or the URL of a PostgreSQL database.
"""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import psycopg

from core.config import load_settings
from storage.models import Message, Place
from storage.store import open_store

PLACES = """
    SELECT folder.name, place.uid, place.sha256, message.identity, place.seen
    FROM place JOIN folder ON folder.id = place.folder_id JOIN message ON message.id = place.message_id
"""
NEW = """
    SELECT message.identity, sum(CASE WHEN place.is_new THEN 1 ELSE 0 END)
    FROM place JOIN message ON message.id = place.message_id GROUP BY message.identity
"""
"""Of a message in several folders the place that came first is the new one; which that is depends on when passes began."""
ACTIVITIES = """
    SELECT message.identity, activity.kind, activity.direction, activity.title, activity.completed_at IS NOT NULL,
           activity.deadline IS NOT NULL
    FROM activity JOIN message ON message.id = activity.message_id
"""
BINDINGS = """
    SELECT message.identity, binding.record_type, binding.owner,
           coalesce(deal.title, contact.name, company.name, lead.title)
    FROM activity_binding AS binding JOIN activity ON activity.id = binding.activity_id
    JOIN message ON message.id = activity.message_id
    LEFT JOIN deal ON binding.record_type = 'deal' AND deal.id = binding.record_id
    LEFT JOIN contact ON binding.record_type = 'contact' AND contact.id = binding.record_id
    LEFT JOIN company ON binding.record_type = 'company' AND company.id = binding.record_id
    LEFT JOIN lead ON binding.record_type = 'lead' AND lead.id = binding.record_id
"""
COUNTED = {
    "places": PLACES,
    "new": NEW,
    "activities": ACTIVITIES,
    "bindings": BINDINGS,
    "deals": "SELECT deal.title, contact.name, deal.repeat FROM deal LEFT JOIN contact ON contact.id = deal.contact_id",
    "contacts": "SELECT name FROM contact",
    "channels": "SELECT kind, key, record_type FROM channel",
    "gaps": "SELECT uid FROM folder_gap",
    "quarantine": "SELECT uid FROM quarantine",
}

Facts = dict[str, Any]
Where = Path | str


def ask(where: Where, query: str) -> list[tuple[Any, ...]]:
    """What a query finds now. Raises the driver's errors; a SQLite file is never made."""
    if isinstance(where, str):
        with psycopg.connect(where) as server:
            return server.execute(query.encode()).fetchall()
    with closing(sqlite3.connect(f"file:{where / 'mailsync.db'}?mode=ro", uri=True)) as file:
        return file.execute(query).fetchall()


def stored_messages(where: Where) -> int:
    """How many places are committed now; 0 before there is a database."""
    if isinstance(where, Path) and not (where / "mailsync.db").exists():
        return 0
    try:
        [(count,)] = ask(where, "SELECT count(*) FROM place")
    except sqlite3.OperationalError:  # Not migrated yet.
        return 0
    return int(count)


def has_stored(where: Where, count: int) -> bool:
    """Whether so many places are committed by now, or more."""
    return stored_messages(where) >= count


def facts_of(where: Where) -> Facts:
    """Everything that must be the same after a disturbed and an undisturbed sync."""
    found: Facts = {name: Counter(ask(where, query)) for name, query in COUNTED.items()}
    return found | {"threads": _threads(where), "jobs": _jobs(where)}


def raw_hashes(data_dir: Path, **settings: str) -> Counter[str]:
    """SHA-256 of every stored raw message, put together again from its parts and hashed anew by the store itself."""
    store = open_store(load_settings(data_dir=data_dir, **settings), migrate=False)
    hashes: Counter[str] = Counter()
    with store.database.reading() as session:
        rows = session.query(Place.head_blob_id, Message.body_blob_id).join(Message, Message.id == Place.message_id)
        for head_id, body_id in rows:
            raw = store.blobs.read(session, head_id) + store.blobs.read(session, body_id)
            hashes[sha256(raw).hexdigest()] += 1
    store.close()
    return hashes


def _threads(where: Where) -> frozenset[tuple[str, ...]]:
    """The partition of messages into threads."""
    groups: dict[int, list[str]] = {}
    for thread_id, identity in sorted(ask(where, "SELECT thread_id, identity FROM message"), key=lambda row: row[1]):
        groups.setdefault(thread_id, []).append(identity)
    return frozenset(tuple(group) for group in groups.values())


def _jobs(where: Where) -> Counter[tuple[str, str, str]]:
    """Jobs about messages: name, state, and which message."""
    identities = dict(ask(where, "SELECT id, identity FROM message"))
    rows = ((job, state, _arguments(args)) for job, state, args in ask(where, "SELECT job, state, args FROM outbox"))
    about = ((job, state, identities.get(args.get("message_id"))) for job, state, args in rows)
    return Counter((job, state, identity) for job, state, identity in about if identity is not None)


def _arguments(stored: Any) -> dict[str, Any]:
    """JSON is text to SQLite's driver, and read by PostgreSQL's."""
    return cast(dict[str, Any], json.loads(stored) if isinstance(stored, str) else stored)
