"""What a batch looks up costs the same in a large store: every statement goes by an index, none walks through a table."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from crm.intake.repository.context import load_context
from crm.intake.revisiting.judging import judge_again
from crm.intake.revisiting.repository.places import of_message
from crm.records.modes import CrmMode, Mode
from crm_world import NOW, World, mail
from storage.models import FolderRole, Message, QueueMethod

SMALL = frozenset(
    {"json_each", "lead_stage", "sqlite_sequence", "mailbox", "mailboxes", "mailbox_alias", "pipeline", "stage", "user"}
)
"""Tables that stay small, and the list of values itself."""
BY_STATE = re.compile(r"\((state|stage_kind|kind)=\?\)$")
"""An index by which half of the table is found."""


@contextmanager
def plans(world: World) -> Iterator[dict[str, list[str]]]:
    """How SQLite went about each statement that was run meanwhile."""
    found: dict[str, list[str]] = {}
    engine = world.store.database.engine

    def ask(connection: Connection, cursor: Any, statement: str, given: Any, context: Any, many: bool) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE")):
            values = given[0] if many else given
            rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found[statement] = [row[3] for row in rows]

    event.listen(engine, "after_cursor_execute", ask)
    yield found
    event.remove(engine, "after_cursor_execute", ask)


@pytest.mark.parametrize("mode", list(Mode))
def test_no_table_is_walked_through(world: World, mode: Mode) -> None:
    world.mode(CrmMode(mode))
    first = world.arrival(mail("mia@client.example", "sales@ours.example", message_id="a@client.example"))
    answer = mail(
        "sales@ours.example", "mia@client.example", message_id="b@ours.example", references=["a@client.example"]
    )
    again = mail("mia@client.example", "sales@ours.example", "Re: Offer", message_id="c@client.example")
    stranger = mail("Jo <jo@other.example>", "sales@ours.example", "Re: Other", message_id="d@other.example")
    with plans(world) as found:
        world.take([first])
        world.take([world.arrival(answer, role=FolderRole.SENT), world.arrival(again), world.arrival(stranger)])
        world.take([first, world.arrival(again)])

    walked = {statement: step for statement, steps in found.items() for step in steps if _walks(step)}
    assert len(found) > 15
    assert not walked


@pytest.mark.parametrize("mode", list(Mode))
def test_no_table_is_walked_through_for_what_a_mailbox_says(world: World, mode: Mode) -> None:
    world.mode(CrmMode(mode))
    world.change(world.sales, only_written_to=True, queue=[world.ann, world.bob], queue_method=QueueMethod.LEAST_BUSY)
    answer = mail("jo@other.example", "sales@ours.example", "Re: Offer", message_id="b@x", references=["a@x"])
    ours = mail("sales@ours.example", "jo@other.example", message_id="a@x", date=NOW - timedelta(hours=1))
    with plans(world) as found:
        world.take(
            [world.arrival(mail("mia@client.example", "sales@ours.example", message_id="c@x")), world.arrival(answer)]
        )
        world.take([world.arrival(ours, role=FolderRole.SENT)])
        with world.store.database.unit_of_work() as session:
            context = load_context(session, world.sales.id, world.store.keys)
            [waiting] = [row for row in world.all(Message) if row.message_id == "b@x"]
            assert judge_again(session, context, of_message(session, waiting.id, world.sales.id), "").made

    walked = {statement: step for statement, steps in found.items() for step in steps if _walks(step)}
    assert not walked


def _walks(step: str) -> bool:
    kind, table, *_ = (*step.split(), "")
    return (kind == "SCAN" and table not in SMALL) or BY_STATE.search(step) is not None
