"""How actions end in the store: what the server did is kept, what it refused is put back."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import exists, or_, select, update

from mailsync.actions.reasons import GONE
from mailsync.actions.repository.putting_back import fetch_again, put_back
from mailsync.actions.repository.queue import Due, followers, settle
from mailsync.actions.repository.server_flags import OPEN, update_flags
from mailsync.imap.fetch import Fetched
from storage.last_copies import remove_places
from storage.models import UNTOLD, ActionKind, ActionState, Folder, MailAction, Place
from storage.sessions import ReadSession, WriteSession

NOT_REPLACED = "The newer version could not be stored on the mail server, so this one stays."


def end_flags(
    session: WriteSession,
    folder_id: int,
    ended: Mapping[tuple[ActionState, str], Collection[int]],
    seen: Mapping[int, Fetched],
) -> None:
    """End flag actions of one folder, by state and reason; `seen` are the server's flags after it was told."""
    for (state, reason), ids in ended.items():
        for row in settle(session, ids, state, reason):
            if state is not ActionState.DONE:
                _flag_as_before(session, row)
    update_flags(session, folder_id, seen.values())


def end_moves(
    session: WriteSession,
    moved: Collection[Due],
    target: Folder,
    new_uids: Mapping[int, int],
    *,
    left_behind: Collection[int] = (),
    reason: str = "",
) -> None:
    """Messages have arrived in `target`; `new_uids` tells by action id under which UID, where that may be taken over.

    The others stay under their number below zero until a pass finds them. `left_behind`: ids of actions whose
    originals the server keeps, marked as deleted; `ORIGINAL_KEPT` as reason says that it refuses even the mark.
    """
    ids = {action.id for action in moved}
    kept = ids & set(left_behind)
    rows = settle(session, ids - kept, ActionState.DONE)
    rows += settle(session, kept, ActionState.DONE, reason, left_behind=True)
    for row in rows:
        if (uid := new_uids.get(row.id)) is not None:
            take_over(session, row.id, row.place_id, target.id, uid)


def take_over(session: WriteSession, action_id: int, place_id: int | None, folder_id: int, uid: int) -> None:
    """Give a place that waits for its number the one that the server told; one that is stored already stands for it."""
    place = session.get(Place, place_id)
    if place is None or (place.folder_id, place.uid) != (folder_id, UNTOLD - action_id):
        return
    there = session.execute(select(Place.id).where(Place.folder_id == folder_id, Place.uid == uid)).scalar_one_or_none()
    if there is None:
        place.uid, place.modseq = uid, None
        session.flush()
    else:
        stand_for(session, place.id, there)


def stand_for(session: WriteSession, place_id: int, real_id: int) -> None:
    """The place `real_id` is what `place_id` waited for: what is wanted of that is wanted of it."""
    flags = {action.flag: action.wanted for action in _open_flags(session, place_id) if action.flag is not None}
    session.execute(
        update(MailAction)
        .where(MailAction.place_id == place_id)
        .values(place_id=real_id)
        .execution_options(synchronize_session=False)
    )
    real = session.get_one(Place, real_id)
    for flag, wanted in flags.items():
        setattr(real, flag.value, wanted)
    remove_places(session, [place_id])


def drop_unplaced(session: WriteSession, actions: Iterable[Due | MailAction]) -> None:
    """Take messages out of a folder that they never reached: they are shown where the next pass finds them."""
    for action in actions:
        place = session.get(Place, action.place_id)
        if place is not None and place.uid == UNTOLD - action.id:
            remove_places(session, [place.id])


def refuse(session: WriteSession, actions: Collection[Due], reason: str) -> None:
    """The server will not have it: end the actions with `reason`, and put the store back."""
    for row in settle(session, [action.id for action in actions], ActionState.REFUSED, reason):
        _put_back(session, row)
    for row in followers(session, [action.id for action in actions]):
        settle(session, [row.id], ActionState.CANCELLED, NOT_REPLACED)
        fetch_again(session, row)


def overtake_all_from(session: WriteSession, folder_id: int) -> None:
    """The UIDs of a folder mean something else now: nobody can tell any more what was to be moved or deleted there.

    Originals that were left behind may be other messages too, so they are hidden no longer.
    """
    here = (MailAction.folder_id == folder_id, MailAction.kind.in_((ActionKind.MOVE, ActionKind.REMOVE)))
    waiting = select(MailAction).where(*here, MailAction.state == ActionState.WAITING)
    drop_unplaced(session, session.execute(waiting).scalars().all())
    still_open = session.execute(select(MailAction.id).where(*here, MailAction.state.in_(OPEN))).scalars().all()
    settle(session, still_open, ActionState.OVERTAKEN, GONE)
    session.execute(
        update(MailAction)
        .where(*here, MailAction.left_behind)
        .values(left_behind=False)
        .execution_options(synchronize_session=False)
    )


def has_loose_places(session: ReadSession, folder_ids: Collection[int]) -> bool:
    """Whether messages stand in these folders without a number though their actions have ended."""
    return bool(_loose(session, folder_ids))


def with_loose_places(session: ReadSession, folder_ids: Collection[int]) -> set[int]:
    """Those of the folders in which such messages stand, themselves or in their labels."""
    if not has_loose_places(session, folder_ids):
        return set()
    return {folder_id for folder_id in folder_ids if has_loose_places(session, [folder_id])}


def settle_loose_places(session: WriteSession, folder_ids: Collection[int], *, all_is_stored: bool) -> None:
    """What waited in these folders for its number and is stored under it stands for itself now.

    Where `all_is_stored`, what was not found is not there, and goes.
    """
    for place in _loose(session, folder_ids):
        found = session.execute(
            select(Place.id)
            .where(Place.folder_id == place.folder_id, Place.message_id == place.message_id, Place.uid > 0)
            .order_by(Place.uid.desc())
        ).first()
        if found is not None:
            stand_for(session, place.id, found[0])
        elif all_is_stored:
            remove_places(session, [place.id])


def _loose(session: ReadSession, folder_ids: Collection[int]) -> list[Place]:
    """A draft that the server refused is no such: it has no other place, and nobody's text gets lost."""
    awaited = exists().where(
        MailAction.id == UNTOLD - Place.uid,
        MailAction.state.in_(OPEN)
        | ((MailAction.kind == ActionKind.APPEND) & (MailAction.state == ActionState.REFUSED)),
    )
    labels = select(Folder.id).where(Folder.labels_of_id.in_(folder_ids))
    here = or_(Place.folder_id.in_(folder_ids), Place.folder_id.in_(labels))
    query = select(Place).where(here, Place.uid < UNTOLD, ~awaited)
    return list(session.execute(query).scalars())


def _put_back(session: WriteSession, row: MailAction) -> None:
    if row.kind is ActionKind.FLAG:
        _flag_as_before(session, row)
    elif row.kind is ActionKind.MOVE:
        put_back(session, row)
    elif row.kind is ActionKind.REMOVE:
        fetch_again(session, row)


def _flag_as_before(session: WriteSession, row: MailAction) -> None:
    if row.flag is None or any(action.flag is row.flag for action in _open_flags(session, row.place_id)):
        return
    session.execute(
        update(Place)
        .where(Place.id == row.place_id)
        .values({row.flag.value: row.flag.value in row.believed.split()})
        .execution_options(synchronize_session="fetch")
    )


def _open_flags(session: ReadSession, place_id: int | None) -> list[MailAction]:
    where = (MailAction.place_id == place_id, MailAction.kind == ActionKind.FLAG, MailAction.state.in_(OPEN))
    return list(session.execute(select(MailAction).where(*where).order_by(MailAction.id)).scalars())
