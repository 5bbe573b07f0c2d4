"""A process of its own that posts one message after the other until somebody kills it."""

from pathlib import Path
from typing import Any

from core.config import load_settings
from crm.access.viewer import Viewer
from crm.posting.writing import NewMessage, post_message
from crm.stream.views import NewPost
from storage.models import RecordType
from storage.store import Store, open_store


def post_number(store: Store, author: Viewer, contact_id: int, number: int) -> int:
    """The message with this number, as a browser sends it: once more where no answer came."""
    post = NewPost(f"Message {number}", "Text", everyone=False, in_stream=True, key=f"key {number}")
    message = NewMessage(post, by_mail=((RecordType.CONTACT, contact_id),))
    with store.database.unit_of_work() as session:
        return post_message(session, author, message)


def post_for_ever(settings: dict[str, Any], told: Path, author: Viewer, contact_id: int) -> None:
    """Post, and write down in `told` which number was answered."""
    store = open_store(load_settings(**settings), migrate=False)
    number = 0
    while True:
        post_number(store, author, contact_id, number)
        told.write_text(str(number))
        number += 1
