"""What a mailbox says of strangers: read from its row, and changed by who steers it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.audit import record_act
from crm.access.steering import require_right, require_staying
from crm.access.viewer import Viewer
from crm.intake.policies.policy import Policy
from crm.office.repository import working_colleagues
from storage.models import Mailbox, MailboxState
from storage.sessions import ReadSession, WriteSession

LONGEST_SOURCE = 100
MOST_IN_QUEUE = 100
COLUMNS = {
    "incoming": "on_unknown_incoming",
    "outgoing": "on_unknown_outgoing",
    "source": "record_source",
    **{
        name: name
        for name in ("only_written_to", "makes_from_roles", "repeat_items", "queue", "queue_method", "queue_at_work")
    },
}
"""Of a mailbox, by the name in its policy."""


def policy_of(row: Any) -> Policy:
    """What a row of a mailbox says by itself, without rules for senders and the CRM's own switches."""
    values = {name: getattr(row, column) for name, column in COLUMNS.items()}
    return Policy(**{**values, "queue": tuple(values["queue"])})


def mailbox_row(session: ReadSession, mailbox_id: int) -> Mailbox:
    """A mailbox that was not removed. Raises `NotFound`."""
    row = session.get(Mailbox, mailbox_id)
    if row is None or row.state is MailboxState.REMOVED:
        raise NotFound("There is no such mailbox.")
    return row


def change_policy(session: WriteSession, viewer: Viewer, mailbox_id: int, changes: Mapping[str, Any]) -> Policy:
    """Change some of what a mailbox says, by the names of `Policy`, for mail that comes from now on; what it says then.

    Raises `Forbidden`, `NotFound`, `Conflict` while it is being removed, `UsageError` for what can not be.
    """
    row = mailbox_row(session, mailbox_id)
    require_right(viewer, row)
    require_staying(row)
    policy = changed(session, policy_of(row), changes)
    for name, column in COLUMNS.items():
        value = getattr(policy, name)
        setattr(row, column, list(value) if name == "queue" else value)
    record_act(session, viewer, "mailbox.change_policy", mailbox_id=mailbox_id, what=sorted(changes))
    session.flush()
    return policy


def changed(session: ReadSession, policy: Policy, changes: Mapping[str, Any]) -> Policy:
    """A policy with some of it changed, by the names of `Policy`, in its normal form. Raises `UsageError`."""
    return checked(session, replace(policy, **changes))


def checked(session: ReadSession, policy: Policy) -> Policy:
    """The same in its normal form. Raises `UsageError`."""
    source = " ".join(policy.source.split())
    if len(source) > LONGEST_SOURCE:
        raise UsageError(f"A source has {LONGEST_SOURCE} letters at most: shorten it.")
    queue = tuple(dict.fromkeys(policy.queue))
    if len(queue) > MOST_IN_QUEUE:
        raise UsageError(f"A queue has {MOST_IN_QUEUE} people at most: leave some out.")
    there = {each.user_id for each in working_colleagues(session, Viewer.system(), queue, utcnow().date())}
    if set(queue) - there:
        raise UsageError("One of these people does not work here any more: choose again.")
    return replace(policy, source=source, queue=queue)
