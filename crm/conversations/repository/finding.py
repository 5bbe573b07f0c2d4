"""Search: messages that meet every condition, in folders of the reader's own, newest first, a few at a time.

Rights are part of each statement. Where words are asked for, SQLite's index leads, newest first; otherwise the dates of all
mail do, or, where the reader has little mail, that mail alone.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from core.cursors import Cursor
from crm.access.viewer import Viewer
from crm.conversations.repository.threads import has_few
from crm.conversations.search_plan import SearchPlan
from storage.models import Message, Place
from storage.search import lacks, search_rows
from storage.sessions import ReadSession

ROUND = 400
"""Messages that are asked for at a time; a page of fifty conversations is full with fewer, as a rule."""


class Match(NamedTuple):
    """A message that was found."""

    message_id: int
    thread_id: int
    date: datetime


def matches(session: ReadSession, viewer: Viewer, plan: SearchPlan, *, first: int = ROUND) -> Iterator[Match]:
    """Everything that meets the plan, newest first; `first` are asked for at once. The plan's folders are of `viewer`'s reach."""
    del viewer  # Its reach has named the folders.
    if not plan.folder_ids:
        return
    few = (session.on_postgresql or not plan.phrases) and has_few(session, _of_place(plan))
    last, size = None, first
    while True:
        found = _round(session, plan, last, size, few=few)
        yield from found
        if len(found) < size:
            return
        last, size = found[-1], ROUND


def first_behind(match: Match, after: Cursor) -> bool:
    """Whether the message comes after the cursor."""
    return (match.date.replace(microsecond=0), match.message_id) < (after.at.replace(microsecond=0), after.id)


def _round(session: ReadSession, plan: SearchPlan, last: Match | None, size: int, *, few: bool) -> list[Match]:
    statement = (_by_words if plan.phrases else _by_date)(session, plan, last, few=few)
    ids = list(session.execute(statement.limit(size)).scalars())
    rows = session.execute(select(Message.id, Message.thread_id, Message.date).where(Message.id.in_(ids)))
    by_id = {row.id: Match(*row) for row in rows}
    return [by_id[message_id] for message_id in ids]


def _by_words(session: ReadSession, plan: SearchPlan, last: Match | None, *, few: bool) -> Select[int]:
    rows = search_rows(session, plan.phrases, plan.without).between(plan.since, plan.until)
    if last is not None:
        rows = rows.behind(last.date, last.message_id)
    statement = rows.statement.where(_lies_in_reach(plan, rows.id, few=few))
    facts = _facts(plan)
    if facts and rows.in_index:
        return statement.where(exists().where(Message.id == rows.id, *facts))
    return statement.where(*facts)


def _by_date(session: ReadSession, plan: SearchPlan, last: Match | None, *, few: bool) -> Select[int]:
    statement = select(Message.id).where(*_facts(plan))
    statement = statement.where(_lies_in_reach(plan, Message.id.expression, few=few))
    statement = statement.where(*(lacks(session, Message.id.expression, phrase) for phrase in plan.without))
    if plan.since is not None:
        statement = statement.where(Message.date >= plan.since)
    if plan.until is not None:
        statement = statement.where(Message.date < plan.until)
    if last is not None:
        same_moment = and_(Message.date == last.date, Message.id < last.message_id)
        statement = statement.where(Message.date <= last.date, or_(Message.date < last.date, same_moment))
    return statement.order_by(Message.date.desc(), Message.id.desc())


def _lies_in_reach(plan: SearchPlan, message_id: ColumnElement[int], *, few: bool) -> ColumnElement[bool]:
    """Asked of one message after the other, or, of `few` places, whether it is one of those that lie there."""
    if few:
        return message_id.in_(select(Place.message_id).where(*_of_place(plan)))
    return exists().where(Place.message_id == message_id, *_of_place(plan))


def _of_place(plan: SearchPlan) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Place.folder_id.in_(plan.folder_ids)]
    conditions += [~Place.seen if unread else Place.seen.expression for unread in plan.unread]
    conditions += [Place.flagged.expression if flagged else ~Place.flagged for flagged in plan.flagged]
    if plan.at_least is not None:
        conditions.append(Place.size >= plan.at_least)
    if plan.at_most is not None:
        conditions.append(Place.size <= plan.at_most)
    return conditions


def _facts(plan: SearchPlan) -> list[ColumnElement[bool]]:
    """Conditions on the message itself that its words and its day do not tell."""
    facts = [Message.attachment_count > 0 if some else Message.attachment_count == 0 for some in plan.attachments]
    return facts + [or_(Message.date < first, Message.date >= end) for first, end in plan.not_between]
