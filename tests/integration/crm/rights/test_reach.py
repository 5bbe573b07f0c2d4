"""What people of different rights reach of the same records, on both databases."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, update

from core.errors import Forbidden, NotFound, UsageError
from crm.access.mail import ReadLevel, read_levels
from crm.access.notifications import notices
from crm.access.rights import FieldAccess, Scope
from crm.access.rights.built_in import reach
from crm.access.roles import keeping
from crm.access.viewer import Viewer
from crm.conversations.repository.waiting import waiting_mails
from crm.records import on_behalf
from crm.records.bulk.editing import ask_for_edit, edit_all
from crm.records.bulk.repository import bulk_edit
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.records.duplicates import groups
from crm.records.exporting import rows as rows_of_exports
from crm.records.exporting.rows import exported_rows
from crm.records.fields.custom import NewField, create_field, fields_of
from crm.records.fields.editing import current_values, edit_record
from crm.records.fields.history import history_of
from crm.records.leads import create_lead, put_aside
from crm.records.merging import merge
from crm.records.modes import Client
from crm.records.outcomes import Conversion
from crm.records.recycling import delete_record, remove_for_ever, restore_record
from crm.records.repository import duplicates, lead_numbers, reading
from crm.records.repository.recycling import BinFilter, deleted_records
from crm.records.views import FieldCondition, Order, RecordFilter
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.repository.comments import comments
from crm.stream.timeline.entries import add_entry
from crm.stream.timeline.repository import stream, timeline
from crm.stream.views import NewEntry, StreamFilter, SubjectType
from crm.work.repository import tasks
from crm.work.tasks import create_task
from crm.work.views import NewTask, Part, TaskFilter
from crm_world import CONNECTED, NOW, mail
from integration.crm.rights.house import EVERYTHING, SYSTEM, WORKS, House, records
from storage.models import (
    Activity,
    ActivityKind,
    Deal,
    FieldKind,
    RecordType,
    ShareLevel,
)

DEALS_ARE_OF, FIELDS_ARE_OF = ["deal", "stage", "contact", "company", "user"], ["field_value", "custom_field"]
"""The tables that a list of deals is read from."""


def test_own_department_and_all(house: House) -> None:
    with house.store.database.unit_of_work() as session:
        sales = keeping.save_department(session, SYSTEM, keeping.NewDepartment("Sales", people=[house.ann, house.cat]))
        keeping.save_department(session, SYSTEM, keeping.NewDepartment("Below", sales, people=[house.dan]))
    anns, bobs = {"ann's client", "ann's deal", "ann's lead"}, {"bob's client", "bob's deal", "bob's lead"}

    assert house.names(house.give(house.cat, records(reach(Scope.OWN, Scope.OWN)))) == set()
    assert house.names(house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))) == anns
    assert house.names(house.give(house.cat, records(reach(Scope.DEPARTMENT)))) == anns
    assert house.names(house.give(house.dan, records(reach(Scope.DEPARTMENT)))) == set(), "nobody looks upwards"
    with house.store.database.unit_of_work() as session:
        session.execute(update(Deal).where(Deal.id == house.deals["bob"]).values(responsible_id=house.dan))
    assert house.names(house.viewer(house.cat)) == anns | {"bob's deal"}, "those below belong to it"
    assert house.names(house.give(house.cat, WORKS)) == anns | bobs
    assert house.names(house.give(house.cat, records(reach(Scope.NONE)))) == set()


def test_a_role_of_a_department_adds_to_what_its_people_have(house: House) -> None:
    ann = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))
    assert "bob's deal" not in house.names(ann)
    with house.store.database.unit_of_work() as session:
        reads = keeping.create_role(session, SYSTEM, "Reads", records(reach(Scope.ALL)))
        keeping.save_department(session, SYSTEM, keeping.NewDepartment("All", role_id=reads, people=[house.ann]))

    ann = house.viewer(house.ann)

    assert "bob's deal" in house.names(ann)
    with pytest.raises(Forbidden):
        house.do(edit_record, ann, (RecordType.DEAL, house.deals["bob"]), {"notes": "mine"})


def test_what_is_hidden_is_not_there_and_what_is_only_seen_is_refused(house: House) -> None:
    bobs = (RecordType.DEAL, house.deals["bob"])
    hidden = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))
    read = house.give(house.cat, records(reach(Scope.ALL, Scope.OWN)))
    acts = (
        lambda who: house.do(edit_record, who, bobs, {"notes": "x"}),
        lambda who: house.do(delete_record, who, bobs),
        lambda who: house.do(on_behalf.move_deal, who, bobs[1], house.abroad.id),
        lambda who: house.do(on_behalf.change_lead, who, house.leads["bob"], put_aside),
        lambda who: house.do(on_behalf.convert, who, house.leads["bob"], Conversion(Client.CONTACT, contact_name="N")),
        lambda who: house.do(
            merge, who, (RecordType.CONTACT, house.contacts["ann"]), [house.contacts["bob"]], {}
        ),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NotFound):
            act(hidden)
        with pytest.raises(Forbidden):
            act(read)
    for question in (reading.deal, lambda session, who, deal: timeline(session, who, (RecordType.DEAL, deal))):
        with pytest.raises(NotFound):
            house.ask(question, hidden, bobs[1])
    assert house.ask(reading.deal, read, bobs[1]).title == "bob's deal"
    assert house.ask(reading.deal, SYSTEM, bobs[1]).notes == ""


def test_one_pipeline_is_closed_and_deals_can_not_be_put_there(house: House) -> None:
    far = house.do(create_deal, "far deal", stage_id=house.abroad.id, responsible_id=house.ann)
    rights = replace(WORKS, pipelines={house.abroad.pipeline_id: reach(Scope.NONE)})
    ann = house.give(house.ann, rights)

    assert house.names(ann) & {"far deal", "bob's deal"} == {"bob's deal"}
    assert [one.name for one in house.ask(reading.pipelines, ann)] == ["Home"]
    with pytest.raises(NotFound):
        house.ask(reading.deal, ann, far)
    with pytest.raises(Forbidden, match="pipeline"):
        house.do(on_behalf.move_deal, ann, house.deals["ann"], house.abroad.id)
    with pytest.raises(Forbidden):
        house.do(on_behalf.add, ann, RecordType.DEAL, create_deal, title="new", stage_id=house.abroad.id)
    assert house.ask(reading.deal, SYSTEM, house.deals["ann"]).pipeline_id == house.home.pipeline_id, (
        "nothing was moved"
    )
    assert len(house.ask(reading.deals, SYSTEM)) == 3, "nothing was added"


def test_whoever_adds_only_their_own_is_responsible_for_it(house: House) -> None:
    ann = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))
    made = house.do(on_behalf.add, ann, RecordType.CONTACT, create_contact, name="New")
    assert house.ask(reading.contact, SYSTEM, made).responsible.id == house.ann
    with pytest.raises(Forbidden, match="add this contact"):
        house.do(on_behalf.add, ann, RecordType.CONTACT, create_contact, name="For Bob", responsible_id=house.bob)
    with pytest.raises(NotFound):
        house.do(
            on_behalf.add, ann, RecordType.DEAL, create_deal, title="On Bob's client", contact_id=house.contacts["bob"]
        )
    reads = house.give(house.cat, records(reach(Scope.ALL)))
    with pytest.raises(Forbidden, match="add any lead"):
        house.do(on_behalf.add, reads, RecordType.LEAD, create_lead, title="No")
    assert {one.name for one in house.ask(reading.contacts, SYSTEM)} == {"New", "ann's client", "bob's client"}


def test_names_of_hidden_records_stand_nowhere(house: House) -> None:
    with house.store.database.unit_of_work() as session:
        session.execute(update(Deal).where(Deal.id == house.deals["ann"]).values(contact_id=house.contacts["bob"]))
        both = ((RecordType.DEAL, house.deals["ann"]), (RecordType.DEAL, house.deals["bob"]))
        note = NewEntry(ActivityKind.COMMENT, "", both, text="both")
        add_entry(session, SYSTEM, note)
    ann = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))

    assert house.ask(reading.deal, ann, house.deals["ann"]).contact is None
    told = house.ask(timeline, ann, (RecordType.DEAL, house.deals["ann"])).past.entries
    assert [[one.name for one in entry.records] for entry in told] == [["ann's deal"]]
    shown = house.ask(stream, ann, StreamFilter()).entries
    assert {one.name for entry in shown for one in entry.records} <= {"ann's deal", "ann's client", "ann's lead"}
    assert house.ask(reading.find_by_address, ann, "bob@client.example") == []
    assert house.ask(reading.names_of, ann, [(RecordType.CONTACT, house.contacts["bob"])]) == []


def test_bins_numbers_duplicates_and_exports_tell_only_of_what_is_seen(house: House) -> None:
    ann = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))
    house.do(duplicates.propose, RecordType.CONTACT, [((house.contacts["ann"], house.contacts["bob"]), "name")])
    assert house.ask(groups, ann, RecordType.CONTACT) == []
    assert len(house.ask(groups, SYSTEM, RecordType.CONTACT)) == 1
    assert house.ask(lead_numbers.in_total, ann, CONNECTED).came == 1
    rows = [row for chunk in exported_rows(house.store, ann, RecordType.DEAL, EVERYTHING) for row in chunk]
    assert [row[0] for row in rows] == ["Deal", "ann's deal"]
    house.do(delete_record, SYSTEM, (RecordType.DEAL, house.deals["bob"]))
    assert house.ask(deleted_records, ann, BinFilter()) == []
    with pytest.raises(NotFound) as gone:
        house.ask(reading.deal, ann, house.deals["bob"])
    assert "deleted: restore" not in str(gone.value), "that it was deleted is not told"
    with pytest.raises(NotFound):
        house.do(restore_record, ann, (RecordType.DEAL, house.deals["bob"]))


def test_a_list_by_name_begins_where_it_is_told_and_tells_nothing_of_hidden_names(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record may be asked for as the one that a list begins behind: what follows must not depend on its name."""
    for name in ("Beatrix", "Zoe"):
        house.do(create_contact, name, responsible_id=house.ann)
    ann = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))
    shown = []
    for secret in ("Aaron", "Zygmunt"):
        hidden = house.do(create_contact, secret, responsible_id=house.bob)
        shown.append([
            one.name
            for one in house.ask(reading.contacts, ann, RecordFilter(order=Order.NAME, before=hidden, before_key="c"))
        ])  # fmt: skip
    assert shown == [["Zoe"], ["Zoe"]]

    # And where the last one of a page goes for ever, an export goes on all the same.
    monkeypatch.setattr(rows_of_exports, "AT_ONCE", 1)
    asked = RecordFilter(order=Order.NAME)
    exported = exported_rows(house.store, ann, RecordType.CONTACT, asked)
    told = [next(exported), next(exported)]
    gone = (RecordType.CONTACT, house.contacts["ann"])
    house.do(delete_record, SYSTEM, gone)
    remove_for_ever(house.store, SYSTEM, gone)
    assert [row[0] for chunk in [*told, *exported] for row in chunk[-1:]] == ["Name", "ann's client", "Beatrix", "Zoe"]


def test_an_export_takes_what_may_be_exported_not_what_is_seen(house: House) -> None:
    ann = house.give(house.ann, records(reach(Scope.ALL, Scope.OWN, export=Scope.OWN)))
    rows = [row for chunk in exported_rows(house.store, ann, RecordType.CONTACT, EVERYTHING) for row in chunk]
    assert [row[0] for row in rows[1:]] == ["ann's client"]
    nothing = house.give(house.cat, records(reach(Scope.ALL)))
    with pytest.raises(Forbidden, match="not export"):
        list(exported_rows(house.store, nothing, RecordType.CONTACT, EVERYTHING))


def test_a_hidden_field_is_nowhere_and_one_to_read_is_not_changed(house: House) -> None:
    anna = (RecordType.CONTACT, house.contacts["ann"])
    field_id = house.do(create_field, SYSTEM, NewField(RecordType.CONTACT, "Passport", FieldKind.TEXT))
    secret = {"notes": "zq", f"field_{field_id}": "zq", "phones": ["+48600100200"], "position": "Boss"}
    house.do(edit_record, SYSTEM, anna, secret)
    hidden = {"notes", "phones", f"field_{field_id}"}
    fields = dict.fromkeys(hidden, FieldAccess.HIDDEN) | {"position": FieldAccess.READ}
    bob = house.give(house.bob, replace(WORKS, fields={RecordType.CONTACT: fields}))

    seen = house.ask(reading.contact, bob, anna[1])
    assert (seen.notes, dict(seen.fields), seen.position) == ("", {}, "Boss")
    assert {channel.kind for channel in seen.channels} == {"email"}
    assert not hidden & {field.key for field in house.ask(fields_of, bob, RecordType.CONTACT)}
    assert not hidden & house.ask(current_values, bob, anna).keys()
    told = {change.field.key for edit in house.ask(history_of, bob, anna) for change in edit.changes}
    assert told == {"position"}
    for wanted in (
        RecordFilter(words="+48600100200"),
        RecordFilter(conditions=(FieldCondition(field_id, equals="zq"),)),
    ):
        assert house.ask(reading.contacts, bob, wanted) == []
        assert len(house.ask(reading.contacts, SYSTEM, wanted)) == 1
    exported = [row for chunk in exported_rows(house.store, bob, RecordType.CONTACT, EVERYTHING) for row in chunk]
    assert not any(word in ("zq", "+48600100200", "Passport") for row in exported for word in row)
    with pytest.raises(Forbidden, match="Position"):
        house.do(edit_record, bob, anna, {"position": "Clerk"})
    for key in hidden:
        with pytest.raises(Exception, match="There is no field"):
            house.do(edit_record, bob, anna, {key: "x"})
    with pytest.raises(Forbidden, match="every field"):
        house.do(merge, bob, anna, [house.contacts["bob"]], {})
    house.do(edit_record, bob, anna, {"name": "Anna"})
    assert house.ask(reading.contact, SYSTEM, anna[1]).notes == "zq"

    # An amount that is hidden follows its currency, and whoever changes that is not told of it.
    amount = {"amount": FieldAccess.HIDDEN}
    bob = house.give(house.bob, replace(WORKS, fields=dict.fromkeys((RecordType.DEAL, RecordType.LEAD), amount)))
    for record in ((RecordType.DEAL, house.deals["ann"]), (RecordType.LEAD, house.leads["ann"])):
        house.do(edit_record, SYSTEM, record, {"amount": 120_000, "currency": "EUR"})
        assert house.do(edit_record, bob, record, {"currency": "JPY"}) == {"currency": ("EUR", "JPY")}
        assert house.ask(current_values, SYSTEM, record)["amount"] == 1200
        told = {change.field.key for change in house.ask(history_of, bob, record)[0].changes}
        assert told == {"currency"}
        assert len(house.ask(history_of, SYSTEM, record)[0].changes) == 2
        with pytest.raises(UsageError, match="There is no field 'amount'"):
            house.do(edit_record, bob, record, {"amount": 1})


def test_an_edit_of_many_leaves_what_may_not_be_changed_and_rights_that_are_gone_count_in_its_job(house: House) -> None:
    ann = house.give(house.ann, records(reach(Scope.ALL, Scope.OWN)))
    ids = list(house.contacts.values())
    edit_id = house.do(ask_for_edit, ann, RecordType.CONTACT, ids, {"position": "Clerk"})
    edit_all(house.store, edit_id)
    edit = house.ask(bulk_edit, ann, edit_id)
    assert (edit.changed, [each["id"] for each in edit.refused]) == (1, [house.contacts["bob"]])

    again = house.do(ask_for_edit, ann, RecordType.CONTACT, ids, {"position": "Boss"})
    house.give(house.ann, records(reach(Scope.NONE)))
    edit_all(house.store, again)
    assert house.ask(bulk_edit, SYSTEM, again).changed == 0


def test_tasks_and_comments_on_hidden_records_are_hidden(house: House) -> None:
    bobs = (RecordType.DEAL, house.deals["bob"])
    bob = house.give(house.bob, records(reach(Scope.OWN, Scope.OWN)))
    with house.store.database.unit_of_work() as session:
        task = create_task(session, bob, NewTask("On Bob's deal", house.bob, records=(bobs,)))
        call = add_entry(session, bob, NewEntry(ActivityKind.CALL, "Bob calls", (bobs,)))
    cat = house.give(house.cat, WORKS)
    house.do(add_comment, cat, SubjectType.ACTIVITY, call, "I was here")
    ann = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))
    boss = house.give(house.dan, replace(records(reach(Scope.OWN)), oversees=True))

    for viewer in (ann, boss):
        assert house.ask(tasks, viewer, TaskFilter(part=Part.ANY)) == []
        for subject, number in ((SubjectType.ACTIVITY, call), (SubjectType.TASK, task)):
            with pytest.raises(NotFound):
                house.ask(comments, viewer, subject, number)
    house.give(house.cat, records(reach(Scope.NONE)))
    house.do(add_comment, bob, SubjectType.ACTIVITY, call, "What was agreed")
    assert house.ask(notices, house.viewer(house.cat)) == [], "who commented once hears nothing more of what is hidden"


def test_mail_on_a_record_is_read_by_who_sees_the_record_as_far_as_its_mailbox_shares(house: House) -> None:
    house.change(house.sales, share_level=ShareLevel.SUBJECT)
    house.create_nothing()
    message = house.deliver(mail("bob@client.example", "sales@ours.example", message_id="m1"))
    ann, bob = house.ann, house.bob
    house.change(house.sales, owner_id=house.dan)
    sees = house.give(bob, records(reach(Scope.OWN, Scope.OWN)))
    hidden = house.give(ann, records(reach(Scope.OWN, Scope.OWN)))

    assert house.ask(read_levels, sees, [message]) == {message: ReadLevel.SUBJECT}
    assert house.ask(read_levels, hidden, [message]).get(message, ReadLevel.NOTHING) is ReadLevel.NOTHING
    assert house.ask(read_levels, house.viewer(house.dan), [message]) == {message: ReadLevel.EVERYTHING}


def test_a_mail_that_waits_shows_whoever_answers_no_more_than_its_mailbox_shares(house: House) -> None:
    house.create_nothing()
    message = house.deliver(mail("bob@client.example", "sales@ours.example", "Zq subject", message_id="m2"))
    house.change(house.sales, owner_id=house.dan)
    with house.store.database.unit_of_work() as session:
        session.execute(
            update(Activity).where(Activity.message_id == message).values(responsible_id=house.bob, deadline=NOW)
        )
    bob = house.give(house.bob, WORKS)
    shown = {}
    for level in ShareLevel:
        house.change(house.sales, share_level=level)
        shown[level] = [(one.subject, bool(one.snippet)) for one in house.ask(waiting_mails, bob)]

    assert shown == {
        ShareLevel.EVERYTHING: [("Zq subject", True)],
        ShareLevel.SUBJECT: [("Zq subject", False)],
        ShareLevel.METADATA: [("", False)],
        ShareLevel.PRIVATE: [],
    }


def test_who_reaches_everything_pays_nothing(house: House) -> None:
    """What the program itself asks is asked of the deals and nothing else; who reaches everything asks the very same words."""
    of_all = _asked_for_deals(house, SYSTEM)
    assert len(of_all) == 2, of_all
    assert [re.findall(r"\b(?:FROM|JOIN) \"?(?!json_each)(\w+)", one) for one in of_all] == [
        DEALS_ARE_OF,
        FIELDS_ARE_OF,
    ]
    asked_of_deals = of_all[0].partition("WHERE")[2].partition("ORDER BY")[0].strip()
    assert asked_of_deals == "deal.deleted_at IS NULL"
    for viewer in (house.viewer(house.ann), house.give(house.cat, WORKS)):
        assert _asked_for_deals(house, viewer) == of_all
    own = house.give(house.cat, records(reach(Scope.OWN, Scope.OWN)))
    assert _asked_for_deals(house, own) != of_all, "whoever reaches less does pay"


def _asked_for_deals(house: House, viewer: Viewer) -> list[str]:
    with house.store.database.reading() as session:
        return _statements(session, lambda: reading.deals(session, viewer))


def _statements(session: Any, act: Any) -> list[str]:
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        found.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    act()
    event.remove(connection, "before_cursor_execute", note)
    return found
