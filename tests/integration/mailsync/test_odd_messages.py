"""Messages that parse, and that a database would not take as they are: through the whole intake, on both databases.

NUL, surrogates, headers without measure, dates that no calendar has. Each is stored with its own bytes, found and listed
as any other; then the same mail on a real server, with one among it that no parser can read.
"""

from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from core.config import load_settings
from core.crypto import load_key_ring
from crm.access.viewer import Viewer
from crm.conversations.contents import read_original
from crm.conversations.reading import open_message
from crm.intake import understanding
from crm_world import World
from integration.mailsync.by_hand import audit
from integration.mailsync.conftest import Synced, connected_to
from mailsync.health.looking import mailbox_health
from mailsync.health.quarantine import raw_message, try_again_after_upgrade
from mailsync.health.views import MailboxHealth
from parsers.model import ParsedMessage
from servers.dovecot import Dovecot
from storage.models import Message, Place, Quarantine
from storage.search import find_messages
from storage.store import Store

HEAD = b"From: Ann <ann@client.example>\r\nTo: sales@ourhouse.example\r\n"


def odd(
    name: str, header: bytes = b"", text: bytes = b"Hello", *, date: bytes = b"Mon, 05 Oct 2026 09:00:00 +0000"
) -> bytes:
    """A small mail, findable by its name, with something odd in it."""
    message_id = b"" if b"message-id:" in header.lower() else b"Message-ID: <%b@client.example>\r\n" % name.encode()
    subject = b"" if b"subject:" in header.lower() else b"Subject: odd %b\r\n" % name.encode()
    return HEAD + subject + message_id + b"Date: " + date + b"\r\n" + header + b"\r\n" + text + b"\r\n" + name.encode()


ODD = {
    "nultext": odd("nultext", text=b"a\0b\0\0c"),
    "nulsubject": odd("nulsubject", b"Subject: nul\0 in =?utf-8?q?the=00_subject?= nulsubject\r\n"),
    "nulname": odd("nulname", b"Cc: =?utf-8?q?Nul=00name?= <nul\0@client.example>\r\n"),
    "nulid": odd("nulid", b"Message-ID: <nul\0id@client.example>\r\nReferences: <a\0b@x> <c@x>\r\n"),
    "nulfile": odd(
        "nulfile",
        b"MIME-Version: 1.0\r\nContent-Type: application/pdf; name=\"a\0b.pdf\"\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''c%00d%ED%A0%80.pdf\r\n",
    ),
    "surrogates": odd(
        "surrogates",
        b"Subject: =?utf-8?b?7aCA7bCA?= =?utf-16?b?2AA=?= =?utf-7?q?+2AA-?= surrogates\r\n"
        b"Content-Type: text/html; charset=utf-7\r\n",
        b"<p>+2AA- &#xD800; &#0; &#55357; surrogates</p>",
    ),
    "longid": odd("longid", b"Message-ID: <%b@client.example>\r\n" % (b"i" * 8000)),
    "longsubject": odd("longsubject", b"Subject: longsubject " + b"s" * 60_000 + b"\r\n"),
    "longword": odd("longword", text=b"w" * 2_000_000),
    "longtext": odd("longtext", text=b"Many different words, so many. " * 70_000),
    "manypeople": odd("manypeople", b"Cc: " + b",\r\n ".join(b"p%d@c%d.example" % (n, n) for n in range(10_000)) + b"\r\n"),
    "manycited": odd("manycited", b"References: " + b"\r\n ".join(b"<r%d@x.example>" % n for n in range(100_000)) + b"\r\n"),
    "manyheaders": odd("manyheaders", b"".join(b"X-Header-%d: v\r\n" % n for n in range(20_000))),
    "year9999": odd("year9999", date=b"Fri, 31 Dec 9999 23:59:59 -1200"),
    "year0": odd("year0", date=b"Sat, 01 Jan 0000 00:00:00 +0000"),
    "year1": odd("year1", date=b"Mon, 01 Jan 0001 00:00:00 +1400"),
    "nodate": odd("nodate", date=b"yesterday, about noon"),
    "zone": odd("zone", date=b"Mon, 05 Oct 2026 09:00:00 +9959"),
    "nocharset": odd("nocharset", b"Content-Type: text/plain; charset=x-no-such-charset\r\n", b"\x80\xff\xfe words"),
    "longaddress": odd("longaddress", b"Reply-To: <" + b"l" * 9000 + b"@" + b"d." * 4000 + b"example>\r\n"),
    "emoji": odd("emoji", b"Subject: \xf0\x9f\x98\x80 \xf4\x8f\xbf\xbf emoji\r\n"),
    "controls": odd("controls", text=b"\x1b[31m\x07\x08\x0b\x0c\x85 \xe2\x80\xae\xef\xbb\xbf"),
    "deep": odd(
        "deep",
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" * 500,
    ),
    "empty": b"",
    "onlynul": b"\0" * 500,
}  # fmt: skip


WITHOUT_WORDS = {"empty", "onlynul", "deep", "manyheaders"}
"""Nothing to find in them, or beyond what is read of a message."""


def test_odd_messages_are_stored_as_they_are_and_shown(store: Store) -> None:
    """In one batch, and each alone: what one of them holds spoils nothing for the others."""
    world = World(store)
    taken = world.take([world.arrival(raw) for raw in ODD.values()])
    reasons = {world.rows(select(Quarantine))[number].reason for number in range(len(taken.quarantined))}
    assert not taken.quarantined, reasons
    assert len(taken.places) == len(ODD)
    with store.database.reading() as session:
        by_uid = {place.uid: place for place in session.execute(select(Place)).scalars()}
        for number, (name, raw) in enumerate(ODD.items(), start=1):
            place = by_uid[number]
            assert place.sha256 == sha256(raw).hexdigest(), name
            assert read_original(store, session, Viewer.system(), place.message_id) == raw, name
            assert open_message(store, session, Viewer.system(), place.message_id), name
            if name not in WITHOUT_WORDS:
                assert place.message_id in find_messages(session, name), name
        for message in session.execute(select(Message)).scalars():
            assert 1980 <= message.date.year <= 2026
    again = world.take([world.arrival(raw, uid=1000 + number) for number, raw in enumerate(ODD.values())])
    assert (again.quarantined, again.new_message_ids) == ([], [])


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_poison_is_set_aside_with_its_bytes_and_comes_with_the_next_version(
    name: str, request: pytest.FixtureRequest, dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among odd mail on a real server: what no version so far can store waits in sight, and the mailbox goes on."""
    settings = load_settings(data_dir=tmp_path, allow_private_hosts=True)
    if name == "postgresql":
        keys = tmp_path / "keys.json"
        load_key_ring(keys, create=True)
        place = {"database_url": request.getfixturevalue("postgres_url"), "blob_dir": tmp_path / "blobs"}
        settings = load_settings(data_dir=tmp_path, secret_keys_file=keys, allow_private_hosts=True, **place)
    with closing(connected_to(dovecot, settings)) as connecting:
        synced = next(connecting)
        for raw in ODD.values():
            dovecot.deliver(synced.user, raw)
        poison = odd("poison", text=b"that no parser can read")
        dovecot.deliver(synced.user, poison)
        parse = understanding.parse_message

        def chokes(raw: bytes, **options: Any) -> ParsedMessage:
            if b"that no parser can read" in raw:
                raise ValueError
            return parse(raw, **options)

        with monkeypatch.context() as patch:
            patch.setattr(understanding, "parse_message", chokes)
            synced.bring_up()
            (entry,) = health_of(synced).quarantined
            assert "ValueError" in entry.reason
            assert raw_message(synced.store, Viewer.system(), synced.mailbox_id, entry.id) == poison
            synced.deliver("the next mail")
            assert synced.bring_up() == 1
        assert len(synced.subjects()) == len(ODD) + 1
        with synced.store.database.unit_of_work() as session:
            session.execute(update(Quarantine).values(version="0.0"))
        try_again_after_upgrade(synced.store)
        synced.bring_up()
        assert not health_of(synced).quarantined
        assert len(synced.subjects()) == len(ODD) + 2
        assert not audit(synced).differs


def health_of(synced: Synced) -> MailboxHealth:
    with synced.store.database.reading() as session:
        return mailbox_health(session, Viewer.system(), synced.mailbox_id)
