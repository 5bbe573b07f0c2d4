"""Keys of phones, some at a time in the order of their ids."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, select, tuple_

from crm.records.channels import PHONE
from storage.models import Channel
from storage.sessions import WriteSession
from storage.unindexed import unindexed

CODED = "+"
"""What the key of a whole number begins with."""


def phones_after(
    session: WriteSession, after: int, *, with_code: bool, limit: int, walked: int
) -> tuple[Sequence[Channel], int | None]:
    """Phones behind a row, which nobody else changes until this unit ends; those alone whose key has no code, unless all. Behind
    which row the next ones are; None: there are none.

    They are found among so many rows that are `walked` past, however few there are: the index of phones has them in no order.
    """
    next_ids = select(Channel.id).where(Channel.id > after).order_by(Channel.id).limit(walked).subquery()
    last = session.execute(select(func.max(next_ids.c.id))).scalar()
    if last is None:
        return [], None
    wanted = select(Channel).where(unindexed(Channel.kind) == PHONE, Channel.id > after, Channel.id <= last)
    if not with_code:
        wanted = wanted.where(unindexed(Channel.key).not_like(f"{CODED}%"))
    some = session.execute(wanted.order_by(Channel.id).limit(limit).with_for_update()).scalars().all()
    return some, some[-1].id if len(some) == limit else last


def give_keys(session: WriteSession, some: Sequence[Channel], keys: Mapping[int, str]) -> None:
    """Give each phone its key, by id. Where the record has that number already, written otherwise, the later one goes."""
    wanted = [row for row in some if row.id in keys]
    records = {(row.record_type, row.record_id) for row in wanted}
    there = {
        (row.record_type, row.record_id, row.key)
        for row in session.execute(
            select(Channel.record_type, Channel.record_id, Channel.key).where(
                Channel.kind == PHONE, tuple_(Channel.record_type, Channel.record_id).in_(records)
            )
        )
    }
    twice = []
    for row in wanted:
        key = (row.record_type, row.record_id, keys[row.id])
        if key in there:
            twice.append(row.id)
        else:
            row.key = keys[row.id]
            there.add(key)
    session.flush()
    session.execute(delete(Channel).where(Channel.id.in_(twice)))
