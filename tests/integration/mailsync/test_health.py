"""What is remembered of a mailbox: its states, mail that could not be stored, and the last audit."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from sqlalchemy import select, update

from core.clock import utcnow
from core.errors import Conflict, NotFound
from crm.access.viewer import Viewer
from crm.intake import understanding
from integration.mailsync.by_hand import audit
from mailsync import repository
from mailsync.auditing import AuditUnderWay
from mailsync.health.auditing import ask_for_audit, ask_for_nightly_audits, audit_in_job, is_its_minute
from mailsync.health.looking import mailbox_health
from mailsync.health.quarantine import raw_message, try_again, try_again_after_upgrade
from mailsync.health.views import MailboxHealth
from mailsync.removal.asking import ask_to_remove
from mailsync.steering import pause_mailbox, resume_mailbox
from storage import leases, outbox
from storage.models import Mailbox, MailboxState, Outbox, Place, Quarantine, Role
from storage.running import JobRun
from workers.mailbox_errands import forget_old_states

SYSTEM = Viewer.system()


def health(synced) -> MailboxHealth:
    with synced.store.database.reading() as session:
        return mailbox_health(session, SYSTEM, synced.mailbox_id)


def set_state(synced, state: MailboxState, reason: str = "") -> None:
    with synced.store.database.unit_of_work() as session:
        repository.set_state(session, synced.mailbox_id, state, reason)


def run_jobs(synced) -> None:
    """What the job threads do, here."""
    with synced.store.database.unit_of_work() as session:
        due = [job_id for job_id, _ in outbox.hand_out(session, ["bulk"], 64)]
        taken = [outbox.take(session, job_id) for job_id in due]
    for one in taken:
        audit_in_job(JobRun(synced.store, synced.settings, one))


def test_each_change_of_state_is_kept_once_and_forgotten_after_ninety_days(modern) -> None:
    set_state(modern, MailboxState.LIVE)
    set_state(modern, MailboxState.LIVE)
    set_state(modern, MailboxState.UNREACHABLE, "The server does not answer.")
    pause_mailbox(modern.store, SYSTEM, modern.mailbox_id)
    set_state(modern, MailboxState.LIVE)
    resume_mailbox(modern.store, SYSTEM, modern.mailbox_id)

    spans = health(modern).spans
    assert [one.state.value for one in spans] == ["connecting", "live", "unreachable", "paused", "connecting"]
    assert spans[2].reason == "The server does not answer."
    assert all(before.until == after.since for before, after in pairwise(spans))

    with modern.store.database.unit_of_work() as session:
        session.execute(update(Mailbox.metadata.tables["mailbox_event"]).values(at=utcnow() - timedelta(days=91)))
    forget_old_states(modern.store)
    assert [one.state.value for one in health(modern).spans] == ["connecting"]


def test_mail_that_can_not_be_stored_is_shown_kept_and_tried_again(modern, monkeypatch) -> None:
    """The bytes are for who works in the mailbox; what the next version can store leaves the quarantine by itself."""
    modern.deliver("good one", "poison")
    parse = understanding.parse_message

    def chokes(raw, **options):
        if b"poison" in raw:
            raise ValueError
        return parse(raw, **options)

    with monkeypatch.context() as patch:
        patch.setattr(understanding, "parse_message", chokes)
        modern.bring_up()
        (entry,) = health(modern).quarantined
        assert (entry.folder, "ValueError" in entry.reason) == ("INBOX", True)
        assert b"poison" in raw_message(modern.store, SYSTEM, modern.mailbox_id, entry.id)
        with pytest.raises(NotFound):
            raw_message(modern.store, Viewer(99, Role.ADMINISTRATOR), modern.mailbox_id, entry.id)

        assert try_again(modern.store, SYSTEM, modern.mailbox_id, entry.id) == 1
        modern.bring_up()
        assert [one.id for one in health(modern).quarantined] == [entry.id]
        assert not health(modern).gaps

        try_again_after_upgrade(modern.store)
        assert not health(modern).gaps, "the same version tried already"

    with modern.store.database.unit_of_work() as session:
        session.execute(update(Quarantine).values(version="0.0"))
    try_again_after_upgrade(modern.store)
    modern.bring_up()
    assert not health(modern).quarantined
    assert sorted(modern.subjects()) == ["good one", "poison"]


def test_an_audit_is_asked_for_done_by_a_job_and_kept(modern) -> None:
    modern.deliver("one", "two", "three")
    modern.bring_up()
    with modern.store.database.unit_of_work() as session:
        session.delete(session.execute(select(Place).where(Place.uid == 2)).scalar_one())

    ask_for_audit(modern.store, SYSTEM, modern.mailbox_id, repair=False)
    assert health(modern).audit.finished_at is None
    with pytest.raises(Conflict):
        ask_for_audit(modern.store, SYSTEM, modern.mailbox_id, repair=True)
    run_jobs(modern)
    found = health(modern).audit
    assert [(one["name"], one["missing"]) for one in found.differences] == [("INBOX", 1)]

    ask_for_audit(modern.store, SYSTEM, modern.mailbox_id, repair=True)
    run_jobs(modern)
    modern.bring_up()
    ask_for_audit(modern.store, SYSTEM, modern.mailbox_id, repair=False)
    run_jobs(modern)
    assert not health(modern).audit.differences
    assert sorted(modern.subjects()) == ["one", "three", "two"]


def test_an_audit_that_could_not_be_made_says_why(modern) -> None:
    modern.bring_up()
    with modern.store.database.unit_of_work() as session:
        session.get_one(Mailbox, modern.mailbox_id).imap_port = 1
    ask_for_audit(modern.store, SYSTEM, modern.mailbox_id, repair=False)
    run_jobs(modern)

    assert health(modern).audit.failure
    assert health(modern).audit.finished_at


def test_an_audit_of_a_mailbox_that_is_leaving_ends_too(modern) -> None:
    modern.bring_up()
    ask_for_audit(modern.store, SYSTEM, modern.mailbox_id, repair=False)
    ask_to_remove(modern.store, SYSTEM, modern.mailbox_id, keep_mail=True)
    run_jobs(modern)

    found = health(modern).audit
    assert found.finished_at
    assert "being removed" in found.failure
    assert not found.under_way


def test_an_audit_whose_job_died_may_be_asked_for_again_after_an_hour(modern) -> None:
    ask_for_audit(modern.store, SYSTEM, modern.mailbox_id, repair=False)
    assert health(modern).audit.under_way
    with time_machine.travel(utcnow() + timedelta(minutes=61)):
        assert not health(modern).audit.under_way
        ask_for_audit(modern.store, SYSTEM, modern.mailbox_id, repair=False)
        assert health(modern).audit.under_way


def test_every_mailbox_is_audited_once_a_night(modern, monkeypatch) -> None:
    modern.bring_up()
    night = utcnow().replace(hour=4, minute=59)
    monkeypatch.setattr("mailsync.health.auditing.utcnow", lambda: night)

    def asked() -> int:
        ask_for_nightly_audits(modern.store)
        with modern.store.database.reading() as session:
            return [row.job for row in session.execute(select(Outbox)).scalars()].count("mailbox.audit")

    assert asked() == 0, "its first pass has not ended"
    with modern.store.database.unit_of_work() as session:
        session.get_one(Mailbox, modern.mailbox_id).state = MailboxState.LIVE
    assert [asked(), asked()] == [1, 1]
    assert health(modern).audit.repaired
    noon = night.replace(hour=12)
    assert not any(is_its_minute(number, noon) for number in range(500))


def test_two_audits_of_a_mailbox_do_not_repair_at_the_same_time(modern) -> None:
    modern.deliver("one")
    modern.bring_up()
    with modern.store.database.unit_of_work() as session:
        held = leases.acquire(session, f"audit:{modern.mailbox_id}", "another", timedelta(minutes=1))
    with pytest.raises(AuditUnderWay):
        audit(modern)
    with modern.store.database.unit_of_work() as session:
        leases.release(session, held)
    assert [audit(modern).stored, audit(modern).stored] == [1, 1], "each lets go of it"
