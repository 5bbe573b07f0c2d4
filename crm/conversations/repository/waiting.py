"""Mails that wait for an answer of ours: finding them, and saying that they are settled."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from crm.access.mail import ReadLevel, read_levels
from crm.access.viewer import Viewer
from crm.conversations.repository.records import Key, record_links
from crm.conversations.repository.threads import waits
from crm.conversations.views.waiting import WaitingMail
from storage.models import Activity, ActivityBinding, ActivityKind, Message
from storage.sessions import ReadSession, WriteSession

UNDO_WITHIN = timedelta(minutes=5)


def waiting_mails(session: ReadSession, viewer: Viewer, *, limit: int = 20) -> tuple[WaitingMail, ...]:
    """Mails that the viewer is responsible for and has not answered, the longest waiting first; one per thread.

    Of a mail that they may not read (fully), as on a timeline, they see no more than its mailbox shares.
    """
    first = (
        select(func.min(Activity.id))
        .where(waits(), Activity.kind == ActivityKind.MAIL, Activity.responsible_id == viewer.user_id)
        .group_by(func.coalesce(Activity.thread_id, -Activity.id))
    )
    rows = session.execute(
        select(Activity, Message.id, Message.from_name, Message.from_address, Message.snippet, Message.authenticated)
        .join(Message, Message.id == Activity.message_id)
        .where(Activity.id.in_(first))
        .order_by(Activity.at)
        .limit(limit)
    )
    found = list(rows)
    levels = read_levels(session, viewer, [message_id for _, message_id, *_ in found])
    owners = _owners(session, [activity.id for activity, *_ in found])
    links = record_links(session, viewer, owners.values())
    return tuple(
        WaitingMail(
            activity.thread_id,
            name or address,
            activity.title if levels[message_id] >= ReadLevel.SUBJECT else "",
            snippet if levels[message_id] is ReadLevel.EVERYTHING else "",
            activity.at,
            activity.deadline,
            links.get(owners[activity.id]) if activity.id in owners else None,
            authenticated is False,
        )
        for activity, message_id, name, address, snippet, authenticated in found
        if levels.get(message_id, ReadLevel.NOTHING) is not ReadLevel.NOTHING
    )


def complete_waiting(session: WriteSession, thread_id: int, now: datetime, *, done: bool) -> None:
    """Settle every open mail of a thread at `now`, or open again those settled in the last five minutes."""
    mails = (Activity.thread_id == thread_id, Activity.kind == ActivityKind.MAIL, Activity.deadline.is_not(None))
    change = update(Activity).where(*mails).execution_options(synchronize_session=False)
    if done:
        session.execute(change.where(Activity.completed_at.is_(None)).values(completed_at=now))
    else:
        session.execute(change.where(Activity.completed_at > now - UNDO_WITHIN).values(completed_at=None))


def _owners(session: ReadSession, activity_ids: list[int]) -> dict[int, Key]:
    rows = session.execute(
        select(ActivityBinding.activity_id, ActivityBinding.record_type, ActivityBinding.record_id).where(
            ActivityBinding.activity_id.in_(activity_ids), ActivityBinding.owner
        )
    )
    return {activity_id: (kind, record_id) for activity_id, kind, record_id in rows}
