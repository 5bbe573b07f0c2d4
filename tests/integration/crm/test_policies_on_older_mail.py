"""Another policy tried on the last month's mail, applied to it, killed in between, and taken back; on both databases."""

import hashlib
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text

from core.config import load_settings
from core.errors import Conflict, Forbidden
from crm.access.viewer import Viewer
from crm.conversations.arranging.bindings import change_records
from crm.intake.policies.changing import NewRule, add_rules
from crm.intake.policies.policy import Policy
from crm.intake.policies.sender_rules import Rule
from crm.intake.revisiting import runs, trial
from crm.intake.revisiting.late_letters import WHY, judge_again_in_job
from crm.intake.revisiting.repository.runs import last_run
from crm.intake.revisiting.trial import Trial, try_policy
from crm.records.fields.editing import edit_record
from crm.records.modes import CrmMode, Mode
from crm.stream.feed.commenting import add_comment
from crm.stream.views import SubjectType
from crm_world import CONNECTED, NOW, World, known_contact, mail
from integration.crm.arranged import do, thread
from lock_waits import until_somebody_waits
from storage import outbox
from storage.jobs import JUDGE_AGAIN
from storage.models import (
    Activity,
    Base,
    Contact,
    Deal,
    FolderRole,
    JobState,
    Lead,
    OnUnknown,
    Outbox,
    Place,
    PolicyRun,
    PolicyRunRecord,
    QueueTurn,
    RecordType,
    Role,
    SenderKind,
    Treatment,
)
from storage.running import JobRun
from storage.store import Store

SYSTEM = Viewer.system()
LATER = NOW + timedelta(days=20)
MODE, CONTACT, NOTHING = OnUnknown
SALES = "sales@ours.example"


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def month(world: World, people: int = 4) -> list[int]:
    """Strangers who write twice, a client, mass mail; the ids of their mails in the order of their dates."""
    known_contact(world, "client@known.example", responsible_id=world.bob)
    raws = []
    for number in range(people):
        at = NOW + timedelta(hours=number)
        raws.append(mail(f"p{number}@new{number}.example", SALES, f"Offer {number}", message_id=f"a{number}", date=at))
        raws.append(
            mail(
                f"p{number}@new{number}.example",
                SALES,
                f"Boat {number}",
                message_id=f"b{number}",
                date=at + timedelta(hours=9),
            )
        )
    raws.append(mail("client@known.example", SALES, "Again", message_id="c"))
    raws.append(
        mail(
            "news@mass.example",
            SALES,
            "News",
            message_id="n",
            Precedence="bulk",
            List_Unsubscribe="<https://x.example>",
        )
    )
    return [world.deliver(raw) for raw in raws]


def tried(world: World, wanted: Policy, *further: Rule) -> Trial:
    with world.store.database.reading() as session:
        return try_policy(session, world.store.keys, world.sales.id, wanted, LATER, further)


def applied(world: World, viewer: Viewer = SYSTEM) -> int:
    with time_machine.travel(LATER, tick=False), world.store.database.unit_of_work() as session:
        return runs.begin(session, viewer, world.sales.id)


def everything(world: World) -> str:
    """All rows of all tables."""
    digest = hashlib.sha256()
    with world.store.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "vector"]
            rows = sorted(repr(tuple(row)) for row in session.execute(select(*columns)))
            digest.update(f"{table.name}{rows}".encode())
        if session.get_bind().dialect.name == "sqlite":
            digest.update(str(session.execute(text("SELECT * FROM sqlite_sequence ORDER BY name")).all()).encode())
    return digest.hexdigest()


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("wanted", [Policy(incoming=policy) for policy in OnUnknown])
def test_a_trial_writes_nothing_and_the_policy_in_force_would_have_changed_nothing(
    world: World, mode: Mode, wanted: Policy
) -> None:
    world.mode(CrmMode(mode))
    world.change(world.sales, on_unknown_incoming=wanted.incoming)
    month(world)
    before = everything(world)

    same = tried(world, wanted)
    assert (same.changes, same.would_make, same.before) == ((), {}, same.after)
    assert same.mails == 10
    tried(world, Policy(incoming=NOTHING if wanted.incoming is MODE else MODE, only_written_to=True))

    assert everything(world) == before


def test_what_would_have_been_is_told_mail_by_mail(world: World) -> None:
    month(world)
    assert len(world.all(Deal)) == 5

    nothing = tried(world, Policy(incoming=NOTHING))
    assert nothing.before == {"deal": 4, "joins": 4, "repeat deal": 1, "nothing": 1}
    assert nothing.after == {"nothing": 10}
    assert {change.after.why for change in nothing.changes} == {"This mailbox is set to create nothing."}
    assert len(nothing.changes) == 9
    assert nothing.would_make == {}

    contacts = tried(world, Policy(incoming=CONTACT))
    assert contacts.after == {"contact": 4, "nothing": 6}
    exception = Rule(None, SenderKind.DOMAIN, "new1.example", "new1.example", Treatment.NEVER)
    without = tried(world, Policy(), exception)
    assert [(change.before.outcome, change.after.outcome) for change in without.changes] == [
        ("joins", "nothing"),
        ("deal", "nothing"),
    ]
    assert "It is listed as new1.example." in without.changes[0].after.why
    anew = Rule(None, SenderKind.ADDRESS, "p2@new2.example", "p2@new2.example", Treatment.ALWAYS_NEW)
    assert tried(world, Policy(), anew).after["repeat deal"] == 2


def test_a_policy_is_applied_to_older_mail_and_makes_what_the_trial_says(world: World) -> None:
    world.change(world.sales, on_unknown_incoming=NOTHING, queue=[world.ann, world.bob])
    mails = month(world)
    told = len(world.all(Outbox))
    expected = tried(world, Policy(incoming=MODE)).would_make
    assert expected == {"deal": 4, "repeat deal": 1}
    assert world.all(Deal) == []

    world.change(world.sales, on_unknown_incoming=MODE)
    number = applied(world)
    done = runs.go_on(world.store, number)

    assert (done.total, done.done, done.made) == (10, 10, {"deal": 5, "contact": 4})
    assert [world.kinds(each) for each in mails] == [["deal", "contact"]] * 9 + [[]]
    assert sorted(deal.responsible_id for deal in world.all(Deal)) == [world.ann] * 2 + [world.bob] * 3
    assert len(world.all(Outbox)) == told + 1, "nobody is told of it as of new mail"
    shown = {each["step"]: each for each in world.rows(select(Place).where(Place.message_id == mails[0]))[0].decision}
    assert shown["again"]["detail"] == runs.WHY
    assert (shown["create"]["outcome"], shown["timeline"]["outcome"]) == ("deal", "added")
    assert all(activity.deadline > activity.at for activity in world.all(Activity))
    assert tried(world, Policy(incoming=MODE)).changes == ()
    again = runs.go_on(world.store, applied(world))
    assert again.made == {}
    assert len(world.all(Deal)) == 5


@pytest.mark.parametrize("killed_at", [1, 2, 3])
def test_a_run_that_is_killed_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 3)
    world.change(world.sales, on_unknown_incoming=NOTHING)
    month(world)
    world.change(world.sales, on_unknown_incoming=MODE)
    number = applied(world)
    judge, calls = runs.judge_again, []

    def killed(*args: Any) -> Any:
        calls.append(1)
        result = judge(*args)
        if len(calls) == killed_at:
            raise KeyboardInterrupt  # In the midst of a unit: all that was made in it is gone.
        return result

    monkeypatch.setattr(runs, "judge_again", killed)
    with pytest.raises(KeyboardInterrupt):
        runs.go_on(world.store, number)
    made_before = len(world.all(PolicyRunRecord))
    done = runs.go_on(world.store, number)

    assert len(world.all(Deal)) == 5
    assert (done.made, done.done) == ({"deal": 5, "contact": 4}, 10)
    assert made_before < 9


def test_undo_takes_back_what_nobody_touched_and_names_the_rest(world: World) -> None:
    world.change(world.sales, on_unknown_incoming=NOTHING)
    mails = month(world)
    world.change(world.sales, on_unknown_incoming=MODE)
    number = applied(world)
    with pytest.raises(Conflict, match="can not be taken back"), world.store.database.unit_of_work() as session:
        runs.undo(session, SYSTEM, number)
    runs.go_on(world.store, number)
    deals = {deal.title: deal for deal in world.all(Deal)}
    with world.store.database.unit_of_work() as session:  # One is edited, mail comes to another one.
        edit_record(
            session, Viewer(world.ann, Role.ADMINISTRATOR), (RecordType.DEAL, deals["Offer 0"].id), {"title": "Mine"}
        )
    world.deliver(mail("p1@new1.example", SALES, "Re: Offer 1", message_id="z1", references=["a1"], date=LATER))

    with world.store.database.unit_of_work() as session:
        runs.undo(session, SYSTEM, number)
    undone = runs.go_on(world.store, number)

    left = {deal.title for deal in world.all(Deal) if deal.deleted_at is None}
    assert left == {"Mine", "Offer 1"}
    assert len([contact for contact in world.all(Contact) if contact.deleted_at is None]) == 3, "theirs, and the client"
    assert (undone.removed, len(undone.kept)) == (5, 4)
    stands = [world.kinds(each) for each in mails]
    assert stands == [["deal", "contact"]] * 4 + [[]] * 4 + [["contact"], []]
    with pytest.raises(Conflict), world.store.database.unit_of_work() as session:
        runs.undo(session, SYSTEM, number)

    again = runs.go_on(world.store, applied(world))
    assert again.made == {"deal": 3, "contact": 2}, "what was taken back can be made again"


def test_undo_leaves_what_somebody_arranged_or_commented_by_hand(world: World) -> None:
    world.change(world.sales, on_unknown_incoming=NOTHING)
    mails = month(world)
    of_client = next(each for each in mails if world.kinds(each) == ["contact"])
    world.change(world.sales, on_unknown_incoming=MODE)
    number = applied(world)
    runs.go_on(world.store, number)
    deals = {deal.title: (RecordType.DEAL, deal.id) for deal in world.all(Deal)}
    do(world, change_records, thread(world, of_client), add=[deals["Offer 2"]], remove=[])
    of_last = next(each for each in mails if deals["Offer 3"] in world.bindings(each))
    do(world, add_comment, SubjectType.ACTIVITY, world.activity(of_last).id, "He called, too")

    with world.store.database.unit_of_work() as session:
        runs.undo(session, SYSTEM, number)
    undone = runs.go_on(world.store, number)

    assert {deal.title for deal in world.all(Deal) if deal.deleted_at is None} == {"Offer 2", "Offer 3"}
    assert {(one.type, one.id) for one in undone.kept} >= {deals["Offer 2"], deals["Offer 3"]}
    assert deals["Offer 2"] in world.bindings(of_client)
    assert deals["Offer 3"] in world.bindings(of_last)


def test_undo_that_is_killed_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "UNDONE_AT_ONCE", 2)
    world.change(world.sales, on_unknown_incoming=NOTHING)
    month(world)
    world.change(world.sales, on_unknown_incoming=MODE)
    number = applied(world)
    runs.go_on(world.store, number)
    with world.store.database.unit_of_work() as session:
        runs.undo(session, SYSTEM, number)

    first = runs.do_some(world.store, number)
    assert (first.removed, first.undone_at) == (2, None)
    undone = runs.go_on(world.store, number)

    assert (undone.removed, undone.kept) == (9, ())
    assert [deal for deal in world.all(Deal) if deal.deleted_at is None] == []


def test_leads_are_made_and_taken_back_in_classic_mode(world: World) -> None:
    world.mode(CrmMode(Mode.CLASSIC))
    world.change(world.sales, on_unknown_incoming=NOTHING)
    month(world)
    world.change(world.sales, on_unknown_incoming=MODE)
    assert tried(world, Policy(incoming=MODE)).would_make == {"lead": 4, "repeat lead": 1}
    number = applied(world)
    assert runs.go_on(world.store, number).made == {"lead": 5}
    with world.store.database.unit_of_work() as session:
        runs.undo(session, SYSTEM, number)
    assert runs.go_on(world.store, number).removed == 5
    assert [lead for lead in world.all(Lead) if lead.deleted_at is None] == []


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_of_two_who_apply_in_one_moment_one_is_told(world: World) -> None:
    month(world, people=1)
    told: list[str] = []

    def second() -> None:
        try:
            applied(world)
        except Conflict as refusal:
            told.append(str(refusal))
        else:
            told.append("begun")

    late = threading.Thread(target=second)
    with world.store.database.unit_of_work() as session:
        runs.begin(session, SYSTEM, world.sales.id)
        late.start()
        until_somebody_waits(world.store)
        assert told == [], "it waits for who is first"
    late.join(20)
    assert told == ["This is being done already: wait until it has ended."]
    assert len(world.all(PolicyRun)) == 1


def test_only_who_steers_the_mailbox_applies_and_one_at_a_time(world: World) -> None:
    month(world)
    with pytest.raises(Forbidden):
        applied(world, Viewer(world.bob, Role.SELLER))
    number = applied(world, Viewer(world.ann, Role.SELLER))
    with pytest.raises(Conflict, match="being done already"):
        applied(world)
    with pytest.raises(Forbidden), world.store.database.unit_of_work() as session:
        runs.undo(session, Viewer(world.bob, Role.SELLER), number)
    runs.go_on(world.store, number)
    with world.store.database.reading() as session:
        assert last_run(session, SYSTEM, world.sales.id).number == number


def test_mail_in_junk_of_us_and_from_before_is_not_judged(world: World) -> None:
    world.change(world.sales, on_unknown_incoming=NOTHING)
    world.deliver(mail("a@x.example", SALES, message_id="j"), role=FolderRole.JUNK)
    world.deliver(mail("b@x.example", SALES, message_id="h"), internal_date=CONNECTED - timedelta(days=5))
    world.deliver(mail("bob@ours.example", SALES, message_id="i"))
    world.change(world.sales, on_unknown_incoming=MODE)
    with world.store.database.unit_of_work() as session:
        add_rules(session, SYSTEM, world.sales.id, [NewRule(None, "x.example", Treatment.ALWAYS_NEW)])

    assert tried(world, Policy()).mails == 0
    assert runs.go_on(world.store, applied(world)).made == {}
    assert world.all(QueueTurn) == []
    assert timedelta(days=30) == trial.SPAN


def test_a_letter_that_comes_late_has_its_answer_judged_anew_and_that_is_said(world: World) -> None:
    """Given an answer that made nothing, when our letter comes, then the job makes what it should, once, and says why."""
    world.change(world.sales, only_written_to=True)
    answer = world.deliver(mail("a@x.example", SALES, "Re: Plan", message_id="b", references=["a"]))
    assert world.kinds(answer) == []
    world.deliver(
        mail(SALES, "a@x.example", "Plan", message_id="a", date=NOW - timedelta(hours=2)), role=FolderRole.SENT
    )

    [asked] = [row for row in world.all(Outbox) if row.job == JUDGE_AGAIN.name]
    for _ in range(2):  # As after a crash.
        with world.store.database.unit_of_work() as session:
            session.get_one(Outbox, asked.id).state = JobState.HANDED
        with world.store.database.unit_of_work() as session:
            taken = outbox.take(session, asked.id)
        assert taken is not None
        judge_again_in_job(JobRun(world.store, load_settings(), taken))

    assert world.kinds(answer) == ["deal", "contact"]
    assert len(world.all(Deal)) == 1
    shown = [
        (each["step"], each["detail"])
        for each in world.rows(select(Place).where(Place.message_id == answer))[0].decision
    ]
    assert ("again", WHY) in shown
    assert ("create", "Nobody knew this address, and one of us wrote first.") in shown
    assert world.activity(answer).deadline is not None
