"""Files become companies on both databases: what becomes of each row, and that all of it is taken back."""

import pytest

from crm.records.contacts import create_company
from crm.records.fields.custom import NewField, create_field
from crm.records.importing.kinds import OnKnown
from crm.records.importing.views import Counts, RowError
from crm.records.repository import reading
from crm.records.views import CompanyView
from crm_world import World
from imports import SYSTEM, errors, imported, snapshot, undone
from integration.crm.merging.same_people import company, merged
from storage.models import FieldKind, RecordType
from storage.store import Store

COMPANY = RecordType.COMPANY


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def companies(world: World) -> dict[str, CompanyView]:
    with world.store.database.reading() as session:
        return {one.name: one for one in reading.companies(session, SYSTEM)}


def test_rows_become_companies_with_all_that_they_tell(world: World) -> None:
    # given
    with world.store.database.unit_of_work() as session:
        field_id = create_field(session, SYSTEM, NewField(COMPANY, "Size", FieldKind.NUMBER))
    # when
    run_id, counts = imported(
        world,
        "Firma;Webseite;E-Mail;Telefon;Schlagwörter;Betreuer;Quelle;Notizen;Size\n"
        "Acme GmbH;https://www.acme.example/about;info@acme.example; +49 30 1;vip, fair;bob@ours.example;fair;Pays late;12\n"
        "Bolt;;office@bolt.example;;;;;;\n"
        ";neu.example;;;;;;;\n"
        "Free;;free@gmail.com;;;;;;\n"
        "ACME gmbh;;sales@acme.example;;big;;;;\n",
        kind=COMPANY,
    )
    # then rows about one company are one, and each is found by its mail's domain where only it has that
    assert counts == Counts(new=4, joined=1)
    found = companies(world)
    acme = found["Acme GmbH"]
    assert (acme.domain, acme.tags, acme.source, acme.notes) == (
        "acme.example",
        ("vip", "fair", "big"),
        "fair",
        "Pays late",
    )
    assert acme.responsible
    assert acme.responsible.name == "Bob"
    assert [one.value for one in acme.channels] == ["info@acme.example", "+49 30 1", "sales@acme.example"]
    assert acme.fields == {f"field_{field_id}": 12.0, "website": "https://www.acme.example/about"}
    assert (found["Bolt"].domain, found["neu.example"].domain, found["Free"].domain) == (
        "bolt.example",
        "neu.example",
        None,
    )
    assert found["Bolt"].source == "import"
    # and all is taken back
    assert undone(world, run_id).undo.removed == 4
    assert companies(world) == {}


def test_a_company_is_found_again_and_dealt_with_as_was_chosen(world: World) -> None:
    # given some who are known by a domain, an address, a name, and one that became another
    with world.store.database.unit_of_work() as session:
        create_company(session, "Acme Holding", domain="acme.example", source="web")
        create_company(session, "Bolt", emails=["office@bolt.example"])
        create_company(session, "Carl & Co")
        create_company(session, "Dora", domain="dora.example")
    merged(world, company(world, "Eve Inc"), company(world, "Eva", domain="eve.example"))
    before = snapshot(world)
    text = (
        "Name,Domain,E-mail,Tags,Source\n"
        "Acme,acme.example,,a,fair\nBolt Ltd,,office@bolt.example,b,fair\ncarl & CO,carl.example,,c,fair\n"
        "Dora,other.example,,d,fair\nEVA,,,e,fair\n"
    )
    for known, told in (
        (OnKnown.SKIP, Counts(new=1, unchanged=4)),
        (OnKnown.COMPLETE, Counts(new=1, changed=4)),
        (OnKnown.OVERWRITE, Counts(new=1, changed=4)),
        (OnKnown.ADD, Counts(new=5)),
    ):
        # when
        run_id, counts = imported(world, text, known, kind=COMPANY)
        # then
        assert counts == told, known
        found = companies(world)
        if known is OnKnown.COMPLETE:
            assert (found["Acme Holding"].source, found["Acme Holding"].tags) == ("web", ("a",))
            assert (found["Carl & Co"].domain, found["Eve Inc"].tags) == ("carl.example", ("e",))
        if known is OnKnown.OVERWRITE:
            assert (found["Acme"].source, found["Bolt Ltd"].source) == ("fair", "fair")
            assert {"Acme Holding", "Bolt"}.isdisjoint(found)
        # and it is taken back to the last field
        assert undone(world, run_id).undo.kept == 0
        assert snapshot(world) == before, known


def test_of_several_that_a_row_could_be_about_none_is_chosen(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        create_company(session, "Acme", domain="acme.example", emails=["a@x.example"])
        create_company(session, "ACME", emails=["b@x.example"])
    run_id, counts = imported(
        world,
        "Name,Domain,E-mail,Phone\nAcme,,,\nAcme,acme.example,,\nX,,a@x.example; b@x.example,\n,,,1\nY,no domain,,\nZ,,zed,\n",
        kind=COMPANY,
    )
    assert counts == Counts(unchanged=1, refused=5)
    several = "There are 2 companies here that it may be about: give its domain, or merge these first."
    assert errors(world, run_id) == [
        RowError(2, "", several),
        RowError(4, "", several),
        RowError(5, "", "The row has neither a name nor a domain: it tells of no company."),
        RowError(6, "Domain", "“no domain” is no domain: it looks like example.com."),
        RowError(7, "E-mail", "“zed” is no e-mail address: it looks like name@example.com."),
    ]
