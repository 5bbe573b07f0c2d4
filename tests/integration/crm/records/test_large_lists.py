"""Lists, boards and searches of a large company: each goes by an index on both databases, and says what is true."""

import random
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.conversations.repository.counters import section_counters
from crm.records.contacts import create_company, create_contact
from crm.records.deals import change_stage, create_deal
from crm.records.leads import create_lead
from crm.records.pipelines import create_pipeline
from crm.records.repository import reading, terms
from crm.records.repository.boards import deal_sums
from crm.records.repository.conversion import known_contact
from crm.records.repository.duplicates import known_by
from crm.records.repository.proposals import proposal
from crm.records.views import Order, RecordFilter
from crm_world import NOW, World
from plans import plans_of, scans_of
from storage.bulk import insert_rows
from storage.folding import LONGEST_NAME_KEY, name_key, words_of
from storage.models import Channel, Company, Contact, Deal, Lead, RecordTerm, RecordType, Stage
from storage.sessions import WriteSession
from storage.store import Store

SYSTEM = Viewer.system()
NAMES = (
    "zed",
    "Zoë",
    "Łukasz",
    "Lukas",
    "Ärzte",
    "Çağla",
    "Cagla",
    "İbrahim",
    "Ilir",
    "Ёлка",
    "Жанна",
    "Ελένη",
    "王伟",
    "1 More",
    "Öz",
)
IN_ORDER = "1 More,Ärzte,Çağla,Cagla,İbrahim,Ilir,Lukas,Łukasz,Öz,zed,Zoë,Ελένη,Ёлка,Жанна,王伟"

BEGINNINGS = {
    "luk": ["Lukas", "Łukasz"],
    "ŁUKASZ": ["Łukasz"],
    "cagla": ["Cagla", "Çağla"],
    "ibr": ["İbrahim"],
    "елка": ["Ёлка"],
    "伟": ["王伟"],
    "neill jean": ["Jean-Luc O'Neill"],
    "jean-luc": ["Jean-Luc O'Neill"],
    "JL@client": ["Jean-Luc O'Neill"],
    "acme/2026": ["ACME/2026 (old)"],
    # Words are begun, not torn.
    "eill": [],
    "jean nobody": [],
    **{phone: ["ACME/2026 (old)"] for phone in ("0223456789", "+48 22 345 67 89", "22 345 67 89", "345 67 89", "022")},
    # What looks like a phone may stand in a name.
    "601 234": ["Offer 601 234"],
    **{garbage: [] for garbage in ("%", "_", "'", "!!!", "\\", "x" * 5000, "+", "😀", "\u0301")},
}
"""What is typed, and the names that it finds."""


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def people(world: World) -> dict[str, int]:
    """Contacts by name."""
    with world.store.database.unit_of_work() as session:
        return {name: create_contact(session, name) for name in NAMES}


def names(world: World, **wanted: Any) -> list[str]:
    with world.store.database.reading() as session:
        return [row.name for row in reading.contacts(session, SYSTEM, RecordFilter(**wanted))]


def test_one_order_of_names_for_all_languages_and_both_databases(world: World, people) -> None:
    assert ",".join(names(world, order=Order.NAME)) == IN_ORDER
    paged: list[str] = []
    asked = RecordFilter(order=Order.NAME, limit=4)
    while True:
        with world.store.database.reading() as session:
            page = reading.contacts(session, SYSTEM, asked)
        if not page:
            break
        paged += [row.name for row in page]
        asked = asked.behind(page[-1])
    assert ",".join(paged) == IN_ORDER
    with world.store.database.unit_of_work() as session:
        session.get_one(Contact, people["zed"]).name = "Aaron"
    assert names(world, order=Order.NAME)[:2] == ["1 More", "Aaron"], "a new name has its new place"


def test_records_are_found_by_beginnings_however_many_there_are(world: World, people, monkeypatch) -> None:
    """By the index of terms where few are meant, and along the list where many are: the same ones."""
    with world.store.database.unit_of_work() as session:
        create_contact(session, "Jean-Luc O'Neill", emails=["jl@client.example"], tags=["vip"], source="fair")
        create_contact(session, "ACME/2026 (old)", phones=["(022) 345-67-89"])
        create_contact(session, "Offer 601 234")
    for few in (terms.FEW, 0):
        with monkeypatch.context() as patched:
            patched.setattr(terms, "FEW", few)
            assert {asked: names(world, words=asked) for asked in BEGINNINGS} == BEGINNINGS, f"few are {few}"
            assert names(world, tag="vip", order=Order.NAME) == ["Jean-Luc O'Neill"], f"few are {few}"
            assert names(world, source="fair") == ["Jean-Luc O'Neill"], f"few are {few}"


def test_the_index_of_terms_follows_whatever_changes_records(world: World) -> None:
    """Random acts through the model, by many rows at once and by plain statements: in the end it says what stands there."""
    chance = random.Random(11)
    words = ["Anna", "Łódź", "王", "a b a", "", "  ", "O'Neill-Öz", "x" * 300, "#vip", "=mail", "😀"]
    made: dict[Any, list[int]] = {table: [] for table in (Contact, Company, Lead, Deal)}
    for turn in range(60):
        with world.store.database.unit_of_work() as session:
            table = chance.choice(list(made))
            name = chance.choice(words) + chance.choice(words) or "-"
            label = "name" if hasattr(table, "name") and table is not Lead else "title"
            if not made[table] or chance.random() < 0.4:
                made[table].append(make(session, table, f"n{name}", turn))
                continue
            record_id = chance.choice(made[table])
            act = chance.randrange(5)
            if act == 0:
                setattr(session.get_one(table, record_id), label, name)
            elif act == 1:
                session.get_one(table, record_id).tags = chance.sample(["vip", "ü" * 90, 'a "b"', ""], 2)
            elif act == 2:
                session.get_one(table, record_id).source = chance.choice(["", "web", "x" * 99])
            elif act == 3 and table is Contact:
                session.execute(phones_of(record_id).values(key=f"+48{turn:09}"))
            elif act == 4 and table is Contact:
                session.execute(delete(Channel).where(Channel.record_id == record_id, Channel.kind == "phone"))
    with world.store.database.unit_of_work() as session:
        last = made[Contact].pop()
        session.execute(delete(Channel).where(Channel.record_id == last))
        session.execute(delete(Contact).where(Contact.id == last))
        rows = [{"name": "Óne", "position": "", "tags": ["t"], "source": "s", "created_at": NOW}] * 9
        insert_rows(session, Contact, rows)
    assert terms_kept(world) == terms_of_all(world)


def test_two_ways_to_write_one_phone_are_one_term_until_the_last_goes(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        made = create_contact(session, "Ann", phones=["+48 601 234 567", "601234567"])
    with world.store.database.unit_of_work() as session:
        session.execute(delete(Channel).where(Channel.record_id == made, Channel.key == "601234567"))
    assert names(world, words="601234567") == ["Ann"]
    with world.store.database.unit_of_work() as session:
        session.execute(delete(Channel).where(Channel.record_id == made))
    assert names(world, words="601234567") == []
    assert terms_kept(world) == terms_of_all(world)


def test_the_board_sums_all_deals_and_not_the_newest_500(world: World) -> None:
    with world.store.database.unit_of_work() as session:
        first = create_deal(session, "The first", amount=7)
        row = session.get_one(Deal, first)
        given = {"pipeline_id": row.pipeline_id, "stage_kind": row.stage_kind, "created_at": NOW, "updated_at": NOW}
        rows = [
            {
                **given,
                "title": f"Deal {number}",
                "stage_id": row.stage_id,
                "amount": 100,
                "currency": currency,
                "repeat": False,
            }
            | {"tags": [], "source": "fair" if number < 30 else ""}
            for number in range(700)
            for currency in ("EUR", "PLN")
        ]
        insert_rows(session, Deal, rows)
        other = create_pipeline(session, SYSTEM, "Other")
        stages = list(session.execute(select(Stage.id).where(Stage.pipeline_id == row.pipeline_id)).scalars())
        elsewhere = session.execute(select(Stage.id).where(Stage.pipeline_id == other)).scalars().first()
        create_deal(session, "Elsewhere", amount=5, stage_id=elsewhere)
        gone = create_deal(session, "Deleted", amount=9)
        session.get_one(Deal, gone).deleted_at = NOW
        change_stage(session, first, stages[1])
    everything = RecordFilter(pipeline_id=given["pipeline_id"])
    with world.store.database.reading() as session:
        found = deal_sums(session, SYSTEM, everything)
        assert {at: (lane.count, lane.sums) for at, lane in found.items()} == {
            stages[0]: (1400, (("EUR", 70_000), ("PLN", 70_000))),
            stages[1]: (1, (("EUR", 7),)),
        }
        fair = deal_sums(
            session, SYSTEM, RecordFilter(pipeline_id=given["pipeline_id"], source="fair", limit=1, before=3)
        )
        assert fair[stages[0]].count == 60
        assert deal_sums(session, SYSTEM, RecordFilter(words="nothing of it")) == {}


ASKED: dict[str, tuple[RecordFilter, str]] = {
    "by name": (RecordFilter(order=Order.NAME), "ix_contact_name_key_id"),
    "by name, behind another": (RecordFilter(order=Order.NAME, before=3, before_key="luk"), "ix_contact_name_key_id"),
    "words": (RecordFilter(words="luk"), "record_term"),
    "a phone": (RecordFilter(words="+48 601 234 567"), "record_term"),
    "a tag": (RecordFilter(tag="vip", order=Order.NAME), "record_term"),
    "a source": (RecordFilter(source="fair"), "record_term"),
    "whose": (RecordFilter(responsible_id=1), "ix_contact_responsible_id_id"),
    "whose, by name": (RecordFilter(responsible_id=1, order=Order.NAME), "ix_contact_responsible_id_id"),
    "a time": (RecordFilter(created_from=NOW), "ix_contact_created_at_id"),
}


def test_lists_go_by_an_index(world: World, people) -> None:
    for asked, (wanted, index) in ASKED.items():
        plan = plans_of(world.store, lambda session, wanted=wanted: reading.contacts(session, SYSTEM, wanted))
        assert index in plan, asked
        assert scans_of(plan, "contact") == [], asked
        assert scans_of(plan, "record_term", along_an_index=True) == [], asked
        if asked == "words" and world.store.database.embedded:
            assert "SEARCH record_term USING PRIMARY KEY (record_type=? AND term>? AND term<?)" in plan


def test_boards_known_phones_and_counters_go_by_an_index(world: World, people) -> None:
    store = world.store
    with store.database.unit_of_work() as session:
        create_deal(session, "One")
    with store.database.reading() as session:
        [pipeline] = reading.pipelines(session, SYSTEM)
    wanted = RecordFilter(pipeline_id=pipeline.id)
    assert "ix_deal_board" in plans_of(store, lambda session: deal_sums(session, SYSTEM, wanted))
    assert "ix_lead_board" in plans_of(store, lambda session: reading.lead_counts(session, SYSTEM))
    lane = RecordFilter(pipeline_id=pipeline.id, stage_id=pipeline.stages[0].id)
    assert "ix_deal_stage_id_id" in plans_of(store, lambda session: reading.deals(session, SYSTEM, lane))
    if store.database.embedded:
        listed = plans_of(store, lambda session: reading.deals(session, SYSTEM, wanted))
        assert "ix_deal_board" not in listed, "it would be sorted, all of a pipeline"
        assert "TEMP B-TREE FOR ORDER BY" not in listed
    known = plans_of(store, lambda session: known_by(session, SYSTEM, RecordType.CONTACT, [], ["+48 601 234 567"]))
    assert "record_term" in known
    assert "channel" not in known
    viewer = Viewer(world.ann, SYSTEM.role)
    counted = plans_of(store, lambda session: section_counters(session, viewer, utcnow()))
    assert "ix_activity_planned" in counted
    assert "ix_task_open" in counted
    assert "ix_activity_binding_story" not in counted, "the bindings of a kind are half of all"


def make(session: WriteSession, table: Any, name: str, turn: int) -> int:
    if table is Contact:
        return create_contact(session, name, emails=[f"a{turn}@b.example"], phones=["+48 601 234 567"])
    if table is Company:
        return create_company(session, name)
    return create_lead(session, name) if table is Lead else create_deal(session, name, source="fair")


def phones_of(contact_id: int) -> Any:
    these = (Channel.record_type == RecordType.CONTACT, Channel.record_id == contact_id, Channel.kind == "phone")
    return update(Channel).where(*these)


def terms_kept(world: World) -> set[tuple[str, str, int]]:
    with world.store.database.reading() as session:
        return {(row.record_type, row.term, row.record_id) for row in session.execute(select(RecordTerm)).scalars()}


def terms_of_all(world: World) -> set[tuple[str, str, int]]:
    """What the index must hold, told once more in Python."""
    found: set[tuple[str, str, int]] = set()
    with world.store.database.reading() as session:
        for kind, table in (
            (RecordType.CONTACT, Contact),
            (RecordType.COMPANY, Company),
            (RecordType.LEAD, Lead),
            (RecordType.DEAL, Deal),
        ):
            for row in session.execute(select(table)).scalars():
                label = row.title if isinstance(row, Lead | Deal) else row.name
                assert row.name_key == name_key(label)
                assert len(row.name_key) <= LONGEST_NAME_KEY
                terms = {word[:64] for word in row.name_key.split()} | {f"#{tag[:64]}" for tag in row.tags}
                said = {"tags": " ".join(row.tags), "source": row.source, "currency": getattr(row, "currency", "")}
                terms |= {f"${word[:64]}:{field}" for field, text in said.items() for word in words_of(text)}
                found |= {(kind, term, row.id) for term in terms | ({f"={row.source[:64]}"} if row.source else set())}
        for row in session.execute(select(Channel)).scalars():
            found.add((row.record_type, f"@{row.key[:100]}", row.record_id))
            if row.kind == "phone":
                found.add((row.record_type, "+" + row.key.replace("+", "")[-9:][::-1], row.record_id))
    return found


def test_whom_a_lead_may_be_is_asked_by_its_addresses(world: World) -> None:
    """Never by going through the addresses of all contacts, which stood in a conversion's write for half a second."""
    with world.store.database.unit_of_work() as session:
        known = create_contact(session, "Ann", emails=["ann@client.example"], phones=["+48 600 100 200"])
        create_contact(session, "Gone", emails=["gone@client.example"])
        lead = create_lead(session, "Question", emails=["new@client.example"], phones=["+48 600 100 200"])
        stranger = create_lead(session, "Nothing known")
        found = known_contact(session, SYSTEM, lead)
        assert found is not None
        assert found.id == known
        assert known_contact(session, SYSTEM, stranger) is None
        assert [each.record.id for each in proposal(session, SYSTEM, lead).contacts] == [known]

    # PostgreSQL weighs what is there, and of four addresses any way is the shortest: its plan says nothing.
    if world.store.database.embedded:
        asked = plans_of(
            world.store, lambda session: (known_contact(session, SYSTEM, lead), proposal(session, SYSTEM, lead))
        )
        assert "sqlite_autoindex_channel_1 (kind=? AND key=? AND record_type=?)" in asked
        assert "(record_type=?)" not in asked.replace("ix_custom_field_record_type_position (record_type=?)", "")
