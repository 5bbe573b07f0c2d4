"""Search finds the same on SQLite and PostgreSQL: every operator, newest first, and never what is not the reader's."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from itertools import islice, product
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from core.cursors import Cursor
from core.errors import Permanent
from crm.access.viewer import Viewer
from crm.conversations.repository import finding, threads
from crm.conversations.repository.reach import reach_of
from crm.conversations.search_query import parse_query
from crm.conversations.searching import search_threads, suggestions
from crm.conversations.views.threads import MailView, ThreadFilter, ThreadPage
from crm.intake.arrival import Flags
from crm_world import CONNECTED, NOW, World, mail
from storage.models import FolderRole, Role
from storage.search import asking

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)


FINDS: dict[str, set[str]] = {
    "price": {"offer", "sent"},
    "pri": {"offer", "sent"},
    '"pri"': set(),
    '"price list"': {"offer"},
    "zolc": {"sent"},
    "list -zolc": {"offer"},
    "-price": {"file"},
    "from:carl": {"offer"},
    "from:client.example": {"offer"},
    "to:carl": {"sent"},
    "-to:carl price": {"offer"},
    "cc:dora": {"offer"},
    "from:dora": set(),
    "from:lecka": {"file"},
    "subject:list": {"offer", "sent"},
    'subject:"list"': {"offer"},
    "subject:offer": set(),
    "has:attachment": {"file"},
    "-has:attachment": {"offer", "sent"},
    "filename:ground": {"file"},
    "filename:plan-2026.pdf": {"file"},
    "plan": {"file"},
    "price plan": set(),
    "in:sent": {"sent"},
    "in:inbox": {"offer", "file"},
    "-in:inbox price": {"sent"},
    "in:junk": {"junk"},
    "in:anywhere price": {"offer", "sent", "junk"},
    "in:sales price": {"offer", "sent"},
    "is:unread": {"file"},
    "is:read": {"offer", "sent"},
    "is:flagged": {"offer"},
    "-is:flagged": {"file", "sent"},
    "larger:50k": {"file"},
    "smaller:50k": {"offer", "sent"},
    "on:2026-03-01": {"sent"},
    "-on:2026-03-01": {"offer", "file"},
    "before:2026-03-02": {"sent"},
    "after:2026-03-02 price": {"offer"},
    "price -on:2026-03-01": {"offer"},
    "plan has:attachment": {"file"},
    "price has:attachment": set(),
    "after:2026-03 before:2026-03-02": {"sent"},
    "price after:1d": set(),
    "carl is:flagged in:inbox subject:price larger:10": {"offer"},
    "nothing such": set(),
    "😀 !": set(),
    "😀 price": {"offer", "sent"},
}
"""What is typed, and which of the four mails of the test it finds."""


@pytest.fixture
def world(store) -> World:
    world = World(store)
    world.create_nothing()
    return world


def ann(world: World) -> Viewer:
    return Viewer(world.ann, Role.SELLER)


def ask(world: World, words: str, viewer: Viewer | None = None, **options) -> ThreadPage:
    viewer = viewer or ann(world)
    wanted = ThreadFilter(
        options.pop("view", MailView.ALL), options.pop("mailbox_id", None), options.pop("unread", False), words
    )
    with world.store.database.reading() as session:
        reach = reach_of(session, viewer)
        zone = options.pop("zone", UTC)
        return search_threads(world.store, session, viewer, reach, wanted, NOW + 2 * DAY, zone=zone, **options)


def found(world: World, words: str, viewer: Viewer | None = None, **options) -> list[int]:
    """Ids of the messages that were found, newest first."""
    return [row.found.id for row in ask(world, words, viewer, **options).rows if row.found]


def with_file(subject: str, filename: str, size: int = 20) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Zoë Łęcka <zoe@levante.example>",
        "sales@ours.example",
        subject,
    )
    message["Date"] = NOW
    message.set_content("See the file.\n")
    message.add_attachment(b"x" * size, maintype="application", subtype="pdf", filename=filename)
    return message.as_bytes()


WAYS = {
    "few hold the words": (asking.FEW, asking.MANY, 0),
    "many do, and the reader has little mail": (0, asking.MANY, threads.FEW),
    "PostgreSQL knows that some words are said by many": (asking.FEW, 1, 0),
}
"""Ways to go about a search, and the limits which lead to each."""


def test_each_operator(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = world.deliver(
        mail(
            "Carl Client <carl@client.example>",
            "sales@ours.example",
            "Price list",
            date=NOW,
            Cc="Dora <dora@else.example>",
        ),
        flags=Flags(seen=True, flagged=True),
    )
    file = world.deliver(with_file("Plans", "Ground_plan-2026.pdf", 60_000))
    sent = world.deliver(
        mail(
            "sales@ours.example", "carl@client.example", "Re: lists of a price", date=NOW - DAY, text="Żółć and list\n"
        ),
        role=FolderRole.SENT,
        flags=Flags(seen=True),
    )
    junk = world.deliver(
        mail("spam@bad.example", "sales@ours.example", "price of pills", date=NOW - 2 * DAY), role=FolderRole.JUNK
    )

    with world.store.database.unit_of_work() as session:
        session.execute(text("ANALYZE"))
    mails = {offer: "offer", file: "file", sent: "sent", junk: "junk"}
    for way, (few, many, places) in WAYS.items():
        with monkeypatch.context() as patched:
            for module, name, value in ((asking, "FEW", few), (asking, "MANY", many), (threads, "FEW", places)):
                patched.setattr(module, name, value)
            assert {words: {mails[each] for each in found(world, words)} for words in FINDS} == FINDS, way


def test_a_find_bears_its_own_day_though_the_conversation_went_on(world: World) -> None:
    question = mail("c@client.example", "sales@ours.example", "Grinder", date=NOW - DAY, text="Which grinder?\n")
    world.deliver(question)
    world.deliver(
        mail("c@client.example", "sales@ours.example", "Re: Grinder", date=NOW, References=question_id(question))
    )
    (row,) = ask(world, "which").rows
    assert row.found
    assert (row.found.date, row.last_at) == (NOW - DAY, NOW)


def question_id(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"])


def test_days_begin_where_the_reader_is(world: World) -> None:
    midnight = NOW.replace(hour=23)
    late = world.deliver(mail("c@client.example", "sales@ours.example", date=midnight))
    assert found(world, "on:2026-03-02") == [late]
    assert found(world, "on:2026-03-02", zone=ZoneInfo("Europe/Warsaw")) == []
    assert found(world, "on:2026-03-03 offer", zone=ZoneInfo("Europe/Warsaw")) == [late]


def test_a_whole_address_is_asked_for_as_it_is_where_some_mail_has_it(world: World) -> None:
    short = world.deliver(mail("anna@firm.co", "sales@ours.example", date=NOW - DAY))
    long = world.deliver(mail("anna@firm.com", "sales@ours.example", date=NOW))
    assert (found(world, "anna@firm.co"), found(world, "anna@firm.com")) == ([short], [long])
    assert found(world, "anna@fir") == [long, short], "more may follow"
    assert found(world, "sales@ours.exam") == [long, short], "no mail has it so"
    assert found(world, "anna@nobody.com") == []


def test_what_is_not_understood_is_searched_as_words_and_said(world: World) -> None:
    told = world.deliver(mail("c@client.example", "sales@ours.example", "Not before: soon"))
    page = ask(world, "not before:soon in:nowhere")
    assert page.rows == ()
    assert ["before:soon" in page.remarks[0], "nowhere" in page.remarks[1]] == [True, True]
    assert found(world, "not before:soon") == [told]


def test_newest_first_whatever_came_first_and_paged_without_repeating_a_conversation(world: World) -> None:
    """History is loaded newest first, so ids run against the dates; conversations of several mails come once."""
    ids = {}
    for age in (3, 1, 4, 0, 2):
        for answer in range(2):
            name = f"m{age}-{answer}@client.example"
            raw = mail(
                "c@client.example",
                "sales@ours.example",
                f"Offer {age}",
                message_id=name,
                references=[f"m{age}-0@client.example"] if answer else [],
                date=NOW - age * DAY - timedelta(hours=10 * (1 - answer)),
            )
            ids[age, answer] = world.deliver(raw)
    newest = [ids[age, 1] for age in range(5)]
    assert found(world, "offer") == newest
    assert found(world, "has:attachment -offer") == []
    assert found(world, "is:unread") == newest

    for words in ("offer", "is:unread", "-nothing"):
        pages, after = [], None
        while True:
            page = ask(world, words, limit=2, after=after)
            pages.append([row.found.id for row in page.rows if row.found])
            if page.next is None:
                break
            after = page.next
        assert pages == [newest[:2], newest[2:4], newest[4:]]
    assert found(world, "offer", after=Cursor(CONNECTED - 900 * DAY, 1)) == []


def test_rights_are_part_of_the_question(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bob's one mail is older than all the others with that word, and he finds it, and nothing else."""
    monkeypatch.setattr(finding, "ROUND", 3)
    own = world.add_mailbox("bob@ours.example", owner_id=world.bob)
    world.create_nothing(own)
    shared = world.deliver(
        mail("c@client.example", "bob@ours.example", "Secret", message_id="both@client.example"), own
    )
    world.deliver(mail("c@client.example", "bob@ours.example", "Secret", message_id="both@client.example"))
    theirs = [
        world.deliver(
            mail("c@client.example", "sales@ours.example", f"Secret {number}", date=NOW + timedelta(minutes=number))
        )
        for number in range(8)
    ]
    bob = Viewer(world.bob, Role.SELLER)

    for words in ("secret", "sec", "from:c", "-nothing", "subject:secret", "in:anywhere", "after:2026 secret"):
        assert found(world, words, bob) == [shared], words
        assert set(found(world, words)) == {shared, *theirs}, words
    assert found(world, "in:sales secret", bob) == [], "a colleague's mailbox is none of his folders"
    stranger = Viewer(world.add_user("new@ours.example", "New"), Role.ADMINISTRATOR)
    assert found(world, "secret", stranger) == []


def test_the_filters_of_the_list_hold_for_its_search(world: World) -> None:
    read = world.deliver(mail("a@client.example", "sales@ours.example", "Offer one"), flags=Flags(seen=True))
    fresh = world.deliver(mail("b@client.example", "sales@ours.example", "Offer two", date=NOW - DAY))
    junk = world.deliver(mail("s@client.example", "sales@ours.example", "Offer three"), role=FolderRole.JUNK)
    assert set(found(world, "offer")) == {read, fresh}
    assert found(world, "offer", unread=True) == [fresh]
    assert found(world, "offer", view=MailView.JUNK) == [junk]
    assert found(world, "offer", mailbox_id=world.sales.id + 1) == []


def test_the_words_are_marked_in_the_mail_itself(world: World) -> None:
    long = "Hello,\n" + "as we said, all is well.\n" * 20 + "The Zirkonia arrives on Monday.\n"
    world.deliver(mail("c@client.example", "sales@ours.example", "Zirkoniá 5", text=long))
    (row,) = ask(world, "zirkonia").rows
    assert row.found is not None
    assert [piece.text for piece in row.found.subject if piece.hit] == ["Zirkoniá"]
    (row,) = ask(world, "monday zirk").rows
    assert row.found is not None
    assert [piece.text for piece in row.found.excerpt if piece.hit] == ["Zirkonia", "Monday"]


def test_words_with_vowel_signs_are_found(world: World) -> None:
    told = world.deliver(mail("c@client.example", "sales@ours.example", text="नमस्ते, मेरा नाम राम है। ราคาสินค้า\n"))
    for word in ("नाम", "नमस्ते", "राम", "मेरा", "ราคาสินค้า", "ราคา"):
        assert (found(world, word), found(world, f"{word}कख")) == ([told], []), word


def test_marks_and_numerals_of_any_script_part_words_alike(world: World) -> None:
    """Whatever PostgreSQL's locale takes for a letter."""
    told = world.deliver(mail("c@client.example", "sales@ours.example", "“Zirkonia”…", text="step➋ of ⅷ¹ „Ende“\n"))
    for word in ("zirkonia", "step➋", "viii1", "ende", '"viii1 ende"', "subject:zirkonia"):
        assert found(world, word) == [told], word
    assert found(world, '"step of"') == []


def test_a_mail_of_very_many_words_is_stored_and_its_first_words_are_found(world: World) -> None:
    """PostgreSQL keeps at most a megabyte of words of one mail, SQLite all of them."""
    many = " ".join(map("".join, islice(product("абвгдежзик", repeat=5), 87_000)))
    raw = mail("c@client.example", "sales@ours.example", "Dictionary", text=f"{many} zirkonia\n")
    for role in (FolderRole.INBOX, FolderRole.DRAFTS):
        stored = world.deliver(raw.replace(b"Dictionary", role.value.encode()), role=role)
        assert found(world, f"subject:{role.value} ааааб in:{role.value}") == [stored]
    on_postgresql = world.store.database.engine.dialect.name == "postgresql"
    assert bool(found(world, "zirkonia")) is not on_postgresql


def test_a_find_whose_bytes_are_damaged_shows_the_beginning_of_the_mail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = world.deliver(
        mail("c@client.example", "sales@ours.example", text="Well, well.\n" * 50 + "The Zirkonia arrives.\n")
    )

    def damaged(*_: object) -> bytes:
        raise Permanent("The bytes of this mail are damaged. Ask the mailbox for it again.")

    monkeypatch.setattr(type(world.store.blobs), "read", damaged)
    (row,) = ask(world, "zirkonia").rows
    assert row.found is not None
    assert row.found.id == stored
    assert "".join(piece.text for piece in row.found.excerpt).startswith("Well, well.")


def test_a_day_that_is_left_out_ends_where_the_next_begins(world: World) -> None:
    midnight = NOW.replace(hour=0, minute=0, second=0)
    first = world.deliver(mail("c@client.example", "sales@ours.example", "First", date=midnight))
    assert found(world, f"-on:{midnight - DAY:%Y-%m-%d}") == [first]
    assert found(world, f"-on:{midnight:%Y-%m-%d}") == []


def test_ways_to_narrow_a_search_lead_to_searches(world: World) -> None:
    for age in range(2):
        world.deliver(
            mail("Carl Client <c@client.example>", "sales@ours.example", f"Offer {age}", date=NOW - age * DAY)
        )
    world.deliver(with_file("Offer", "offer.pdf"))
    query = parse_query("offer")
    ways = suggestions(query, ask(world, "offer").rows, NOW)
    assert {name for name, _ in ways} >= {"From Carl Client", "With files", "Unread", "In the inbox"}
    for name, narrowed in ways:
        assert found(world, str(narrowed)), name
