"""Records made by hand: contacts, companies, leads, deals, pipelines, the mode, and how they are listed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.config import load_settings
from core.errors import Conflict, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.conversions import convert_lead
from crm.records.deals import change_stage, create_deal
from crm.records.leads import create_lead
from crm.records.modes import Client, CrmMode, Mode, read_mode, write_mode
from crm.records.outcomes import Conversion
from crm.records.pipelines import DEFAULT_STAGES, ensure_defaults
from crm.records.repository import reading
from crm.records.views import RecordFilter
from storage.models import Activity, ActivityBinding, ActivityKind, LeadState, Pipeline, RecordType, Stage, StageKind
from storage.sessions import WriteSession
from storage.store import open_store

SYSTEM = Viewer.system()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[WriteSession]:
    store = open_store(load_settings(data_dir=tmp_path))
    with store.database.unit_of_work() as session:
        yield session
    store.close()


def stage(session: WriteSession, name: str) -> int:
    return session.execute(select(Stage.id).where(Stage.name == name)).scalar_one()


def test_the_first_pipeline_is_made_once(session: WriteSession) -> None:
    first, again = ensure_defaults(session), ensure_defaults(session)

    (pipeline,) = reading.pipelines(session, SYSTEM)
    assert first.id == again.id == pipeline.stages[0].id
    assert [(each.name, each.kind) for each in pipeline.stages] == DEFAULT_STAGES
    assert len(session.execute(select(Pipeline)).all()) == 1


def test_a_contact_is_found_by_any_of_its_addresses(session: WriteSession) -> None:
    company = create_company(session, "Client Ltd", domain="WWW.Mail.Client.co.uk")
    carl = create_contact(
        session, " Carl ", emails=["Carl@Client.co.uk", "carl@private.example"], phones=["+48 22 1"], company_id=company
    )

    view = reading.contact(session, SYSTEM, carl)
    assert (view.name, view.company and view.company.name) == ("Carl", "Client Ltd")
    assert [channel.value for channel in view.channels] == ["Carl@Client.co.uk", "carl@private.example", "+48 22 1"]
    assert reading.company(session, SYSTEM, company).domain == "client.co.uk"
    for address in ("CARL@client.co.uk", "carl@private.example"):
        assert [found.id for found in reading.find_by_address(session, SYSTEM, address)] == [carl]
    assert reading.find_by_address(session, SYSTEM, "dora@client.co.uk") == []


WRONG: dict[str, Callable[[WriteSession], int]] = {
    "contact without name": lambda session: create_contact(session, " "),
    "address without @": lambda session: create_contact(session, "Carl", emails=["carl"]),
    "address without name": lambda session: create_contact(session, "Carl", emails=["@client.example"]),
    "company at a free-mail domain": lambda session: create_company(session, "Mailers", domain="gmail.com"),
    "deal without title": lambda session: create_deal(session, ""),
    "lead without title": lambda session: create_lead(session, " "),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_without_the_address(session: WriteSession, what: str) -> None:
    with pytest.raises(UsageError) as error:
        WRONG[what](session)
    assert "client" not in str(error.value)


def test_a_deal_moves_closes_and_opens_again(session: WriteSession) -> None:
    contact = create_contact(session, "Carl")
    deal = create_deal(session, "Boat", contact_id=contact, amount=120_00)

    assert change_stage(session, deal, stage(session, "Won"))
    won = reading.deal(session, SYSTEM, deal)
    assert not change_stage(session, deal, stage(session, "Won"))
    assert change_stage(session, deal, stage(session, "Proposal"))
    open_again = reading.deal(session, SYSTEM, deal)

    assert (won.stage.kind, won.closed_at is not None) == (StageKind.WON, True)
    assert (open_again.stage.name, open_again.closed_at) == ("Proposal", None)
    entries = session.execute(select(Activity).order_by(Activity.id)).scalars().all()
    assert [(each.kind, each.title) for each in entries] == [
        (ActivityKind.STAGE_CHANGE, "New → Won"),
        (ActivityKind.STAGE_CHANGE, "Won → Proposal"),
    ]
    owners = session.execute(select(ActivityBinding.record_type).where(ActivityBinding.owner)).scalars().all()
    assert owners == [RecordType.DEAL, RecordType.DEAL]
    with pytest.raises(NotFound):
        change_stage(session, 99, stage(session, "Won"))


@pytest.mark.parametrize(
    ("client", "email", "contact", "company"),
    [
        (Client.CONTACT, "carl@client.example", "Carl", None),
        (Client.COMPANY, "carl@client.example", None, "client.example"),
        (Client.BOTH, "carl@client.example", "Carl", "client.example"),
        (Client.COMPANY, "carl@gmail.com", None, "Carl"),
    ],
)
def test_a_lead_becomes_client_and_deal(
    session: WriteSession, client: Client, email: str, contact: str | None, company: str | None
) -> None:
    lead = create_lead(session, "Wants a boat", name="Carl", emails=[email], source="email")

    converted = convert_lead(session, lead, Conversion(client))

    deal = reading.deal(session, SYSTEM, converted.deal_id or 0)
    assert (deal.title, deal.repeat, deal.source) == ("Wants a boat", False, "email")
    assert (deal.contact and deal.contact.name, deal.company and deal.company.name) == (contact, company)
    assert reading.lead(session, SYSTEM, lead).state is LeadState.CONVERTED
    assert any(found.type is not RecordType.LEAD for found in reading.find_by_address(session, SYSTEM, email))
    with pytest.raises(Conflict):
        convert_lead(session, lead)


def test_a_repeat_lead_becomes_a_repeat_deal_of_its_client(session: WriteSession) -> None:
    carl = create_contact(session, "Carl", emails=["carl@client.example"])
    lead = create_lead(session, "Again", contact_id=carl)

    converted = convert_lead(session, lead)

    deal = reading.deal(session, SYSTEM, converted.deal_id or 0)
    assert (deal.repeat, converted.contact_id) == (True, carl)
    assert len(reading.contacts(session, SYSTEM)) == 1


def test_the_mode_is_simple_until_somebody_says_otherwise(session: WriteSession) -> None:
    assert read_mode(session) == CrmMode(Mode.SIMPLE, Client.CONTACT)

    for mode in (CrmMode(Mode.CLASSIC, Client.BOTH), CrmMode(Mode.SIMPLE, Client.COMPANY)):
        write_mode(session, mode)
        assert read_mode(session) == mode


def test_lists_filter_and_go_on_where_they_stopped(session: WriteSession) -> None:
    contacts = [create_contact(session, f"Person {n}", emails=[f"p{n}@client.example"]) for n in range(5)]
    deals = [create_deal(session, f"Deal {n}", contact_id=contacts[n], repeat=n == 1) for n in range(3)]
    change_stage(session, deals[0], stage(session, "Lost"))

    first = reading.contacts(session, SYSTEM, RecordFilter(limit=2))
    second = reading.contacts(session, SYSTEM, RecordFilter(limit=2, before=first[-1].id))

    assert [each.id for each in (*first, *second)] == contacts[:0:-1]
    assert [each.id for each in reading.contacts(session, SYSTEM, RecordFilter(words="person 3"))] == [contacts[3]]
    assert [each.id for each in reading.contacts(session, SYSTEM, RecordFilter(words="p2@cli"))] == [contacts[2]]
    assert reading.contacts(session, SYSTEM, RecordFilter(words="100%")) == []
    open_deals = reading.deals(session, SYSTEM, RecordFilter(stage_kind=StageKind.OPEN))
    assert [each.id for each in open_deals] == [deals[2], deals[1]]
    assert [each.id for each in reading.deals(session, SYSTEM, RecordFilter(repeat=True))] == [deals[1]]
    assert [each.id for each in reading.deals(session, SYSTEM, RecordFilter(contact_id=contacts[0]))] == [deals[0]]


def test_what_is_not_there_is_not_found(session: WriteSession) -> None:
    for read in (reading.contact, reading.company, reading.lead, reading.deal):
        with pytest.raises(NotFound):
            read(session, SYSTEM, 1)
