"""What people of different rights learn of a message that also went by mail, on both databases."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, insert

from core.errors import Forbidden, NotFound
from crm.access.notifications import notices
from crm.access.rights import FieldAccess, Scope
from crm.access.rights.built_in import reach
from crm.access.roles import keeping
from crm.access.roles.keeping import NewDepartment
from crm.access.roles.viewers import viewers_of_people
from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.posting import create_post, delete_post, restore_post
from crm.stream.feed.repository.posts import posts
from crm.stream.views import NewPost, SubjectType
from integration.crm.rights.house import SYSTEM, WORKS, House, records
from storage.models import Follow, PostMail, RecordType, User


@pytest.fixture
def post(house: House) -> int:
    """Bob's, to everybody here and by mail to his contact."""
    bob = house.give(house.bob, WORKS)
    post_id = house.do(create_post, bob, NewPost("Offer", "See below"))
    row = {"post_id": post_id, "record_type": RecordType.CONTACT, "record_id": house.contacts["bob"]}
    with house.store.database.unit_of_work() as session:
        session.execute(insert(PostMail).values(**row, name="bob's client", address="bob@client.example"))
    return post_id


def told(house: House, viewer: Viewer) -> list[tuple[str, str]]:
    """To whom it went by mail, as the viewer sees it."""
    [one] = house.ask(posts, viewer)
    return [(mail.name, mail.address) for mail in one.mails]


@pytest.mark.usefixtures("post")
def test_to_whom_it_went_is_told_as_far_as_their_record_is_seen(house: House) -> None:
    assert told(house, house.viewer(house.bob)) == [("bob's client", "bob@client.example")]
    hidden = replace(WORKS, fields={RecordType.CONTACT: {"emails": FieldAccess.HIDDEN}})
    assert told(house, house.give(house.ann, hidden)) == [("bob's client", "")]
    assert told(house, house.give(house.ann, records(reach(Scope.OWN)))) == []


def test_a_comment_tells_nobody_who_can_not_read_the_post_any_more(house: House) -> None:
    bob, cat = house.give(house.bob, WORKS), house.give(house.cat, WORKS)
    bobs = ((RecordType.DEAL, house.deals["bob"]),)
    post = house.do(create_post, bob, NewPost("Price", "100", about=bobs, everyone=False))
    house.do(add_comment, cat, SubjectType.POST, post, "I was here")
    house.do(add_comment, bob, SubjectType.POST, post, "What was agreed")
    assert len(house.ask(notices, cat)) == 1
    house.give(house.cat, records(reach(Scope.OWN)))
    house.do(add_comment, bob, SubjectType.POST, post, "And what was not")
    assert [one.title for one in house.ask(notices, house.viewer(house.cat))] == ["Comment: What was agreed"]


def test_a_deleted_post_is_brought_back_only_by_who_may_read_it(house: House) -> None:
    bob = house.give(house.bob, WORKS)
    hidden = house.do(create_post, bob, NewPost("Ours", "Hidden", readers=(house.cat,), everyone=False))
    house.do(delete_post, bob, hidden)
    manager = house.give(house.ann, replace(WORKS, oversees=True))
    cat = house.give(house.cat, WORKS)
    for post_id in (hidden, 999):
        with pytest.raises(NotFound, match="There is no such post"):
            house.do(restore_post, manager, post_id)
    with pytest.raises(Forbidden):
        house.do(restore_post, cat, hidden)
    assert house.ask(posts, cat) == []
    house.do(restore_post, bob, hidden)
    assert [one.id for one in house.ask(posts, cat)] == [hidden]


def followed_by(house: House, number: int) -> tuple[RecordType, int]:
    """A deal of Bob's that so many people of his department follow, who see what is their department's."""
    record = (RecordType.DEAL, house.do(create_deal, f"Followed by {number}", responsible_id=house.bob))
    people = [house.add_user(f"f{number}x{each}@ours.example", f"Follower {each}") for each in range(number)]
    for each in people:
        house.give(each, records(reach(Scope.DEPARTMENT)))
    house.do(keeping.save_department, SYSTEM, NewDepartment(f"Of {number}", people=[house.bob, *people]))
    follows = [{"user_id": each, "record_type": record[0], "record_id": record[1]} for each in (*people, house.cat)]
    with house.store.database.unit_of_work() as session:
        session.execute(insert(Follow), follows)
    return record


def test_whether_many_may_see_it_costs_a_statement_each_at_most(house: House) -> None:
    bob = house.give(house.bob, WORKS)
    house.give(house.cat, records(reach(Scope.OWN)))
    few, many = followed_by(house, 2), followed_by(house, 20)

    def asked(act: Any, *given: Any) -> int:
        told: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            told.append(statement)

        event.listen(house.store.database.engine, "before_cursor_execute", note)
        house.do(act, bob, *given)
        event.remove(house.store.database.engine, "before_cursor_execute", note)
        return len(told)

    def posted(record: tuple[RecordType, int], *, everyone: bool) -> int:
        return asked(create_post, NewPost("Price", "100", about=(record,), everyone=everyone))

    def commented(record: tuple[RecordType, int], number: int) -> int:
        post = house.do(create_post, bob, NewPost("Plan", "See", about=(record,), everyone=False))
        words = " ".join(f"@f{number}x{each}" for each in range(number))
        return asked(add_comment, SubjectType.POST, post, words)

    posted(few, everyone=False)  # Whatever is asked once a process was asked.
    assert posted(many, everyone=False) - posted(few, everyone=False) == 18
    assert posted(many, everyone=True) == posted(few, everyone=True), "whoever is here may read it"
    assert commented(many, 20) - commented(few, 2) == 18

    last = house.viewer(max(each.id for each in house.all(User)))
    titles = [one.title.split(":")[0] for one in house.ask(notices, last)]
    assert titles == ["Bob mentions you", "Bob wrote", "Bob wrote", "Bob wrote"]
    assert [one.title for one in house.ask(notices, house.viewer(house.cat))] == ["Bob wrote: Price"] * 2
    ids = [each.id for each in house.all(User)]
    together = house.ask(viewers_of_people, [*ids, 4711])
    assert {each: (one, one.rights, one.colleagues) for each, one in together.items()} == {
        each: (one, one.rights, one.colleagues) for each in ids for one in [house.viewer(each)]
    }
