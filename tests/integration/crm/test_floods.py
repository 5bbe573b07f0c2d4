"""Loops and floods: one sender or domain that writes and writes makes no endless deals, contacts and deadlines.

Complaints: freescout #4143 (about 8,000 mails), #3670, #1403, #4631, #3332; chatwoot #5131; odoo PRs #187696, #162459, #78597.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.errors import Forbidden, UsageError
from crm.access.viewer import Viewer
from crm.intake.forgetting import KEPT_FOR, forget_old_tallies
from crm.intake.policies.changing import NewRule, add_rules
from crm.intake.policies.limits import Limits, change_limits, read_limits
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely
from crm.records.deals import change_stage
from crm_world import NOW, World, known_contact, mail
from storage.models import (
    Activity,
    Contact,
    Deal,
    Message,
    Notification,
    Outbox,
    Place,
    Role,
    SenderTally,
    Stage,
    StageKind,
    Treatment,
    User,
)
from storage.store import Store

SALES = "sales@ours.example"
FEW = {"made_of_address": 3, "made_of_domain": 5, "made_of_form": 7, "waiting_of_address": 4, "waiting_of_domain": 6}


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def guarded(world: World) -> World:
    """With limits that a test reaches soon, and an administrator."""
    with world.store.database.unit_of_work() as session:
        change_limits(session, Viewer.system(), FEW)
        ines = User(email="ines@ours.example", email_key="ines@ours.example", name="Ines", role=Role.ADMINISTRATOR)
        ines.created_at = NOW
        session.add(ines)
    return world


def count(world: World, table: type[Deal | Contact | Message | SenderTally]) -> int:
    with world.store.database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def why(world: World) -> list[str]:
    """What the mail that came last is said to be."""
    [newest] = world.rows(select(Place).order_by(Place.id.desc()).limit(1))
    return [entry["detail"] for entry in newest.decision]


def flood(world: World, sender: Callable[[int], str], times: int, *, first: int = 0, **options: object) -> None:
    """Mails one by one, as a sync that keeps up takes them in."""
    for number in range(first, first + times):
        world.deliver(mail(sender(number), SALES, f"Offer {number}", message_id=f"m{number}"), **options)


def told(world: World) -> list[Outbox]:
    return [row for row in world.all(Outbox) if row.job == "message.received"]


def test_a_domain_of_ever_new_senders_makes_so_many_deals_and_no_more(guarded: World) -> None:
    flood(guarded, lambda number: f"p{number}@flood.example", 8)

    assert count(guarded, Deal) == count(guarded, Contact) == FEW["made_of_domain"]
    assert count(guarded, Message) == 8
    assert any(each.startswith("Mail of this sender's domain has made as much as it may") for each in why(guarded))
    assert len(told(guarded)) == FEW["made_of_domain"]
    bells = guarded.all(Notification)
    assert [bell.title for bell in bells] == ["One sender writes very much: some of their mail makes nothing"] * 2
    assert {bell.user_id for bell in bells} == {guarded.ann, guarded.all(User)[-1].id}
    kept = guarded.all(Message)[FEW["made_of_domain"]]
    assert {bell.link for bell in bells} == {f"/mail/threads/{kept.thread_id}"}

    # Others are not held up, and two hours later it goes on.
    guarded.deliver(mail("carl@client.example", SALES))
    flood(guarded, lambda number: f"p{number}@flood.example", 1, first=7, internal_date=NOW + timedelta(hours=2))
    guarded.deliver(mail("q@flood.example", SALES), internal_date=NOW + timedelta(hours=2))
    assert count(guarded, Deal) == FEW["made_of_domain"] + 2


def test_a_deal_that_is_closed_each_time_makes_no_endless_repeat_deals(guarded: World) -> None:
    for number in range(6):
        guarded.deliver(mail("carl@client.example", SALES, f"Offer {number}", message_id=f"m{number}"))
        with guarded.store.database.unit_of_work() as session:
            won = session.execute(select(Stage.id).where(Stage.kind == StageKind.WON).limit(1)).scalar_one()
            for deal_id in session.execute(select(Deal.id).where(Deal.stage_kind == StageKind.OPEN)).scalars().all():
                change_stage(session, deal_id, won)

    assert count(guarded, Deal) == FEW["made_of_address"]
    assert count(guarded, Contact) == 1
    assert any(each.startswith("Mail of this sender has made as much as it may") for each in why(guarded))
    # What makes nothing stands on the client all the same.
    assert all(guarded.bindings(message.id) for message in guarded.all(Message))


def test_mail_that_joins_asks_for_so_many_answers_and_rings_no_more(guarded: World) -> None:
    known_contact(guarded, responsible_id=guarded.ann)
    batch = [
        guarded.arrival(mail("carl@client.example", SALES, f"Offer {number}", message_id=f"m{number}"))
        for number in range(7)
    ]
    guarded.take(batch)

    waiting = [row for row in guarded.all(Activity) if row.deadline is not None]
    assert len(waiting) == len(told(guarded)) == FEW["waiting_of_address"]
    assert len(guarded.all(Activity)) == 7
    assert any(each.startswith("So much mail of this sender") for each in why(guarded))

    # A second mailbox that gets the same mail makes no more of it.
    box = guarded.add_mailbox("ann@ours.example")
    guarded.take(
        [
            guarded.arrival(mail("carl@client.example", SALES, f"Offer {number}", message_id=f"m{number}"), box)
            for number in range(7)
        ],
        box,
    )
    waiting = [row for row in guarded.all(Activity) if row.deadline is not None]
    assert len(waiting) == len(told(guarded)) == FEW["waiting_of_address"]


def test_senders_of_whom_each_mail_makes_a_new_one_have_an_end_too(guarded: World) -> None:
    with guarded.store.database.unit_of_work() as session:
        add_rules(session, Viewer.system(), None, [NewRule(None, "portal.example", Treatment.ALWAYS_NEW)])

    flood(guarded, lambda number: f"no-reply{number % 3}@portal.example", 10)

    assert count(guarded, Deal) == FEW["made_of_form"]


def test_a_form_that_names_ever_new_people_has_an_end(guarded: World) -> None:
    for number in range(10):
        guarded.deliver(mail("wordpress@shop.example", SALES, f"Form {number}", Reply_To=f"x@victim{number}.example"))

    assert count(guarded, Deal) == FEW["made_of_form"]


def test_only_administrators_say_how_much(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        assert read_limits(session) == Limits()
        for changes in ({"made_of_address": 0}, {"made_of_address": 10**9}, {"nonsense": 3}):
            with pytest.raises(UsageError):
                change_limits(session, Viewer.system(), changes)
        with pytest.raises(Forbidden):
            change_limits(session, Viewer(world.ann, Role.SELLER), {"made_of_address": 4})
        assert change_limits(session, Viewer.system(), {"made_of_address": 4}).made_of_address == 4
        assert read_limits(session) == Limits(made_of_address=4)


def test_what_was_counted_is_forgotten_and_names_nobody(guarded: World) -> None:
    flood(guarded, lambda _: "carl@client.example", 1, internal_date=NOW)
    rows = guarded.all(SenderTally)
    assert [(row.made, row.waiting, row.limited) for row in rows] == [(1, 1, 0)] * 2
    assert not any("client" in row.key for row in rows)

    forget_old_tallies(guarded.store)  # What the tests call now is more than forty days ago.
    assert timedelta(days=30) < KEPT_FOR
    assert count(guarded, SenderTally) == 0


def test_two_that_take_mail_in_at_once_hold_the_limit_together(guarded: World) -> None:
    boxes = [guarded.sales, guarded.add_mailbox("box@ours.example")]
    batches = [
        prepare(
            guarded.store,
            [guarded.arrival(mail(f"p{box.id}-{number}@flood.example", box.email), box) for number in range(8)],
        )
        for box in boxes
    ]
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(lambda box, batch: take_in_safely(guarded.store, box.id, batch), boxes, batches))

    assert [each.stored for each in taken] == [8, 8]
    assert count(guarded, Deal) == FEW["made_of_domain"]
