"""To whom of the strangers in a batch one of us has written, and when first: of the batch and of what is stored.

Automatic answers of ours are no letters, and drafts and mail that only says to be ours were not sent.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Text, literal, select, union_all

from crm.intake.batch import CORRESPONDENCE, Batch, Letter
from crm.intake.repository.tables import table_of
from crm.intake.steps.matching import counterparts
from storage.among import among_given
from storage.models import Direction, Message, MessageAddress
from storage.sessions import ReadSession

_MESSAGE, _ADDRESS = table_of(Message).c, table_of(MessageAddress).c
_KINDS = [kind.value for kind in CORRESPONDENCE]
_OURS = (
    _MESSAGE.direction == Direction.OUTGOING,
    _MESSAGE.kind.in_(_KINDS),
    _MESSAGE.authenticated.is_not(False),
)
_WRITTEN = union_all(
    select(_ADDRESS.key.label("key"), literal(None, BigInteger).label("thread_id"), _MESSAGE.date, _MESSAGE.arrived_in)
    .join_from(MessageAddress, Message, _MESSAGE.id == _ADDRESS.message_id)
    .where(among_given(_ADDRESS.key, "keys"), _ADDRESS.role.in_(["to", "cc"]), *_OURS),
    select(literal(None, Text), _MESSAGE.thread_id, _MESSAGE.date, _MESSAGE.arrived_in).where(
        among_given(_MESSAGE.thread_id, "threads"), *_OURS
    ),
)


def load_written_to(session: ReadSession, batch: Batch, letters: Sequence[Letter], threads: Collection[int]) -> None:
    """Note when one of us wrote to the strangers in these letters, or in these threads. One statement, or none."""
    strangers = {
        person.key
        for letter in letters
        if letter.direction is Direction.INCOMING and letter.kind in CORRESPONDENCE
        for person in counterparts(letter, batch.context)
        if person.key not in batch.clients.by_address
    }
    if not strangers:
        return
    for letter in letters:
        if letter.direction is Direction.OUTGOING and letter.kind in CORRESPONDENCE:
            batch.written_in.append((letter.voice.node, letter.voice.date))
            for person in counterparts(letter, batch.context):
                _note(batch, person.key, letter.voice.date)
    for row in session.execute(_WRITTEN, {"keys": strangers, "threads": threads}):
        if not row.arrived_in:
            continue  # A draft.
        if row.key is None:
            batch.written_in.append((row.thread_id, row.date))
        else:
            _note(batch, row.key, row.date)


def _note(batch: Batch, key: str, date: datetime) -> None:
    known = batch.written_to.get(key)
    batch.written_to[key] = min(known, date) if known else date
