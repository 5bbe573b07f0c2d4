"""A mailbox's queue: its row is held from the first turn to the end of the unit of work.

What makes nothing asks nothing.
"""

from datetime import datetime

from crm.intake.context import MailboxContext
from crm.office.turns import Line
from crm.records.repository.turns import hold_turn, line_of, note_turn
from storage.models import QueueTurn
from storage.sessions import WriteSession


class HeldQueue:
    """Gives out the turns of one unit of work."""

    def __init__(self, session: WriteSession, context: MailboxContext, now: datetime) -> None:
        self._session = session
        self._context = context
        self._now = now
        self._line: Line | None = None

    def next(self) -> int | None:
        """Who is responsible for the next new record: one of the queue, else the mailbox's owner."""
        context, policy = self._context, self._context.policy
        if not policy.queue:
            return context.owner_id
        if self._line is None:
            last = hold_turn(self._session, QueueTurn.mailbox_id, context.mailbox_id)
            self._line = line_of(
                self._session,
                policy.queue,
                policy.queue_method,
                context.calendar,
                self._now,
                last,
                at_work=policy.queue_at_work,
            )
        return self._line.next() or context.owner_id

    def write(self) -> None:
        """Remember who was last, if there was any turn."""
        if self._line is not None:
            note_turn(self._session, QueueTurn.mailbox_id, self._context.mailbox_id, self._line.last)
