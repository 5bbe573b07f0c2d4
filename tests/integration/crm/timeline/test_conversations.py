"""The conversations of a record: each once, the newest first, and what is in a private mailbox told to nobody else."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update

from core.cursors import Cursor
from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.intake.arrival import Arrival
from crm.stream.conversations import repository
from crm.stream.conversations.repository import conversations
from crm.stream.timeline.repository import entries_again
from crm_world import NOW, Box, World, known_contact, mail
from plans import plans_of
from storage.models import Activity, ActivityBinding, ActivityKind, FolderRole, RecordType, Role, ShareLevel
from storage.store import Store

CARL = "carl@client.example"
DAY = timedelta(days=1)


def shown(
    world: World, viewer: Viewer, contact: int, behind: Cursor | None = None, limit: int = 9
) -> tuple[list[str], Cursor | None]:
    with world.store.database.reading() as session:
        page = conversations(session, viewer, (RecordType.CONTACT, contact), behind=behind, limit=limit)
    return [f"{entry.title} of {entry.mail.from_address}" for entry in page.entries if entry.mail], page.next


def test_each_conversation_stands_once_by_its_newest_mail(store: Store) -> None:
    world = World(store)
    contact = known_contact(world, CARL)
    own = world.add_mailbox("ann@ours.example", owner_id=world.ann, shared=False, share_level=ShareLevel.PRIVATE)
    for number, subject in enumerate(("Offer", "Invoice", "Visit")):
        day = NOW + number * DAY
        world.deliver(mail(CARL, world.sales.email, subject, message_id=f"m{number}", date=day), internal_date=day)
    answer = mail(world.sales.email, CARL, "Re: Offer", message_id="a0", references=["m0"], date=NOW + 5 * DAY)
    world.deliver(answer, role=FolderRole.SENT, internal_date=NOW + 5 * DAY)
    secret = mail(CARL, own.email, "Re: Invoice", message_id="s1", references=["m1"], date=NOW + 6 * DAY)
    world.deliver(secret, own, internal_date=NOW + 6 * DAY)

    ann, bob = Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.SELLER)
    everything, end = shown(world, ann, contact)
    assert (everything, end) == (
        [f"Re: Invoice of {CARL}", f"Re: Offer of {world.sales.email}", f"Visit of {CARL}"],
        None,
    )
    assert shown(world, bob, contact)[0] == [
        f"Invoice of {CARL}",
        f"Re: Offer of {world.sales.email}",
        f"Visit of {CARL}",
    ]

    first, behind = shown(world, ann, contact, limit=2)
    rest, end = shown(world, ann, contact, behind, limit=2)
    assert (first + rest, end) == (everything, None)
    with pytest.raises(NotFound):
        shown(world, ann, 4_040)


def test_pages_hold_what_a_look_at_all_mail_finds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few mails are looked at together: mixed conversations, moments that are the same, mail that waits for an answer."""
    world = World(store)
    contact = known_contact(world, CARL)
    own = world.add_mailbox("ann@ours.example", owner_id=world.ann, shared=False, share_level=ShareLevel.PRIVATE)
    # A long one of which all but the first is in a private mailbox must not hide those beside it.
    told = [("t0", NOW, True), ("t1", NOW, True), *(("t0", NOW + 90 * DAY, False) for _ in range(25))]
    told += [("t1", NOW + 80 * DAY, False)]
    random = Random(4)
    told += [
        (f"t{random.randrange(2, 12)}", NOW + random.randrange(30) * DAY, random.random() < 0.6) for _ in range(50)
    ]
    deliver_all(world, own, told)
    with store.database.unit_of_work() as session:
        waits = {"deadline": NOW, "completed_at": None}
        session.execute(update(Activity).where(Activity.id % 3 == 0, Activity.kind == ActivityKind.MAIL).values(waits))

    viewers = [Viewer(world.ann, Role.SELLER), Viewer(world.bob, Role.SELLER)]
    expected = {viewer: looked_up(world, viewer, contact) for viewer in viewers}
    assert len(expected[viewers[0]]) == 12
    assert len(expected[viewers[1]]) > 8
    for mails_together, passed in ((200, 1_000), (7, 3)):
        monkeypatch.setattr(repository, "SLICE", mails_together)
        monkeypatch.setattr(repository, "MOST_PASSED", passed)
        for viewer in viewers:
            for limit in (1, 3, 50):
                pages = list(paged(world, viewer, contact, limit))
                assert [number for page in pages for number in page] == expected[viewer], (mails_together, limit)
                assert all(len(page) <= limit for page in pages)

    ann = viewers[0]
    plan = plans_of(store, lambda session: conversations(session, ann, (RecordType.CONTACT, contact), limit=2))
    of_planned = " (record_type=? AND record_id=? AND planned=?)" if store.database.embedded else ""
    assert f"ix_activity_binding_story{of_planned}" in plan
    assert "WindowAgg" not in plan, "not all mail is ranked"


def deliver_all(world: World, own: Box, told: list[tuple[str, datetime, bool]]) -> None:
    """Mails of conversations in the shared mailbox or in the private one, each behind the first of its own."""
    arrivals: dict[bool, list[Arrival]] = {True: [], False: []}
    for number, (thread, at, is_shared) in enumerate(told):
        box, first = world.sales if is_shared else own, [each[0] for each in told].index(thread)
        cited = [] if first == number else [f"m{first}"]
        raw = mail(CARL, box.email, f"About {thread}", message_id=f"m{number}", references=cited, date=at)
        arrivals[is_shared].append(world.arrival(raw, box, internal_date=at))
    for is_shared, some in arrivals.items():
        assert not world.take(some, world.sales if is_shared else own).quarantined


def looked_up(world: World, viewer: Viewer, contact: int) -> list[int]:
    """What is to be shown, by all mail on the record: conversations by their newest, each by the newest that one may know of."""
    order = (Activity.at.desc(), Activity.id.desc())
    place = func.row_number().over(partition_by=Activity.thread_id, order_by=order).label("place")
    mails = select(Activity.id, Activity.thread_id, place).join(
        ActivityBinding, ActivityBinding.activity_id == Activity.id
    )
    on_it = (ActivityBinding.record_type == RecordType.CONTACT, ActivityBinding.record_id == contact)
    with world.store.database.reading() as session:
        rows = session.execute(mails.where(*on_it, Activity.kind == ActivityKind.MAIL).order_by(*order)).all()
        may_know = {each.id for each in entries_again(session, viewer, [row.id for row in rows])}
    newest_first = [row.thread_id for row in rows if row.place == 1]
    shown = [[row.id for row in rows if row.thread_id == each and row.id in may_know] for each in newest_first]
    return [of_one[0] for of_one in shown if of_one]


def paged(world: World, viewer: Viewer, contact: int, limit: int) -> Iterator[list[int]]:
    behind: Cursor | None = None
    while True:
        with world.store.database.reading() as session:
            page = conversations(session, viewer, (RecordType.CONTACT, contact), behind=behind, limit=limit)
        yield [entry.id for entry in page.entries]
        if (behind := page.next) is None:
            return
