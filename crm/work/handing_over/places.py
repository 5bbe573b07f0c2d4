"""Places in queues and shared views: few, handed over and put back in one unit of work."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crm.work.handing_over import repository
from crm.work.handing_over.asking import Belonging
from storage.models import BulkEdit, RecordType, SavedView
from storage.sessions import WriteSession

Made = Mapping[str, Any]
Names = set[tuple[int, RecordType, str]]


def hand_over_queues(session: WriteSession, row: BulkEdit) -> int:
    """Who gets it stands where the person stood; who stands in that queue already keeps their own place. How many queues."""
    giver, to = row.wanted["from"], row.wanted["to"]
    made: list[Made] = []
    for mailbox in repository.mailboxes(session, repository.queues_with(session, giver)):
        if giver in mailbox.queue:
            there = to in mailbox.queue
            now = [to if each == giver else each for each in mailbox.queue if not (there and each == giver)]
            made.append({"kind": Belonging.QUEUE.value, "id": mailbox.id, "was": list(mailbox.queue), "now": now})
            mailbox.queue = now
    return _noted(session, row, made)


def hand_over_views(session: WriteSession, row: BulkEdit) -> int:
    """One of which the name is taken gets the name of whose it was behind its own. How many."""
    giver, to = row.wanted["from"], row.wanted["to"]
    names = repository.hold_views_of(session, {giver, to})
    made: list[Made] = []
    for view in repository.shared_views(session, giver):
        made.append({"kind": Belonging.VIEW.value, "id": view.id, "was": view.name})
        _give_view(view, to, _free_name(names, to, view, row.wanted["name"]), names)
    return _noted(session, row, made)


def put_back(session: WriteSession, row: BulkEdit, made: Sequence[Made]) -> int:
    """Put back what still stands as it was left; how much of it does."""
    return _PUT_BACK[Belonging(made[0]["kind"])](session, row, {one["id"]: one for one in made})


def _queues_back(session: WriteSession, row: BulkEdit, made: Mapping[int, Made]) -> int:
    del row
    number = 0
    for mailbox in repository.mailboxes(session, list(made)):
        if mailbox.queue == made[mailbox.id]["now"]:
            mailbox.queue = made[mailbox.id]["was"]
            number += 1
    return number


def _views_back(session: WriteSession, row: BulkEdit, made: Mapping[int, Made]) -> int:
    giver, to = row.wanted["from"], row.wanted["to"]
    names = repository.hold_views_of(session, {giver, to})
    views = repository.shared_views(session, to, list(made))
    for view in views:
        free = (giver, view.record_type, made[view.id]["was"]) not in names
        name = made[view.id]["was"] if free else _free_name(names, giver, view, row.wanted["name"])
        _give_view(view, giver, name, names)
    return len(views)


def _noted(session: WriteSession, row: BulkEdit, made: Sequence[Made]) -> int:
    if made:
        repository.note(session, row, [one["id"] for one in made], made)
    return len(made)


def _give_view(view: SavedView, user_id: int, name: str, names: Names) -> None:
    names.discard((view.user_id, view.record_type, view.name))
    names.add((user_id, view.record_type, name))
    view.user_id, view.name = user_id, name


def _free_name(names: Names, user_id: int, view: SavedView, whose: str) -> str:
    name, number = view.name, 1
    while (user_id, view.record_type, name) in names:
        name = f"{view.name} ({whose})" if number == 1 else f"{view.name} ({whose} {number})"
        number += 1
    return name


_PUT_BACK: Mapping[Belonging, Callable[[WriteSession, BulkEdit, Mapping[int, Made]], int]] = {
    Belonging.QUEUE: _queues_back,
    Belonging.VIEW: _views_back,
}
