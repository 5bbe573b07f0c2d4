"""Mail that is sent from a mailbox without a password, and its copy in the Sent folder."""

import pytest

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.outgoing.queueing import queue_mail
from crm.outgoing.views import Composition, MailKind, Recipient
from integration.oauth.conftest import House
from servers.oauth_provider import Trouble
from storage import outbox
from storage.jobs import SEND_OUTGOING, STORE_IN_SENT
from storage.models import Outgoing, Queue, SendState
from storage.running import JobRun
from workers.bindings import HANDLERS

CARL = Recipient("carl@client.example", "Carl")


def send(house: House, mailbox_id: int) -> Outgoing:
    """Queue a mail, and run the job that sends it."""
    mail = Composition(MailKind.NEW, mailbox_id, (CARL,), "Offer", "Dear Carl,\nhere it is.\n")
    with house.store.database.unit_of_work() as session:
        outgoing_id = queue_mail(session, Viewer.system(), mail, undo_seconds=0)
    run_job(house, SEND_OUTGOING.name)
    with house.store.database.reading() as session:
        return session.get_one(Outgoing, outgoing_id)


def run_job(house: House, name: str) -> None:
    with house.store.database.unit_of_work() as session:
        handed = [job_id for job_id, _ in outbox.hand_out(session, list(Queue), 10)]
        taken = [outbox.take(session, job_id) for job_id in handed]
    for one in taken:
        if one is not None and one.job.name == name:
            HANDLERS[name](JobRun(house.store, house.settings, one))


def test_a_mail_is_sent_with_the_token_and_filed_in_sent(house: House) -> None:
    mailbox_id = house.connect()
    house.sync(mailbox_id)

    assert send(house, mailbox_id).state is SendState.SENT
    (mail,) = house.smtp.wait_for(1)
    assert mail.mail_from == house.provider.account

    run_job(house, STORE_IN_SENT.name)
    sent = house.imap.maildir(house.provider.account, "Sent")
    assert len([*(sent / "cur").iterdir(), *(sent / "new").iterdir()]) == 1
    assert house.provider.counts["refresh_token"] == 0


def test_a_token_that_the_server_refuses_is_refreshed_once(house: House) -> None:
    mailbox_id = house.connect()
    house.provider.spoil_access_tokens(house.provider.account)
    before = house.smtp.sign_ins

    assert send(house, mailbox_id).state is SendState.SENT
    assert house.smtp.sign_ins == before + 2
    assert house.provider.counts["refresh_token"] == 1

    house.smtp.switched_off = True
    refused = send(house, mailbox_id)
    assert refused.state is SendState.FAILED
    assert "sign in to the mailbox again" in refused.reason
    assert house.provider.counts["refresh_token"] == 2
    assert len(house.smtp.mails) == 1


def test_a_grant_that_has_ended_and_a_provider_in_trouble_are_two_things(house: House) -> None:
    mailbox_id = house.connect()
    house.change_grant(mailbox_id, renew_at=utcnow(), access_expires_at=utcnow())
    house.provider.troubles.append(Trouble(503))

    with pytest.raises(Exception, match="tried again by itself"):
        send(house, mailbox_id)
    assert house.smtp.mails == []

    house.change_grant(mailbox_id, retry_at=None)
    house.provider.revoke(house.provider.account)
    ended = send(house, mailbox_id)
    assert ended.state is SendState.FAILED
    assert "sign in again" in ended.reason


def test_sending_that_microsoft_switched_off_is_said_in_words_and_the_mailbox_is_read_all_the_same(
    house: House,
) -> None:
    house.smtp.refusal = (
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit the page."
    )
    house.smtp.switched_off = True
    connected = house.finish(house.browse(house.begin(house.new_account())))

    assert connected.sending_problem is not None
    assert "Authenticated SMTP" in connected.sending_problem
    house.deliver(connected.mailbox_id, "hello")
    assert house.sync(connected.mailbox_id) == 1
