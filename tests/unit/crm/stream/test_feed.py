"""Posts, comments, and posts that come by mail."""

import pytest

from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.mail import read_message
from crm.access.mailed_in import approve, discard, held
from crm.access.notifications import mark_read, notices, unread
from crm.stream.feed import repository
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.posting import change_post, create_post
from crm.stream.feed.prefilling import post_form
from crm.stream.from_mail import post_from_mail
from crm.stream.timeline.repository import stream
from crm.stream.views import NewPost, StreamFilter, SubjectType
from storage.jobs import POST_FROM_MAIL, OfIntakeDelivery
from storage.models import ActivityKind, IntakeDelivery, IntakeState, Post, Purpose, RecordType
from unit.crm.small_company import SmallCompany, letter


def publish(company: SmallCompany, title: str = "News", **values: object) -> int:
    with company.store.database.unit_of_work() as session:
        return create_post(session, company.viewer(company.ann), NewPost(title, "Text", **values))


def test_a_post_about_records_stands_in_their_stream_with_its_comments(company: SmallCompany) -> None:
    plain = publish(company)
    about = publish(
        company, "About them", about=((RecordType.DEAL, company.deal), (RecordType.CONTACT, company.contact))
    )
    with company.store.database.unit_of_work() as session:
        add_comment(session, company.viewer(company.bob), SubjectType.POST, about, "Good\nnews")

    with company.store.database.reading() as session:
        gus = company.viewer(company.gus)
        feed = repository.posts(session, gus)
        entries = stream(session, gus, StreamFilter(mine=False)).entries
        (comment,) = repository.comments(session, gus, SubjectType.POST, about)
        told = notices(session, company.viewer(company.ann))
    assert [post.id for post in feed] == [about, plain]
    assert [named.name for named in feed[0].about] == ["Two grinders", "Carl Client"]
    assert (feed[0].comments, feed[1].comments) == (1, 0)
    assert [(entry.kind, entry.post_id, entry.comments) for entry in entries] == [(ActivityKind.POST, about, 1)]
    assert (comment.author.name, comment.text) == ("Bob Baker", "Good\nnews")
    assert [(notice.title, notice.link) for notice in told] == [("Comment: Good", f"/feed/{about}")]


def test_who_may_edit_and_comment(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        bobs = create_post(session, company.viewer(company.bob), NewPost("", "First line\nsecond"))
        change_post(session, company.viewer(company.ann), bobs, title="Better", text="Text", tags=("a",))
        post = repository.post(session, company.viewer(company.gus), bobs)
        assert (post.title, post.text, post.tags) == ("Better", "Text", ("a",))

        with pytest.raises(Forbidden):
            add_comment(session, company.viewer(company.gus), SubjectType.POST, bobs, "x")
        with pytest.raises(UsageError):
            add_comment(session, company.viewer(company.ann), SubjectType.POST, bobs, "  ")
        with pytest.raises(NotFound):
            add_comment(session, company.viewer(company.ann), SubjectType.TASK, 999, "x")
    anns = publish(company)
    with company.store.database.unit_of_work() as session, pytest.raises(Forbidden):
        change_post(session, company.viewer(company.bob), anns, title="x", text="", tags=())


def test_a_mail_to_the_feed_becomes_a_post_once(company: SmallCompany) -> None:
    delivery = company.deliver(letter("Summer party #fun", "On Friday.\n\n-- \nAnn"), Purpose.FEED)
    for _ in range(2):
        post_from_mail(company.run(POST_FROM_MAIL, OfIntakeDelivery(delivery)))

    (post,) = company.rows(Post)
    assert (post.title, post.text, post.tags, post.author_id) == ("Summer party", "On Friday.", ["fun"], company.ann)
    with company.store.database.reading() as session:
        assert (
            b"On Friday" in read_message(session, company.store.blobs, company.viewer(company.bob), post.message_id).raw
        ), "its pictures and attachments are for everybody whom it was posted to"


def test_held_and_foreign_and_empty_mail_makes_no_post(company: SmallCompany) -> None:
    held = company.deliver(letter("Held", "Text"), Purpose.FEED, state=IntakeState.HELD)
    task = company.deliver(letter("Task", "Text"), Purpose.TASK)
    empty = company.deliver(letter("#tag", "\n"), Purpose.FEED)
    words = "Ten more kilos of beans, please.\n" * 2_000
    passed_on = (
        f"{words}\n---------- Forwarded message ---------\nFrom: Carl <carl@client.example>\nSubject: Beans\n\n{words}"
    )
    long = company.deliver(letter("Fwd: Beans", passed_on), Purpose.FEED)
    for delivery in (held, task, empty, long, 999):
        post_from_mail(company.run(POST_FROM_MAIL, OfIntakeDelivery(delivery)))

    assert company.rows(Post) == []
    assert "too long" in company.rows(IntakeDelivery, id=long)[0].reason, "refused, and not given up as a job"
    assert company.rows(IntakeDelivery, id=empty)[0].state is IntakeState.REFUSED
    assert company.rows(IntakeDelivery, id=held)[0].state is IntakeState.HELD


def test_nobody_shows_others_a_mail_that_they_may_not_read(company: SmallCompany) -> None:
    anns = company.keep(letter("Secret", "Text"))
    with company.store.database.unit_of_work() as session, pytest.raises(NotFound):
        create_post(session, company.viewer(company.bob), NewPost("x", "y", message_id=anns))


def test_the_bell_is_ones_own(company: SmallCompany) -> None:
    post = publish(company)
    with company.store.database.unit_of_work() as session:
        for word in ("one", "two"):
            add_comment(session, company.viewer(company.bob), SubjectType.POST, post, word)
    ann, bob = company.viewer(company.ann), company.viewer(company.bob)
    with company.store.database.unit_of_work() as session:
        assert (unread(session, ann), unread(session, bob)) == (2, 0)
        newest = notices(session, ann)[0]
        assert mark_read(session, bob, [newest.id]) == 0
        assert mark_read(session, ann, [newest.id]) == 1
        assert [notice.title for notice in notices(session, ann, unread_only=True)] == ["Comment: one"]
        assert mark_read(session, ann) == 1
        assert unread(session, ann) == 0


def test_a_held_mail_waits_for_its_owners_word(company: SmallCompany) -> None:
    wanted = company.deliver(letter("Wanted", "Text"), Purpose.FEED, state=IntakeState.HELD)
    unwanted = company.deliver(letter("Unwanted", "Text"), Purpose.FEED, state=IntakeState.HELD)
    ann, bob = company.viewer(company.ann), company.viewer(company.bob)

    with company.store.database.unit_of_work() as session:
        assert [mail.subject for mail in held(session, ann)] == ["Wanted", "Unwanted"]
        assert held(session, bob) == []
        with pytest.raises(NotFound):
            approve(session, bob, wanted)
        approve(session, ann, wanted)
        discard(session, ann, unwanted)
        with pytest.raises(Conflict):
            approve(session, ann, unwanted)
        assert held(session, ann) == []
    post_from_mail(company.next_run())
    assert [post.title for post in company.rows(Post)] == ["Wanted"]


def test_the_form_of_a_post_is_filled_in_from_a_message(company: SmallCompany) -> None:
    message_id = company.keep(letter("Re: News", "Text\n\n-- \nCarl", sender="carl@client.example"))
    form = post_form(company.store, company.viewer(company.ann), message_id)
    assert (form.title, form.text, form.message_id, form.about) == ("News", "Text", message_id, ())
    with pytest.raises(NotFound):
        post_form(company.store, company.viewer(company.bob), message_id)
