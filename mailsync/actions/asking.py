"""What people ask for: mark, archive, delete, junk, move, and undo, of messages or whole conversations.

Every act happens in the store at once and waits for the server in the queue. It concerns mailboxes that the person owns
or works in, and nothing else; a colleague's private mail is never touched by reading it through a record.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from core.clock import utcnow
from core.errors import NotFound, UsageError
from crm.access.viewer import Viewer
from mailsync.actions.repository import choosing
from mailsync.actions.repository.choosing import Choice
from mailsync.actions.repository.open_actions import Act
from mailsync.actions.repository.wishes import keep_after_all, want_flag, want_move, want_removed
from storage.models import ActionKind, ActionState, Folder, FolderRole, MailAction, MailFlag, Place, Queue
from storage.sessions import WriteSession

UNDO_SECONDS = 10
"""How long a deletion for ever waits before the server is told."""
READABLE = frozenset(FolderRole) - {FolderRole.DRAFTS}
STAYING = frozenset({FolderRole.INBOX, FolderRole.ARCHIVE, FolderRole.OTHER, FolderRole.ALL})
"""Where mail lies that somebody may want out of the way."""
NOT_THERE = (ActionState.REFUSED, ActionState.OVERTAKEN, ActionState.CANCELLED)


class Wish(StrEnum):
    """What can be done to mail."""

    READ = "read"
    UNREAD = "unread"
    FLAG = "flag"
    UNFLAG = "unflag"
    ANSWERED = "answered"
    ARCHIVE = "archive"
    DELETE = "delete"
    DELETE_FOR_EVER = "delete_for_ever"
    JUNK = "junk"
    NOT_JUNK = "not_junk"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class About:
    """What an act is about: conversations or messages; `roles` are the folders whose copies it concerns (None: the
    usual ones for what is wished), `mailbox_id` the only mailbox (None: all of the person's own)."""

    thread_ids: tuple[int, ...] = ()
    message_ids: tuple[int, ...] = ()
    roles: frozenset[FolderRole] | None = None
    mailbox_id: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An act, for undo, and how many messages it changes (in how many folders they lie)."""

    act: str
    count: int


def ask(session: WriteSession, viewer: Viewer, wish: Wish, about: About, *, target_id: int | None = None) -> Done:
    """Do `wish` to mail in the viewer's own mailboxes; the server is told by whoever watches them.

    `target_id`: the folder to move to. Raises `Forbidden` for guests, `NotFound` for a folder that is not theirs,
    `UsageError` for a move without folder, `Conflict` for mail that is being moved this moment.
    """
    viewer.require_write()
    act = _begin(session, viewer)
    return Done(act.name, _WISHES[wish](session, viewer, act, about, target_id))


def undo(session: WriteSession, viewer: Viewer, act_name: str) -> Done:
    """Take an act of the viewer's own back. What the server refused or changed later stays as it is.

    Raises `NotFound` for what was somebody else's act, `Conflict` when it is too late.
    """
    viewer.require_write()
    rows = choosing.actions_of(session, act_name)
    if not rows or (not viewer.is_system and rows[0].user_id != viewer.user_id):
        raise NotFound("There is nothing of yours to take back.")
    act = _begin(session, viewer)
    undone = [row for row in rows if row.state not in NOT_THERE]
    folder_ids = {folder_id for row in undone for folder_id in (row.folder_id, row.target_id)}
    choosing.hold_places(session, [row.place_id for row in undone], folder_ids)
    return Done(act.name, sum(_undo_one(session, viewer, act, row) for row in undone))


def _begin(session: WriteSession, viewer: Viewer) -> Act:
    """A new act; whoever watches mailboxes is woken when it is committed."""
    session.queues_to_wake.add(Queue.NOW)
    return Act(secrets.token_hex(8), viewer.user_id, utcnow())


def _undo_one(session: WriteSession, viewer: Viewer, act: Act, row: MailAction) -> int:
    place = choosing.place_now(session, row)
    if row.kind is ActionKind.REMOVE:
        keep_after_all(session, row)
        return 1
    if place is None:
        return 0
    if row.kind is ActionKind.FLAG and row.flag is not None:
        return want_flag(session, act, [place], row.flag, on=not row.wanted)
    if row.kind is ActionKind.MOVE and row.folder_id is not None:
        labels = (
            row.believed.split() if row.state is ActionState.DONE else []
        )  # It left All Mail, and with it its labels.
        back_to = int(labels[0]) if labels else row.folder_id
        return want_move(session, act, [place], choosing.folder_by_id(session, viewer, back_to))
    return 0


Wisher = Callable[[WriteSession, Viewer, Act, About, int | None], int]


def _places(session: WriteSession, viewer: Viewer, about: About, usual: frozenset[FolderRole]) -> list[Place]:
    roles = usual if about.roles is None else about.roles
    return choosing.held_places(session, viewer, Choice(about.thread_ids, about.message_ids, roles, about.mailbox_id))


def _mark(flag: MailFlag, *, on: bool) -> Wisher:
    def mark(session: WriteSession, viewer: Viewer, act: Act, about: About, _: int | None) -> int:
        every = replace(about, roles=None)  # A mark is of the message, wherever it lies.
        return want_flag(session, act, _places(session, viewer, every, READABLE), flag, on=on)

    return mark


def _flag(session: WriteSession, viewer: Viewer, act: Act, about: About, _: int | None) -> int:
    """A conversation is flagged by its newest message."""
    count = 0
    for thread_id in about.thread_ids:
        places = _places(session, viewer, About(thread_ids=(thread_id,)), READABLE)
        count += want_flag(session, act, choosing.newest_in(places), MailFlag.FLAGGED, on=True)
    places = _places(session, viewer, About(message_ids=about.message_ids), READABLE) if about.message_ids else []
    return count + want_flag(session, act, places, MailFlag.FLAGGED, on=True)


def _to_role(role: FolderRole, usual: frozenset[FolderRole]) -> Wisher:
    def move(session: WriteSession, viewer: Viewer, act: Act, about: About, _: int | None) -> int:
        places = _places(session, viewer, about, usual)
        return sum(
            want_move(session, act, mine, choosing.folder_for(session, mailbox_id, role))
            for mailbox_id, mine in _by_mailbox(places).items()
        )

    return move


def _to_folder(session: WriteSession, viewer: Viewer, act: Act, about: About, target_id: int | None) -> int:
    if target_id is None:
        raise UsageError("Say to which folder: choose one from the list.")
    target: Folder = choosing.folder_by_id(session, viewer, target_id)
    places = _places(session, viewer, about, STAYING | {FolderRole.JUNK, FolderRole.TRASH})
    return want_move(session, act, [place for place in places if place.mailbox_id == target.mailbox_id], target)


def _for_ever(session: WriteSession, viewer: Viewer, act: Act, about: About, _: int | None) -> int:
    """Only what lies in Trash or Junk: the first asking was to put it there."""
    roles = frozenset({FolderRole.TRASH, FolderRole.JUNK})
    places = _places(session, viewer, replace(about, roles=None), roles)
    return want_removed(session, act, places, due_at=act.now + timedelta(seconds=UNDO_SECONDS))


def _by_mailbox(places: Sequence[Place]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for place in places:
        found.setdefault(place.mailbox_id, []).append(place)
    return found


_WISHES: dict[Wish, Wisher] = {
    Wish.READ: _mark(MailFlag.SEEN, on=True),
    Wish.UNREAD: _mark(MailFlag.SEEN, on=False),
    Wish.FLAG: _flag,
    Wish.UNFLAG: _mark(MailFlag.FLAGGED, on=False),
    Wish.ANSWERED: _mark(MailFlag.ANSWERED, on=True),
    Wish.ARCHIVE: _to_role(FolderRole.ARCHIVE, frozenset({FolderRole.INBOX})),
    Wish.DELETE: _to_role(FolderRole.TRASH, STAYING | {FolderRole.JUNK}),
    Wish.JUNK: _to_role(FolderRole.JUNK, STAYING),
    Wish.NOT_JUNK: _to_role(FolderRole.INBOX, frozenset({FolderRole.JUNK})),
    Wish.MOVE: _to_folder,
    Wish.DELETE_FOR_EVER: _for_ever,
}
