"""What people of different rights learn of a message that also went by mail, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from core.errors import Forbidden, NotFound
from crm.access.notifications import notices
from crm.access.rights import FieldAccess, Scope
from crm.access.rights.built_in import reach
from crm.access.viewer import Viewer
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.posting import create_post, delete_post, restore_post
from crm.stream.feed.repository.posts import posts
from crm.stream.views import NewPost, SubjectType
from integration.crm.rights.house import WORKS, House, records
from storage.models import PostMail, RecordType


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
