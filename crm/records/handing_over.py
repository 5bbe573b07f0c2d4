"""Telling people that records are theirs now: one bell for a record, one for an edit of many; none for what one gives oneself."""

from collections.abc import Mapping

from core.clock import utcnow
from crm.access.notifications import Bell, ring
from crm.access.viewer import Viewer
from crm.records.paths import PLURALS, record_path
from storage.models import RecordType
from storage.sessions import WriteSession

RESPONSIBLE = "responsible_id"
TASK = "task"
PLURALS_OF_ALL = {kind.value: plural for kind, plural in PLURALS.items()} | {TASK: "tasks"}


def tell_of_one(
    session: WriteSession, viewer: Viewer, record: tuple[RecordType, int], name: str, user_id: object
) -> None:
    """A person (`user_id`; anything else is nobody) is responsible for a record from now on."""
    if isinstance(user_id, int) and user_id != viewer.user_id:
        key = f"responsible:{record[0].value}:{record[1]}:{utcnow().isoformat()}"
        ring(session, [Bell(user_id, key, f"Yours now: the {record[0].value} “{name}”", record_path(record))])


def tell_of_lead(session: WriteSession, lead_id: int, title: str, record: tuple[RecordType, int], user_id: int) -> None:
    """A person is responsible for what a lead became."""
    words = f"A lead was handed to you: {title}"
    ring(session, [Bell(user_id, f"lead.handed:{lead_id}", words, record_path(record))])


def tell_of_leads(session: WriteSession, handed: Mapping[str, int], run: int, kind: RecordType) -> None:
    """People (by id) are responsible for so many of what a run made of leads, each of which became such a record."""
    ring(
        session,
        [
            Bell(
                int(user_id),
                f"leads.handed:{run}",
                "A lead was handed to you, by a conversion of many"
                if number == 1
                else f"{number} leads were handed to you, by a conversion of many",
                f"/{PLURALS[kind]}?mine=true",
            )
            for user_id, number in handed.items()
        ],
    )


def tell_of_person(
    session: WriteSession, viewer: Viewer, handed: Mapping[str, Mapping[str, int]], name: str, hand_over_id: int
) -> None:
    """People (by id) are responsible for so many of each kind that was somebody's of that name."""
    bells = []
    for user_id, numbers in handed.items():
        if int(user_id) != viewer.user_id:
            kinds = [kind for kind in PLURALS_OF_ALL if kind in numbers]
            words = [f"{numbers[kind]:,} {kind if numbers[kind] == 1 else PLURALS_OF_ALL[kind]}" for kind in kinds]
            link = f"/{PLURALS_OF_ALL[kinds[0]]}" + ("" if kinds[0] == TASK else "?mine=true")
            text = f"Yours now, from {name}: {', '.join(words)}"
            bells.append(Bell(int(user_id), f"handed.over:{hand_over_id}", text, link))
    ring(session, bells)


def tell_of_many(
    session: WriteSession, viewer: Viewer, kind: RecordType, number: int, user_id: object, edit_id: int
) -> None:
    """A person is responsible for the records of an edit of many, now that it has ended and changed so many."""
    if isinstance(user_id, int) and user_id != viewer.user_id and number:
        words = f"Yours now, by an edit of {number} {PLURALS[kind] if number > 1 else kind.value}"
        ring(session, [Bell(user_id, f"responsible.many:{edit_id}", words, f"/{PLURALS[kind]}?mine=true")])
