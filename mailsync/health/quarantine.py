"""Mail that could not be stored, in people's hands: its raw bytes for its owner, and another try.

A try asks the server for the message again at the next pass, so that its flags and date are right. What is stored
leaves the quarantine by itself; what fails again stays with the new reason; what the server has no more stays too.
"""

from core.clock import utcnow
from core.errors import NotFound
from core.version import PROGRAM_VERSION
from crm.access.steering import require_right
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.health.repository import quarantine as queries
from storage.store import Store

AT_ONCE = 500


def raw_message(store: Store, viewer: Viewer, mailbox_id: int, quarantine_id: int) -> bytes:
    """The bytes as the server gave them, for who owns the mailbox or works in it. Raises `NotFound`."""
    with store.database.reading() as session:
        blob_id = queries.raw_blob(session, viewer, mailbox_id, quarantine_id)
        if blob_id is None:
            raise NotFound("There is no such message in quarantine, or it is in a mailbox that you do not work in.")
        return store.blobs.read(session, blob_id)


def try_again(store: Store, viewer: Viewer, mailbox_id: int, quarantine_id: int | None = None) -> int:
    """Have one message asked for again, or all of the mailbox; how many they are."""
    with store.database.unit_of_work() as session:
        require_right(viewer, repository.mailbox(session, mailbox_id))
        asked = queries.ask_again(session, mailbox_id, utcnow(), quarantine_id=quarantine_id)
        repository.ask_for_pass(session, mailbox_id)
    return asked


def try_again_after_upgrade(store: Store) -> None:
    """Ask again for what another version of the program could not store, each message once a version."""
    asked = AT_ONCE
    while asked == AT_ONCE:
        with store.database.unit_of_work() as session:
            asked = queries.ask_again_of_other_versions(session, PROGRAM_VERSION, utcnow(), AT_ONCE)
