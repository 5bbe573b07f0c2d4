"""The migrations build what the models say, on both databases, and can be taken back."""

import json
import threading
import time
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text, update

from core.clock import utcnow
from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.records import lead_runs
from crm.records.bulk.editing import edit_all
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.records.modes import Client
from crm.records.repository.lead_runs import Choices, last_change_of_mode
from crm.stream.feed.posting import create_post
from crm.stream.feed.repository import posts
from crm.stream.views import NewPost
from crm_world import World, mail
from storage import migrate
from storage.bulk import WORTH_COPYING, insert_rows
from storage.migrate import alembic_config, upgrade
from storage.models import (
    Base,
    BulkEdit,
    Contact,
    CustomField,
    Deal,
    FieldKind,
    FieldValue,
    FolderRole,
    LeadAct,
    Message,
    MessageText,
    RecordType,
    Role,
    User,
)
from storage.search import Field, find_messages, forget_message, phrase_of, search_rows
from storage.search.index import COLUMNS
from storage.store import Store


def test_the_models_and_the_migrations_agree(store: Store) -> None:
    config = alembic_config()
    with store.database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_down_to_nothing_and_up_again(store: Store) -> None:
    downgrade(store, "base")
    left = set(inspect(store.database.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    assert left == set()
    upgrade(store.database)
    assert set(Base.metadata.tables) <= set(inspect(store.database.engine).get_table_names())


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    upgrade(store.database)
    upgrade(store.database)


def test_each_upgrade_is_found_by_the_name_of_its_file() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert [Path(each.path).name.partition("_")[0] for each in scripts.walk_revisions()] == [
        each.revision for each in scripts.walk_revisions()
    ]
    assert migrate._newest() == scripts.get_current_head()


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_search_index_is_made_anew_without_sorting_all_text(store: Store) -> None:
    """A container has little room for temporary files."""
    words = ScriptDirectory.from_config(alembic_config()).get_revision("0010").module.WORDS_BY_DATE
    with store.database.reading() as session:
        plan = [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {words}"))]
    assert not any("TEMP B-TREE" in step for step in plan), plan


def test_words_stay_findable_by_field_when_the_search_index_is_made_anew(store: Store) -> None:
    """0010 parts the names that stood in one column, out of the addresses that were stored beside them."""
    world = World(store)
    world.create_nothing()
    carl = world.deliver(
        mail("Żółć Carl <carl@client.example>", "sales@ours.example", "Grüße", Cc="Dora <d@else.example>")
    )
    sent = world.deliver(mail("sales@ours.example", "carl@client.example", "An answer"), role=FolderRole.SENT)

    downgrade(store, "0009")
    upgrade(store.database)

    def found(field: Field | None, words: str) -> set[int]:
        phrase = phrase_of(words, field)
        assert phrase is not None
        with store.database.reading() as session:
            return {row.id for row in session.execute(search_rows(session, [phrase]).statement)}

    assert found(None, "carl") == {carl, sent}
    assert found(Field.SENDER, "zolc") == {carl}
    assert found(Field.RECIPIENTS, "carl@client.example") == {sent}
    assert found(Field.COPIES, "dora") == {carl}
    assert found(Field.SUBJECT, "grusse") == {carl}
    with store.database.unit_of_work() as session:
        forget_message(session, carl)
    assert found(None, "carl") == {sent}, "the new index can be kept like one that was never anything else"


def test_mail_is_taken_in_after_the_upgrade_that_brings_the_keys_of_batches(store: Store) -> None:
    world = World(store)
    stored = [world.deliver(mail("carl@client.example", "sales@ours.example", message_id="before"))]
    downgrade(store, "0014")
    upgrade(store.database)
    stored.append(world.deliver(mail("carl@client.example", "sales@ours.example", message_id="after")))
    assert [message.id for message in world.all(Message)] == stored
    if not store.database.embedded:
        kind = text("SELECT relpersistence FROM pg_class WHERE relname = 'intake_key'")
        with store.database.reading() as session:
            assert session.execute(kind).scalar_one() == "u", "keys are not worth a word in the server's log"


def downgrade(store: Store, revision: str) -> None:
    config = alembic_config()
    with store.database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def store_words_as_before_0011(store: Store, message_ids: list[int]) -> None:
    """As a process of that version does, which knows of no vector."""
    with store.database.unit_of_work() as session:
        session.execute(text("DELETE FROM message_text"))
        rows = [{"id": each, **dict.fromkeys(COLUMNS, ""), "body": f"an offer, number{each}"} for each in message_ids]
        insert_rows(session, MessageText, rows)


@pytest.mark.parametrize("count", [1, WORTH_COPYING])
@pytest.mark.parametrize("stored_at", ["0010", "head"])
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_mail_whose_vector_nobody_gave_is_found(store: Store, stored_at: str, count: int) -> None:
    """It was stored before 0011, or after it by a process of the version before that was left running."""
    world = World(store)
    messages = [
        world.deliver(mail("carl@client.example", "sales@ours.example", message_id=f"{number}@c"))
        for number in range(count)
    ]
    if stored_at != "head":
        downgrade(store, stored_at)
    store_words_as_before_0011(store, messages)
    words = text("SELECT vector::text FROM message_text ORDER BY id")
    with store.database.reading() as session:
        made = session.execute(words).scalars().all()
    upgrade(store.database)
    with store.database.reading() as session:
        assert [find_messages(session, f"number{each}") for each in messages] == [[each] for each in messages]
        assert sorted(find_messages(session, "offer")) == messages
        assert session.execute(words).scalars().all() == made, "what is stored stays as it is"


@pytest.mark.parametrize("tables", [("message", "message_text"), ("message_text", "message")])
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_whoever_writes_while_it_is_upgraded_and_the_upgrade_let_each_other_go_on(store: Store, tables) -> None:
    """In whichever order a process that was not stopped takes tables."""
    downgrade(store, "0010")
    failed: list[BaseException] = []

    def run() -> None:
        try:
            upgrade(store.database)
        except UsageError as error:
            failed.append(error)

    upgrading = threading.Thread(target=run)
    with psycopg.connect(store.database.url) as writer:
        writer.execute("SET deadlock_timeout = '1min'")  # The writer is not the one who gives up.
        writer.execute(f"LOCK TABLE {tables[0]} IN ROW EXCLUSIVE MODE")
        upgrading.start()
        wait_until_somebody_waits(store)
        writer.execute(f"LOCK TABLE {tables[1]} IN ROW EXCLUSIVE MODE")
    upgrading.join(20)
    assert not failed
    with store.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM last_copy")).scalar_one() == 0


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_an_upgrade_that_never_gets_the_tables_says_what_to_stop(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(migrate, "TRIES", 1)
    downgrade(store, "0010")
    failed: list[str] = []

    def run() -> None:
        with pytest.raises(UsageError) as caught:
            upgrade(store.database)
        failed.append(str(caught.value))

    upgrading = threading.Thread(target=run)
    with psycopg.connect(store.database.url) as writer:
        writer.execute("SET deadlock_timeout = '1min'")
        writer.execute("LOCK TABLE message_text IN ROW EXCLUSIVE MODE")
        upgrading.start()
        wait_until_somebody_waits(store)
        writer.execute("LOCK TABLE message IN ROW EXCLUSIVE MODE")
    upgrading.join(20)
    assert failed == ["The database is in use: stop every process of Mailsync, on all machines, then upgrade again."]


def wait_until_somebody_waits(store: Store) -> None:
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    waiting = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND {here}"
    deadline = time.monotonic() + 20
    with psycopg.connect(store.database.url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() == (0,):
            assert time.monotonic() < deadline, "nobody came to wait"


def test_leads_keep_their_stage_when_stages_become_a_list(store: Store) -> None:
    downgrade(store, "0019")
    row = "INSERT INTO lead (title, name, state, stage, repeat, source, created_at) VALUES "
    stood = [
        ("Fresh", "active", "New"),
        ("Older", "active", "Called"),
        ("Gone", "junk", "New"),
        ("Won", "converted", ""),
    ]
    with store.database.unit_of_work() as session:
        for title, state, stage in stood:
            values = f"('{title}', '', '{state}', '{stage}', false, '', '2026-03-02 08:00:00.000000')"
            session.execute(text(row + values))
    upgrade(store.database)
    with store.database.reading() as session:
        now = text("SELECT title, state, lead_stage.name FROM lead JOIN lead_stage ON lead_stage.id = lead.stage_id")
        found = {tuple(each) for each in session.execute(now)}
        stages = session.execute(text("SELECT name FROM lead_stage ORDER BY position")).scalars().all()
    assert found == {
        ("Fresh", "active", "New"),
        ("Older", "active", "Called"),
        ("Gone", "junk", "Junk"),
        ("Won", "converted", "Converted"),
    }
    assert stages == ["New", "In contact", "Qualified", "Called", "Converted", "Junk"]


def test_a_change_of_mode_that_was_under_way_goes_on_as_a_run(store: Store) -> None:
    downgrade(store, "0020")
    began = "2026-03-02T08:00:00+00:00"
    choices = {"client": "both", "pipeline_id": None, "complete_activities": True}
    switch = {"number": 3, "choices": choices, "total": 9, "converted": 4, "after": 17, "left": [5]}
    value = json.dumps({**switch, "began_at": began, "ended_at": None})
    with store.database.unit_of_work() as session:
        column = ":value" if store.database.embedded else "CAST(:value AS JSONB)"
        insert = text(f"INSERT INTO setting (name, value) VALUES ('crm.mode.switch', {column})")
        session.execute(insert, {"value": value})
    upgrade(store.database)
    with store.database.unit_of_work() as session:
        run = last_change_of_mode(session)
        following = lead_runs.ask_for(session, LeadAct.JUNK, Choices(), [1], 1, None)
        assert session.execute(text("SELECT count(*) FROM setting WHERE name = 'crm.mode.switch'")).scalar_one() == 0
    assert run is not None
    assert (run.number, run.total, run.done, run.began_at.isoformat(), run.ended_at) == (3, 9, 4, began, None)
    assert (run.choices, [each.id for each in run.left]) == (Choices(Client.BOTH, None, True, True), [5])
    assert following == 4


def test_an_edit_of_many_and_its_undo_go_on_after_the_upgrade_that_parts_them(store: Store) -> None:
    world = World(store)
    with store.database.unit_of_work() as session:
        ids = [create_contact(session, f"Person {number}") for number in range(12)]
        session.execute(update(User).values(role="administrator"))
    downgrade(store, "0025")
    with store.database.engine.begin() as connection:
        row = "INSERT INTO bulk_edit (user_id, record_type, at, record_ids, wanted, done, changed, refused, undone, kept, "
        row += "ended_at) VALUES "
        wanted = '{"set": {"position": "Buyer"}, "add_tags": [], "remove_tags": []}'
        done = "(:who, 'contact', '2026-11-01 10:00:00+00:00', :ids, :wanted, :done, 0, '[]', 0, 0, :ended)"
        given = {"who": world.ann, "ids": json.dumps(ids), "wanted": wanted}
        for place, ended in ((10, None), (12, "2026-11-01 10:00:00+00:00")):
            as_json = done.replace(":ids", "CAST(:ids AS JSONB)").replace(":wanted", "CAST(:wanted AS JSONB)")
            as_json = as_json.replace(":ended", "CAST(:ended AS TIMESTAMPTZ)")
            words = done if store.database.embedded else as_json
            connection.execute(text(row + words), {**given, "done": place, "ended": ended})
    upgrade(store.database)

    edit_all(store, 1)

    with store.database.reading() as session:
        positions = dict(session.execute(select(Contact.id, Contact.position)).all())
    assert [positions[one] for one in ids] == [""] * 10 + ["Buyer"] * 2
    assert [(row.total, row.done, row.changed) for row in world.all(BulkEdit)] == [(12, 12, 2), (12, 12, 0)]
    downgrade(store, "0025")
    with store.database.engine.connect() as connection:
        kept = connection.execute(text("SELECT record_ids FROM bulk_edit ORDER BY id")).scalars().all()
    assert [each if isinstance(each, list) else json.loads(each) for each in kept] == [ids, ids]
    upgrade(store.database)


def test_whose_role_is_not_known_before_roles_were_data_is_let_in_no_more_then(store: Store) -> None:
    """Own roles and None would be guests, who read everything: they come in again when an administrator gives them a role."""
    world = World(store)
    others = [world.add_user(f"{name}@ours.example", name) for name in ("None", "Guest")]
    with store.database.unit_of_work() as session:
        for user_id, role in ((world.ann, "own"), (world.bob, "seller"), *zip(others, ("none", "guest"), strict=True)):
            session.execute(update(User).where(User.id == user_id).values(role=role, active=True))
    downgrade(store, "0032")
    with store.database.reading() as session:
        found = [tuple(row) for row in session.execute(text('SELECT role, active FROM "user" ORDER BY id'))]
    assert [(role, bool(active)) for role, active in found] == [
        ("guest", False), ("seller", True), ("guest", False), ("guest", True)
    ]  # fmt: skip


def test_posts_of_before_are_found_after_the_upgrade_that_brings_their_words(store: Store) -> None:
    ann = Viewer(World(store).ann, Role.SELLER)
    with store.database.unit_of_work() as session:
        one, two = (create_post(session, ann, NewPost(title, "And more")) for title in ("Größe", "Other"))
    downgrade(store, "0034")
    upgrade(store.database)
    with store.database.reading() as session:
        found = [[post.id for post in posts(session, ann, words=words)] for words in ("gross", "more", "re")]
    assert found == [[one], [two, one], []]


def test_amounts_are_shown_as_before_when_currencies_get_their_own_decimals(store: Store) -> None:
    # given what forms had stored of 1,200 yen, 1.25 dinars and 12.50 euros when all currencies had two decimals
    downgrade(store, "0044")
    stored = {"JPY": 120_000, "KWD": 125, "EUR": 1250}
    with store.database.unit_of_work() as session:
        deals = {currency: create_deal(session, currency, currency=currency) for currency in stored}
        field = CustomField(
            record_type=RecordType.DEAL,
            name="Fee",
            kind=FieldKind.MONEY,
            currency="JPY",
            position=0,
            created_at=utcnow(),
        )
        session.add(field)
        session.flush()
        session.add(FieldValue(field_id=field.id, record_id=deals["JPY"], text="120000", number=120_000.0))
        for currency, deal_id in deals.items():
            session.execute(update(Deal).where(Deal.id == deal_id).values(amount=stored[currency]))
    # when it is upgraded
    upgrade(store.database)
    # then they are what they were, in the smallest unit
    with store.database.reading() as session:
        amounts = dict(session.execute(select(Deal.currency, Deal.amount)).all())
        value = session.execute(select(FieldValue.text, FieldValue.key, FieldValue.number)).one()
        found = dict(session.execute(select(Deal.currency, Deal.field_words)).all())
    assert found["JPY"] == "amount:1200 currency:jpy"
    assert found["KWD"] == "amount:1 amount:250 currency:kwd"
    assert amounts == {"JPY": 1200, "KWD": 1250, "EUR": 1250}
    assert tuple(value) == ("1200", "1200", 1200)
    # and again what they were where somebody goes back
    downgrade(store, "0044")
    with store.database.reading() as session:
        assert dict(session.execute(select(Deal.currency, Deal.amount)).all()) == stored
