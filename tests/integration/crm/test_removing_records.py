"""Records removed for ever, on both databases: nothing names them, and mail, deals and tasks stay."""

import pytest
from sqlalchemy import select

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records import recycling
from crm.records.conversions import convert_lead
from crm.records.deals import create_deal
from crm.records.gone import KEPT_FOR
from crm.records.modes import Client, CrmMode, Mode
from crm.records.outcomes import Conversion
from crm.records.recycling import remove_expired, remove_for_ever
from crm.records.repository import reading
from crm.records.repository.naming import (
    BOUND,
    KEPT_BY_THE_DATABASE,
    MERGED_INTO,
    NAMED_BY,
    REMEMBERED,
    WITH_CONTACT,
    WITH_DEAL,
)
from crm.records.repository.removing import going
from crm.stream.feed.commenting import add_comment
from crm.stream.follows import follow
from crm.stream.timeline.entries import add_entry
from crm.stream.timeline.repository import stream
from crm.stream.views import NewEntry, StreamFilter, SubjectType
from crm.work.repository import tasks
from crm.work.tasks import create_task
from crm.work.views import NewTask, Part, TaskFilter
from crm_world import NOW, World, close_deal, known_contact
from recycling_world import SYSTEM, add_recipient, age, bin_of, delete, from_carl, nothing_names, restore
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Base,
    Comment,
    Contact,
    Lead,
    Message,
    Notification,
    Place,
    Recipient,
    RecordType,
    Role,
    SendState,
)
from storage.store import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_only_what_is_in_the_bin_can_be_removed(world: World) -> None:
    carl = (RecordType.CONTACT, known_contact(world))
    with pytest.raises(NotFound):
        remove_for_ever(world.store, SYSTEM, carl)
    with pytest.raises(NotFound):
        remove_for_ever(world.store, SYSTEM, (RecordType.CONTACT, 999))
    with world.store.database.reading() as session:
        assert reading.contact(session, SYSTEM, carl[1]).name == "Carl"


def test_removed_for_ever_nothing_names_it_and_its_mail_deals_and_tasks_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recycling, "AT_ONCE", 2)  # Many units of work for little.
    ann = Viewer(world.ann, Role.SELLER)
    carl = (RecordType.CONTACT, known_contact(world))
    with world.store.database.unit_of_work() as session:
        deal = create_deal(session, "Grinders", contact_id=carl[1])
        note = add_entry(session, ann, NewEntry(ActivityKind.COMMENT, "", (carl,), text="Carl is nice"))
        add_comment(session, ann, SubjectType.ACTIVITY, note, "He is")
        shared = add_entry(session, ann, NewEntry(ActivityKind.CALL, "Both", (carl, (RecordType.DEAL, deal))))
        task = create_task(session, ann, NewTask("Send a sample", world.bob, records=(carl,)))
        follow(session, ann, carl)
        session.add(Notification(user_id=world.bob, key="x", title="Carl", link=f"/contacts/{carl[1]}", created_at=NOW))
        add_recipient(session, carl[1])
    on_deal = from_carl(world, "Offer", 1)
    close_deal(world, deal)
    world.create_nothing()
    alone = [from_carl(world, f"Question {n}", 10 + n) for n in range(5)]
    delete(world, carl)
    with world.store.database.reading() as session:
        told = going(session, SYSTEM, carl)
    assert (told.notes, told.mails) == (1, 0)

    remove_for_ever(world.store, SYSTEM, carl)

    assert world.all(Contact) == []
    assert nothing_names(world, carl)
    assert len(world.all(Message)) == 6
    assert len(world.all(Place)) == 6
    assert world.bindings(on_deal) == [(RecordType.DEAL, deal)]
    assert [world.activity(message) for message in alone] == [None] * 5
    assert world.all(Comment) == []
    [left] = world.rows(select(ActivityBinding).where(ActivityBinding.activity_id == shared))
    assert (left.record_type, left.record_id, left.owner) == (RecordType.DEAL, deal, True)
    with world.store.database.reading() as session:
        shown = reading.deal(session, SYSTEM, deal)
        mine = tasks(session, ann, TaskFilter(part=Part.ANY))
        stream(session, SYSTEM, StreamFilter(mine=False))
    assert shown.contact is None
    assert [each.id for each in mine] == [task]
    [recipient] = world.all(Recipient)
    assert (recipient.state, recipient.contact_id) == (SendState.SENT, None)
    with pytest.raises(NotFound) as error, world.store.database.reading() as session:
        reading.contact(session, SYSTEM, carl[1])
    assert type(error.value) is NotFound


def test_a_lead_forgets_the_deal_that_it_became_and_people_the_company_they_were_of(world: World) -> None:
    world.mode(CrmMode(Mode.CLASSIC))
    from_carl(world, "Offer", 1)
    [lead] = world.all(Lead)
    with world.store.database.unit_of_work() as session:
        became = convert_lead(session, lead.id, Conversion(Client.BOTH))
    assert became.deal_id is not None
    assert became.company_id is not None
    for record in ((RecordType.DEAL, became.deal_id), (RecordType.COMPANY, became.company_id)):
        delete(world, record)
        remove_for_ever(world.store, SYSTEM, record)
        assert nothing_names(world, record)

    with world.store.database.reading() as session:
        left = reading.lead(session, SYSTEM, lead.id)
        person = reading.contact(session, SYSTEM, became.contact_id or 0)
    assert (left.deal, left.company, person.company) == (None, None, None)
    owners = world.rows(select(ActivityBinding).where(ActivityBinding.owner))
    assert {row.record_type for row in owners} == {RecordType.LEAD}, "the next in line owns what the deal owned"
    entries = [activity.id for activity in world.all(Activity)]
    assert sorted(row.activity_id for row in owners) == entries, "each entry has one owner"


def test_thirty_days_later_the_scheduler_removes_it(world: World) -> None:
    kept, over = ((RecordType.CONTACT, known_contact(world, f"p{n}@client.example")) for n in range(2))
    for record in (kept, over):
        delete(world, record)
    age(world, kept, KEPT_FOR.days - 1)
    age(world, over, KEPT_FOR.days + 1)
    with pytest.raises(NotFound):
        restore(world, over)

    remove_expired(world.store)

    assert bin_of(world) == [kept]
    assert [contact.id for contact in world.all(Contact)] == [kept[1]]
    assert nothing_names(world, over)


def test_a_removal_that_was_killed_is_ended_by_the_scheduler(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recycling, "AT_ONCE", 2)
    world.create_nothing()
    carl = (RecordType.CONTACT, known_contact(world))
    for number in range(6):
        from_carl(world, f"Question {number}", number)
    delete(world, carl)
    steps = iter([False])
    real = recycling._remove_some
    with monkeypatch.context() as killed:
        killed.setattr(recycling, "_remove_some", lambda *args: next(steps) or real(*args))
        with pytest.raises(StopIteration):
            remove_for_ever(world.store, SYSTEM, carl)
    assert bin_of(world) == []
    with pytest.raises(NotFound):
        restore(world, carl)

    remove_expired(world.store)

    assert world.all(Contact) == []
    assert nothing_names(world, carl)


def test_every_column_that_names_records_is_known() -> None:
    """Whoever adds one says in `naming` what a merge and a removal do with it."""
    known = {f"{table.__tablename__}.record_id" for table in (*BOUND, *KEPT_BY_THE_DATABASE)}
    known |= {f"{column.class_.__tablename__}.{column.key}" for columns in NAMED_BY.values() for column in columns}
    known |= {f"{column.class_.__tablename__}.{column.key}" for column in MERGED_INTO.values()}
    known |= {f"{column.class_.__tablename__}.{column.key}" for column in (*WITH_CONTACT, *WITH_DEAL, *REMEMBERED)}
    known |= {"record_merge.survivor_id", "merge_part.record_id"}
    ends = (
        "record_id",
        "contact_id",
        "company_id",
        "lead_id",
        "deal_id",
        "merged_into_id",
        "client_id",
        "survivor_id",
        "edited_id",
    )
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith(ends) or {key.column.table.name for key in column.foreign_keys} & {"contact", "company"}
    }
    assert named - {"thread.merged_into_id"} == known
