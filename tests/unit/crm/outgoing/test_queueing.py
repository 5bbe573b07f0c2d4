"""What is taken to be sent, from whom, and what the forms hold."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, update

from core.clock import utcnow
from core.errors import Forbidden, NotFound, UsageError
from crm.outgoing import repository
from crm.outgoing.composing import start_forward, start_reply
from crm.outgoing.queueing import cancel, queue_mail
from crm.outgoing.views import Composition, MailKind, Recipient, StoredFile
from storage.jobs import SEND_OUTGOING
from storage.models import Mailbox, MailboxAlias, MailboxMember, Outgoing
from unit.crm.small_company import SmallCompany, letter


@pytest.fixture
def mail(company: SmallCompany) -> Composition:
    with company.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).values(smtp_url="smtps://smtp.house.example"))
    return Composition(MailKind.NEW, company.mailbox, (Recipient("carl@client.example"),), "Offer", "Text")


def queue(company: SmallCompany, user_id: int, mail: Composition, **how: object) -> int:
    with company.store.database.unit_of_work() as session:
        return queue_mail(session, company.viewer(user_id), mail, **how)


def test_the_same_key_twice_is_one_mail_for_one_person(company: SmallCompany, mail: Composition) -> None:
    first = queue(company, company.ann, mail, key="form-1")
    assert queue(company, company.ann, mail, key="form-1") == first
    assert queue(company, company.ann, mail, key="form-2") != first
    assert len(company.jobs_of(SEND_OUTGOING)) == 2


def test_each_address_gets_it_once(company: SmallCompany, mail: Composition) -> None:
    doubled = replace(mail, cc=(Recipient("CARL@client.example"), Recipient(" dora@client.example ", "Dora")))
    outgoing = company.rows(Outgoing, id=queue(company, company.ann, doubled))[0]
    assert outgoing.to == [{"address": "carl@client.example", "name": ""}]
    assert outgoing.cc == [{"address": "dora@client.example", "name": "Dora"}]


def test_what_is_not_taken(company: SmallCompany, mail: Composition) -> None:
    for wrong in (
        replace(mail, to=()),
        replace(mail, to=(Recipient("nobody"),)),
        replace(mail, to=(Recipient(""),)),
        replace(mail, to=(Recipient("a@b.example>\r\nRCPT TO:<c@d.example"),)),
        replace(mail, to=tuple(Recipient(f"a{number}@client.example") for number in range(101))),
    ):
        with pytest.raises(UsageError):
            queue(company, company.ann, wrong)
    with pytest.raises(Forbidden):
        queue(company, company.gus, mail)
    with company.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).values(smtp_url=None))
    with pytest.raises(UsageError, match="no outgoing server"):
        queue(company, company.ann, mail)
    assert company.rows(Outgoing) == []


def test_who_writes_from_which_mailbox(company: SmallCompany, mail: Composition) -> None:
    with pytest.raises(NotFound):
        queue(company, company.bob, mail)
    outgoing_id = queue(company, company.ann, mail)
    with company.store.database.unit_of_work() as session:
        bob = company.viewer(company.bob)
        with pytest.raises(NotFound):
            cancel(session, bob, outgoing_id)
        session.execute(insert(MailboxMember).values(mailbox_id=company.mailbox, user_id=company.bob))
        assert repository.outgoing(session, bob, outgoing_id).can_be_cancelled
        cancel(session, bob, outgoing_id)
    queue(company, company.bob, mail)


def test_nobody_sends_out_files_or_answers_of_mail_that_they_may_not_read(
    company: SmallCompany, mail: Composition
) -> None:
    anns = company.keep(letter("Secret", "Text"))
    own = replace(mail, mailbox_id=company.bobs_mailbox)
    for stolen in (
        replace(own, stored_files=(StoredFile(anns, 0, "x", "text/plain", 1),)),
        replace(own, in_reply_to_id=anns),
    ):
        with pytest.raises(NotFound):
            queue(company, company.bob, stolen)
    with pytest.raises(NotFound):
        start_reply(company.store, company.viewer(company.bob), company.bobs_mailbox, anns)
    with pytest.raises(NotFound):
        start_forward(company.store, company.viewer(company.ann), company.bobs_mailbox, anns)


def test_a_reply_goes_to_reply_to_and_to_all_leaves_out_ones_own_addresses(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        alias = {"mailbox_id": company.mailbox, "address": "info@house.example", "key": "info@house.example"}
        session.execute(insert(MailboxAlias).values(**alias))
    asked = company.keep(
        letter(
            "Grinder?",
            "How much?",
            sender="Carl <carl@client.example>",
            to="Ann@house.example, dora@client.example",
            Cc="info@house.example, eve@client.example",
            Reply_To="office@client.example",
        )
    )
    ann = company.viewer(company.ann)
    reply = start_reply(company.store, ann, company.mailbox, asked)
    to_all = start_reply(company.store, ann, company.mailbox, asked, to_all=True)

    assert ([one.address for one in reply.to], reply.cc) == (["office@client.example"], ())
    assert [one.address for one in to_all.to] == ["office@client.example"]
    assert {one.address for one in to_all.cc} == {"dora@client.example", "eve@client.example"}
    assert (to_all.kind, to_all.in_reply_to_id) == (MailKind.REPLY_ALL, asked)

    ours = company.keep(letter("Offer", "Text", sender="ann@house.example", to="carl@client.example"))
    assert [one.address for one in start_reply(company.store, ann, company.mailbox, ours).to] == ["carl@client.example"]


def test_a_mail_to_be_sent_later_is_not_due_yet(company: SmallCompany, mail: Composition) -> None:
    before = utcnow()
    outgoing = company.rows(Outgoing, id=queue(company, company.ann, mail, undo_seconds=30))[0]
    assert (outgoing.due_at - before).total_seconds() >= 30
    assert company.jobs_of(SEND_OUTGOING)[0].due_at == outgoing.due_at
