"""The stream and timelines of a large company: pages by an index on both databases, the same whichever way they are found."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.cursors import Cursor
from crm.access.rights import Rights, Scope
from crm.access.rights.built_in import reach
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.stream.feed.posting import create_post
from crm.stream.follows import follow
from crm.stream.newest import repository as newest
from crm.stream.timeline.entries import add_entry
from crm.stream.timeline.repository import stream, timeline, upcoming
from crm.stream.views import ACTIVITIES, NewEntry, NewPost, StreamFilter
from crm_world import NOW, World
from plans import plans_of, scans_of
from storage.models import Activity, ActivityKind, Contact, RecordType, Role
from storage.store import Store

KINDS = (ActivityKind.CALL, ActivityKind.MEETING, ActivityKind.COMMENT)


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def viewers(world: World) -> tuple[Viewer, Viewer]:
    """Two people with entries of each other's, on records of each other's, at moments of which some are the same."""
    chance = random.Random(5)
    ann, bob = Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.SELLER)
    with world.store.database.unit_of_work() as session:
        owners = [world.ann, world.bob, None, world.ann]
        records = [
            (RecordType.CONTACT, create_contact(session, f"C{at}", responsible_id=who)) for at, who in enumerate(owners)
        ]
        records += [
            (RecordType.DEAL, create_deal(session, f"D{at}", responsible_id=who)) for at, who in enumerate(owners)
        ]
        follow(session, bob, records[3])
        for number in range(80):
            new = NewEntry(
                chance.choice(KINDS),
                f"Entry {number}",
                (chance.choice(records),),
                at=NOW - timedelta(hours=chance.randrange(12)),
                responsible_id=chance.choice([world.ann, world.bob]),
                deadline=NOW if chance.random() < 0.2 else None,
            )
            add_entry(session, chance.choice([ann, bob]), new)
        session.execute(
            update(Activity).where(Activity.author_id == world.ann, Activity.id % 3 == 0).values(author_id=None)
        )
    return ann, bob


def pages(world: World, viewer: Viewer, wanted: StreamFilter) -> list[str]:
    titles: list[str] = []
    behind: Cursor | None = None
    while True:
        with world.store.database.reading() as session:
            page = stream(session, viewer, wanted, behind=behind, limit=7)
        titles += [entry.title for entry in page.entries]
        if page.next is None:
            return titles
        behind = page.next


@pytest.mark.parametrize(
    "wanted",
    [
        StreamFilter(),
        StreamFilter(mine=False),
        StreamFilter(kinds=ACTIVITIES),
        StreamFilter(mine=False, kinds=frozenset({ActivityKind.CALL})),
        StreamFilter(since=NOW - timedelta(hours=6), until=NOW - timedelta(hours=1)),
    ],
)
def test_what_is_mine_is_the_same_where_much_and_where_little_is(
    world: World, viewers, monkeypatch, wanted: StreamFilter
) -> None:
    for viewer in viewers:
        by_records = pages(world, viewer, wanted)
        with monkeypatch.context() as as_if:
            as_if.setattr(newest, "FEW_RECORDS", 0)
            assert pages(world, viewer, wanted) == by_records
        with monkeypatch.context() as as_if:
            as_if.setattr(newest, "FEW_ENTRIES", 0)
            assert pages(world, viewer, wanted) == by_records
        assert len(by_records) == len(set(by_records)) > 7
        if wanted.mine and not wanted.kinds and not wanted.since:
            assert len(by_records) < len(pages(world, viewer, StreamFilter(mine=False))), "some are nobody of mine's"


OWN = Rights(dict.fromkeys(RecordType, reach(Scope.OWN, Scope.OWN)), works=True)
NOTHING_SEEN = Rights({}, works=True)
CONTACTS = replace(OWN, records={**OWN.records, RecordType.CONTACT: reach(Scope.ALL)})


@pytest.mark.parametrize(
    "wanted", [StreamFilter(mine=False), StreamFilter(mine=False, kinds=frozenset({ActivityKind.CALL}))]
)
def test_who_sees_few_records_gets_the_same_whichever_way_it_is_found(
    world: World, viewers, monkeypatch, wanted: StreamFilter
) -> None:
    with world.store.database.unit_of_work() as session:
        create_post(session, viewers[0], NewPost("To all of us", "Text", in_stream=True))
    everything = pages(world, viewers[1], wanted)
    for rights, shown in ((OWN, "some"), (CONTACTS, "more"), (NOTHING_SEEN, "posts")):
        bob = Viewer(world.bob, Role.OWN, rights, frozenset({world.bob}))
        by_records = pages(world, bob, wanted)
        with monkeypatch.context() as as_if:
            as_if.setattr(newest, "FEW_RECORDS", -1)
            assert pages(world, bob, wanted) == by_records
        posts = [] if wanted.kinds else ["To all of us"]
        assert by_records == posts if shown == "posts" else len(posts) < len(by_records) < len(everything)

        plan = plans_of(world.store, lambda session, bob=bob: stream(session, bob, wanted))
        assert "ix_activity_at" not in plan, "all that ever happened, for the little that they see"


def test_pages_go_by_an_index(world: World, viewers) -> None:
    ann, _ = viewers
    with world.store.database.reading() as session:
        [contact, *_] = session.query(Contact.id).order_by(Contact.id).all()
    everything = plans_of(world.store, lambda session: stream(session, ann, StreamFilter(mine=False)))
    assert "ix_activity_at" in everything
    calls = StreamFilter(mine=False, kinds=frozenset({ActivityKind.CALL}))
    assert "ix_activity_kind_at" in plans_of(world.store, lambda session: stream(session, ann, calls))
    by_ann = StreamFilter(mine=False, author_id=world.ann)
    assert "ix_activity_author_id_at" in plans_of(world.store, lambda session: stream(session, ann, by_ann))
    mine = plans_of(world.store, lambda session: stream(session, ann, StreamFilter()))
    assert "ix_contact_responsible_id_id" in mine
    assert "ix_activity_binding_story" in mine
    assert "ix_activity_planned" in plans_of(world.store, lambda session: upcoming(session, ann))
    told = plans_of(world.store, lambda session: timeline(session, ann, (RecordType.CONTACT, contact[0])))
    assert "ix_activity_binding_story" in told
    assert "ix_activity_at" not in told, "along the time the next entry of one record may be years away"
    for plan in (everything, mine, told):
        assert scans_of(plan, "activity") == []
    by_no_index = select(Activity.id).where(Activity.text == "walks through all")
    assert len(scans_of(plans_of(world.store, lambda session: session.execute(by_no_index)), "activity")) == 1
