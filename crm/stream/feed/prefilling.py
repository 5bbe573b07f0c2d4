"""The form of a post that is made from a stored message."""

from crm.access.mail import read_message
from crm.access.mailed_in import content_of
from crm.access.viewer import Viewer
from crm.stream.feed.posting import LONGEST_TITLE
from crm.stream.timeline.repository import entry_of_message
from crm.stream.views import NewPost
from storage.store import Store


def post_form(store: Store, viewer: Viewer, message_id: int) -> NewPost:
    """A post with the message's subject and new text, about the records it stands on.

    Raises `NotFound` or `Forbidden` when the viewer may not read the message.
    """
    with store.database.reading() as session:
        raw = read_message(session, store.blobs, viewer, message_id).raw
        entry = entry_of_message(session, viewer, message_id)
    content = content_of(raw, store.limits)
    about = tuple((named.type, named.id) for named in entry.records) if entry else ()
    return NewPost(content.subject[:LONGEST_TITLE], content.whole_text, message_id=message_id, about=about)
