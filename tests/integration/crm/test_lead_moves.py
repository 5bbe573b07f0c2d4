"""A lead on its way through the stages, on both databases: what each arrival means, and two people at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, NotFound, UsageError
from crm.access.roles.keeping import NewDepartment, save_department
from crm.access.viewer import Viewer
from crm.office.formats import USUAL
from crm.office.settings import change_formats
from crm.records import stage_lists
from crm.records.contacts import create_contact
from crm.records.conversions import convert_lead
from crm.records.fields.custom import NewField, change_field, create_field, remove_field
from crm.records.fields.editing import current_values, edit_record
from crm.records.lead_moves import convert_by_rule, move_lead
from crm.records.leads import create_lead
from crm.records.modes import Client, CrmMode, Mode
from crm.records.outcomes import Conversion, Converted
from crm.records.pipelines import create_pipeline, remove_pipeline
from crm.records.repository import reading
from crm.records.repository.lead_stages import lead_stages
from crm.records.teams import Team
from crm.records.views import Arrival, LeadView
from crm_world import World, mail
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Company,
    Contact,
    Deal,
    FieldKind,
    Lead,
    LeadState,
    Notification,
    RecordType,
    Role,
)
from storage.store import Store

SYSTEM = Viewer.system()


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.mode(CrmMode(Mode.CLASSIC))
    return world


def change(world: World, act: Callable[..., Any], *args: Any, **options: Any) -> Any:
    with world.store.database.unit_of_work() as session:
        return act(session, *args, **options)


def stages(world: World) -> dict[str, int]:
    with world.store.database.reading() as session:
        return {each.name: each.id for each in lead_stages(session, SYSTEM)}


def lead_of(world: World, lead_id: int) -> LeadView:
    with world.store.database.reading() as session:
        return reading.lead(session, SYSTEM, lead_id)


def changes_on(world: World, lead_id: int) -> list[tuple[str, int | None]]:
    on_it = select(ActivityBinding.activity_id).where(
        ActivityBinding.record_type == RecordType.LEAD, ActivityBinding.record_id == lead_id
    )
    told = select(Activity).where(Activity.id.in_(on_it), Activity.kind == ActivityKind.STAGE_CHANGE)
    return [(each.title, each.author_id) for each in world.rows(told.order_by(Activity.id))]


def test_a_lead_goes_through_the_stages_and_its_timeline_tells(world: World) -> None:
    first = world.deliver(mail("Ann Other <ann@seller.example>", world.sales.email, "Cups", message_id="a"))
    [lead] = world.all(Lead)
    there = stages(world)
    for name in ("Qualified", "Junk", "In contact"):
        assert change(world, move_lead, lead.id, there[name], viewer=Viewer(world.ann, Role.SELLER))
        assert not change(world, move_lead, lead.id, there[name], viewer=Viewer(world.ann, Role.SELLER)), (
            "it stands there already"
        )
        waits = world.activity(first)
        assert waits is not None
        assert (waits.completed_at is None) == (name == "Qualified")
    assert changes_on(world, lead.id) == [
        ("New → Qualified", world.ann),
        ("Qualified → Junk", world.ann),
        ("Junk → In contact", world.ann),
    ]
    assert lead_of(world, lead.id).state is LeadState.ACTIVE
    with pytest.raises(Conflict, match="asks what becomes of a lead"):
        change(world, move_lead, lead.id, there["Converted"])
    with pytest.raises(NotFound, match="no such stage"):
        change(world, move_lead, lead.id, 404)
    with pytest.raises(NotFound):
        change(world, move_lead, 404, there["Junk"])
    change(world, convert_lead, lead.id)
    for name in ("New", "Junk"):
        with pytest.raises(Conflict, match="was converted"):
            change(world, move_lead, lead.id, there[name])


def test_a_stage_converts_what_arrives_as_it_says(world: World) -> None:
    world.deliver(mail("Ann Other <ann@seller.example>", world.sales.email, "Cups", message_id="a"))
    [lead] = world.all(Lead)
    change(world, create_pipeline, SYSTEM, "Wholesale")
    with world.store.database.reading() as session:
        wholesale = reading.pipelines(session, SYSTEM)[-1]
    partner = change(world, stage_lists.add_stage, SYSTEM, None, "Partner", LeadState.CONVERTED)
    arrival = Arrival(Client.BOTH, deal=True, pipeline_id=wholesale.id)
    change(world, stage_lists.change_lead_stage, SYSTEM, partner, name="Partner", arrival=arrival)

    assert change(world, move_lead, lead.id, partner, viewer=Viewer(world.bob, Role.SELLER))

    [deal], [contact], [company] = world.all(Deal), world.all(Contact), world.all(Company)
    assert (deal.stage_id, deal.contact_id, deal.company_id) == (wholesale.stages[0].id, contact.id, company.id)
    assert {each.responsible_id for each in (deal, contact, company)} == {world.ann}, "the person stays responsible"
    became = lead_of(world, lead.id)
    assert (became.state, became.stage.name, became.deal and became.deal.id) == (
        LeadState.CONVERTED,
        "Partner",
        deal.id,
    )
    assert changes_on(world, lead.id) == [("New → Partner", world.bob)]

    change(
        world,
        stage_lists.change_lead_stage,
        SYSTEM,
        partner,
        name="Partner",
        arrival=Arrival(Client.COMPANY, deal=False),
    )
    remove_pipeline(world.store, SYSTEM, wholesale.id, move_to=first_pipeline(world))
    other = change(world, create_lead, "Only a client", name="Zoe", emails=["zoe@shop.example"])
    change(world, move_lead, other, partner)
    assert len(world.all(Deal)) == 1
    assert [each.name for each in world.all(Company)] == ["seller.example", "shop.example"]


def first_pipeline(world: World) -> int:
    with world.store.database.reading() as session:
        return reading.pipelines(session, SYSTEM)[0].id


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_of_two_at_once_one_converts_and_the_other_is_told(world: World) -> None:
    there = stages(world)
    for number in range(10):
        lead = change(world, create_lead, f"Lead {number}", emails=[f"p{number}@client.example"])
        barrier = Barrier(2)
        acts: tuple[Callable[[Any], Any], ...] = (
            lambda session, lead=lead: convert_lead(session, lead),
            (lambda session, lead=lead: convert_lead(session, lead))
            if number % 2
            else (lambda session, lead=lead: move_lead(session, lead, there["Junk"])),
        )

        def attempt(act: Callable[[Any], Any], barrier: Barrier = barrier) -> str:
            with world.store.database.unit_of_work() as session:
                barrier.wait(10)
                try:
                    act(session)
                except Conflict as error:
                    return str(error)
            return "done"

        with ThreadPoolExecutor(2) as pool:
            said = [each.result(20) for each in [pool.submit(attempt, act) for act in acts]]
        assert said.count("done") == 1
        assert next(each for each in said if each != "done") in (
            "Only an active lead can be converted.",
            "This lead was converted: what it became is moved instead.",
        )
        became = [deal for deal in world.all(Deal) if deal.title == f"Lead {number}"]
        assert len(became) == (lead_of(world, lead).state is LeadState.CONVERTED)
        assert len(changes_on(world, lead)) == 1


def test_a_rule_converts_a_lead_once_however_often_it_runs(world: World) -> None:
    """Given the job of a rule that runs twice, also at once, then there is one client, and each run is told what it became."""
    there, how = stages(world), Conversion(Client.BOTH, responsible_id=world.bob)
    for number in range(5):
        lead = change(world, create_lead, f"Lead {number}", emails=[f"p{number}@client{number}.example"])
        barrier = Barrier(2)

        def run(lead: int = lead, barrier: Barrier = barrier) -> Converted:
            barrier.wait(10)
            converted: Converted = change(world, convert_by_rule, lead, how)
            return converted

        with ThreadPoolExecutor(2) as pool:
            first, second = [each.result(20) for each in [pool.submit(run) for _ in range(2)]]
        assert first == second == change(world, convert_by_rule, lead, how, into=there["Converted"])
        assert first.responsible_id == world.bob
        assert len(world.all(Deal)) == len(world.all(Contact)) == number + 1
        assert [each.user_id for each in world.all(Notification)] == [world.bob] * (number + 1)

    junk = change(world, create_lead, "Junk")
    change(world, move_lead, junk, there["Junk"])
    for lead, into, kind in ((junk, None, Conflict), (404, None, NotFound), (junk, there["Junk"], Conflict)):
        with pytest.raises(kind):
            change(world, convert_by_rule, lead, how, into=into)
    assert lead_of(world, junk).state is LeadState.JUNK


def test_a_stage_writes_and_hands_over_what_was_chosen_for_it(world: World) -> None:
    """Given a stage that says which fields go along, what is written on what is new, where deals begin and who gets them."""
    change(world, create_pipeline, SYSTEM, "Wholesale")
    with world.store.database.reading() as session:
        wholesale = reading.pipelines(session, SYSTEM)[-1]
    made = {
        kind: change(world, create_field, SYSTEM, NewField(kind, "Cups a week", FieldKind.NUMBER))
        for kind in (RecordType.LEAD, RecordType.DEAL)
    }
    rank = change(world, create_field, SYSTEM, NewField(RecordType.DEAL, "Rank", FieldKind.CHOICE, ["A", "B"]))
    gone = change(world, create_field, SYSTEM, NewField(RecordType.CONTACT, "Shirt", FieldKind.TEXT))
    team = change(world, save_department, SYSTEM, NewDepartment("Partners", people=[world.ann, world.bob]))
    known = change(world, create_contact, "Known", emails=["known@seller.example"])
    on_lead = {"notes": "Wants a sample.", "tags": ["cups"], f"field_{made[RecordType.LEAD]}": 40}
    leads = []
    for who in ("new", "known", "third"):
        lead = change(world, create_lead, f"Cups for {who}", name=who, emails=[f"{who}@seller.example"], source="email")
        change(world, edit_record, SYSTEM, (RecordType.LEAD, lead), on_lead)
        leads.append(lead)
    change(world, edit_record, SYSTEM, (RecordType.LEAD, leads[0]), {"amount": 500, "currency": "JPY", "city": "Kyoto"})
    partner = change(world, stage_lists.add_stage, SYSTEM, None, "Partner", LeadState.CONVERTED)
    arrival = Arrival(
        stage_id=wholesale.stages[2].id,
        team=Team(department_id=team),
        along=("tags", f"field_{made[RecordType.LEAD]}"),
        values={
            "deal": {"source": "partner", "tags": ["hot"], "amount": 9900, f"field_{rank}": "B"},
            "contact": {"position": "Buyer", "country": "Polska", f"field_{gone}": "L"},
        },
    )
    change(world, stage_lists.change_lead_stage, SYSTEM, partner, arrival=arrival)
    change(world, change_formats, SYSTEM, USUAL, "JPY")  # The stage's amount stays one in euros.
    narrow = Viewer(world.bob, Role.SELLER)

    for lead in leads[:2]:
        assert change(world, move_lead, lead, partner, viewer=narrow)
    change(world, remove_field, SYSTEM, gone)
    change(world, change_field, SYSTEM, rank, "Rank", ["A"])
    stage_lists.remove_stage(
        world.store, SYSTEM, wholesale.stages[2].id, of_leads=False, move_to=wholesale.stages[1].id
    )
    assert change(world, move_lead, leads[2], partner, viewer=narrow), "what is gone since holds nobody up"

    def values(kind: RecordType, record_id: int) -> dict[str, Any]:
        with world.store.database.reading() as session:
            return current_values(session, SYSTEM, (kind, record_id))

    first, second, third = (values(RecordType.DEAL, deal.id) for deal in world.all(Deal))
    assert (first["source"], first["tags"], first["amount"], first["notes"]) == ("partner", ["hot", "cups"], 9900, "")
    assert (first[f"field_{rank}"], first[f"field_{made[RecordType.DEAL]}"]) == ("B", 40)
    assert (third["source"], third[f"field_{rank}"]) == ("partner", "")
    assert [deal.stage_id for deal in world.all(Deal)] == [wholesale.stages[1].id] * 2 + [wholesale.stages[0].id]
    assert [deal.responsible_id for deal in world.all(Deal)] == [world.ann, world.bob, world.ann]
    assert (second["amount"], first["currency"]) == (9900, "EUR"), "the amount of the stage is none in yen"
    old = values(RecordType.CONTACT, known)
    assert (old["position"], old["tags"]) == ("", ["cups"]), "a client that was known keeps what it has"
    contacts = {contact.name: contact for contact in world.all(Contact)}
    assert (contacts["new"].position, contacts["new"].source, contacts["third"].position) == ("Buyer", "email", "Buyer")
    assert [(each.country, each.city) for each in (contacts["new"], contacts["Known"])] == [("Polska", ""), ("", "")]
    assert [each.user_id for each in world.all(Notification)] == [world.ann, world.ann], "who moved it knows"


def test_an_amount_of_a_lead_keeps_its_currency_at_a_stage_that_writes_one(world: World) -> None:
    """Given a stage that writes the currency of its deals, and may not write what is a person's own."""
    zloty = change(world, stage_lists.add_stage, SYSTEM, None, "In zloty", LeadState.CONVERTED)
    change(world, stage_lists.change_lead_stage, SYSTEM, zloty, arrival=Arrival(values={"deal": {"currency": "PLN"}}))
    for wrong in ("first_name", "last_name", "birthday"):
        with pytest.raises(UsageError, match="no field of a contact"):
            change(
                world,
                stage_lists.change_lead_stage,
                SYSTEM,
                zloty,
                arrival=Arrival(values={"contact": {wrong: "--03-14"}}),
            )
    leads = [change(world, create_lead, title) for title in ("In yen", "Nothing said", "No amount")]
    change(world, edit_record, SYSTEM, (RecordType.LEAD, leads[0]), {"amount": 500, "currency": "JPY"})
    change(world, edit_record, SYSTEM, (RecordType.LEAD, leads[2]), {"currency": "JPY"})
    for lead in leads:
        change(world, move_lead, lead, zloty, viewer=SYSTEM)
    assert [(deal.amount, deal.currency) for deal in world.all(Deal)] == [(500, "JPY"), (0, "PLN"), (0, "PLN")]
