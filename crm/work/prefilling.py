"""The form of a task that is made from a stored message, filled in as far as the message tells."""

from core.errors import UsageError
from crm.access.mail import read_message
from crm.access.mailed_in import content_of
from crm.access.viewer import Viewer
from crm.work.clients import records_of_address
from crm.work.repository import records_of_message
from crm.work.tasks import LONGEST_TITLE
from crm.work.views import NewTask
from storage.store import Store


def task_form(store: Store, viewer: Viewer, message_id: int) -> NewTask:
    """A task about the message: its subject, its new text, the records it stands on; the viewer is responsible.

    Raises `NotFound` or `Forbidden` when the viewer may not read the message.
    """
    if viewer.user_id is None:
        raise UsageError("A task is set by somebody: choose a person.")
    with store.database.reading() as session:
        raw = read_message(session, store.blobs, viewer, message_id).raw
    content = content_of(raw, store.limits)
    sender = content.sender or content.author
    with store.database.reading() as session:
        records = records_of_message(session, viewer, message_id)
        if not records and sender and sender.address:
            records = records_of_address(session, viewer, sender.address)
    return NewTask(
        title=content.subject[:LONGEST_TITLE],
        responsible_id=viewer.user_id,
        text=content.whole_text,
        records=records,
        message_id=message_id,
        sender_name=sender.name if sender else "",
        sender_address=sender.address if sender else "",
    )
