"""Whatever dies, and whenever: no mail is lost without a word, and none is sent twice."""

import pytest
from sqlalchemy import update

from core.errors import Conflict, Transient
from crm.outgoing.queueing import send_again, settle_as_sent
from crm.outgoing.sending import claim, mark_attempted, record, send_outgoing
from crm.outgoing.settling import settle_after_crash
from crm.outgoing.transmission import Sent, transmit
from integration.crm_outgoing.steps import connect, no_tokens, queue, row, run_job
from servers.mail_catcher import MailCatcher
from storage import outbox
from storage.jobs import SEND_OUTGOING
from storage.models import (
    JobState,
    Message,
    Outbox,
    Outgoing,
    SendState,
)
from unit.crm.small_company import SmallCompany


def test_the_attempt_is_durable_before_the_message_leaves(company: SmallCompany) -> None:
    states = []

    def answer(mail) -> str:
        states.append(company.rows(Outgoing)[0].state)
        return "250 2.0.0 Kept"

    with MailCatcher(answer_data=answer) as server:
        connect(company, server.port)
        queue(company)
        run_job(company)
    assert states == [SendState.ATTEMPTED]


def test_lost_after_the_dot_is_in_doubt_and_never_sent_again_by_itself(company: SmallCompany, silent_server) -> None:
    connect(company, silent_server.port)
    outgoing_id = queue(company)
    run_job(company)

    doubt = row(company, outgoing_id)
    assert doubt.state is SendState.IN_DOUBT
    assert "may have arrived" in doubt.reason
    assert silent_server.mails == 1
    assert [job.state for job in company.jobs_of(SEND_OUTGOING)] == [JobState.DONE]
    with company.store.database.unit_of_work() as session:
        settle_after_crash(session)
    assert row(company, outgoing_id).state is SendState.IN_DOUBT

    with company.store.database.unit_of_work() as session:
        settle_as_sent(session, company.viewer(company.ann), outgoing_id)
        with pytest.raises(Conflict):
            send_again(session, company.viewer(company.ann), outgoing_id)
    assert row(company, outgoing_id).state is SendState.SENT
    assert silent_server.mails == 1


def killed_at(company: SmallCompany, outgoing_id: int, stage: str) -> None:
    """A process that took the job and dies after `stage`; then the daemon starts anew."""
    run = company.next_run()
    claimed = claim(run, row(company, outgoing_id), no_tokens)
    if stage != "claimed":
        mark_attempted(run, claimed)
    if stage == "transmitted":
        assert isinstance(transmit(claimed.sender, claimed.server, claimed.envelope, claimed.raw), Sent)
    with company.store.database.unit_of_work() as session:
        outbox.release_all(session)


@pytest.mark.parametrize("settle_first", [True, False])
@pytest.mark.parametrize("stage", ["claimed", "attempted", "transmitted"])
def test_a_crash_loses_no_mail_and_doubles_none(
    company: SmallCompany, smtp_catcher: MailCatcher, stage: str, settle_first: bool
) -> None:
    connect(company, smtp_catcher.port)
    outgoing_id = queue(company)
    killed_at(company, outgoing_id, stage)
    if settle_first:
        with company.store.database.unit_of_work() as session:
            settled = settle_after_crash(session)
        assert settled == ({SendState.PENDING: 1} if stage == "claimed" else {SendState.IN_DOUBT: 1})
    run_job(company)

    expected = {
        "claimed": (SendState.SENT, 1),
        "attempted": (SendState.IN_DOUBT, 0),
        "transmitted": (SendState.IN_DOUBT, 1),
    }
    assert (row(company, outgoing_id).state, len(smtp_catcher.mails)) == expected[stage]


def test_an_attempt_whose_copy_was_seen_is_known_as_sent(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    outgoing_id = queue(company)
    killed_at(company, outgoing_id, "transmitted")
    copy = company.keep(smtp_catcher.wait_for(1)[0].raw)
    with company.store.database.unit_of_work() as session:
        session.execute(update(Message).where(Message.id == copy).values(outgoing_id=outgoing_id))
    run_job(company)

    assert row(company, outgoing_id).state is SendState.SENT
    assert len(smtp_catcher.mails) == 1


def test_the_job_delivered_twice_is_one_mail(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    outgoing_id = queue(company)
    first = company.next_run()
    with company.store.database.unit_of_work() as session:
        outbox.release_all(session)  # Somebody believes that the first one is dead.
    second = company.next_run()

    send_outgoing(second, no_tokens)
    with pytest.raises(Conflict):
        send_outgoing(first, no_tokens)
    assert row(company, outgoing_id).state is SendState.SENT
    assert len(smtp_catcher.mails) == 1


def test_two_who_both_saw_it_pending_send_it_once(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    outgoing_id = queue(company)
    seen_by_both = row(company, outgoing_id)
    run = company.next_run()

    first = claim(run, seen_by_both, no_tokens)
    with pytest.raises(Transient):
        claim(run, seen_by_both, no_tokens)
    taken_over = claim(run, row(company, outgoing_id), no_tokens)
    with pytest.raises(Transient):
        mark_attempted(run, first)
    mark_attempted(run, taken_over)
    assert taken_over.raw == first.raw


def test_what_a_slow_sender_learns_is_kept_even_when_its_job_was_taken(
    company: SmallCompany, smtp_catcher: MailCatcher
) -> None:
    connect(company, smtp_catcher.port)
    outgoing_id = queue(company)
    slow = company.next_run()
    claimed = claim(slow, row(company, outgoing_id), no_tokens)
    mark_attempted(slow, claimed)
    with company.store.database.unit_of_work() as session:
        outbox.release_all(session)
    send_outgoing(company.next_run(), no_tokens)
    assert row(company, outgoing_id).state is SendState.IN_DOUBT

    outcome = transmit(claimed.sender, claimed.server, claimed.envelope, claimed.raw)
    with pytest.raises(Conflict):
        record(slow, claimed.row, claimed.fence, outcome)
    assert row(company, outgoing_id).state is SendState.SENT


def test_settling_leaves_alone_what_somebody_is_at(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    outgoing_id = queue(company)
    run = company.next_run()
    claimed = claim(run, row(company, outgoing_id), no_tokens)
    mark_attempted(run, claimed)
    with company.store.database.unit_of_work() as session:
        assert settle_after_crash(session) == {}
    record(run, claimed.row, claimed.fence, transmit(claimed.sender, claimed.server, claimed.envelope, claimed.raw))
    assert row(company, outgoing_id).state is SendState.SENT


def test_a_mail_whose_job_was_given_up_has_failed(company: SmallCompany) -> None:
    connect(company, 1)
    outgoing_id = queue(company)
    with company.store.database.unit_of_work() as session:
        session.execute(update(Outbox).values(state=JobState.DEAD))
        assert settle_after_crash(session) == {SendState.FAILED: 1}
    assert row(company, outgoing_id).state is SendState.FAILED
