"""Known clients that somebody may not see, or not change: tasks by mail, and leads that turn out to be them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import utcnow
from core.config import load_settings
from core.errors import Forbidden
from crm.access.notifications import notices
from crm.access.rights import Act, FieldAccess, Scope
from crm.access.rights.built_in import reach
from crm.access.rights.repository import require
from crm.records import on_behalf
from crm.records.contacts import create_company
from crm.records.fields.editing import current_values, edit_record
from crm.records.leads import create_lead
from crm.records.modes import Client
from crm.records.outcomes import Conversion
from crm.records.recycling import delete_record
from crm.records.repository import reading
from crm.records.stage_lists import add_stage, change_lead_stage
from crm.records.views import Arrival
from crm.work import from_mail
from crm.work.clients import records_of_address
from crm_world import mail
from integration.crm.rights.house import SYSTEM, WORKS, House, records
from storage import outbox
from storage.jobs import TASK_FROM_MAIL, OfIntakeDelivery, enqueue
from storage.models import (
    ActivityBinding,
    IntakeAddress,
    IntakeDelivery,
    IntakeState,
    LeadState,
    Purpose,
    Queue,
    RecordType,
    Task,
)
from storage.running import JobRun

OWN = records(reach(Scope.OWN, Scope.OWN))
"""Sees and changes what they are responsible for."""
FORWARDED = """Please call them.

---------- Forwarded message ---------
From: Nina New <new@client.example>
Date: Sun, Nov 15, 2026 at 9:00 AM
Subject: Broken grinder
To: <ann@ours.example>

It is broken.
"""


def task_by_mail(house: House, user_id: int, message_id: str) -> IntakeDelivery:
    """A mail to the secret task address of somebody is taken, and its job done; the delivery as it stands then."""
    message = house.deliver(
        mail("ann@ours.example", "sales@ours.example", "Fwd: Broken grinder", message_id=message_id, text=FORWARDED)
    )
    with house.store.database.unit_of_work() as session:
        address = IntakeAddress(
            purpose=Purpose.TASK,
            user_id=user_id,
            token_lookup=message_id,
            token_encrypted="",
            created_at=utcnow(),
        )
        session.add(address)
        session.flush()
        delivery = IntakeDelivery(
            intake_address_id=address.id,
            message_id=message,
            state=IntakeState.ACCEPTED,
            reason="",
            created_at=utcnow(),
        )
        session.add(delivery)
        session.flush()
        enqueue(session, TASK_FROM_MAIL, OfIntakeDelivery(delivery.id))
        delivery_id = delivery.id
    with house.store.database.unit_of_work() as session:
        handed = [number for number, *_ in outbox.hand_out(session, list(Queue), 100)]
        taken = [one for number in handed if (one := outbox.take(session, number))]
    (job,) = [one for one in taken if one.job == TASK_FROM_MAIL]
    from_mail.task_from_mail(JobRun(house.store, load_settings(data_dir=Path("unused")), job))
    return house.rows(select(IntakeDelivery).where(IntakeDelivery.id == delivery_id))[0]


def test_a_task_by_mail_about_a_hidden_company_is_made_and_one_whose_record_goes_is_refused_aloud(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.create_nothing()
    company = house.do(create_company, "Client Ltd", domain="client.example", responsible_id=house.bob)
    ann = house.give(house.ann, OWN)
    assert house.ask(records_of_address, ann, "new@client.example") == ()
    assert house.ask(records_of_address, house.viewer(house.bob), "new@client.example") == (
        (RecordType.COMPANY, company),
    )

    delivery = task_by_mail(house, house.ann, "m1")

    assert delivery.state is IntakeState.ACCEPTED
    (task,) = house.all(Task)
    assert (task.title, task.sender_address) == ("Broken grinder", "new@client.example")
    assert [row for row in house.all(ActivityBinding) if row.record_type is RecordType.COMPANY] == []

    # Bob's company goes between the look and the task.
    asked = from_mail.records_of_address

    def then_it_goes(*given: Any) -> Any:
        found = asked(*given)
        house.do(delete_record, SYSTEM, (RecordType.COMPANY, company))
        gone.append(found)
        return found

    gone: list[Any] = []
    monkeypatch.setattr(from_mail, "records_of_address", then_it_goes)
    refused = task_by_mail(house, house.bob, "m2")

    assert gone == [((RecordType.COMPANY, company),)]
    assert (refused.state, refused.reason) == (
        IntakeState.REFUSED,
        "One of these records does not exist any more: choose others.",
    )
    assert len(house.all(Task)) == 1, "nothing of it stays"
    assert refused.reason in house.ask(notices, house.viewer(house.bob))[0].title


def channels(house: House, contact_id: int) -> set[str]:
    return {each.value for each in house.ask(reading.contact, SYSTEM, contact_id).channels}


def test_a_lead_gives_nothing_to_a_client_that_may_not_be_changed(house: House) -> None:
    # Given Ann sees all contacts and changes none, and her lead has an address of Bob's contact and one more.
    ann = house.give(
        house.ann, records(reach(Scope.OWN, Scope.OWN), contact={Act.SEE: Scope.ALL, Act.CREATE: Scope.ALL})
    )
    bobs = house.contacts["bob"]
    more = house.do(create_lead, "More", emails=["bob@client.example", "more@client.example"], responsible_id=house.ann)
    same = house.do(create_lead, "Same", emails=["bob@client.example"], responsible_id=house.ann)

    for how in (Conversion(contact_id=bobs), Conversion()):
        with pytest.raises(Forbidden, match="change this contact"):
            house.do(on_behalf.convert, ann, more, how)
    assert channels(house, bobs) == {"bob@client.example"}
    assert house.ask(reading.lead, SYSTEM, more).state is LeadState.ACTIVE, "nothing was done by halves"

    # What gives the contact nothing new changes nothing.
    assert house.do(on_behalf.convert, ann, same, Conversion()).contact_id == bobs

    # May change it, but not its addresses.
    read = replace(WORKS, fields={RecordType.CONTACT: {"emails": FieldAccess.READ}})
    cat = house.give(house.cat, read)
    with pytest.raises(Forbidden, match="E-mail"):
        house.do(on_behalf.convert, cat, more, Conversion())
    with pytest.raises(Forbidden, match="E-mail"):
        house.do(on_behalf.convert, cat, more, Conversion(anew=True, contact_name="New"))
    assert len(house.ask(reading.contacts, SYSTEM)) == 2, "nobody was added"
    house.do(on_behalf.convert, house.give(house.cat, WORKS), more, Conversion())
    assert channels(house, bobs) == {"bob@client.example", "more@client.example"}


def test_a_lead_does_not_find_clients_that_are_hidden(house: House) -> None:
    ann, bobs = house.give(house.ann, OWN), house.contacts["bob"]
    firm = house.do(create_company, "Client Ltd", domain="client.example", responsible_id=house.bob)
    lead = house.do(
        create_lead, "Lead", name="Lea", emails=["bob@client.example", "lea@client.example"], responsible_id=house.ann
    )

    became = house.do(on_behalf.convert, ann, lead, Conversion(Client.BOTH))

    assert became.contact_id not in (None, bobs)
    assert became.company_id not in (None, firm)
    assert channels(house, bobs) == {"bob@client.example"}
    for kind, number in became.records:
        house.ask(require, ann, Act.EDIT, (kind, number))

    # A repeat lead keeps its client, and does not tell who that is.
    repeat = house.do(create_lead, "Again", contact_id=bobs, company_id=firm, responsible_id=house.ann)
    again = house.do(on_behalf.convert, ann, repeat, Conversion())
    assert (again.contact_id, again.company_id) == (None, None)
    assert again.deal_id is not None
    assert house.ask(reading.deal, SYSTEM, again.deal_id).contact.id == bobs


def test_what_a_lead_becomes_is_added_by_who_may_add_it_also_by_moving_it(house: House) -> None:
    # Given whoever adds contacts only for themselves, and changes leads of all.
    own = {Act.SEE: Scope.ALL, Act.CREATE: Scope.OWN, Act.EDIT: Scope.ALL}
    ann = house.give(house.ann, records(reach(Scope.ALL, Scope.ALL), contact=own))
    bobs = house.leads["bob"]
    with pytest.raises(Forbidden, match="add this contact"):
        house.do(on_behalf.convert, ann, bobs, Conversion())
    assert len(house.ask(reading.contacts, SYSTEM)) == 2
    company = records(reach(Scope.ALL, Scope.ALL), company=own)
    with pytest.raises(Forbidden, match="add this company"):
        house.do(on_behalf.convert, house.give(house.cat, company), bobs, Conversion(Client.COMPANY))

    # And a stage that converts what arrives is no way around.
    stage = house.do(add_stage, SYSTEM, None, "Becomes", LeadState.CONVERTED)
    arrival = Arrival(Client.CONTACT, deal=False)
    house.do(change_lead_stage, SYSTEM, stage, name="Becomes", arrival=arrival)
    with pytest.raises(Forbidden, match="add this contact"):
        house.do(on_behalf.move_lead, ann, bobs, stage)
    assert house.ask(reading.lead, SYSTEM, bobs).state is LeadState.ACTIVE
    assert house.do(on_behalf.move_lead, ann, house.leads["ann"], stage)
    assert house.ask(reading.lead, SYSTEM, house.leads["ann"]).state is LeadState.CONVERTED


def test_what_somebody_may_not_see_or_write_stays_on_the_lead(house: House) -> None:
    lead = house.do(create_lead, "Lead", name="Lea", emails=["lea@client.example"])
    house.do(edit_record, SYSTEM, (RecordType.LEAD, lead), {"tags": ["fair"], "notes": "Secret."})
    hidden = {RecordType.LEAD: {"notes": FieldAccess.HIDDEN}, RecordType.DEAL: {"tags": FieldAccess.READ}}

    became = house.do(on_behalf.convert, house.give(house.ann, replace(WORKS, fields=hidden)), lead, Conversion())

    deal, person = (house.ask(current_values, SYSTEM, record) for record in became.records)
    assert (deal["tags"], deal["notes"]) == ([], "")
    assert (person["tags"], person["notes"]) == (["fair"], "")
