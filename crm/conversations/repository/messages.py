"""One conversation and its messages, each as far as the viewer may read it (`crm.access.mail` decides how far)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import and_, func, select

from core.errors import NotFound
from crm.access.mail import ReadLevel, originals_gone, read_levels
from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.records import bindings_of_thread
from crm.conversations.repository.threads import waits
from crm.conversations.views.messages import MessageView, PartView, Person, PlaceView, ThreadFile, ThreadView, Window
from storage.models import Activity, Folder, Mailbox, Message, MessageAddress, Part, Place, Thread
from storage.sessions import ReadSession

FILES_SHOWN = 200
"""Files of a conversation that stand on its page; its messages have the others."""


def thread_view(session: ReadSession, viewer: Viewer, thread_id: int, window: Window | None = None) -> ThreadView:
    """A conversation, oldest message first; a thread that was joined into another gives that one.

    With a `window` only that stretch of it, and the newest `FILES_SHOWN` files of all of it; a message that the window
    names and that is not there gives the newest ones.
    Raises `NotFound` when the viewer may read none of it.
    """
    thread_id, ids, levels = _graded(session, viewer, thread_id)
    known = [message_id for message_id in ids if levels[message_id] > ReadLevel.NOTHING]
    first, end = _stretch(known, window)
    rows = session.execute(select(Message).where(Message.id.in_(known[first:end])).order_by(Message.date, Message.id))
    messages = _views(session, viewer, list(rows.scalars()))
    since, deadline = session.execute(
        select(func.min(Activity.at), func.min(Activity.deadline)).where(Activity.thread_id == thread_id, waits())
    ).one()
    subject = _first_subject(session, [each for each in known if levels[each] >= ReadLevel.SUBJECT])
    records = bindings_of_thread(session, viewer, thread_id)
    hidden = _with_places(session, ids) - set(known)
    readable = [message_id for message_id in known if levels[message_id] is ReadLevel.EVERYTHING]
    files, file_count = _files(session, readable, at_most=FILES_SHOWN if window else None)
    earlier, later = first, len(known) - end
    return ThreadView(
        thread_id, subject, messages, len(hidden), records, since, deadline, earlier, later, files, file_count
    )


def readable_thread(session: ReadSession, viewer: Viewer, thread_id: int) -> int:
    """The id of the conversation, or of the one that it was joined into.

    Raises `NotFound` when the viewer may read none of it.
    """
    return _graded(session, viewer, thread_id)[0]


def _graded(session: ReadSession, viewer: Viewer, thread_id: int) -> tuple[int, list[int], dict[int, ReadLevel]]:
    """The conversation that is meant, its messages by date, and how far each may be read: at least one of them."""
    thread = session.get(Thread, thread_id)
    while thread is not None and thread.merged_into_id is not None:
        thread = session.get(Thread, thread.merged_into_id)
    if thread is None:
        raise NotFound("There is no such conversation.")
    query = select(Message.id).where(Message.thread_id == thread.id).order_by(Message.date, Message.id)
    ids = list(session.execute(query).scalars())
    levels = dict.fromkeys(ids, ReadLevel.NOTHING) | read_levels(session, viewer, ids)
    if not any(level > ReadLevel.NOTHING for level in levels.values()):
        raise NotFound("There is no such conversation.")
    return thread.id, ids, levels


def _first_subject(session: ReadSession, message_ids: Sequence[int]) -> str:
    query = select(Message.subject).where(Message.id.in_(message_ids), Message.subject != "")
    return session.execute(query.order_by(Message.date, Message.id).limit(1)).scalar() or ""


def _stretch(ids: Sequence[int], window: Window | None) -> tuple[int, int]:
    """Where in `ids` the window begins and ends."""
    if window is None:
        return 0, len(ids)
    end = len(ids)
    if window.before_id in ids:
        end = ids.index(window.before_id)
    elif window.around_id in ids:
        end = min(ids.index(window.around_id) + window.size // 2, end)
    return max(end - window.size, 0), end


def _files(
    session: ReadSession, message_ids: Sequence[int], *, at_most: int | None
) -> tuple[tuple[ThreadFile, ...], int]:
    """The newest files of the messages, and how many there are."""
    theirs = and_(Part.message_id.in_(message_ids), ~Part.inline)
    rows = session.execute(
        select(Part, Message.date, Message.from_name, Message.from_address)
        .join(Message, Message.id == Part.message_id)
        .where(theirs)
        .order_by(Message.date.desc(), Part.message_id.desc(), Part.index)
        .limit(at_most)
    )
    files = tuple(ThreadFile(part.message_id, at, name or address, _part(part)) for part, at, name, address in rows)
    if len(files) != at_most:
        return files, len(files)
    return files, session.execute(select(func.count()).select_from(Part).where(theirs)).scalar_one()


def _part(part: Part) -> PartView:
    return PartView(part.index, part.filename, part.content_type, part.size, part.content_id, part.inline)


def message_view(session: ReadSession, viewer: Viewer, message_id: int) -> MessageView:
    """One message. Raises `NotFound` when there is none for this viewer."""
    row = session.get(Message, message_id)
    views = _views(session, viewer, [row]) if row else ()
    if not views:
        raise NotFound("There is no such message.")
    return views[0]


def message_views(session: ReadSession, viewer: Viewer, message_ids: Sequence[int]) -> tuple[MessageView, ...]:
    """Those of the messages that the viewer may read, newest first."""
    query = select(Message).where(Message.id.in_(message_ids)).order_by(Message.date.desc(), Message.id.desc())
    return _views(session, viewer, list(session.execute(query).scalars()))


def _views(session: ReadSession, viewer: Viewer, rows: Sequence[Message]) -> tuple[MessageView, ...]:
    if not rows:
        return ()
    ids = [row.id for row in rows]
    places = _places(session, viewer, ids)
    levels = read_levels(session, viewer, ids)
    people: defaultdict[int, list[Person]] = defaultdict(list)
    parts: defaultdict[int, list[PartView]] = defaultdict(list)
    for named in session.execute(
        select(MessageAddress)
        .where(MessageAddress.message_id.in_(ids))
        .order_by(MessageAddress.role, MessageAddress.position)
    ).scalars():
        people[named.message_id].append(Person(named.role, named.name, named.address))
    for part in session.execute(select(Part).where(Part.message_id.in_(ids)).order_by(Part.index)).scalars():
        parts[part.message_id].append(_part(part))
    shown = [row for row in rows if levels.get(row.id, ReadLevel.NOTHING) > ReadLevel.NOTHING]
    views = [_view(row, levels[row.id], people[row.id], parts[row.id], tuple(places[row.id])) for row in shown]
    gone = originals_gone(session, [view.id for view in views if not view.places and not view.readable])
    return tuple(replace(view, gone=True) if view.id in gone else view for view in views)


def _with_places(session: ReadSession, message_ids: Sequence[int]) -> set[int]:
    """Those of the messages that lie in somebody's mailbox: one that was deleted everywhere is hidden from nobody."""
    return set(session.execute(select(Place.message_id).where(Place.message_id.in_(message_ids))).scalars())


def _places(session: ReadSession, viewer: Viewer, message_ids: Sequence[int]) -> defaultdict[int, list[PlaceView]]:
    mine = set(reach_of(session, viewer).mailbox_ids)
    rows = session.execute(
        select(Place, Folder.name, Folder.role, Mailbox.name, Mailbox.email)
        .join(Folder, Folder.id == Place.folder_id)
        .join(Mailbox, Mailbox.id == Place.mailbox_id)
        .where(Place.message_id.in_(message_ids))
        .order_by(Place.id)
    )
    places: defaultdict[int, list[PlaceView]] = defaultdict(list)
    for place, folder, role, name, email in rows:
        own = place.mailbox_id in mine
        box = name or email.partition("@")[0]
        shown = PlaceView(
            place.id,
            place.mailbox_id,
            box,
            folder if own else "",
            role,
            own,
            place.seen,
            place.flagged,
            tuple(place.decision),
        )
        places[place.message_id].append(shown)
    return places


def _view(
    row: Message, level: ReadLevel, people: Sequence[Person], parts: Sequence[PartView], places: tuple[PlaceView, ...]
) -> MessageView:
    full = level is ReadLevel.EVERYTHING
    return MessageView(
        row.id,
        row.thread_id,
        level,
        row.direction,
        row.kind,
        row.date,
        row.subject if level >= ReadLevel.SUBJECT else "",
        row.snippet if full else "",
        row.from_name,
        row.from_address,
        tuple(person for person in people if person.role != "bcc" or any(place.own for place in places)),
        tuple(parts) if full else (),
        places,
        row.authenticated,
        row.outgoing_id,
        row.message_id if full else None,
    )
