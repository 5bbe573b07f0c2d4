"""Writing down what somebody wants: the store shows it at once, the queue remembers it for the server.

Wishes about the same thing are merged here. One that takes back another which the server was not told yet cancels it,
and nothing is sent; a message that is moved on while it waits is moved once, from where it is.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from core.errors import Conflict
from mailsync.actions.repository.choosing import folder_for
from mailsync.actions.repository.open_actions import (
    Act,
    cancel,
    chunks,
    folders_by_id,
    insert_actions,
    open_flags,
    open_moves,
    row_of,
    validities,
)
from mailsync.actions.repository.putting_back import fetch_again, put_back
from mailsync.labels.names import OUTSIDE_ALL_MAIL
from mailsync.labels.repository import leave_labels
from storage.ids import reserve_ids
from storage.last_copies import remove_places
from storage.models import UNTOLD, ActionKind, ActionState, Folder, FolderRole, MailAction, MailFlag, Place
from storage.sessions import ReadSession, WriteSession

FLAG_NAMES = ("seen", "flagged", "answered", "draft")
MOVING = "This mail is being moved right now: try again in a moment."
At = tuple[int | None, int | None, int | None]
"""Folder id, UID and UIDVALIDITY."""
TOO_LATE = "It is too late: this mail was deleted on the mail server."


def want_flag(session: WriteSession, act: Act, places: Sequence[Place], flag: MailFlag, *, on: bool) -> int:
    """Set or clear `flag` on `places`; how many of them it changes."""
    changed = [place for place in places if getattr(place, flag.value) != on]
    waiting = open_flags(session, changed)
    taken_back = cancel(session, [row for row in waiting if row.flag is flag and row.state is ActionState.WAITING])
    other_way: defaultdict[int | None, set[str]] = defaultdict(set)
    for row in waiting:
        other_way[row.place_id].add(row.flag.value if row.flag else "")
    rows = [
        {
            "flag": flag,
            "wanted": on,
            "believed": _believed(place, other_way[place.id]),
            "known_modseq": modseq,
            **row_of(act, ActionKind.FLAG, place),
        }
        for place, modseq in _with_modseq(session, changed)
        if place.id not in taken_back
    ]
    insert_actions(session, rows)
    for chunk in chunks([place.id for place in changed]):
        session.execute(
            update(Place)
            .where(Place.id.in_(chunk))
            .values({flag.value: on})
            .execution_options(synchronize_session="fetch")
        )
    return len(changed)


def want_move(
    session: WriteSession, act: Act, places: Sequence[Place], target: Folder, *, after_id: int | None = None
) -> int:
    """Move `places` to `target`, a folder of the same mailbox, once action `after_id` is done; how many are not there yet.

    In Gmail's All Mail a message stays, whatever label it gets. Raises `Conflict` for one whose last move the server is
    being told this moment.
    """
    moving = [place for place in places if place.folder_id != target.id and place.mailbox_id == target.mailbox_id]
    if target.role in OUTSIDE_ALL_MAIL - {FolderRole.ALL}:
        moving = _in_all_mail(session, moving)
    waiting = open_moves(session, moving)
    on_server = []
    for place in moving:
        earlier = waiting.get(place.id)
        if earlier is not None:
            _redirect(session, place, earlier, target)
        elif place.uid < 0:
            raise Conflict(MOVING)
        else:
            on_server.append(place)
    staying = {place.folder_id for place in on_server} & {target.labels_of_id}
    going = [
        (_beside(session, place) if place.folder_id in staying else place, place.folder_id, place.uid)
        for place in on_server
    ]
    _move(session, act, going, target, after_id)
    return len(moving)


def want_removed(
    session: WriteSession, act: Act, places: Sequence[Place], *, due_at: datetime, after_id: int | None = None
) -> int:
    """Delete `places` for ever, not before `due_at` and not before action `after_id` is done. Raises as `want_move`."""
    moves = open_moves(session, places)
    if any(_leaves_all_mail(session, earlier) for earlier in moves.values()):
        raise Conflict(MOVING)  # Its UID is of All Mail, where nothing is expunged.
    folder_ids = {place.folder_id for place in places}
    known_validities = validities(session, folder_ids)
    rows = []
    labels = {
        folder_id for folder_id, row in folders_by_id(session, folder_ids).items() if row.labels_of_id is not None
    }
    by_trash = [place for place in places if place.folder_id in labels]  # Expunged from a label, it would be archived.
    places = [place for place in places if place.folder_id not in labels]
    for mailbox_id in {place.mailbox_id for place in by_trash}:
        mine = [place for place in by_trash if place.mailbox_id == mailbox_id]
        want_move(session, act, mine, folder_for(session, mailbox_id, FolderRole.TRASH), after_id=after_id)
    for place in places:
        source: At = (place.folder_id, place.uid, known_validities[place.folder_id])
        if (earlier := moves.get(place.id)) is not None:
            source = _taken_back(session, earlier)
        elif place.uid < 0:
            raise Conflict(MOVING)
        where = dict(zip(("folder_id", "uid", "uidvalidity"), source, strict=True))
        rows.append({**row_of(act, ActionKind.REMOVE, place), **where, "due_at": due_at, "after_id": after_id})
    cancel(session, open_flags(session, places))
    insert_actions(session, rows)
    remove_places(session, [place.id for place in places])
    return len(rows) + len(by_trash)


def _leaves_all_mail(session: ReadSession, earlier: MailAction) -> bool:
    folder = session.get(Folder, earlier.folder_id)
    return folder is not None and (folder.labels_of_id is not None or folder.role is FolderRole.ALL)


def keep_after_all(session: WriteSession, action: MailAction) -> None:
    """Take a deletion back that was not sent; the message comes again with the next pass. Raises `Conflict`."""
    if not cancel(session, [action]):
        raise Conflict(TOO_LATE)
    fetch_again(session, action)


def _redirect(session: WriteSession, place: Place, earlier: MailAction, target: Folder) -> None:
    """Change a move that waits: to another folder, or to nothing where the message is to be back where it was."""
    if target.id == earlier.folder_id:
        _taken_back(session, earlier)
        put_back(session, earlier)
        return
    statement = update(MailAction).where(MailAction.id == earlier.id, MailAction.state == ActionState.WAITING)
    moved = session.execute(
        statement.values(target_id=target.id).returning(MailAction.id).execution_options(synchronize_session=False)
    ).first()
    if moved is None:
        raise Conflict(MOVING)
    place.folder_id = target.id
    session.flush()


def _taken_back(session: WriteSession, earlier: MailAction) -> At:
    if not cancel(session, [earlier]):
        raise Conflict(MOVING)
    return earlier.folder_id, earlier.uid, earlier.uidvalidity


def _in_all_mail(session: ReadSession, places: Sequence[Place]) -> list[Place]:
    """Gmail's messages by their place in All Mail, each once: for Junk and Trash they leave that, and so all labels."""
    folders = folders_by_id(session, {place.folder_id for place in places})
    found: dict[int, Place] = {}
    for place in places:
        owner = folders[place.folder_id].labels_of_id
        query = select(Place).where(Place.folder_id == owner, Place.uid == place.uid)
        held = place if owner is None else session.execute(query).scalar_one_or_none()
        if held is not None:
            found[held.id] = held
    return list(found.values())


def _labels_of(session: ReadSession, going: Sequence[tuple[Place, int, int]]) -> dict[tuple[int, int], str]:
    """By All Mail's id and UID, the ids of the labels that messages have there, the inbox first."""
    found: dict[tuple[int, int], list[str]] = {}
    for chunk in chunks([uid for _, _, uid in going]):
        query = (
            select(Folder.labels_of_id, Place.uid, Folder.id)
            .join(Folder, Folder.id == Place.folder_id)
            .where(Folder.labels_of_id.in_({folder_id for _, folder_id, _ in going}), Place.uid.in_(chunk))
            .order_by(Folder.role != FolderRole.INBOX, Folder.id)
        )
        for all_mail_id, uid, label_id in session.execute(query):
            found.setdefault((all_mail_id or 0, uid), []).append(str(label_id))
    return {at: " ".join(ids) for at, ids in found.items()}


def _beside(session: WriteSession, place: Place) -> Place:
    """Another place of the same message, which is about to get a label."""
    names = [column.key for column in Place.__table__.columns if column.key != "id"]
    copy = Place(**{name: getattr(place, name) for name in names})
    copy.uid = UNTOLD - place.id  # Until it has that of its action.
    session.add(copy)
    session.flush()
    return copy


def _move(
    session: WriteSession, act: Act, going: Sequence[tuple[Place, int, int]], target: Folder, after_id: int | None
) -> None:
    """Show places in `target` and have the server told; each with the folder and UID where the server has its message."""
    known_validities = validities(session, {folder_id for _, folder_id, _ in going})
    labelled = _labels_of(session, going)
    ids = reserve_ids(session, MailAction, len(going))
    rows = [
        {
            "id": action_id,
            "target_id": target.id,
            "after_id": after_id,
            **row_of(act, ActionKind.MOVE, place),
            "folder_id": folder_id,
            "uid": uid,
            "uidvalidity": known_validities[folder_id],
            "believed": labelled.get((folder_id, uid), "") if target.labels_of_id != folder_id else "",
        }
        for action_id, (place, folder_id, uid) in zip(ids, going, strict=True)
    ]
    insert_actions(session, rows)
    if target.role in OUTSIDE_ALL_MAIL - {FolderRole.ALL}:
        for folder_id in known_validities:
            leave_labels(session, folder_id, [uid for _, source_id, uid in going if source_id == folder_id])
    for row, (place, _, _) in zip(rows, going, strict=True):
        place.folder_id, place.uid = target.id, UNTOLD - row["id"]
    session.flush()


def _believed(place: Place, other_way: set[str]) -> str:
    """The flags that the server has of a message, as far as we know: what still waits to be told is the other way."""
    return " ".join(name for name in FLAG_NAMES if getattr(place, name) != (name in other_way))


def _with_modseq(session: ReadSession, places: Sequence[Place]) -> list[tuple[Place, int | None]]:
    """Places with the MODSEQ up to which their flags are known: their own, or that of the folder's last whole pass."""
    folders = folders_by_id(session, {place.folder_id for place in places})
    found = []
    for place in places:
        known = [number for number in (place.modseq, folders[place.folder_id].highestmodseq) if number is not None]
        found.append((place, max(known) if known and place.uid > 0 else None))
    return found
