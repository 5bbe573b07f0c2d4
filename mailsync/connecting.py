"""Connecting a mailbox: tested, then saved; the supervisor takes it up by itself."""

import asyncio

from sqlalchemy.exc import IntegrityError

from core.addresses import address_key
from core.clock import utcnow
from core.config import Settings
from core.errors import Conflict
from core.logging import get_logger
from crm.access import repository as people
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.account import IMAP_LOGIN, SMTP_LOGIN
from mailsync.checking.running import check_connection, raise_problem
from mailsync.imap.server import Security
from mailsync.logins import NewMailbox, complete
from storage.models import Mailbox, ShareLevel
from storage.store import Store

__all__ = ["NewMailbox", "add_mailbox"]

log = get_logger(__name__)


def add_mailbox(store: Store, settings: Settings, given: NewMailbox, *, test: bool = True) -> int:
    """Test the connection, save the mailbox, return its id; the supervisor takes it up by itself.

    Raises `UsageError` with the server's trouble in words when the test fails, `Conflict` when it is connected already.
    """
    given = complete(given)
    if test:
        raise_problem(asyncio.run(check_connection(given, settings)))
    row = new_row(store, given)
    try:
        with store.database.unit_of_work() as session:
            session.add(row)
            session.flush()
            seen = [(one.name, one.delimiter, one.role) for one in given.folders]
            repository.save_folders(session, row.id, seen)
            repository.leave_out_folders(session, row.id, given.left_out)
    except IntegrityError:
        raise Conflict("This mailbox is connected already.") from None
    log.info("mailbox.added", mailbox_id=row.id)
    return row.id


def new_row(store: Store, given: NewMailbox) -> Mailbox:
    """The row of a mailbox that is complete; nothing is stored yet."""
    now = utcnow()
    owner_id = given.owner_id
    if owner_id is None and not given.shared:
        with store.database.reading() as session:
            person = people.person_by_key(session, Viewer.system(), address_key(given.email))
        owner_id = person.id if person else None
    return Mailbox(
        email=given.email,
        email_key=address_key(given.email),
        name=given.name,
        owner_id=owner_id,
        shared=given.shared,
        share_level=given.share_level or (ShareLevel.EVERYTHING if owner_id is None else ShareLevel.PRIVATE),
        imap_host=given.imap_host,
        imap_port=given.imap_port,
        imap_security=(given.imap_security or Security.TLS).value,
        username=given.username,
        password_encrypted=store.keys.encrypt(IMAP_LOGIN, given.password),
        smtp_url=given.smtp_url,
        smtp_password_encrypted=store.keys.encrypt(SMTP_LOGIN, given.smtp_password) if given.smtp_password else None,
        connected_at=now,
        new_since=given.new_since or now,
        depth_since=given.depth_since,
        receives_intake=given.receives_intake,
        authserv_id=given.authserv_id,
    )
