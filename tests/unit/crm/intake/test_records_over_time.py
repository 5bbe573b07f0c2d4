"""Steps 6 to 10 over time: the same mail in two mailboxes, mail from before its client, what waits and what completes."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.office.calendar import Calendar
from crm_world import HISTORY, NOW, World, close_deal, known_contact, mail
from storage.models import (
    Activity,
    Contact,
    Deal,
    Direction,
    FolderRole,
    Message,
)

CARL = "Carl Client <carl@client.example>"
SALES, ANN, BOB = "sales@ours.example", "ann@ours.example", "bob@ours.example"


# Two mailboxes


@pytest.mark.parametrize("sales_first", [True, False])
@pytest.mark.parametrize("one_makes_nothing", [True, False])
def test_two_mailboxes_make_one_of_everything(world: World, sales_first: bool, one_makes_nothing: bool) -> None:
    ann = world.add_mailbox("ann@ours.example", owner_id=world.ann)
    if one_makes_nothing:
        world.create_nothing(ann)
    raw = mail(CARL, f"{SALES}, {ANN}", message_id="a")

    for box in (world.sales, ann) if sales_first else (ann, world.sales):
        world.deliver(raw, box)

    assert [len(world.all(table)) for table in (Deal, Contact, Activity)] == [1, 1, 1]
    assert world.jobs() == ["message.received"]


def test_a_second_copy_creates_nothing_though_the_deal_is_closed_meanwhile(world: World) -> None:
    ann = world.add_mailbox("ann@ours.example", owner_id=world.ann)
    raw = mail(CARL, f"{SALES}, {ANN}", message_id="a")
    world.deliver(raw)
    close_deal(world, world.all(Deal)[0].id)

    world.deliver(raw, ann)

    assert len(world.all(Deal)) == 1


@pytest.mark.parametrize("history_first", [True, False])
def test_new_in_one_mailbox_and_history_in_another_is_new(world: World, history_first: bool) -> None:
    late = world.add_mailbox("ann@ours.example")
    world.change(late, new_since=NOW + timedelta(days=1))
    raw = mail(CARL, f"{SALES}, {ANN}", message_id="a")

    for box in (late, world.sales) if history_first else (world.sales, late):
        world.deliver(raw, box)

    assert len(world.all(Deal)) == len(world.all(Activity)) == 1
    assert world.jobs() == ["message.received"]


@pytest.mark.parametrize("history_first", [True, False])
def test_a_mail_of_a_known_client_waits_if_it_is_new_anywhere(world: World, history_first: bool) -> None:
    known_contact(world)
    late = world.add_mailbox("ann@ours.example")
    world.change(late, new_since=NOW + timedelta(days=1), repeat_items=False)
    world.change(world.sales, repeat_items=False)
    raw = mail(CARL, f"{SALES}, {ANN}", message_id="a")

    for box in (late, world.sales) if history_first else (world.sales, late):
        message_id = world.deliver(raw, box)

    assert world.activity(message_id).deadline == datetime(2026, 3, 3, 18, tzinfo=UTC)


def test_a_mail_between_two_of_our_mailboxes_is_internal(world: World) -> None:
    ann = world.add_mailbox("ann.private@gmail.com", aliases=["annie@gmail.com"])
    raw = mail("annie@gmail.com", SALES, message_id="a")

    message_id = world.deliver(raw, ann, FolderRole.SENT)
    world.deliver(raw)

    assert world.message(message_id).direction is Direction.INTERNAL
    assert (world.all(Deal), world.all(Activity), world.jobs()) == ([], [], [])


# Earlier mail


def test_mail_that_came_before_its_client_is_put_on_the_timeline(world: World) -> None:
    old = world.deliver(mail(CARL, SALES, "Long ago", message_id="a", date=HISTORY), internal_date=HISTORY)
    ours = world.deliver(
        mail(SALES, CARL, "Re: Long ago", message_id="b", references=["a"], date=HISTORY),
        role=FolderRole.SENT,
        internal_date=HISTORY,
    )
    bulk = world.deliver(mail("x@other.example", SALES, message_id="c", date=HISTORY), internal_date=HISTORY)
    assert world.all(Activity) == []

    new = world.deliver(mail(CARL, SALES, "Hello again", message_id="d"))

    assert world.bindings(old) == world.bindings(ours) == world.bindings(new)
    assert world.activity(old).deadline is None
    assert world.activity(bulk) is None
    assert world.jobs() == ["message.received"]


def test_a_thread_that_comes_to_stand_on_a_record_brings_its_earlier_mail(world: World) -> None:
    world.create_nothing()
    known_contact(world, "carl@client.example")
    colleague = world.deliver(mail("dora@client.example", SALES, "Re: Offer", message_id="b", references=["a"]))
    assert world.activity(colleague) is None

    root = world.deliver(mail(CARL, SALES, message_id="a"))

    assert world.bindings(colleague) == world.bindings(root)
    assert world.activity(colleague).deadline is not None


def test_mail_that_stands_nowhere_itself_may_bring_earlier_mail_by_tying_threads(world: World) -> None:
    world.create_nothing()
    known_contact(world)
    root = world.deliver(mail(CARL, SALES, message_id="a"))
    ours = world.deliver(mail(SALES, "dora@client.example", message_id="b", references=["c"]), role=FolderRole.SENT)
    assert world.activity(ours) is None

    internal = world.deliver(mail(BOB, SALES, message_id="c", references=["a"]))

    assert world.bindings(ours) == world.bindings(root)
    assert world.activity(internal) is None


# What waits


@pytest.mark.parametrize(
    ("moment", "deadline"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 3, 18, tzinfo=UTC)),
        (datetime(2026, 3, 6, 23, 59, tzinfo=UTC), datetime(2026, 3, 9, 18, tzinfo=UTC)),
        (datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 3, 9, 18, tzinfo=UTC)),
    ],
)
def test_an_answer_is_due_at_the_end_of_the_next_working_day(moment: datetime, deadline: datetime) -> None:
    assert Calendar().end_of_next_working_day(moment) == deadline


@pytest.mark.parametrize("one_batch", [True, False])
def test_the_first_of_our_answers_completes_though_it_comes_last(world: World, one_batch: bool) -> None:
    known_contact(world)
    question = mail(CARL, SALES, message_id="a")
    answers = [
        mail(SALES, CARL, "Re: Offer", message_id=name, references=["a"], date=NOW + timedelta(hours=hours))
        for name, hours in (("c", 2), ("b", 1))
    ]
    arrivals = [world.arrival(question), *(world.arrival(each, role=FolderRole.SENT) for each in answers)]

    for batch in [arrivals] if one_batch else [[each] for each in arrivals]:
        world.take(batch)

    (asked,) = (message for message in world.all(Message) if message.message_id == "a")
    assert world.activity(asked.id).completed_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["question first", "answer first"])
@pytest.mark.parametrize("one_batch", [True, False])
def test_our_answer_completes_what_waited(world: World, order: tuple[int, int], one_batch: bool) -> None:
    known_contact(world)
    answered_at = NOW + timedelta(hours=1)
    raws = [
        (mail(CARL, SALES, message_id="a"), FolderRole.INBOX),
        (mail(SALES, CARL, "Re: Offer", message_id="b", references=["a"], date=answered_at), FolderRole.SENT),
    ]
    arrivals = [world.arrival(raws[n][0], role=raws[n][1]) for n in order]

    for group in [arrivals] if one_batch else [[each] for each in arrivals]:
        world.take(group)
    later = world.deliver(
        mail(CARL, SALES, "Re: Offer", message_id="c", references=["b"], date=answered_at + timedelta(hours=1))
    )

    question = next(activity for activity in world.all(Activity) if activity.title == "Offer")
    assert question.completed_at == answered_at
    assert world.activity(later).deadline is not None


def test_an_automatic_answer_of_ours_completes_nothing(world: World) -> None:
    question = world.deliver(mail(CARL, SALES, message_id="a"))
    away = mail(SALES, CARL, "Away", references=["a"], date=NOW + timedelta(hours=1), Auto_Submitted="auto-replied")
    world.deliver(away, role=FolderRole.SENT)

    assert world.activity(question).completed_at is None


def test_the_author_of_our_mail_is_named(world: World) -> None:
    known_contact(world)
    message_id = world.deliver(mail(BOB, CARL), role=FolderRole.SENT)

    assert world.activity(message_id).author_id == world.bob
    assert world.jobs() == ["message.sent"]


def test_a_new_bounce_becomes_a_job_and_stands_on_nothing(world: World) -> None:
    bounce = (
        b"From: Mail Delivery System <MAILER-DAEMON@mx.client.example>\r\nTo: sales@ours.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <%s>\r\nDate: Mon, 2 Mar 2026 12:00:00 +0000\r\n"
        b"Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nUser unknown\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.client.example\r\n\r\nFinal-Recipient: rfc822; gone@client.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n--x--\r\n"
    )
    world.deliver(bounce % b"old", internal_date=HISTORY)
    assert world.jobs() == []

    message_id = world.deliver(bounce % b"new")

    assert (world.jobs(), world.activity(message_id)) == (["campaigns.bounce"], None)
