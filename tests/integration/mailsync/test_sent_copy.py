"""A mail that was sent lies in the Sent folder once; where it can not, the mail says why."""

import pytest
from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import NotYet, Transient
from crm.access.viewer import Viewer
from crm.outgoing.repository import outgoing
from integration.mailsync.by_hand import by_hand
from integration.mailsync.conftest import OURS, letter
from mailsync.presets import Limits
from mailsync.sent_copy import NO_FOLDER, store_in_sent
from mailsync.traffic import metering
from mailsync.traffic import repository as traffic
from storage import outbox
from storage.blobs import record
from storage.jobs import STORE_IN_SENT, OfOutgoing, enqueue
from storage.models import Folder, FolderRole, Outgoing, Queue, SendState
from storage.running import JobRun

SUBJECT = "As promised"


def sent(synced) -> int:
    """A mail that left a moment ago."""
    blobs = synced.store.blobs.prepare([letter(SUBJECT, sender=OURS)])
    with synced.store.database.unit_of_work() as session:
        (blob_id,) = record(session, blobs)
        row = Outgoing(
            kind="new", mailbox_id=synced.mailbox_id, to=[], cc=[], bcc=[], subject=SUBJECT, text="", html=None,
            message_id="<As.promised@client.example>", raw_blob_id=blob_id, state=SendState.SENT,
            due_at=utcnow(), created_at=utcnow(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        enqueue(session, STORE_IN_SENT, OfOutgoing(row.id))
        return row.id


def run_job(synced) -> None:
    with synced.store.database.unit_of_work() as session:
        ((job_id, *_),) = outbox.hand_out(session, list(Queue), 1)
        taken = outbox.take(session, job_id)
    store_in_sent(JobRun(synced.store, synced.settings, taken))


def fares(synced, outgoing_id: int) -> tuple[bool, str]:
    """Whether it is known to lie in Sent, and what its line in the outbox says."""
    with synced.store.database.reading() as session:
        row = session.get_one(Outgoing, outgoing_id)
        return row.stored_in_sent_at is not None, outgoing(session, Viewer.system(), outgoing_id).reason


def without_sent(synced) -> None:
    with synced.store.database.unit_of_work() as session:
        for row in session.execute(select(Folder).where(Folder.role == FolderRole.SENT)).scalars():
            row.role = FolderRole.OTHER


def in_sent(synced) -> int:
    with by_hand(synced, "Sent") as client:
        return len(client.uid("SEARCH", "ALL")[1][0].split())


def test_the_copy_is_kept_once_and_where_there_is_no_folder_the_mail_says_so(synced) -> None:
    outgoing_id = sent(synced)
    with pytest.raises(Transient):
        run_job(synced)
    synced.bring_up()
    with synced.store.database.unit_of_work() as session:
        enqueue(session, STORE_IN_SENT, OfOutgoing(outgoing_id))
        session.connection().exec_driver_sql("UPDATE outbox SET state = 'done' WHERE state != 'due'")
    without_sent(synced)
    run_job(synced)
    assert fares(synced, outgoing_id) == (False, NO_FOLDER)
    assert in_sent(synced) == 0

    synced.bring_up()
    for _ in range(2):
        with synced.store.database.unit_of_work() as session:
            enqueue(session, STORE_IN_SENT, OfOutgoing(outgoing_id))
        run_job(synced)
        assert fares(synced, outgoing_id) == (True, "")
        assert in_sent(synced) == 1


def test_where_the_day_has_no_room_the_copy_waits_and_costs_no_try(modern, monkeypatch) -> None:
    monkeypatch.setattr(metering, "limits_of", lambda _: Limits(daily_upload_bytes=1_000_000))
    modern.bring_up()
    sent(modern)
    with modern.store.database.unit_of_work() as session:
        traffic.add(session, modern.mailbox_id, 0, 949_900)
    with pytest.raises(NotYet) as caught:
        run_job(modern)
    assert 23 * 3600 < caught.value.retry_after <= 25 * 3600
    assert in_sent(modern) == 0


def test_a_folder_that_is_gone_is_told(modern) -> None:
    modern.bring_up()
    outgoing_id = sent(modern)
    with modern.store.database.unit_of_work() as session:
        session.execute(update(Folder).where(Folder.role == FolderRole.SENT).values(name="Renamed meanwhile"))
    run_job(modern)
    assert fares(modern, outgoing_id) == (False, NO_FOLDER)
