"""What an installation has stored, in words that do not depend on row ids, so that two installations can be compared."""

import sqlite3
from collections import Counter
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from core.config import load_settings
from storage.models import Message, Place
from storage.store import open_store

PLACES = """
    SELECT folder.name, place.uid, place.sha256, message.identity, place.seen, place.is_new
    FROM place JOIN folder ON folder.id = place.folder_id JOIN message ON message.id = place.message_id
"""
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
JOBS = """
    SELECT outbox.job, outbox.state, message.identity
    FROM outbox JOIN message ON message.id = json_extract(outbox.args, '$.message_id')
"""
RECORDS = {
    "deals": "SELECT deal.title, contact.name, deal.repeat FROM deal LEFT JOIN contact ON contact.id = deal.contact_id",
    "contacts": "SELECT name FROM contact",
    "channels": "SELECT kind, key, record_type FROM channel",
    "gaps": "SELECT uid FROM folder_gap",
    "quarantine": "SELECT uid FROM quarantine",
}

Facts = dict[str, Any]


def stored_messages(data_dir: Path) -> int:
    """How many places are committed now; 0 before there is a database."""
    path = data_dir / "mailsync.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM place").fetchone()[0])
        except sqlite3.OperationalError:  # Not migrated yet.
            return 0


def has_stored(data_dir: Path, count: int) -> bool:
    """Whether so many places are committed by now, or more."""
    return stored_messages(data_dir) >= count


def facts_of(data_dir: Path) -> Facts:
    """Everything that must be the same after a disturbed and an undisturbed sync."""
    with closing(sqlite3.connect(f"file:{data_dir / 'mailsync.db'}?mode=ro", uri=True)) as connection:
        found: Facts = {
            "places": Counter(connection.execute(PLACES).fetchall()),
            "threads": _threads(connection),
            "activities": Counter(connection.execute(ACTIVITIES).fetchall()),
            "bindings": Counter(connection.execute(BINDINGS).fetchall()),
            "jobs": Counter(connection.execute(JOBS).fetchall()),
        }
        for name, query in RECORDS.items():
            found[name] = Counter(connection.execute(query).fetchall())
    return found


def raw_hashes(data_dir: Path) -> Counter[str]:
    """SHA-256 of every stored raw message, put together again from its parts and hashed anew by the store itself."""
    store = open_store(load_settings(data_dir=data_dir), migrate=False)
    hashes: Counter[str] = Counter()
    with store.database.reading() as session:
        rows = session.query(Place.head_blob_id, Message.body_blob_id).join(Message, Message.id == Place.message_id)
        for head_id, body_id in rows:
            raw = store.blobs.read(session, head_id) + store.blobs.read(session, body_id)
            hashes[sha256(raw).hexdigest()] += 1
    store.close()
    return hashes


def _threads(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """The partition of messages into threads."""
    groups: dict[int, list[str]] = {}
    for thread_id, identity in connection.execute("SELECT thread_id, identity FROM message ORDER BY identity"):
        groups.setdefault(thread_id, []).append(identity)
    return frozenset(tuple(group) for group in groups.values())
