"""Every list of tasks, stream, feed, bell and people once on each database: what is SQL must mean the same on both."""

from datetime import timedelta

from core.clock import utcnow
from crm.access import repository as access
from crm.access.mail import read_levels
from crm.access.mailed_in import approve, held
from crm.access.notifications import mark_read, notices, unread
from crm.stream.feed import repository as feed
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.posting import create_post
from crm.stream.follows import follow, followers
from crm.stream.from_mail import post_from_mail
from crm.stream.timeline import repository as timeline
from crm.stream.timeline.entries import add_entry, complete_entry
from crm.stream.views import NewEntry, NewPost, StreamFilter, SubjectType
from crm.work import repository as work
from crm.work.from_mail import task_from_mail
from crm.work.tasks import complete_task, create_task
from crm.work.views import NewTask, Part, TaskFilter
from storage.jobs import TASK_FROM_MAIL, OfIntakeDelivery
from storage.models import ActivityKind, IntakeState, Post, Purpose, RecordType, Task
from unit.crm.small_company import SmallCompany, letter


def test_tasks(company: SmallCompany) -> None:
    ann, now = company.viewer(company.ann), utcnow()
    with company.store.database.unit_of_work() as session:
        for days in (None, 2, 1, -1):
            deadline = None if days is None else now + timedelta(days=days)
            new = NewTask(f"Täsk {days}", company.ann, deadline=deadline, records=((RecordType.DEAL, company.deal),))
            last = create_task(session, ann, new)
        complete_task(session, ann, last)

    with company.store.database.reading() as session:
        first, second = work.tasks(session, ann, TaskFilter(limit=2))
        assert [first.title, second.title] == ["Täsk 1", "Täsk 2"]
        (third,) = work.tasks(session, ann, TaskFilter(limit=2, after=second.id))
        assert third.deadline is None
        (done,) = work.tasks(session, ann, TaskFilter(done=True, part=Part.ANY, words="täsk"))
        assert work.tasks(session, ann, TaskFilter(done=True, after=done.id)) == []
        gus = company.viewer(company.gus)
        on_deal = work.tasks(session, gus, TaskFilter(part=Part.ANY, record=(RecordType.DEAL, company.deal)))
        assert len(on_deal) == 3
        assert work.counters(session, ann, now)[Part.RESPONSIBLE].open == 3


def test_stream_and_feed(company: SmallCompany) -> None:
    ann, bob, deal = company.viewer(company.ann), company.viewer(company.bob), (RecordType.DEAL, company.deal)
    soon = utcnow() + timedelta(hours=1)
    with company.store.database.unit_of_work() as session:
        follow(session, ann, deal)
        follow(session, ann, deal)
        call = add_entry(session, ann, NewEntry(ActivityKind.CALL, "Call", (deal,), deadline=soon))
        post = create_post(session, ann, NewPost("Post", "Text", ("tag",), about=(deal,)))
        add_comment(session, bob, SubjectType.POST, post, "Word")

    with company.store.database.reading() as session:
        assert followers(session, ann, [deal]) == {company.ann}
        story = timeline.timeline(session, bob, deal)
        assert ([entry.id for entry in story.planned], story.past.entries[0].comments) == ([call], 1)
        assert len(timeline.stream(session, ann, StreamFilter(mine=True), limit=1).entries) == 1
        page = timeline.stream(session, ann, StreamFilter(mine=True), limit=1)
        assert len(timeline.stream(session, ann, StreamFilter(), behind=page.next).entries) == 1
        assert timeline.attention(session, ann, utcnow()).due_soon == 1
        assert [entry.id for entry in timeline.upcoming(session, ann)] == [call]
        assert feed.posts(session, bob, words="post")[0].about[0].id == company.deal
        assert feed.comments(session, bob, SubjectType.POST, post)[0].text == "Word"
    with company.store.database.unit_of_work() as session:
        assert complete_entry(session, ann, call)
        assert unread(session, ann) == 1
        assert mark_read(session, ann, [notices(session, ann)[0].id]) == 1


def test_mail_to_secret_addresses(company: SmallCompany) -> None:
    ann = company.viewer(company.ann)
    task = company.deliver(letter("Task", "Text"), Purpose.TASK)
    company.deliver(letter("Post", "Text"), Purpose.FEED, state=IntakeState.HELD)
    for _ in range(2):
        task_from_mail(company.run(TASK_FROM_MAIL, OfIntakeDelivery(task)))
    with company.store.database.unit_of_work() as session:
        (waiting,) = held(session, ann)
        assert len(read_levels(session, ann, [waiting.message_id])) == 1
        approve(session, ann, waiting.delivery_id)
    post_from_mail(company.next_run())
    assert (len(company.rows(Task)), len(company.rows(Post))) == (1, 1)


def test_people(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        access.lock_people(session)
        assert access.count_people(session) == 3
        access.insert_act(session, company.ann, "test.act", {"number": 1})
        assert access.acts(session, company.viewer(company.ann))[0].detail == {"number": 1}
        assert access.address_keys_of(session, company.ann) == {"ann@house.example"}
        assert len(access.all_own_address_keys(session)) == 3
