"""Messages in the stream: to colleagues, by mail to contacts, about records; as one thing, whatever dies."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import event

from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.mail.repository import by_work
from crm.access.notifications import notices
from crm.outgoing.queueing import cancel, prepare_files
from crm.posting.addressing import Field, proposals, understood
from crm.posting.writing import NewMessage, delete_message, post_message, restore_message
from crm.records.contacts import create_contact
from crm.records.leads import create_lead
from crm.stream.feed import repository
from crm.stream.feed.commenting import add_comment, change_comment, delete_comment, restore_comment
from crm.stream.feed.posting import change_post, create_post
from crm.stream.follows import follow
from crm.stream.timeline.repository import stream, timeline
from crm.stream.views import NewPost, StreamFilter, SubjectType
from forks import FORKS
from integration.crm_outgoing.posting_apart import post_for_ever, post_number
from integration.crm_outgoing.steps import connect, row, run_job
from servers.mail_catcher import MailCatcher
from storage.jobs import SEND_OUTGOING
from storage.models import Activity, ActivityBinding, Outgoing, Post, PostFile, PostMail, RecordType, SendState
from unit.crm.small_company import SmallCompany, letter

PICTURE = ("price list.png", "image/png", b"\x89PNG and more")


def say(company: SmallCompany, text: str = "News", *, who: int | None = None, files=(), by_mail=(), **post) -> int:
    prepared = prepare_files(company.store.blobs, files)
    new = NewPost("", text, **{"everyone": False, "in_stream": True, **post})
    with company.store.database.unit_of_work() as session:
        return post_message(
            session, company.viewer(who or company.ann), NewMessage(new, by_mail=by_mail, files=prepared)
        )


def streamed(company: SmallCompany, who: int, *, mine: bool = False) -> list[int | None]:
    with company.store.database.reading() as session:
        page = stream(session, company.viewer(who), StreamFilter(mine=mine))
    return [entry.post_id for entry in page.entries]


def test_a_message_to_a_contact_is_really_sent_with_its_files_and_stands_on_its_records(
    company: SmallCompany, smtp_catcher: MailCatcher
) -> None:
    connect(company, smtp_catcher.port)
    carl, deal = (RecordType.CONTACT, company.contact), (RecordType.DEAL, company.deal)

    post_id = say(company, "New prices\nfrom March", files=[PICTURE], by_mail=(carl,), about=(deal,))
    run_job(company)

    (mail,) = smtp_catcher.mails
    assert list(mail.rcpt_tos) == ["carl@client.example"]
    assert b"Subject: New prices" in mail.raw
    assert b"price list.png" in mail.raw
    with company.store.database.reading() as session:
        gus = company.viewer(company.gus)
        post = repository.post(session, gus, post_id)
        told = [timeline(session, gus, record).past.entries for record in (carl, deal)]
        file = repository.file_of_post(session, gus, post_id, 0)
        kept = company.store.blobs.read(session, file.blob_id)
    assert [(one.name, one.address, one.state) for one in post.mails] == [
        ("Carl Client", "carl@client.example", SendState.SENT)
    ]
    assert [named.name for named in post.about] == ["Two grinders", "Carl Client"]
    assert [[entry.post_id for entry in entries] for entries in told] == [[post_id], [post_id]]
    assert (file.filename, kept) == ("price list.png", PICTURE[2])


def test_each_gets_a_mail_of_their_own(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    with company.store.database.unit_of_work() as session:
        dora = create_contact(session, "Dora Other", emails=["dora@other.example"])
        lead = create_lead(session, "Fair", emails=["leo@lead.example"])
        silent = create_contact(session, "Sil Ent")
    to = ((RecordType.CONTACT, company.contact), (RecordType.CONTACT, dora), (RecordType.LEAD, lead))

    say(company, by_mail=(*to, to[0]))
    for _ in to:
        run_job(company)

    assert sorted(list(mail.rcpt_tos) for mail in smtp_catcher.mails) == [
        ["carl@client.example"],
        ["dora@other.example"],
        ["leo@lead.example"],
    ]
    assert not any(b"dora@" in mail.raw for mail in smtp_catcher.mails if list(mail.rcpt_tos) != ["dora@other.example"])
    with pytest.raises(UsageError, match="Sil Ent has no e-mail address"):
        say(company, by_mail=((RecordType.CONTACT, silent),))
    with pytest.raises(UsageError, match="Only contacts and leads"):
        say(company, by_mail=((RecordType.COMPANY, company.company),))
    with pytest.raises(UsageError, match="does not exist any more"):
        say(company, by_mail=((RecordType.CONTACT, 999),))
    with pytest.raises(UsageError, match="no mailbox to send from"):
        say(company, who=company.bob, by_mail=to)
    assert len(company.rows(Post)) == 1, "what is refused leaves nothing behind"
    assert len(company.rows(Outgoing)) == 3


def test_who_reads_a_message(company: SmallCompany) -> None:
    to_bob = say(company, "For Bob", readers=(company.bob,))
    to_all = say(company, "For all", everyone=True)
    about = say(company, "On the deal", about=((RecordType.DEAL, company.deal),))
    with pytest.raises(UsageError, match="nobody would read it"):
        say(company, "For nobody")
    with pytest.raises(UsageError, match="not here"):
        say(company, "x", readers=(999,))
    with pytest.raises(Forbidden):
        say(company, "x", who=company.gus, everyone=True)

    assert streamed(company, company.bob) == [about, to_all, to_bob]
    assert streamed(company, company.gus) == [about, to_all]
    with company.store.database.reading() as session:
        gus = company.viewer(company.gus)
        assert [post.id for post in repository.posts(session, gus)] == [to_all], "the feed is what is to me"
        for ask in (repository.post, lambda *which: repository.comments(*which[:2], SubjectType.POST, which[2])):
            with pytest.raises(NotFound):
                ask(session, gus, to_bob)
            ask(session, company.viewer(company.bob), to_bob)
    with company.store.database.unit_of_work() as session, pytest.raises(NotFound):
        change_post(session, company.viewer(company.bob), 999, title="x", text="", tags=())


def test_a_post_of_a_mail_opens_it_to_its_readers_only(company: SmallCompany) -> None:
    message_id = company.keep(letter("Secret", "Text"))
    say(company, "Look at this", readers=(company.bob,), message_id=message_id)

    with company.store.database.reading() as session:
        assert by_work(session, company.viewer(company.bob), [message_id]) == {message_id}
        assert by_work(session, company.viewer(company.gus), [message_id]) == set()


def test_posts_are_found_by_beginnings_of_their_words_within_rights(company: SmallCompany) -> None:
    new = say(company, "Größe der Mühle: 价格已更新", everyone=True)
    secret = say(company, "The grinder of Bob\nGROSSER x_ray 100%", readers=(company.bob,))
    changed = say(company, "Old wording", everyone=True)
    asked: list[str] = []

    def found(words: str, who: int) -> list[int]:
        with company.store.database.reading() as session:
            connection = session.connection()
            event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
            return [post.id for post in repository.posts(session, company.viewer(who), words=words)]

    ann, gus = company.ann, company.gus
    assert [found(words, ann) for words in ("gross", "GRÖSS mühl", "更新", "ray 100", "grind bob")] == [
        [secret, new],
        [new],
        [new],
        [secret],
        [secret],
    ]
    assert [found(words, gus) for words in ("gross", "grinder", "inder", "%", "_", "'\"\x00", "x" * 5000, " ")] == [
        [new],
        *([[]] * 6),
        [changed, new],
    ]
    with company.store.database.unit_of_work() as session:
        change_post(session, company.viewer(ann), changed, title="", text="New wording " + "long " * 30, tags=())
    assert (found("old", ann), found("new word", ann)) == ([], [changed])
    with company.store.database.unit_of_work() as session:
        add_comment(session, company.viewer(company.bob), SubjectType.POST, new, "I see")
        delete_message(session, company.viewer(ann), new)
    assert found("größe", gus) == [], "what a deleted post said is not to be guessed"
    assert not [statement for statement in asked if "LIKE" in statement.upper()]


def test_who_is_named_hears_of_it_once(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        follow(session, company.viewer(company.gus), (RecordType.DEAL, company.deal))
    post_id = say(company, "@bob look, and @nobody", readers=(company.bob,), about=((RecordType.DEAL, company.deal),))
    with company.store.database.unit_of_work() as session:
        add_comment(session, company.viewer(company.ann), SubjectType.POST, post_id, "@gus and @bob: yes")
    hidden = say(company, "Ours", readers=(company.bob,))
    with company.store.database.unit_of_work() as session:
        said = add_comment(session, company.viewer(company.bob), SubjectType.POST, hidden, "@gus must not hear this")

    def told(who: int) -> list[tuple[str, str]]:
        with company.store.database.reading() as session:
            return [(notice.title, notice.link) for notice in notices(session, company.viewer(who))]

    link = f"/feed/{post_id}"
    assert told(company.bob) == [
        ("Ann Archer wrote to you: Ours", f"/feed/{hidden}"),
        ("Ann Archer mentions you: @gus and @bob: yes", link),
        ("Ann Archer mentions you: @bob look, and @nobody", link),
    ]
    assert told(company.gus) == [
        ("Ann Archer mentions you: @gus and @bob: yes", link),
        ("Ann Archer wrote: @bob look, and @nobody", link),
    ]
    with company.store.database.reading() as session:
        bob = company.viewer(company.bob)
        assert [one.handle for one in repository.post(session, bob, post_id).mentions] == ["bob"]
        (comment,) = repository.comments(session, bob, SubjectType.POST, hidden)
    assert (comment.id, comment.mentions) == (said, ())


def test_a_mention_makes_a_reader_and_an_edit_tells_new_ones(company: SmallCompany) -> None:
    post_id = say(company, "@bob only")
    with company.store.database.unit_of_work() as session:
        change_post(session, company.viewer(company.ann), post_id, title="", text="@bob and @gus", tags=())
    with company.store.database.reading() as session:
        post = repository.post(session, company.viewer(company.gus), post_id)
        bells = [len(notices(session, company.viewer(who))) for who in (company.bob, company.gus, company.ann)]
    assert [person.name for person in post.readers] == ["Bob Baker", "Gus Guest"]
    assert post.edited_at is not None
    assert bells == [1, 1, 0]


def test_deleting_takes_the_mail_back_and_undo_sends_it(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    carl = (RecordType.CONTACT, company.contact)
    post_id = say(company, "Oops", by_mail=(carl,))
    outgoing_id = company.rows(PostMail)[0].outgoing_id
    with company.store.database.unit_of_work() as session:
        with pytest.raises(Forbidden):
            delete_message(session, company.viewer(company.bob), post_id)
        assert delete_message(session, company.viewer(company.ann), post_id) == 0
    run_job(company)
    assert row(company, outgoing_id).state is SendState.SKIPPED
    assert streamed(company, company.bob) == []

    with company.store.database.unit_of_work() as session:
        restore_message(session, company.viewer(company.ann), post_id)
    run_job(company)
    assert len(smtp_catcher.mails) == 1
    assert streamed(company, company.bob) == [post_id]
    with company.store.database.unit_of_work() as session:
        assert delete_message(session, company.viewer(company.ann), post_id) == 1, "it has left"


def test_only_mail_that_went_with_a_deleted_message_is_sent_again(
    company: SmallCompany, smtp_catcher: MailCatcher
) -> None:
    connect(company, smtp_catcher.port)
    ann = company.viewer(company.ann)
    with company.store.database.unit_of_work() as session:
        dora = create_contact(session, "Dora Other", emails=["dora@other.example"])
    post_id = say(company, "Prices", by_mail=((RecordType.CONTACT, company.contact), (RecordType.CONTACT, dora)))
    to_carl, to_dora = (mail.outgoing_id for mail in company.rows(PostMail))
    with company.store.database.unit_of_work() as session:
        cancel(session, ann, to_dora)
        restore_message(session, ann, post_id)
    assert row(company, to_dora).state is SendState.SKIPPED, "nothing was deleted"

    with company.store.database.unit_of_work() as session:
        assert delete_message(session, ann, post_id) == 0, "none has left"
        restore_message(session, ann, post_id)
        restore_message(session, ann, post_id)
    assert [row(company, each).state for each in (to_carl, to_dora)] == [SendState.PENDING, SendState.SKIPPED]
    run_job(company)
    assert [list(mail.rcpt_tos) for mail in smtp_catcher.mails] == [["carl@client.example"]]
    with company.store.database.unit_of_work() as session:
        assert delete_message(session, ann, post_id) == 1
        restore_message(session, ann, post_id)
    assert [row(company, each).state for each in (to_carl, to_dora)] == [SendState.SENT, SendState.SKIPPED]


def test_what_others_have_answered_stays(company: SmallCompany) -> None:
    about = ((RecordType.DEAL, company.deal),)
    post_id = say(company, "My secret words", files=[PICTURE], about=about)
    ann, bob = company.viewer(company.ann), company.viewer(company.bob)
    with company.store.database.unit_of_work() as session:
        add_comment(session, ann, SubjectType.POST, post_id, "My own")
        bobs = add_comment(session, bob, SubjectType.POST, post_id, "Bob's")
        last = add_comment(session, bob, SubjectType.POST, post_id, "Bob's last")
        delete_message(session, ann, post_id)

    with company.store.database.reading() as session:
        post = repository.post(session, bob, post_id)
        (entry,) = timeline(session, bob, about[0]).past.entries
        assert (post.deleted, post.title, post.text, post.files) == (True, "", "", ())
        assert (entry.title, entry.text, entry.post.deleted) == ("", "", True)
        assert len(repository.comments(session, bob, SubjectType.POST, post_id)) == 3
        with pytest.raises(NotFound):
            repository.file_of_post(session, bob, post_id, 0)
    with company.store.database.unit_of_work() as session:
        with pytest.raises(Forbidden):
            delete_comment(session, ann, bobs)
        delete_comment(session, bob, bobs)
        said = repository.comments(session, bob, SubjectType.POST, post_id)
        assert [(one.text, one.deleted) for one in said] == [("My own", False), ("", True), ("Bob's last", False)]
        with pytest.raises(Conflict):
            change_comment(session, bob, bobs, "x")
        delete_comment(session, bob, last)
    with company.store.database.unit_of_work() as session:
        with pytest.raises(NotFound):
            repository.post(session, bob, post_id)  # Nobody's words stand under it any more.
        assert timeline(session, bob, about[0]).past.entries == ()
        restore_message(session, ann, post_id)
        restore_comment(session, bob, bobs)
        change_comment(session, bob, bobs, "Bob's better")
        said = repository.comments(session, ann, SubjectType.POST, post_id)
        assert [(one.text, one.edited_at is not None) for one in said] == [("My own", False), ("Bob's better", True)]
        assert repository.post(session, bob, post_id).text == "My secret words"


def test_the_same_key_is_one_message_and_half_of_one_is_none(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    connect(company, smtp_catcher.port)
    carl = (RecordType.CONTACT, company.contact)
    first = say(company, "Once", by_mail=(carl,), key="k")
    assert say(company, "Once", by_mail=(carl,), key="k") == first
    with company.store.database.unit_of_work() as session:
        create_post(session, company.viewer(company.bob), NewPost("Bob's own", "", key="k"))
    assert len(company.rows(Outgoing)) == len(company.rows(PostMail)) == len(company.rows(Activity)) == 1
    assert len(company.rows(Post)) == 2, "another's key is another key"

    with pytest.raises(RuntimeError), company.store.database.unit_of_work() as session:
        new = NewPost("", "Never", everyone=False, key="half")
        post_message(session, company.viewer(company.ann), NewMessage(new, by_mail=(carl,)))
        raise RuntimeError("the process dies before the commit")
    assert len(company.rows(Post)) == 2
    assert len(company.jobs_of(SEND_OUTGOING)) == len(company.rows(ActivityBinding)) == 1


KILLS = 2
"""Each is of a process of its own, on each database: the second one finds what the first one left."""


def test_a_process_killed_between_post_and_mail_loses_nothing_and_doubles_nothing(
    company: SmallCompany, smtp_catcher: MailCatcher, tmp_path: Path
) -> None:
    connect(company, smtp_catcher.port)
    told, author = tmp_path / "told", company.viewer(company.ann)
    given = company.settings.model_dump(exclude_unset=True)
    done = 0
    for _ in range(KILLS):
        told.unlink(missing_ok=True)
        process = FORKS.Process(target=post_for_ever, args=(given, told, author, company.contact))
        process.start()
        deadline = time.monotonic() + 60
        while not told.exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(random.uniform(0, 0.1))
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
        done = max(done, int(told.read_text() or 0))

    for number in range(done + 2):  # As a browser does that got no answer.
        post_number(company.store, author, company.contact, number)
    posts = company.rows(Post)
    assert sorted(post.key for post in posts) == sorted(f"{company.ann}:key {number}" for number in range(len(posts)))
    assert len(posts) >= done + 2
    mailed = [mail.post_id for mail in company.rows(PostMail)]
    assert sorted(mailed) == [post.id for post in posts]
    assert len({mail.outgoing_id for mail in company.rows(PostMail)}) == len(posts) == len(company.rows(Outgoing))
    assert len(company.jobs_of(SEND_OUTGOING)) == len(posts) == len(company.rows(Activity))
    run_job(company)
    assert len(smtp_catcher.mails) == 1


def test_names_are_proposed_and_understood(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        create_contact(session, "Carl Carlson", emails=["cc@else.example"])
    with company.store.database.reading() as session:
        ann = company.viewer(company.ann)
        to = understood(session, ann, Field.TO, "all; Bob Baker, Carl Client, carl, Nobody Here")
        about = understood(session, ann, Field.ABOUT, "two grinders, Client Ltd")
        offered = proposals(session, ann, Field.TO, "ca")
        called = proposals(session, ann, Field.MENTION, "@b")
        nothing = proposals(session, ann, Field.ABOUT, "")
    assert [(one.value, one.look) for one in to.certain] == [
        ("all", "user"),
        (f"user:{company.bob}", "user"),
        (f"contact:{company.contact}", "mail"),
    ]
    assert {one.name for one in to.possible} == {"Carl Client", "Carl Carlson"}
    assert to.unknown == ("Nobody Here",)
    assert [one.value for one in about.certain] == [f"deal:{company.deal}", f"company:{company.company}"]
    assert [(one.look, one.detail) for one in offered if one.name == "Carl Client"] == [("mail", "carl@client.example")]
    assert [one.handle for one in called] == ["bob"]
    assert nothing == []
    assert len(company.rows(PostFile)) == 0
