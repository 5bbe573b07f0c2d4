"""A single mail on its way through a real SMTP server, with everything that can happen to it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from core.clock import utcnow
from core.errors import Conflict
from crm.access.notifications import notices
from crm.outgoing import repository
from crm.outgoing.composing import start_forward, start_new, start_reply
from crm.outgoing.outcomes import DELAYS, MOST_TRIES
from crm.outgoing.queueing import cancel, prepare_files, send_again
from crm.outgoing.views import Composition, MailKind, Recipient
from delivery.message_ids import MessageIds
from delivery.reply_addresses import named_message
from integration.crm_outgoing.steps import CARL, connect, queue, row, run_job
from servers.mail_catcher import MailCatcher
from storage import outbox
from storage.jobs import SEND_OUTGOING, STORE_IN_SENT
from storage.models import (
    Activity,
    ActivityKind,
    Direction,
    JobState,
    Mailbox,
    Message,
    Outgoing,
    SendState,
)
from unit.crm.small_company import SmallCompany, letter


def test_a_reply_goes_out_in_its_thread_and_completes_what_it_answers(
    company: SmallCompany, smtp_catcher: MailCatcher
) -> None:
    connect(company, smtp_catcher.port)
    question = company.keep(
        letter(
            "Grinder?",
            "How much is it?",
            sender="Carl Client <carl@client.example>",
            to="ann@house.example, Dora <dora@client.example>",
            message_id="<q1@client.example>",
            References="<q0@client.example>",
        )
    )
    thread = company.rows(Message, id=question)[0].thread_id
    with company.store.database.unit_of_work() as session:
        now = utcnow()
        waiting = {"kind": ActivityKind.MAIL, "direction": Direction.INCOMING, "title": "Grinder?", "at": now}
        waiting |= {"created_at": now, "message_id": question, "thread_id": thread, "deadline": now}
        session.execute(insert(Activity).values(**waiting))

    reply = start_reply(company.store, company.viewer(company.ann), company.mailbox, question, to_all=True)
    reply = replace(reply, text="300 euros.\n" + reply.text, bcc=(Recipient("boss@house.example"),))
    outgoing_id = queue(company, reply)
    run_job(company)

    (mail,) = smtp_catcher.wait_for(1)
    assert mail.mail_from == "ann@house.example"
    assert set(mail.rcpt_tos) == {"carl@client.example", "dora@client.example", "boss@house.example"}
    message = mail.message
    assert message["Subject"] == "Re: Grinder?"
    assert message["In-Reply-To"] == "<q1@client.example>"
    assert message["References"] == "<q0@client.example> <q1@client.example>"
    assert "boss@house.example" not in mail.raw.decode()
    assert MessageIds(company.store.keys).verify(message["Message-ID"]) == outgoing_id
    assert message["X-Mailsync-Id"] == message["Message-ID"]
    assert "> How much is it?" in message.get_content()

    sent = row(company, outgoing_id)
    assert (sent.state, sent.reason, sent.tries) == (SendState.SENT, "", 0)
    assert sent.sent_at is not None
    assert f"<{sent.message_id}>" == message["Message-ID"]
    with company.store.database.reading() as session:
        assert company.store.blobs.read(session, sent.raw_blob_id) == mail.raw
    assert [job.args for job in company.jobs_of(STORE_IN_SENT)] == [{"outgoing_id": outgoing_id}]
    assert company.rows(Activity)[0].completed_at is not None


def test_a_forward_takes_attachments_along_and_files_are_added(
    company: SmallCompany, smtp_catcher: MailCatcher
) -> None:
    connect(company, smtp_catcher.port)
    original = letter("Plan", "See the plan.", sender="Carl Client <carl@client.example>")
    original.add_attachment(b"%PDF-1.4 plan", maintype="application", subtype="pdf", filename="plan.pdf")
    message_id = company.keep(original)

    forward = start_forward(company.store, company.viewer(company.ann), company.mailbox, message_id)
    files = prepare_files(company.store.blobs, [("notes.txt", "text/plain", b"my notes")])
    queue(company, replace(forward, to=(Recipient("bob@house.example"),)), files=files)
    run_job(company)

    message = smtp_catcher.wait_for(1)[0].message
    assert message["Subject"] == "Fwd: Plan"
    assert message["In-Reply-To"] is None
    attached = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert attached == {"plan.pdf": b"%PDF-1.4 plan", "notes.txt": b"my notes"}
    assert "See the plan." in message.get_body().get_content()


def test_answers_go_to_an_address_that_names_the_mail_and_the_relays_name_is_kept(company: SmallCompany) -> None:
    with MailCatcher(answer_data=lambda _: "250 2.0.0 OK <0102@eu-west-1.amazonses.com> [Hostname=x]") as server:
        connect(company, server.port)
        mail = Composition(MailKind.NEW, company.mailbox, (CARL,), "Offer", "Text")
        first = queue(company, mail)
        run_job(company)
        with company.store.database.unit_of_work() as session:
            session.get_one(Mailbox, company.mailbox).signed_answers = True
        second = queue(company, mail)
        run_job(company)

        plain, signed = (each.message for each in server.wait_for(2))

    assert plain["Reply-To"] is None
    name, _, domain = row(company, second).message_id.partition("@")
    assert f"+{name}@{domain}" in signed["Reply-To"]
    assert MessageIds(company.store.keys).verify(named_message(signed["Reply-To"].addresses[0].addr_spec)) == second
    assert [row(company, each).known_as for each in (first, second)] == [["0102@eu-west-1.amazonses.com"]] * 2


def test_a_4xx_is_tried_again_with_the_same_bytes_and_then_sent(company: SmallCompany) -> None:
    answers = ["451 4.3.0 Come back later", "250 2.0.0 Kept"]
    seen = []

    def answer(mail) -> str:
        seen.append(mail.raw)
        return answers[len(seen) - 1]

    with MailCatcher(answer_data=answer) as server:
        connect(company, server.port)
        # Two alternatives, because the boundary between them is drawn by lot whenever a mail is composed.
        mail = Composition(MailKind.NEW, company.mailbox, (CARL,), "Offer", "Text", html="<p>Text</p>")
        outgoing_id = queue(company, mail)
        run_job(company)

        waiting = row(company, outgoing_id)
        assert (waiting.state, waiting.tries) == (SendState.RETRY, 1)
        assert waiting.smtp_reply
        assert timedelta(seconds=DELAYS[0] - 30) < waiting.due_at - utcnow() <= timedelta(seconds=DELAYS[0])
        assert server.mails == []

        run_job(company)
        assert row(company, outgoing_id).state is SendState.SENT
        assert len(server.mails) == 1
    assert seen[0] == seen[1], "the same Message-ID and Date, so that a doubled mail is recognised"


def test_a_5xx_fails_at_once_with_the_reason_and_may_be_sent_again_by_hand(
    company: SmallCompany, smtp_catcher: MailCatcher
) -> None:
    connect(company, smtp_catcher.port)
    smtp_catcher.refuse["carl@client.example"] = "550 5.1.1 carl@client.example is unknown"
    outgoing_id = queue(company)
    run_job(company)

    failed = row(company, outgoing_id)
    assert failed.state is SendState.FAILED
    assert "refused the recipient" in failed.reason
    assert "carl" not in failed.reason
    assert "5.1.1" in failed.smtp_reply
    with company.store.database.reading() as session:
        assert notices(session, company.viewer(company.ann))[0].title == "Not sent: Offer"

    smtp_catcher.refuse.clear()
    with company.store.database.unit_of_work() as session:
        send_again(session, company.viewer(company.ann), outgoing_id)
    run_job(company)
    assert row(company, outgoing_id).state is SendState.SENT
    assert len(smtp_catcher.mails) == 1


def test_some_recipients_refused_is_sent_and_says_so(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    smtp_catcher.refuse["gone@client.example"] = "550 5.1.1 unknown"
    mail = Composition(MailKind.NEW, company.mailbox, (CARL, Recipient("gone@client.example")), "Offer", "Text")
    outgoing_id = queue(company, mail)
    run_job(company)

    sent = row(company, outgoing_id)
    assert (sent.state, sent.reason) == (SendState.SENT, "The server refused 1 of 2 recipients.")
    assert "gone@client.example: 550" in sent.smtp_reply


def test_a_server_that_is_not_there_is_tried_again(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, 1)
    outgoing_id = queue(company)
    run_job(company)
    assert row(company, outgoing_id).state is SendState.RETRY

    connect(company, smtp_catcher.port)
    run_job(company)
    assert row(company, outgoing_id).state is SendState.SENT


def test_after_three_days_it_has_failed(company: SmallCompany) -> None:
    connect(company, 1)
    outgoing_id = queue(company)
    run_job(company)
    with company.store.database.unit_of_work() as session:
        session.execute(update(Outgoing).values(tries=MOST_TRIES - 1))
    run_job(company)

    failed = row(company, outgoing_id)
    assert failed.state is SendState.FAILED
    assert failed.reason.startswith("The server did not take it for three days.")
    assert not [job for job in company.jobs_of(SEND_OUTGOING) if job.state is JobState.DUE]


def test_undo_and_send_later(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    outgoing_id = queue(company, undo_seconds=10)
    later = queue(company, send_at=utcnow() + timedelta(hours=2))
    with company.store.database.unit_of_work() as session:
        assert outbox.hand_out(session, ["now"], 10) == []
        cancel(session, company.viewer(company.ann), outgoing_id)
    assert row(company, later).due_at > utcnow() + timedelta(hours=1)

    run_job(company)
    assert (row(company, outgoing_id).state, row(company, outgoing_id).reason) == (SendState.SKIPPED, "cancelled")
    run_job(company)
    assert row(company, later).state is SendState.SENT
    with company.store.database.unit_of_work() as session, pytest.raises(Conflict):
        cancel(session, company.viewer(company.ann), later)
    assert len(smtp_catcher.mails) == 1


def test_the_mailbox_logs_in_with_its_own_password(company: SmallCompany) -> None:
    with MailCatcher(login=("ann", "right password")) as server:
        connect(company, server.port, password="wrong password")
        outgoing_id = queue(company)
        run_job(company)
        failed = row(company, outgoing_id)
        assert failed.state is SendState.FAILED
        assert "user name or password" in failed.reason

        connect(company, server.port, password="right password")
        with company.store.database.unit_of_work() as session:
            send_again(session, company.viewer(company.ann), outgoing_id)
        run_job(company)
        assert len(server.mails) == 1


def test_a_new_mail_begins_with_the_signature(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).where(Mailbox.id == company.mailbox).values(signature="Ann\nHouse"))
    form = start_new(company.store, company.viewer(company.ann), company.mailbox, to=(CARL,))
    assert (form.text, form.to) == ("\n\n-- \nAnn\nHouse\n", (CARL,))
    with company.store.database.reading() as session:
        assert repository.outgoing_mails(session, company.viewer(company.ann)) == []
