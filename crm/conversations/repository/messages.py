"""One conversation and its messages, each as far as the viewer may read it (`crm.access.mail` decides how far)."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from core.errors import NotFound
from crm.access.mail import ReadLevel, read_levels
from crm.access.viewer import Viewer
from crm.conversations.repository.reach import reach_of
from crm.conversations.repository.records import bindings_of_thread
from crm.conversations.repository.threads import waits
from crm.conversations.views import MessageView, PartView, Person, PlaceView, ThreadView
from storage.models import Activity, Folder, Mailbox, Message, MessageAddress, Part, Place, Thread
from storage.sessions import ReadSession


def thread_view(session: ReadSession, viewer: Viewer, thread_id: int) -> ThreadView:
    """A conversation, oldest message first; a thread that was joined into another gives that one.

    Raises `NotFound` when the viewer may read none of it.
    """
    thread = session.get(Thread, thread_id)
    while thread is not None and thread.merged_into_id is not None:
        thread = session.get(Thread, thread.merged_into_id)
    if thread is None:
        raise NotFound("There is no such conversation.")
    query = select(Message).where(Message.thread_id == thread.id).order_by(Message.date, Message.id)
    rows = list(session.execute(query).scalars())
    messages = _views(session, viewer, rows)
    if not messages:
        raise NotFound("There is no such conversation.")
    since, deadline = session.execute(
        select(func.min(Activity.at), func.min(Activity.deadline)).where(Activity.thread_id == thread.id, waits())
    ).one()
    subject = next((message.subject for message in messages if message.subject), "")
    records = bindings_of_thread(session, viewer, thread.id)
    hidden = _with_places(session, [row.id for row in rows]) - {message.id for message in messages}
    return ThreadView(thread.id, subject, messages, len(hidden), records, since, deadline)


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
        parts[part.message_id].append(
            PartView(part.index, part.filename, part.content_type, part.size, part.content_id, part.inline)
        )
    shown = [row for row in rows if levels.get(row.id, ReadLevel.NOTHING) > ReadLevel.NOTHING]
    return tuple(_view(row, levels[row.id], people[row.id], parts[row.id], tuple(places[row.id])) for row in shown)


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
