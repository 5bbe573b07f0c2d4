"""What a reader of a message has to know about actions on it: which came to nothing and why, and which still wait."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from crm.access.viewer import Viewer
from mailsync.actions.repository.server_flags import OPEN
from storage.models import ActionKind, ActionState, MailAction, MailFlag
from storage.sessions import ReadSession

TOLD_FOR = timedelta(days=3)
SLOW = timedelta(seconds=30)
CAME_TO_NOTHING = (ActionState.REFUSED, ActionState.OVERTAKEN)


@dataclass(frozen=True, slots=True)
class ActionNote:
    """The last word on one thing that was wanted of a message; `reason` is a sentence, empty while it waits."""

    kind: ActionKind
    state: ActionState
    reason: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """One change of an act, and how far it is."""

    message_id: int | None
    kind: ActionKind
    flag: MailFlag | None
    state: ActionState
    reason: str


def actions_of_act(session: ReadSession, viewer: Viewer, act: str) -> list[ActionView]:
    """What an act of the viewer's own has come to; empty where there is none."""
    query = select(MailAction).where(MailAction.act == act).order_by(MailAction.id)
    if not viewer.is_system:
        query = query.where(MailAction.user_id == viewer.user_id)
    rows = session.execute(query).scalars()
    return [ActionView(row.message_id, row.kind, row.flag, row.state, row.reason) for row in rows]


def notes_on(
    session: ReadSession, viewer: Viewer, message_ids: Collection[int], now: datetime
) -> dict[int, list[ActionNote]]:
    """Notes by message; of the viewer's own acts, and of what waits longer than it should."""
    query = select(MailAction).where(MailAction.message_id.in_(message_ids), MailAction.created_at > now - TOLD_FOR)
    latest: dict[tuple[int | None, ActionKind, str | None], MailAction] = {}
    for row in session.execute(query.order_by(MailAction.id)).scalars():
        latest[row.message_id, row.kind, row.flag] = row
    notes: defaultdict[int, list[ActionNote]] = defaultdict(list)
    for (message_id, _, _), row in latest.items():
        mine = row.user_id is None or viewer.is_system or row.user_id == viewer.user_id
        failed = row.state in CAME_TO_NOTHING and mine
        slow = row.state in OPEN and row.due_at < now - SLOW
        if message_id is not None and (failed or slow):
            notes[message_id].append(ActionNote(row.kind, row.state, row.reason if failed else ""))
    return dict(notes)
