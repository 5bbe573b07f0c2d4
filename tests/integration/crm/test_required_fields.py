"""Stages that require fields, on both databases: who is asked, who goes free, and what is said."""

from datetime import date

import pytest

from core.errors import MailsyncError, UsageError
from crm.access.viewer import Viewer
from crm.records import lead_runs, on_behalf, stage_lists
from crm.records.deals import create_deal
from crm.records.fields.custom import NewField, create_field, remove_field
from crm.records.fields.editing import edit_record
from crm.records.lead_moves import move_lead
from crm.records.leads import create_lead, put_aside
from crm.records.outcomes import Conversion
from crm.records.pipelines import ensure_defaults
from crm.records.repository import lead_runs as rows
from crm.records.repository import reading
from crm.records.repository.lead_runs import Choices
from crm.records.repository.lead_stages import lead_stages
from crm.records.repository.reading import lead
from crm.records.required_fields import FieldsMissing
from crm_world import World
from storage.models import FieldKind, LeadAct, RecordType, Role
from storage.store import Store

SYSTEM = Viewer.system()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_a_deal_goes_where_what_is_required_is_filled_in(world: World) -> None:
    ann = Viewer(world.ann, Role.ADMINISTRATOR)
    with world.store.database.unit_of_work() as session:
        ensure_defaults(session)
        stages = {stage.name: stage.id for stage in reading.pipelines(session, SYSTEM)[0].stages}
        budget = create_field(session, ann, NewField(RecordType.DEAL, "Budget", FieldKind.MONEY))
        gone = create_field(session, ann, NewField(RecordType.DEAL, "Gone", FieldKind.TEXT))
        required = ["closes_on", f"field_{budget}", "amount", f"field_{gone}"]
        stage_lists.change_deal_stage(
            session, ann, stages["Proposal"], name="Proposal", probability=None, required=required
        )
        remove_field(session, ann, gone)
        deal = create_deal(session, "Cups")

    def move() -> bool:
        with world.store.database.unit_of_work() as session:
            return on_behalf.move_deal(session, ann, deal, stages["Proposal"])

    # Given nothing of it, it is refused with all names; what is half filled in names the rest.
    with pytest.raises(
        FieldsMissing, match=r"^“Proposal” needs Amount, Expected to be won on and Budget: fill them in first"
    ):
        move()
    with world.store.database.unit_of_work() as session:
        edit_record(session, ann, (RecordType.DEAL, deal), {"amount": 500, "closes_on": "2026-12-01"})
    with pytest.raises(FieldsMissing, match=r"^“Proposal” needs Budget: fill it in first"):
        move()
    with world.store.database.reading() as session:
        assert reading.deal(session, SYSTEM, deal).stage.name == "New"

    # Nothing of money is an amount in a field of one's own; then it goes, and stays there without being asked again.
    with world.store.database.unit_of_work() as session:
        edit_record(session, ann, (RecordType.DEAL, deal), {f"field_{budget}": 0})
    assert move() is True
    with world.store.database.unit_of_work() as session:
        edit_record(session, ann, (RecordType.DEAL, deal), {"closes_on": None})
    assert move() is False

    # One that is added there has them too, or is not added; elsewhere nothing is asked.
    more = {"closes_on": date(2026, 12, 1).isoformat(), "amount": 1, f"field_{budget}": 2}
    for wanted in (None, {"amount": 1}):
        with pytest.raises(FieldsMissing), world.store.database.unit_of_work() as session:
            _add(session, ann, stages["Proposal"], wanted)
    with world.store.database.unit_of_work() as session:
        added = _add(session, ann, stages["Proposal"], more)
        _add(session, ann, stages["Qualified"], None)
    with world.store.database.reading() as session:
        assert reading.deal(session, SYSTEM, added).amount == 1
        assert len(reading.deals(session, SYSTEM)) == 3

    # A field that there is not is no requirement.
    for wrong in (["nothing"], ["field_99"], ["amount", "'; --"]):
        with pytest.raises(UsageError), world.store.database.unit_of_work() as session:
            stage_lists.change_deal_stage(session, ann, stages["Won"], name="Won", probability=None, required=wrong)


def test_leads_alone_and_in_bulk(world: World) -> None:
    ann = Viewer(world.ann, Role.ADMINISTRATOR)
    with world.store.database.unit_of_work() as session:
        ensure_defaults(session)
        stages = {stage.name: stage.id for stage in lead_stages(session, SYSTEM)}
        for name in ("In contact", "Junk", "Converted"):
            stage_lists.change_lead_stage(session, ann, stages[name], name=name, arrival=None, required=["notes"])
        bare, told, by_mail, by_rule = (create_lead(session, title) for title in ("Bare", "Told", "Mail", "Rule"))
        edit_record(session, ann, (RecordType.LEAD, told), {"notes": "called twice"})

    # By hand: each way asks.
    ways = (
        lambda session: on_behalf.move_lead(session, ann, bare, stages["In contact"]),
        lambda session: on_behalf.change_lead(session, ann, bare, put_aside),
        lambda session: on_behalf.convert(session, ann, bare, Conversion()),
        lambda session: _add(session, ann, stages["In contact"], None, RecordType.LEAD),
    )
    for way in ways:
        with (
            pytest.raises(MailsyncError, match="needs Notes: fill it in first"),
            world.store.database.unit_of_work() as session,
        ):
            way(session)

    with world.store.database.unit_of_work() as session:
        new = _add(session, ann, stages["In contact"], {"notes": "called"}, RecordType.LEAD)
        assert (lead(session, ann, new).stage.id, lead(session, ann, new).notes) == (stages["In contact"], "called")

    # In bulk: who has it not is left and named.
    with world.store.database.unit_of_work() as session:
        number = lead_runs.begin(session, ann, LeadAct.JUNK, [bare, told], Choices())
    lead_runs.go_on(world.store, number)
    with world.store.database.reading() as session:
        run = rows.run(session, ann, number)
        assert (run.done, [(one.id, "needs Notes" in one.why) for one in run.left]) == (1, [(bare, True)])

    # What a rule or the change of mode does asks nobody.
    with world.store.database.unit_of_work() as session:
        assert move_lead(session, by_mail, stages["In contact"]) is True
        put_aside(session, by_rule)


def _add(
    session, ann: Viewer, stage_id: int, wanted: dict[str, object] | None, kind: RecordType = RecordType.DEAL
) -> int:
    make = create_deal if kind is RecordType.DEAL else create_lead
    return on_behalf.add(session, ann, kind, make, title="Added", stage_id=stage_id, wanted=wanted, source="by hand")
