"""The stream, clause by clause (docs/stream.md), on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from core.clock import utcnow
from crm.conversations.repository.counters import section_counters
from crm.outgoing.queueing import prepare_files
from crm.posting.writing import NewMessage, post_message
from crm.records.leads import create_lead
from crm.stream.feed.posting import create_post
from crm.stream.files.repository.of_record import files_of
from crm.stream.follows import follow, unfollow
from crm.stream.timeline.entries import add_entry, complete_entry
from crm.stream.timeline.repository import attention, newest, stream, timeline, upcoming
from crm.stream.views import ACTIVITIES, MESSAGES, Attention, NewEntry, NewPost, StreamFilter
from crm.work.tasks import create_task
from crm.work.views import NewTask
from integration.crm_outgoing.steps import connect
from servers.mail_catcher import MailCatcher
from storage.models import Activity, ActivityBinding, ActivityKind, Direction, Message, Part, RecordType
from unit.crm.small_company import SmallCompany, letter

DAY = timedelta(days=1)


def names(company: SmallCompany, who: int, **wanted: object) -> list[str]:
    with company.store.database.reading() as session:
        page = stream(session, company.viewer(who), StreamFilter(**wanted))
    return [entry.title for entry in page.entries]


def enter(company: SmallCompany, title: str, on, *, who: int | None = None, kind=ActivityKind.CALL, **values) -> int:
    with company.store.database.unit_of_work() as session:
        return add_entry(session, company.viewer(who or company.ann), NewEntry(kind, title, (on,), **values))


def test_mine_is_made_by_me_to_me_on_my_records_and_on_what_i_follow(company: SmallCompany) -> None:
    deal, carl = (RecordType.DEAL, company.deal), (RecordType.CONTACT, company.contact)
    firm = (RecordType.COMPANY, company.company)
    with company.store.database.unit_of_work() as session:
        lead = (RecordType.LEAD, create_lead(session, "Fair", responsible_id=company.bob))
        ann = company.viewer(company.ann)
        for title, to in (("to Bob", (company.bob,)), ("to Gus", (company.gus,)), ("to all", None)):
            new = NewPost(title, "", everyone=to is None, readers=to or (), in_stream=True)
            create_post(session, ann, new)
    enter(company, "by Bob", carl, who=company.bob)
    enter(company, "on his deal", deal)
    enter(company, "on his lead", lead)
    enter(company, "for Bob", carl, responsible_id=company.bob, deadline=utcnow())
    enter(company, "on a firm", firm)

    his = ["for Bob", "on his lead", "on his deal", "by Bob", "to all", "to Bob"]
    assert names(company, company.bob) == his, "it opens on mine"
    for record, title in ((firm, "on a firm"), (carl, "more on Carl")):
        enter(company, title, record)
        with company.store.database.unit_of_work() as session:
            follow(session, company.viewer(company.bob), record)
        assert names(company, company.bob)[0] == title
        with company.store.database.unit_of_work() as session:
            unfollow(session, company.viewer(company.bob), record)
        assert names(company, company.bob) == his
    assert set(names(company, company.bob, mine=False)) == {*his, "on a firm", "more on Carl"}
    assert "to Gus" in names(company, company.gus)


def test_tasks_on_no_record_do_not_appear(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        ann = company.viewer(company.ann)
        create_task(session, ann, NewTask("My own", company.ann))
        create_task(session, ann, NewTask("On the deal", company.ann, records=((RecordType.DEAL, company.deal),)))
        row = {"kind": ActivityKind.TASK, "title": "Taken off", "at": utcnow(), "created_at": utcnow(), "task_id": 1}
        session.execute(insert(Activity).values(**row, author_id=company.ann, responsible_id=company.ann))
    assert names(company, company.ann, mine=False) == names(company, company.ann) == ["On the deal"]
    with company.store.database.reading() as session:
        assert [entry.title for entry in upcoming(session, company.viewer(company.ann))] == ["On the deal"]


def test_filters_of_kind_author_and_date(company: SmallCompany) -> None:
    deal = (RecordType.DEAL, company.deal)
    for kind in (ActivityKind.CALL, ActivityKind.MEETING):
        enter(company, kind.value, deal, kind=kind, who=company.bob)
    enter(company, "old call", deal, at=utcnow() - 3 * DAY)
    enter(company, "comment", deal, kind=ActivityKind.COMMENT)
    with company.store.database.unit_of_work() as session:
        ann = company.viewer(company.ann)
        create_task(session, ann, NewTask("task", company.ann, records=(deal,)))
        create_post(session, ann, NewPost("post", "", about=(deal,)))
    mail_on(company, "mail", deal)

    def chosen(**wanted: object) -> set[str]:
        return set(names(company, company.gus, mine=False, **wanted))

    assert chosen(kinds=MESSAGES) == {"post", "comment"}
    assert chosen(kinds=ACTIVITIES) == {"task", "mail", "call", "old call", "meeting"}
    for kind in ("task", "mail", "meeting"):
        assert chosen(kinds=frozenset({ActivityKind(kind)})) == {kind}
    assert chosen(author_id=company.bob) == {"call", "meeting"}
    assert chosen(until=utcnow() - DAY) == {"old call"}
    assert "old call" not in chosen(since=utcnow() - DAY)
    assert len(chosen()) == 7


def mail_on(company: SmallCompany, title: str, record, *, outgoing_id: int | None = None, **values: object) -> int:
    message_id = company.keep(letter(title, "Text", sender="Carl Client <carl@client.example>"))
    with company.store.database.unit_of_work() as session:
        if outgoing_id is not None:
            session.get_one(Message, message_id).outgoing_id = outgoing_id
        now = utcnow()
        row = {"kind": ActivityKind.MAIL, "title": title, "at": now, "created_at": now, "message_id": message_id}
        activity = insert(Activity).values(**row, direction=Direction.INCOMING, **values).returning(Activity.id)
        activity_id = session.execute(activity).scalar_one()
        binding = {"activity_id": activity_id, "record_type": record[0], "record_id": record[1], "owner": True}
        session.execute(insert(ActivityBinding).values(**binding))
    return activity_id


def test_the_mail_of_a_post_is_told_by_the_post_where_that_stands(
    company: SmallCompany, smtp_catcher: MailCatcher
) -> None:
    connect(company, smtp_catcher.port)
    carl, firm = (RecordType.CONTACT, company.contact), (RecordType.COMPANY, company.company)
    with company.store.database.unit_of_work() as session:
        new = NewPost("Prices", "", everyone=False, in_stream=True)
        files = prepare_files(company.store.blobs, [("prices.txt", "text/plain", b"prices")])
        post_message(session, company.viewer(company.ann), NewMessage(new, by_mail=(carl,), files=files))
    with company.store.database.reading() as session:
        (post,) = stream(session, company.viewer(company.ann), StreamFilter(mine=False)).entries
    outgoing = post.post.mails[0]
    assert outgoing.thread_id is None
    copy = mail_on(company, "Prices", carl, outgoing_id=1)
    with company.store.database.unit_of_work() as session:
        values = {"activity_id": copy, "record_type": firm[0], "record_id": firm[1], "owner": False}
        session.execute(insert(ActivityBinding).values(**values))
        part = {"index": 0, "filename": "prices.txt", "content_type": "text/plain", "size": 6, "sha256": "-"}
        message = select(Activity.message_id).where(Activity.id == copy).scalar_subquery()
        session.execute(insert(Part).values(**part, inline=False, message_id=message))

    assert names(company, company.ann, mine=False) == ["Prices"]
    kind = frozenset({ActivityKind.MAIL})
    assert names(company, company.ann, mine=False, kinds=kind) == ["Prices"], "asked for mails, it is the mail"
    with company.store.database.reading() as session:
        ann = company.viewer(company.ann)
        told = [timeline(session, ann, record).past.entries for record in (carl, firm)]
        (post,) = stream(session, ann, StreamFilter(mine=False)).entries
        files = [[file.source.value for file in files_of(session, ann, record).files] for record in (carl, firm)]
    assert files == [["post"], ["mail"]], "one file of the post and its mail, where both stand"
    assert [[entry.kind.value for entry in entries] for entries in told] == [["post"], ["mail"]]
    assert post.post.mails[0].thread_id is not None


def test_counters_tell_what_needs_attention_in_each_section(company: SmallCompany) -> None:
    deal, carl = (RecordType.DEAL, company.deal), (RecordType.CONTACT, company.contact)
    now = utcnow()

    def counted() -> tuple[int, int, int, int]:
        with company.store.database.reading() as session:
            numbers = section_counters(session, company.viewer(company.bob), now)
        return numbers.stream, numbers.deals, numbers.contacts, numbers.leads

    assert counted() == (0, 0, 0, 0)
    enter(company, "next week", deal, responsible_id=company.bob, deadline=now + 7 * DAY)
    assert counted() == (0, 0, 0, 0), "nothing to do yet"
    late = enter(company, "late", deal, responsible_id=company.bob, deadline=now - DAY)
    enter(company, "today", carl, responsible_id=company.bob, deadline=now + timedelta(hours=2))
    enter(company, "Ann's", carl, deadline=now)
    assert counted() == (2, 1, 1, 0)
    mail_on(company, "waits", deal, responsible_id=company.bob, deadline=now + 3 * DAY)
    assert counted() == (3, 1, 1, 0), "one deal needs him, for two reasons"
    with company.store.database.unit_of_work() as session:
        assert attention(session, company.viewer(company.bob), now) == Attention(4, 1, 1, 1)
        complete_entry(session, company.viewer(company.bob), late)
    assert counted() == (2, 1, 1, 0)
    with company.store.database.reading() as session:
        ahead = [entry.title for entry in upcoming(session, company.viewer(company.bob))]
    assert ahead == ["today", "waits", "next week"], "the most urgent first"


@pytest.mark.parametrize("kind", [ActivityKind.CALL, ActivityKind.COMMENT])
def test_a_new_entry_is_known_by_a_larger_number(company: SmallCompany, kind: ActivityKind) -> None:
    with company.store.database.reading() as session:
        before = newest(session, company.viewer(company.gus))
    enter(company, "x", (RecordType.DEAL, company.deal), kind=kind)
    with company.store.database.reading() as session:
        assert newest(session, company.viewer(company.gus)) > before
