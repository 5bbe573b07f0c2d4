"""Tasks by hand: set, listed by one's part, counted, done, and what of them the timelines show."""

from datetime import timedelta

import pytest

from core.clock import utcnow
from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.notifications import notices
from crm.work import repository
from crm.work.prefilling import task_form
from crm.work.tasks import bind_task, change_task, complete_task, create_task, reopen_task, start_task
from crm.work.views import NewTask, Part, TaskChange, TaskCounters, TaskFilter
from storage.models import Activity, ActivityBinding, ActivityKind, Priority, RecordType, Role, TaskStatus
from unit.crm.small_company import SmallCompany, letter


def make(company: SmallCompany, title: str, **values: object) -> int:
    new = NewTask(title, values.pop("responsible_id", company.bob), **values)
    with company.store.database.unit_of_work() as session:
        return create_task(session, company.viewer(company.ann), new)


def titles(company: SmallCompany, user_id: int, **wanted: object) -> list[str]:
    with company.store.database.reading() as session:
        return [task.title for task in repository.tasks(session, company.viewer(user_id), TaskFilter(**wanted))]


def test_a_task_is_listed_by_ones_part_in_it_and_its_person_hears_of_it(company: SmallCompany) -> None:
    make(company, "For Bob")
    make(company, "For Ann", responsible_id=company.ann)

    assert titles(company, company.bob) == ["For Bob"]
    assert titles(company, company.bob, part=Part.SET_BY_ME) == []
    assert titles(company, company.ann, part=Part.SET_BY_ME) == ["For Bob", "For Ann"]
    assert titles(company, company.gus, part=Part.ANY) == []
    with company.store.database.reading() as session:
        assert [notice.title for notice in notices(session, company.viewer(company.bob))] == ["New task: For Bob"]
        assert notices(session, company.viewer(company.ann)) == []


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_open_tasks_stand_by_deadline_and_pages_meet_without_gap(company: SmallCompany, limit: int) -> None:
    now = utcnow()
    days = [None, 3, 1, None, 2, 1]
    ids = [make(company, f"{day}", deadline=None if day is None else now + timedelta(days=day)) for day in days]
    order = [ids[at] for at in (2, 5, 4, 1, 0, 3)]

    viewer, seen, after = company.viewer(company.bob), [], None
    with company.store.database.reading() as session:
        while page := repository.tasks(session, viewer, TaskFilter(after=after, limit=limit)):
            seen += [task.id for task in page]
            after = seen[-1]
    assert seen == order


def test_counters_tell_late_from_soon(company: SmallCompany) -> None:
    now = utcnow()
    for hours in (-1, 5, 100):
        make(company, "x", deadline=now + timedelta(hours=hours))
    done = make(company, "done", deadline=now - timedelta(hours=1))
    with company.store.database.unit_of_work() as session:
        complete_task(session, company.viewer(company.bob), done)

    with company.store.database.reading() as session:
        bobs = repository.counters(session, company.viewer(company.bob), now)
        anns = repository.counters(session, company.viewer(company.ann), now)
    assert bobs == {Part.RESPONSIBLE: TaskCounters(3, 1, 1), Part.SET_BY_ME: TaskCounters(0, 0, 0)}
    assert anns == {Part.RESPONSIBLE: TaskCounters(0, 0, 0), Part.SET_BY_ME: TaskCounters(3, 1, 1)}


def test_a_task_on_records_stands_in_their_timelines_and_one_on_none_does_not(company: SmallCompany) -> None:
    bound = make(
        company, "On the deal", records=((RecordType.DEAL, company.deal), (RecordType.CONTACT, company.contact))
    )
    free = make(company, "Private")

    (activity,) = company.rows(Activity)
    assert (activity.kind, activity.task_id, activity.completed_at) == (ActivityKind.TASK, bound, None)
    bindings = {(row.record_type, row.record_id): row.owner for row in company.rows(ActivityBinding)}
    assert bindings == {(RecordType.DEAL, company.deal): True, (RecordType.CONTACT, company.contact): False}

    viewer = company.viewer(company.bob)
    with company.store.database.unit_of_work() as session:
        assert complete_task(session, viewer, bound)
        assert not complete_task(session, viewer, bound)
        bind_task(session, viewer, free, ((RecordType.COMPANY, company.company),))
        bind_task(session, viewer, free, ((RecordType.COMPANY, company.company), (RecordType.DEAL, company.deal)))
    assert company.rows(Activity, task_id=bound)[0].completed_at is not None
    with company.store.database.reading() as session:
        task = repository.task(session, company.viewer(company.gus), free)
    assert [named.name for named in task.records] == ["Client Ltd", "Two grinders"]

    with company.store.database.unit_of_work() as session:
        assert reopen_task(session, viewer, bound)
    assert company.rows(Activity, task_id=bound)[0].completed_at is None


def test_who_may_change_a_task(company: SmallCompany) -> None:
    private = make(company, "Ann's own", responsible_id=company.ann)
    bobs = make(company, "Bob's")
    change = TaskChange("New title", "Text", company.ann, Priority.HIGH, None, ("tag",))
    bob, ann = company.viewer(company.bob), company.viewer(company.ann)

    with company.store.database.unit_of_work() as session:
        with pytest.raises(NotFound):
            change_task(session, bob, private, change)
        with pytest.raises(Forbidden):
            create_task(session, company.viewer(company.gus), NewTask("x", company.gus))
        start_task(session, bob, bobs)
        change_task(session, ann, bobs, change)
        task = repository.task(session, ann, bobs)
    assert (task.title, task.status, task.responsible.id, task.tags) == (
        "New title",
        TaskStatus.STARTED,
        company.ann,
        ("tag",),
    )


def test_what_is_no_task(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        ann = company.viewer(company.ann)
        for new in (
            NewTask("  ", company.bob),
            NewTask("x" * 301, company.bob),
            NewTask("x", 999),
            NewTask("x", company.bob, records=((RecordType.DEAL, 999),)),
        ):
            with pytest.raises(UsageError):
                create_task(session, ann, new)
        done = create_task(session, ann, NewTask("x", company.ann))
        complete_task(session, ann, done)
        with pytest.raises(Conflict):
            start_task(session, ann, done)
        assert ann.role is Role.ADMINISTRATOR


def test_nobody_gives_a_task_about_a_mail_that_they_may_not_read(company: SmallCompany) -> None:
    anns = company.keep(letter("Secret", "Text"))
    with company.store.database.unit_of_work() as session:
        with pytest.raises(NotFound):
            create_task(session, company.viewer(company.bob), NewTask("x", company.bob, message_id=anns))
        create_task(session, company.viewer(company.ann), NewTask("x", company.bob, message_id=anns))


def test_the_form_of_a_message_is_filled_in_for_who_may_read_it(company: SmallCompany) -> None:
    mail = letter("Re: Two grinders", "Can you call me?\n\n-- \nCarl", sender="Carl Client <carl@client.example>")
    message_id = company.keep(mail)

    form = task_form(company.store, company.viewer(company.ann), message_id)
    assert (form.title, form.text, form.responsible_id) == ("Two grinders", "Can you call me?", company.ann)
    assert (form.sender_address, form.message_id) == ("carl@client.example", message_id)
    assert form.records == (
        (RecordType.DEAL, company.deal),
        (RecordType.CONTACT, company.contact),
        (RecordType.COMPANY, company.company),
    )
    with pytest.raises(NotFound):
        task_form(company.store, company.viewer(company.bob), message_id)
