"""From Classic to Simple on both databases: every active lead becomes a client and a deal, once, with all that stands on it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from core.errors import Conflict, Forbidden, UsageError
from crm.access.viewer import Viewer
from crm.records import lead_runs
from crm.records.contacts import create_contact
from crm.records.lead_runs import go_on
from crm.records.leads import create_lead
from crm.records.modes import Client, CrmMode, Mode, read_mode
from crm.records.pipelines import ensure_defaults
from crm.records.repository import reading, writing
from crm.records.repository.conversion import active_leads
from crm.records.repository.lead_runs import Choices, Run, last_change_of_mode
from crm.records.switching import change_mode
from crm.records.views import RecordFilter
from crm.stream.follows import follow, is_following
from crm.stream.timeline.entries import add_entry
from crm.stream.views import NewEntry
from crm.work.tasks import create_task
from crm.work.views import NewTask
from crm_world import NOW, World, mail
from integration.crm.modes.changes import SYSTEM, change, write_in
from storage import jobs
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Contact,
    Deal,
    Lead,
    LeadState,
    Outbox,
    RecordType,
    Role,
    StageKind,
    Task,
    TaskStatus,
)

CLASSIC = CrmMode(Mode.CLASSIC)


def to_simple(world: World, choices: Choices = Choices()) -> Run:
    """Change to Simple and convert all; what came of it."""
    begun = change(world, choices=choices)
    assert begun is not None
    done = go_on(world.store, begun.number)
    assert done is not None
    return done


def test_each_lead_becomes_a_client_and_a_deal_with_its_mail(world: World) -> None:
    mails = write_in(world, 45)  # More than two units of work.
    leads = world.all(Lead)
    assert len(leads) == 45

    done = to_simple(world)

    assert (done.done, done.left, done.total) == (45, (), 45)
    assert done.ended_at is not None
    with world.store.database.reading() as session:
        assert read_mode(session).mode is Mode.SIMPLE
        assert active_leads(session).leads == 0
        shown = reading.lead(session, SYSTEM, leads[0].id)
        deals = reading.deals(session, SYSTEM, RecordFilter(limit=100))
    assert shown.state is LeadState.CONVERTED
    assert shown.deal is not None
    assert shown.converted_at is not None
    assert sorted(deal.title for deal in deals) == sorted(f"Offer {n}" for n in range(45))
    assert len(world.all(Contact)) == 45
    for message_id in mails:
        owner, *others = world.bindings(message_id)
        assert owner[0] is RecordType.DEAL
        assert {kind for kind, _ in others} == {RecordType.LEAD, RecordType.CONTACT}
    answer = mail("p7@client7.example", world.sales.email, "Re: Offer 7", message_id="b7", references=["a7"])
    assert world.bindings(world.deliver(answer))[0] == world.bindings(mails[7])[0]
    assert len(world.all(Deal)) == 45


@pytest.mark.parametrize("complete", [False, True])
def test_what_is_planned_stays_open_on_the_deal_or_is_completed(world: World, complete: bool) -> None:
    write_in(world, 1)
    [lead] = world.all(Lead)
    ann = Viewer(world.ann, Role.ADMINISTRATOR)
    on_it = ((RecordType.LEAD, lead.id),)
    with world.store.database.unit_of_work() as session:
        later = NOW + timedelta(days=900)
        add_entry(session, ann, NewEntry(ActivityKind.CALL, "Call them", on_it, deadline=later))
        task = create_task(session, ann, NewTask("Send a sample", world.ann, records=on_it))
        follow(session, ann, on_it[0])
    with world.store.database.reading() as session:
        before = active_leads(session)
    assert (before.leads, before.mails, before.planned) == (1, 1, 3)

    to_simple(world, Choices(complete_activities=complete))

    [deal] = world.all(Deal)
    on_deal = select(ActivityBinding.activity_id).where(
        ActivityBinding.record_type == RecordType.DEAL, ActivityBinding.record_id == deal.id, ActivityBinding.owner
    )
    story = world.rows(select(Activity).where(Activity.id.in_(on_deal)))
    [converted] = [each.title for each in story if each.kind is ActivityKind.STAGE_CHANGE]
    assert converted == "New → Converted"
    planned = [each for each in story if each.kind is not ActivityKind.STAGE_CHANGE]
    assert sorted(each.kind.value for each in planned) == ["call", "mail", "task"]
    assert {each.completed_at is not None for each in planned} == {complete}
    [row] = world.rows(select(Task).where(Task.id == task))
    assert row.status is (TaskStatus.DONE if complete else TaskStatus.OPEN)
    with world.store.database.reading() as session:
        assert is_following(session, ann, (RecordType.DEAL, deal.id))


def test_a_known_client_is_not_made_twice(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        carl = create_contact(session, "Carl", emails=["carl@client.example"], phones=["+48 22 123"])
        create_lead(session, "Came back", contact_id=carl)
        create_lead(session, "By another way", name="Carl again", emails=["CARL@client.example"])
        create_lead(session, "By phone", name="C.", phones=["+48 22 123"])
        create_lead(session, "Somebody new", name="Dora", emails=["dora@client.example"])

    assert to_simple(world, Choices(Client.BOTH)).done == 4

    assert [row.name for row in world.all(Contact)] == ["Carl", "Dora"]
    deals = {deal.title: deal for deal in world.all(Deal)}
    assert deals["Came back"].repeat
    assert {deals[title].contact_id for title in ("Came back", "By another way", "By phone")} == {carl}


def test_deals_begin_in_the_chosen_pipeline(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        ensure_defaults(session)
        writing.add_pipeline(session, "Wholesale", [("Asked", StageKind.OPEN), ("Gone", StageKind.LOST)])
        writing.add_pipeline(session, "Closed", [("Gone", StageKind.LOST)])
        _, wholesale, closed = (each.id for each in reading.pipelines(session, SYSTEM))
    write_in(world, 1)

    for none in (closed, 404):
        with pytest.raises(UsageError, match="pipeline"):
            change(world, choices=Choices(pipeline_id=none))
    with world.store.database.reading() as session:
        assert read_mode(session) == CLASSIC
    to_simple(world, Choices(pipeline_id=wholesale))

    assert [deal.pipeline_id for deal in world.all(Deal)] == [wholesale]


def test_one_that_can_not_be_converted_holds_nobody_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write_in(world, 3)
    _, second, _ = world.all(Lead)
    real = lead_runs.convert_lead

    def convert(session: Any, lead_id: int, *how: Any, **options: Any) -> Any:
        made = real(session, lead_id, *how, **options)
        if lead_id == second.id:
            raise Conflict("No.")
        return made

    monkeypatch.setattr(lead_runs, "convert_lead", convert)
    done = to_simple(world)

    assert (done.done, [(each.id, each.why) for each in done.left]) == (2, [(second.id, "No.")])
    assert [row.state.value for row in world.all(Lead)] == ["converted", "active", "converted"]
    assert len(world.all(Deal)) == len(world.all(Contact)) == 2


def test_changed_back_in_the_middle_the_rest_stay_leads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_runs, "AT_ONCE", 2)
    write_in(world, 5)
    begun = change(world)
    assert begun is not None
    seen: list[int] = []

    def stop_there(now: Run) -> None:
        seen.append(now.done)
        change(world, Mode.CLASSIC)

    assert go_on(world.store, begun.number, stop_there) is None
    assert seen == [2]
    assert len(world.all(Deal)) == 2

    assert to_simple(world).total == 3
    assert go_on(world.store, begun.number) is None, "the first change was replaced"
    assert len(world.all(Deal)) == 5


def test_nothing_to_convert_asks_for_no_job(world: World) -> None:
    assert change(world) is None
    assert change(world, Mode.CLASSIC) is None
    assert change(world, Mode.CLASSIC) is None
    assert jobs.CONVERT_LEADS.name not in {row.job for row in world.all(Outbox)}
    with world.store.database.reading() as session:
        assert last_change_of_mode(session) is None


def test_only_administrators_may(world: World) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(Forbidden), world.store.database.unit_of_work() as session:
            change_mode(session, Viewer(world.ann, role), Mode.SIMPLE, Choices())
    with world.store.database.reading() as session:
        assert read_mode(session) == CLASSIC


def test_a_change_of_mode_counts_leads_alone_while_nobody_else_can_write(world: World) -> None:
    write_in(world, 2)
    asked: list[str] = []
    event.listen(world.store.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    change(world, Mode.SIMPLE)
    assert not [each for each in asked if "activity_binding" in each]
