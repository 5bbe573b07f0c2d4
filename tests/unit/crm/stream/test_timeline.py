"""The timeline of a record and the stream of all."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, update

from core.clock import utcnow
from core.errors import Forbidden, NotFound, UsageError
from crm.access.mail import ReadLevel
from crm.access.notifications import notices
from crm.stream.follows import follow, followers, is_following, unfollow
from crm.stream.timeline import repository
from crm.stream.timeline.entries import add_entry, complete_entry
from crm.stream.views import Attention, NewEntry, StreamFilter
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Direction,
    Mailbox,
    RecordType,
    ShareLevel,
    Task,
    TaskStatus,
)
from unit.crm.small_company import SmallCompany, letter

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def add(company: SmallCompany, kind: ActivityKind = ActivityKind.COMMENT, *, on=None, **values: object) -> int:
    """An activity as intake or a use case would have stored it."""
    row = {"kind": kind, "title": "A", "text": "", "at": NOW, "created_at": NOW} | values
    with company.store.database.unit_of_work() as session:
        activity_id = session.execute(insert(Activity).values(**row).returning(Activity.id)).scalar_one()
        records = [(RecordType.DEAL, company.deal)] if on is None else on
        for position, (record_type, record_id) in enumerate(records):
            binding = {"activity_id": activity_id, "record_type": record_type, "record_id": record_id}
            session.execute(insert(ActivityBinding).values(**binding, owner=position == 0))
    return activity_id


def add_mail(company: SmallCompany, title: str = "Offer?", **values: object) -> int:
    message_id = company.keep(letter(title, "Text of it", sender="Carl Client <carl@client.example>"))
    return add(company, ActivityKind.MAIL, title=title, message_id=message_id, direction=Direction.INCOMING, **values)


def stream_of(company: SmallCompany, user_id: int, **wanted: object) -> list[int]:
    with company.store.database.reading() as session:
        page = repository.stream(session, company.viewer(user_id), StreamFilter(**wanted))
    return [entry.id for entry in page.entries]


def test_planned_stands_on_top_by_urgency_and_the_rest_newest_first(company: SmallCompany) -> None:
    old = add(company, at=NOW - timedelta(days=2))
    new = add(company, at=NOW)
    someday = add(company, ActivityKind.CALL)
    late = add(company, ActivityKind.TASK, deadline=NOW - timedelta(hours=1))
    waiting = add_mail(company, deadline=NOW + timedelta(hours=1))
    done = add(company, ActivityKind.MEETING, at=NOW - timedelta(days=1), deadline=NOW, completed_at=NOW)
    add(company, on=[(RecordType.CONTACT, company.contact)])

    with company.store.database.reading() as session:
        story = repository.timeline(session, company.viewer(company.ann), (RecordType.DEAL, company.deal))
        with pytest.raises(NotFound):
            repository.timeline(session, company.viewer(company.ann), (RecordType.DEAL, 999))

    assert [entry.id for entry in story.planned] == [late, waiting, someday]
    assert [entry.overdue(NOW) for entry in story.planned] == [True, False, False]
    assert [entry.id for entry in story.past.entries] == [new, done, old]
    assert story.planned[0].records[0].name == "Two grinders"


def test_pages_meet_without_gap_also_where_moments_are_equal(company: SmallCompany) -> None:
    ids = [add(company, at=NOW - timedelta(minutes=number // 3)) for number in range(8)]
    seen, behind = [], None
    with company.store.database.reading() as session:
        while True:
            page = repository.stream(
                session, company.viewer(company.ann), StreamFilter(mine=False), behind=behind, limit=2
            )
            seen += [entry.id for entry in page.entries]
            behind = page.next
            if behind is None:
                break
    assert sorted(seen) == ids
    assert len(seen) == 8


def test_what_is_mine(company: SmallCompany) -> None:
    by_me = add(company, author_id=company.ann)
    for_me = add(company, responsible_id=company.ann)
    on_my_deal = add(company)  # The deal is Bob's.
    followed = add(company, on=[(RecordType.COMPANY, company.company)])
    nobodys = add(company, on=[(RecordType.CONTACT, company.contact)])
    on_nothing = add(company, author_id=company.ann, on=[])

    assert set(stream_of(company, company.ann)) == {by_me, for_me}
    with company.store.database.unit_of_work() as session:
        follow(session, company.viewer(company.ann), (RecordType.COMPANY, company.company))
        follow(session, company.viewer(company.ann), (RecordType.COMPANY, company.company))
    assert set(stream_of(company, company.ann)) == {by_me, for_me, followed}
    assert set(stream_of(company, company.bob)) == {by_me, for_me, on_my_deal}, "all on his deal"
    everything = set(stream_of(company, company.gus, mine=False))
    assert everything == {by_me, for_me, on_my_deal, followed, nobodys}
    assert on_nothing not in everything

    with company.store.database.unit_of_work() as session:
        record = (RecordType.COMPANY, company.company)
        assert is_following(session, company.viewer(company.ann), record)
        assert followers(session, company.viewer(company.ann), [record]) == {company.ann}
        unfollow(session, company.viewer(company.ann), record)
        assert not is_following(session, company.viewer(company.ann), record)
        with pytest.raises(NotFound):
            follow(session, company.viewer(company.ann), (RecordType.LEAD, 999))


def test_filters_by_kind_author_and_date(company: SmallCompany) -> None:
    call = add(company, ActivityKind.CALL, author_id=company.bob)
    comment = add(company, author_id=company.ann, at=NOW - timedelta(days=3))

    assert stream_of(company, company.ann, mine=False, kinds=frozenset({ActivityKind.CALL})) == [call]
    assert stream_of(company, company.ann, mine=False, author_id=company.ann) == [comment]
    assert stream_of(company, company.ann, mine=False, since=NOW - timedelta(days=1)) == [call]
    assert stream_of(company, company.ann, mine=False, until=NOW) == [comment]


@pytest.mark.parametrize(
    ("share", "level", "title", "snippet"),
    [
        (ShareLevel.EVERYTHING, ReadLevel.EVERYTHING, "Offer?", "Text of it\n"),
        (ShareLevel.SUBJECT, ReadLevel.SUBJECT, "Offer?", ""),
        (ShareLevel.METADATA, ReadLevel.METADATA, "", ""),
        (ShareLevel.PRIVATE, None, "", ""),
    ],
)
def test_a_mailbox_decides_what_others_see_of_its_mail(
    company: SmallCompany, share: ShareLevel, level: ReadLevel | None, title: str, snippet: str
) -> None:
    activity_id = add_mail(company)
    with company.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).where(Mailbox.id == company.mailbox).values(share_level=share))

    with company.store.database.reading() as session:
        anns = repository.entry(session, company.viewer(company.ann), activity_id)
        bobs = repository.stream(session, company.viewer(company.bob), StreamFilter(mine=False)).entries
    assert (anns.title, anns.mail.level) == ("Offer?", ReadLevel.EVERYTHING)
    if level is None:
        assert bobs == ()
    else:
        (entry,) = bobs
        assert (entry.title, entry.mail.level, entry.mail.snippet) == (title, level, snippet)
        assert entry.mail.from_address == "carl@client.example"


def test_completing_finishes_the_task_behind_an_entry(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        values = {"title": "T", "creator_id": company.ann, "responsible_id": company.bob, "created_at": NOW}
        task_id = session.execute(insert(Task).values(**values).returning(Task.id)).scalar_one()
    entry_id = add(company, ActivityKind.TASK, task_id=task_id, deadline=NOW)
    mail_id = add_mail(company, deadline=NOW)

    with company.store.database.unit_of_work() as session:
        bob = company.viewer(company.bob)
        assert complete_entry(session, bob, entry_id)
        assert not complete_entry(session, bob, entry_id)
        assert complete_entry(session, bob, mail_id)
        with pytest.raises(Forbidden):
            complete_entry(session, company.viewer(company.gus), entry_id)
        with pytest.raises(NotFound):
            complete_entry(session, bob, 999)

    assert company.rows(Task)[0].status is TaskStatus.DONE
    assert company.rows(Activity, id=entry_id)[0].at > NOW, "it happened when it was done"
    assert company.rows(Activity, id=mail_id)[0].at == NOW, "a mail keeps its moment"


def test_calls_and_meetings_are_logged_or_planned(company: SmallCompany) -> None:
    deal = ((RecordType.DEAL, company.deal),)
    tomorrow = utcnow() + timedelta(days=1)
    ann = company.viewer(company.ann)
    with company.store.database.unit_of_work() as session:
        call = add_entry(session, ann, NewEntry(ActivityKind.CALL, "Rang", deal))
        meeting = add_entry(
            session,
            ann,
            NewEntry(ActivityKind.MEETING, "Visit", deal, deadline=tomorrow, responsible_id=company.bob),
        )
        for wrong, error in (
            (NewEntry(ActivityKind.MAIL, "x", deal), UsageError),
            (NewEntry(ActivityKind.CALL, "x", ()), UsageError),
            (NewEntry(ActivityKind.COMMENT, " ", deal), UsageError),
            (NewEntry(ActivityKind.CALL, "x", ((RecordType.DEAL, 999),)), NotFound),
        ):
            with pytest.raises(error):
                add_entry(session, ann, wrong)
        with pytest.raises(Forbidden):
            add_entry(session, company.viewer(company.gus), NewEntry(ActivityKind.COMMENT, "x", deal))

    with company.store.database.reading() as session:
        bob = company.viewer(company.bob)
        assert [entry.id for entry in repository.upcoming(session, bob)] == [meeting]
        assert not repository.entry(session, bob, call).planned
        assert repository.attention(session, bob, tomorrow + timedelta(hours=1)) == Attention(1, 1, 0, 0)
        assert repository.attention(session, bob, utcnow()) == Attention(1, 0, 1, 0)
        assert [(notice.title, notice.link) for notice in notices(session, bob)] == [
            ("Planned for you: Visit", f"/deals/{company.deal}")
        ]


def test_a_page_takes_the_same_number_of_statements_however_long_it_is(company: SmallCompany) -> None:
    def statements(limit: int) -> int:
        with company.store.database.reading() as session:
            bind, count = session.get_bind(), 0

            def tally(*_: object) -> None:
                nonlocal count
                count += 1

            event.listen(bind, "before_cursor_execute", tally)
            repository.stream(session, company.viewer(company.bob), StreamFilter(mine=False), limit=limit)
            event.remove(bind, "before_cursor_execute", tally)
        return count

    for number in range(12):
        add_mail(company, title=f"Mail {number}")
    assert statements(1) == statements(12) <= 8
