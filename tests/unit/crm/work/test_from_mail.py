"""Mail to a secret task address."""

from datetime import UTC, datetime

import pytest
import time_machine

from core.errors import Conflict
from crm.access.notifications import notices
from crm.work.from_mail import task_from_mail
from storage.jobs import TASK_FROM_MAIL, OfIntakeDelivery
from storage.models import Activity, ActivityBinding, IntakeDelivery, IntakeState, Priority, Purpose, RecordType, Task
from unit.crm.small_company import SmallCompany, letter

FORWARD = """Please call them.
deadline: 2026-12-01

---------- Forwarded message ---------
From: Carl Client <carl@client.example>
Date: Sun, Nov 15, 2026 at 9:00 AM
Subject: Broken grinder
To: <ann@house.example>

Hello Ann,
the grinder is broken.
"""


def deliver_and_run(company: SmallCompany, mail, **how: object) -> int:
    delivery = company.deliver(mail, Purpose.TASK, **how)
    task_from_mail(company.run(TASK_FROM_MAIL, OfIntakeDelivery(delivery)))
    return delivery


@time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False)
def test_a_mail_becomes_a_task_with_its_details_and_no_entry_in_the_stream(company: SmallCompany) -> None:
    mail = letter("Order beans #kitchen !high @bob due tomorrow", "Ten kilos.\n\n-- \nAnn Archer\nHouse of Coffee")
    deliver_and_run(company, mail)

    (task,) = company.rows(Task)
    assert (task.title, task.text, task.tags) == ("Order beans", "Ten kilos.", ["kitchen"])
    assert (task.creator_id, task.responsible_id, task.priority) == (company.ann, company.bob, Priority.HIGH)
    assert task.deadline == datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    assert task.message_id is not None
    assert company.rows(Activity) == []
    with company.store.database.reading() as session:
        assert [notice.title for notice in notices(session, company.viewer(company.bob))] == ["New task: Order beans"]


def test_a_forwarded_customer_mail_knows_its_sender_and_stands_on_their_record(company: SmallCompany) -> None:
    deliver_and_run(company, letter("Fwd: Broken grinder #service", FORWARD))

    (task,) = company.rows(Task)
    assert task.title == "Broken grinder"
    assert (task.sender_name, task.sender_address) == ("Carl Client", "carl@client.example")
    assert task.text.startswith("Please call them.\n\nCarl Client <carl@client.example>:\nHello Ann,")
    assert task.deadline == datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
    (activity,) = company.rows(Activity)
    assert (activity.task_id, activity.message_id) == (task.id, None)
    bound = {(row.record_type, row.record_id): row.owner for row in company.rows(ActivityBinding)}
    assert bound == {
        (RecordType.DEAL, company.deal): True,
        (RecordType.CONTACT, company.contact): False,
        (RecordType.COMPANY, company.company): False,
    }


def test_a_mail_forwarded_as_attachment_knows_its_sender_too(company: SmallCompany) -> None:
    original = letter("Broken grinder", "It is broken.", sender="Colleague <new@client.example>")
    mail = letter("Fwd: Broken grinder", "See below.")
    mail.add_attachment(original)
    deliver_and_run(company, mail)

    (task,) = company.rows(Task)
    assert task.sender_address == "new@client.example"
    owner = next(row for row in company.rows(ActivityBinding) if row.owner)
    assert (owner.record_type, owner.record_id) == (RecordType.DEAL, company.deal), "found by the company's domain"


def test_the_same_delivery_twice_is_one_task(company: SmallCompany) -> None:
    delivery = deliver_and_run(company, letter("Once", "Text"))
    task_from_mail(company.run(TASK_FROM_MAIL, OfIntakeDelivery(delivery)))
    assert len(company.rows(Task)) == 1

    # And a run that lost its job keeps nothing of what it did.
    other = company.deliver(letter("Twice", "Text"), Purpose.TASK)
    stale = company.run(TASK_FROM_MAIL, OfIntakeDelivery(other))
    stale.taken = type(stale.taken)(
        stale.taken.id, stale.taken.job, stale.taken.args, stale.taken.fence - 1, stale.taken.tries
    )
    with pytest.raises(Conflict):
        task_from_mail(stale)
    assert len(company.rows(Task)) == 1


@pytest.mark.parametrize("state", [IntakeState.HELD, IntakeState.REFUSED])
def test_what_was_not_accepted_makes_nothing(company: SmallCompany, state: IntakeState) -> None:
    deliver_and_run(company, letter("Held", "Text"), state=state)
    assert company.rows(Task) == []


def test_an_empty_mail_and_one_of_a_guest_are_refused_with_the_reason(company: SmallCompany) -> None:
    empty = deliver_and_run(company, letter("", "\n"))
    guests = deliver_and_run(company, letter("Hello", "Text"), user_id=company.gus)

    assert company.rows(Task) == []
    for delivery, user_id, reason in (
        (empty, company.ann, "it has neither subject nor text."),
        (guests, company.gus, "the owner of the address may not set tasks."),
    ):
        (row,) = company.rows(IntakeDelivery, id=delivery)
        assert (row.state, row.reason) == (IntakeState.REFUSED, reason)
        with company.store.database.reading() as session:
            assert reason in notices(session, company.viewer(user_id))[0].title


def test_a_leaked_token_is_masked_in_the_task(company: SmallCompany) -> None:
    secret = "task+abcdefghijklmnopqrstuvwxyz234567abcdefgh@house.example"
    deliver_and_run(company, letter("Look", f"Mail me at {secret} please"))

    (task,) = company.rows(Task)
    assert "abcdefgh" not in task.text
