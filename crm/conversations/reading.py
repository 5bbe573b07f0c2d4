"""Opening a conversation: its messages, and at once the contents of those that will be read now.

A long thread is mostly read already, so only what is unread and what came last is parsed; the rest opens when asked for.
"""

from dataclasses import dataclass

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.conversations.contents import MessageContent, read_content
from crm.conversations.repository.messages import message_view, readable_thread, thread_view
from crm.conversations.repository.waiting import complete_waiting
from crm.conversations.views.messages import MessageView, ThreadView, Window
from storage.sessions import ReadSession
from storage.store import Store
from storage.writer_lock import Urgency

OPENED_AT_ONCE = 6
SHOWN_AT_ONCE = 50
"""Messages of a conversation on one page; the earlier ones come when asked for."""


@dataclass(frozen=True, slots=True)
class OpenMessage:
    """A message, with its content where it stands open."""

    message: MessageView
    content: MessageContent | None


@dataclass(frozen=True, slots=True)
class OpenThread:
    """A conversation as it is shown."""

    thread: ThreadView
    messages: tuple[OpenMessage, ...]


def open_thread(
    store: Store,
    session: ReadSession,
    viewer: Viewer,
    thread_id: int,
    *,
    wanted: int | None = None,
    before: int | None = None,
) -> OpenThread:
    """The conversation, its newest and unread messages opened; of a long one what comes around `wanted`, or before `before`.

    Raises `NotFound` when the viewer may read none of it.
    """
    thread = thread_view(session, viewer, thread_id, Window(SHOWN_AT_ONCE, before_id=before, around_id=wanted))
    last = thread.messages[-1].id if thread.messages and before is None else None
    to_open = [message.id for message in thread.messages if message.unread or message.id == last][-OPENED_AT_ONCE:]
    if wanted is not None:
        to_open = [wanted, *to_open]
    return OpenThread(
        thread,
        tuple(_open(store, session, viewer, message, wanted=message.id in to_open) for message in thread.messages),
    )


def open_message(store: Store, session: ReadSession, viewer: Viewer, message_id: int) -> OpenMessage:
    """One message, opened. Raises `NotFound` when there is none for this viewer."""
    return _open(store, session, viewer, message_view(session, viewer, message_id), wanted=True)


def finish_thread(store: Store, viewer: Viewer, thread_id: int, *, done: bool = True) -> None:
    """Say that nobody waits here any more: its open mails count as answered. `done=False` takes the last such word back.

    Raises `Forbidden` for guests, `NotFound` when the viewer may read none of it.
    """
    viewer.require_write()
    with store.database.unit_of_work(Urgency.PERSON) as session:
        complete_waiting(session, readable_thread(session, viewer, thread_id), utcnow(), done=done)


def _open(store: Store, session: ReadSession, viewer: Viewer, message: MessageView, *, wanted: bool) -> OpenMessage:
    readable = wanted and message.readable
    return OpenMessage(message, read_content(store, session, viewer, message.id) if readable else None)
