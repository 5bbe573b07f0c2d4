"""A connected mailbox in people's hands: another password, a pass now, paused and resumed."""

import asyncio

from core.config import Settings
from crm.access.steering import require_right, require_staying
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.account import IMAP_LOGIN, SMTP_LOGIN
from mailsync.checking.running import check_connection, given_of, opened_secret, raise_problem
from mailsync.folders.repository import ask_folder_again, refused_folders
from mailsync.oauth.repository import forget_grant, forget_trouble
from mailsync.states.repository import put_in_state
from mailsync.traffic.repository import forget_refusals
from storage.models import MailboxState
from storage.store import Store


def change_password(store: Store, settings: Settings, viewer: Viewer, mailbox_id: int, password: str) -> None:
    """Test a new password, save it and go on at once, unless paused. The sending side gets it too where it had the old one.
    A mailbox that was entered by OAuth is entered by the password from then on.

    Raises `UsageError` when the server does not take it, `Conflict` when the mailbox is being removed; then the old one
    stays.
    """
    with store.database.reading() as session:
        row = repository.mailbox(session, mailbox_id)
    require_right(viewer, row)
    smtp = opened_secret(store, SMTP_LOGIN, row.smtp_password_encrypted)
    signed_in = row.oauth_provider is not None
    shared = signed_in or (smtp is not None and smtp == opened_secret(store, IMAP_LOGIN, row.password_encrypted))
    new_smtp = password if shared else smtp
    raise_problem(asyncio.run(check_connection(given_of(row, password, new_smtp), settings)))
    with store.database.unit_of_work() as session:
        row = repository.mailbox(session, mailbox_id)
        require_right(viewer, row)
        require_staying(row)
        row.password_encrypted = store.keys.encrypt(IMAP_LOGIN, password)
        row.smtp_password_encrypted = store.keys.encrypt(SMTP_LOGIN, new_smtp) if new_smtp else None
        row.oauth_provider = None
        forget_grant(session, mailbox_id)
        if row.state not in repository.RESTING:
            put_in_state(session, row, MailboxState.CONNECTING, "")
            repository.ask_for_pass(session, mailbox_id)


def ask_for_pass(store: Store, viewer: Viewer, mailbox_id: int) -> None:
    """Have a pass made now, also over folders that wait because the server refused them, and by one that waits itself."""
    with store.database.unit_of_work() as session:
        row = repository.mailbox(session, mailbox_id)
        require_right(viewer, row)
        for folder in refused_folders(session, mailbox_id):
            ask_folder_again(session, mailbox_id, folder.id)
        forget_trouble(session, mailbox_id)
        forget_refusals(session, mailbox_id)
        repository.ask_for_pass(session, mailbox_id)


def pause_mailbox(store: Store, viewer: Viewer, mailbox_id: int) -> None:
    """Stop syncing until `resume_mailbox`."""
    _set_by_hand(store, viewer, mailbox_id, MailboxState.PAUSED, "Paused by hand.")


def resume_mailbox(store: Store, viewer: Viewer, mailbox_id: int) -> None:
    """Go on where it stopped, at once: also with a mailbox that waits before its server is tried again."""
    _set_by_hand(store, viewer, mailbox_id, MailboxState.CONNECTING, "")


def _set_by_hand(store: Store, viewer: Viewer, mailbox_id: int, state: MailboxState, reason: str) -> None:
    with store.database.unit_of_work() as session:
        row = repository.mailbox(session, mailbox_id)
        require_right(viewer, row)
        require_staying(row)
        put_in_state(session, row, state, reason)
        if state not in repository.RESTING:
            forget_trouble(session, mailbox_id)
            forget_refusals(session, mailbox_id)
            repository.ask_for_pass(session, mailbox_id)
