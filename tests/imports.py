"""Imports of contacts as tests ask for them: uploaded, tried, run and undone, and what is there afterwards."""

import io
import random
from typing import Any

from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.fields.custom import NewField, create_field
from crm.records.importing.choices import Choices
from crm.records.importing.kinds import Missing, OnKnown
from crm.records.importing.repository import runs
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_for_trial, ask_to_run, ask_to_undo
from crm.records.importing.stopping import ask_to_stop
from crm.records.importing.trying import try_run
from crm.records.importing.undoing import undo_all
from crm.records.importing.uploading import upload
from crm.records.importing.views import Counts, ImportView, RowError
from crm.records.repository import reading
from crm.records.views import ContactView
from crm_world import World
from storage.models import (
    Channel,
    Company,
    Contact,
    CustomField,
    Deal,
    FieldKind,
    FieldValue,
    Lead,
    RecordType,
)

SYSTEM = Viewer.system()


def uploaded(world: World, text: str, viewer: Viewer = SYSTEM, kind: RecordType = RecordType.CONTACT) -> int:
    return upload(world.store, viewer, io.BytesIO(text.encode()), "people.csv", record_type=kind)


def view(world: World, run_id: int) -> ImportView:
    with world.store.database.reading() as session:
        return runs.run_view(session, SYSTEM, run_id)


def choices_of(
    world: World, run_id: int, known: OnKnown = OnKnown.COMPLETE, missing: Missing = Missing.REFUSE
) -> Choices:
    now = view(world, run_id)
    return Choices(now.fields, known, now.responsible_id, missing)


def tried(world: World, run_id: int, known: OnKnown = OnKnown.COMPLETE, missing: Missing = Missing.REFUSE) -> Counts:
    with world.store.database.unit_of_work() as session:
        ask_for_trial(session, SYSTEM, run_id, choices_of(world, run_id, known, missing))
    try_run(world.store, run_id)
    counts = view(world, run_id).trial
    assert counts is not None
    return counts


def imported(
    world: World,
    text: str,
    known: OnKnown = OnKnown.COMPLETE,
    viewer: Viewer = SYSTEM,
    kind: RecordType = RecordType.CONTACT,
    missing: Missing = Missing.REFUSE,
) -> tuple[int, Counts]:
    """Import a file; the numbers must be those that a trial has said before."""
    run_id = uploaded(world, text, viewer, kind)
    before = snapshot(world)
    said = tried(world, run_id, known, missing)
    assert snapshot(world) == before, "a trial writes no record"
    with world.store.database.unit_of_work() as session:
        ask_to_run(session, viewer, run_id)
    counts = run_all(world.store, run_id).counts
    assert counts == said
    return run_id, counts


def undone(world: World, run_id: int) -> ImportView:
    with world.store.database.unit_of_work() as session:
        ask_to_undo(session, SYSTEM, run_id)
    return undo_all(world.store, run_id)


def stopped(world: World, run_id: int) -> ImportView:
    with world.store.database.unit_of_work() as session:
        ask_to_stop(session, SYSTEM, run_id)
    return view(world, run_id)


def errors(world: World, run_id: int) -> list[RowError]:
    with world.store.database.reading() as session:
        return runs.errors(session, SYSTEM, run_id)


def contacts(world: World) -> dict[str, ContactView]:
    with world.store.database.reading() as session:
        return {contact.name: contact for contact in reading.contacts(session, SYSTEM)}


SHOWN = {
    Contact: ("name", "position", "company_id", "responsible_id", "tags", "source", "notes"),
    Company: ("name", "domain", "responsible_id", "tags", "source", "notes"),
    Lead: ("title", "name", "state", "stage_id", "contact_id", "company_id", "tags", "source", "notes"),
    Deal: (
        "title",
        "stage_id",
        "stage_kind",
        "amount",
        "currency",
        "closes_on",
        "contact_id",
        "company_id",
        "tags",
        "notes",
    ),
}
"""Columns by which tests compare what is there before and after."""


def snapshot(world: World) -> list[Any]:
    """All records that are there, with their channels and fields."""
    shown: list[Any] = []
    living: set[tuple[RecordType, int]] = set()
    for table, columns in SHOWN.items():
        kind, rows = RecordType(table.__tablename__), [row for row in world.all(table) if row.deleted_at is None]
        shown.append([(row.id, *(str(getattr(row, name)) for name in columns)) for row in rows])
        living |= {(kind, row.id) for row in rows}
    channels = [row for row in world.all(Channel) if (row.record_type, row.record_id) in living]
    shown.append(sorted((row.record_type, row.record_id, row.kind, row.key, row.value) for row in channels))
    kinds = {row.id: row.record_type for row in world.all(CustomField)}
    filled = [row for row in world.all(FieldValue) if (kinds[row.field_id], row.record_id) in living]
    return [*shown, sorted((row.field_id, row.record_id, row.text) for row in filled)]


def made(world: World, name: str, **columns: Any) -> int:
    with world.store.database.unit_of_work() as session:
        return create_contact(session, name, **columns)


def values_of(contact: ContactView) -> dict[str, Any]:
    return {
        "position": contact.position,
        "company": contact.company.name if contact.company else None,
        "responsible": contact.responsible.name if contact.responsible else None,
        "tags": contact.tags,
        "source": contact.source,
        "channels": [channel.value for channel in contact.channels],
    }


def budget_field(world: World) -> str:
    """A custom field of contacts; its key."""
    new = NewField(RecordType.CONTACT, "Budget", FieldKind.MONEY)
    with world.store.database.unit_of_work() as session:
        return f"field_{create_field(session, SYSTEM, new)}"


def any_rows(chance: random.Random, count: int) -> str:
    """Rows in which people come again under other addresses, phones, names and companies."""
    names = ["Ann Lee", "Lee", "Bob", "", "carl@x.example"]
    lines = [
        [
            chance.choice(names),
            "; ".join(f"p{chance.randrange(12)}@c{chance.randrange(2)}.example" for _ in range(chance.randrange(3))),
            chance.choice(["", f"+1 555 {chance.randrange(10_000, 10_006)}", "", "", "wrong"]),
            chance.choice(["", "CEO", "CTO"]),
            chance.choice(["", "Acme", "ACME ", "Bolt", "c0.example"]),
            chance.choice(["", "c0.example", "www.c1.example"]),
            chance.choice(["", "a, b", "b; c"]),
            chance.choice(["", "12.50", "1200"]),
        ]
        for _ in range(count)
    ]
    head = "Name,E-mail,Phone,Position,Company,Domain,Tags,Budget\n"
    return head + "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)
