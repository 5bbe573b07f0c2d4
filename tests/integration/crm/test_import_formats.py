"""Files are read in the formats of whoever brings them, with the currency and country of the company, on both databases."""

from datetime import date

from crm.access.viewer import Viewer
from crm.office.formats import DateStyle
from crm.office.settings import Office, change_office, choose_formats
from crm.records.deals import create_deal
from crm.records.importing.kinds import OnKnown
from crm.records.importing.views import Counts
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from crm.records.pipelines import ensure_defaults
from crm_world import World
from imports import SYSTEM, imported
from storage.models import Deal, RecordType, Role
from storage.store import Store

DEAL, LEAD = RecordType.DEAL, RecordType.LEAD


def test_days_amounts_and_phones_are_those_of_whoever_brings_the_file_and_of_the_company(store: Store) -> None:
    # given an American in a company that counts in yen and has Polish phones, and a deal in dinars
    world = World(store)
    with store.database.unit_of_work() as session:
        ensure_defaults(session)
        write_mode(session, CrmMode(mode=Mode.CLASSIC))
        change_office(session, SYSTEM, Office(currency="JPY", phone_country="PL"), before=Office())
        choose_formats(session, SYSTEM, world.ann, {"dates": DateStyle.MONTH_FIRST})
        create_deal(session, "Dinars", currency="KWD")
        create_lead(session, "Known", phones=["+48 600 100 200"])
    ann = Viewer(world.ann, Role.MANAGER)
    # when
    text = "Title,Amount,Currency,Close date\nYen,1200,,12/31/2026\nEuros,12.50,EUR,31.12.2026\nDinars,1.25,,\n"
    counts = imported(world, text, viewer=ann, kind=DEAL)[1]
    leads = imported(world, "Title,Phone\nCall,600 100 200\n", viewer=ann, kind=LEAD)[1]
    # then
    assert counts == Counts(new=2, changed=1)
    assert {(deal.title, deal.amount, deal.currency, deal.closes_on) for deal in world.all(Deal)} == {
        ("Yen", 1200, "JPY", date(2026, 12, 31)),
        ("Euros", 1250, "EUR", date(2026, 12, 31)),
        ("Dinars", 1250, "KWD", None),
    }
    assert leads == Counts(unchanged=1)
    # and another currency alone leaves what the deal is worth in whole units
    assert imported(world, "Title,Currency\nDinars,EUR\n", OnKnown.OVERWRITE, ann, DEAL)[1] == Counts(changed=1)
    assert {deal.amount for deal in world.all(Deal) if deal.title == "Dinars"} == {125}
