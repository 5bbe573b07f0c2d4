"""A composed mail read back by the standard library is the mail that was meant."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from delivery.compose import Attachment, Draft, compose, envelope_of
from delivery.header_text import Mailbox
from delivery.replying import Original, reply_headers

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
DRAFT = Draft(
    from_=Mailbox("ana@example.org", "Ana Müller"),
    to=(Mailbox("bo@example.net", "Bo"),),
    cc=(Mailbox("cy@example.net"),),
    bcc=(Mailbox("secret@example.net"),),
    subject="Grüße — and a rather long subject that has to be folded over more than one line, twice",
    text="Hello\n.\nFrom here\nend",
    html="<p>Hello <img src='cid:pic'></p>",
    message_id="id@example.org",
    date=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
    in_reply_to="parent@example.net",
    references=tuple(f"ref{number}.{'x' * 60}@example.net" for number in range(20)),
    attachments=(
        Attachment("pic.png", PNG, content_id="pic"),
        Attachment("Angebot für Sie, 字字字字字字字字字字字字字字字.pdf", b"%PDF", "application/pdf"),
        Attachment('a"b.txt', b"text", "text/plain\r\nX-Evil: 1"),
        Attachment("original.eml", b"Subject: inner\n\nbody\n", "message/rfc822"),
    ),
    headers=(("X-Mailsync-Id", "abc\r\nBcc: evil@example.net"),),
)


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_all_of_it_arrives():
    message = read(compose(DRAFT))

    assert message["Subject"] == DRAFT.subject
    assert message["From"].addresses[0].display_name == "Ana Müller"
    assert message["References"].split() == [f"<{each}>" for each in DRAFT.references]
    assert message["In-Reply-To"] == "<parent@example.net>"
    assert message.get_content_type() == "multipart/mixed"
    assert message.get_body(("plain",)).get_content().splitlines() == DRAFT.text.splitlines()
    assert message.get_body(("html",)).get_content().strip() == DRAFT.html
    names = [part.get_filename() for part in message.iter_attachments()]
    assert names == [file.filename for file in DRAFT.attachments[1:]]
    inline = [part for part in message.walk() if part["Content-ID"] == "<pic>"]
    assert inline[0].get_content() == PNG
    inner = [part for part in message.walk() if part.get_content_type() == "message/rfc822"]
    assert inner[0].get_content()["Subject"] == "inner"


def test_the_form_is_safe_for_every_relay():
    raw = compose(DRAFT)

    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\r\nX-Evil" not in raw


def test_bcc_is_in_the_envelope_and_nowhere_else():
    raw = compose(DRAFT)

    assert b"secret@example.net" not in raw
    assert read(raw)["Bcc"] is None
    assert envelope_of(DRAFT).recipients == ("bo@example.net", "cy@example.net", "secret@example.net")
    assert envelope_of(DRAFT, "").sender == ""


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"html": None, "attachments": ()}, "text/plain"),
        ({"attachments": ()}, "multipart/alternative"),
        ({"text": "", "attachments": ()}, "text/html"),
    ],
)
def test_no_more_parts_than_needed(changes, kind):
    fields = {name: getattr(DRAFT, name) for name in Draft.__slots__} | changes
    assert read(compose(Draft(**fields))).get_content_type() == kind


ME = ("me@example.org", "alias@example.org")
ALICE, BOB, MINE = Mailbox("Alice@Example.net", "Alice"), Mailbox("bob@example.net"), Mailbox("ME@example.org")


def test_a_reply_goes_to_the_author_and_a_reply_to_all_to_everybody_once():
    original = Original(
        "m2", from_=(ALICE,), to=(MINE, BOB), cc=(Mailbox("alice@example.net"), MINE), references=("m0", "m1")
    )

    one = reply_headers(original, ME, to_all=False)
    every = reply_headers(original, ME, to_all=True)

    assert (one.to, one.cc, one.in_reply_to, one.references) == ((ALICE,), (), "m2", ("m0", "m1", "m2"))
    assert (every.to, every.cc) == ((ALICE,), (BOB,))


def test_reply_to_wins_and_ones_own_mail_is_continued():
    listed = Original("m", from_=(ALICE,), reply_to=(BOB,), to=(MINE,), in_reply_to=("m0",))
    sent = Original("m", from_=(MINE,), to=(ALICE,), cc=(BOB,))
    to_myself = Original("m", from_=(MINE,), to=(MINE,))

    assert reply_headers(listed, ME, to_all=False).to == (BOB,)
    assert reply_headers(listed, ME, to_all=False).references == ("m0", "m")
    assert reply_headers(sent, ME, to_all=True) == reply_headers(sent, ME, to_all=True)
    assert reply_headers(sent, ME, to_all=True).to == (ALICE,)
    assert reply_headers(sent, ME, to_all=True).cc == (BOB,)
    assert reply_headers(to_myself, ME, to_all=False).to == (MINE,)


def test_a_chain_of_references_keeps_root_and_latest():
    original = Original("last", from_=(ALICE,), references=tuple(f"r{number}" for number in range(500)))

    references = reply_headers(original, ME, to_all=False).references

    assert len(references) == 40
    assert (references[0], references[-2], references[-1]) == ("r0", "r499", "last")
