"""What is shown beside lists and entries goes by the same rights as these, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.errors import Forbidden, NotFound
from crm.access.rights import FieldAccess, Scope
from crm.access.rights.built_in import reach
from crm.records.bulk.editing import ask_for_edit, edit_all
from crm.records.bulk.repository import bulk_edit
from crm.records.contacts import create_company, create_contact
from crm.records.deals import create_deal
from crm.records.merging import merge
from crm.records.repository import merges, reading
from crm.records.views import RecordFilter
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.repository.comments import comments
from crm.stream.views import SubjectType
from crm_world import HISTORY, mail
from integration.crm.rights.house import SYSTEM, WORKS, House, records
from storage.models import Activity, RecordType, ShareLevel


def test_comments_under_mail_are_for_who_may_know_of_it(house: House) -> None:
    house.create_nothing()
    message = house.deliver(mail("bob@client.example", "sales@ours.example", "Offer", message_id="m"))
    [entry] = house.rows(select(Activity).where(Activity.message_id == message))
    ann = house.give(house.ann, WORKS)
    house.change(house.sales, owner_id=house.dan)
    house.do(add_comment, house.give(house.dan, WORKS), SubjectType.ACTIVITY, entry.id, "Their secret offer")
    for level, told in ((ShareLevel.METADATA, ["Their secret offer"]), (ShareLevel.PRIVATE, None)):
        house.change(house.sales, share_level=level)
        if told is None:
            with pytest.raises(NotFound):
                house.ask(comments, ann, SubjectType.ACTIVITY, entry.id)
            with pytest.raises(NotFound):
                house.do(add_comment, ann, SubjectType.ACTIVITY, entry.id, "I too")
        else:
            assert [one.text for one in house.ask(comments, ann, SubjectType.ACTIVITY, entry.id)] == told


def test_ones_own_merge_is_found_behind_many_of_others(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merges, "AT_ONCE", 2)
    mine = [house.do(create_contact, name, responsible_id=house.ann) for name in ("Anna", "Anne")]
    house.do(merge, SYSTEM, (RecordType.CONTACT, mine[0]), mine[1:], {})
    for turn in range(3):
        others = [house.do(create_contact, f"{turn} {name}", responsible_id=house.bob) for name in ("x", "y")]
        house.do(merge, SYSTEM, (RecordType.CONTACT, others[0]), others[1:], {})
    ann = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))
    assert [one.survivor.name for one in house.ask(merges.merges, ann, HISTORY, limit=2)] == ["Anna"]
    assert [one.survivor.name for one in house.ask(merges.merges, SYSTEM, HISTORY, limit=2)] == ["2 x", "1 x"]
    assert len(house.ask(merges.merges, SYSTEM, HISTORY)) == 4


def test_many_are_edited_by_who_does_not_see_their_tags(house: House) -> None:
    fields = {RecordType.CONTACT: {"tags": FieldAccess.HIDDEN}}
    ann = house.give(house.ann, replace(WORKS, fields=fields))
    ids = list(house.contacts.values())
    edit_id = house.do(ask_for_edit, ann, RecordType.CONTACT, ids, {"position": "Clerk"})
    edit_all(house.store, edit_id)
    assert house.ask(bulk_edit, ann, edit_id).changed == len(ids)
    with pytest.raises(Forbidden, match="tags"):
        house.do(ask_for_edit, ann, RecordType.CONTACT, ids, {}, add_tags=["vip"])

    bob = house.give(house.bob, WORKS)
    edit_id = house.do(ask_for_edit, bob, RecordType.CONTACT, ids, {}, add_tags=["vip"])
    house.give(house.bob, replace(WORKS, fields=fields))
    edit_all(house.store, edit_id)
    edit = house.ask(bulk_edit, SYSTEM, edit_id)
    assert (edit.changed, len(edit.refused), edit.ended_at is not None) == (0, len(ids), True)


def test_a_list_by_client_tells_nothing_of_a_client_that_is_hidden(house: House) -> None:
    company, person = (house.do(make, "Theirs", responsible_id=house.bob) for make in (create_company, create_contact))
    mine = house.do(create_contact, "Mine", company_id=company, responsible_id=house.ann)
    deal = house.do(create_deal, "Mine", contact_id=person, company_id=company, responsible_id=house.ann)
    asked = (
        (reading.contacts, {"company_id": company}, mine),
        *((reading.deals, by, deal) for by in ({"company_id": company}, {"contact_id": person})),
    )
    ann = house.give(house.ann, records(reach(Scope.OWN, Scope.OWN)))
    for read, by, found in asked:
        assert house.ask(read, ann, RecordFilter(**by)) == []
        assert [one.id for one in house.ask(read, SYSTEM, RecordFilter(**by))] == [found]
