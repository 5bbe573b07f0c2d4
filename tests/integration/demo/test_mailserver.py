"""The demo's IMAP server as a client sees it: the standard library's, over a real socket."""

import asyncio
import hashlib
import imaplib
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from cli.demo.company import Company, load_company
from cli.demo.mailserver import DemoMailServer
from core.errors import NotFound

NOW = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)
NEW = b"From: a@b.example\r\nTo: marta@fontelenta.example\r\nSubject: fresh\r\n\r\nJust arrived.\r\n"


@pytest.fixture(scope="module")
def company() -> Company:
    return load_company(NOW)


@pytest.fixture
async def server(company: Company) -> AsyncIterator[DemoMailServer]:
    async with DemoMailServer(company.messages, company.mailboxes, intake=company.intake_mailbox) as running:
        yield running


def sign_in(server: DemoMailServer, company: Company, key: str) -> imaplib.IMAP4:
    mailbox = next(mailbox for mailbox in company.mailboxes if mailbox.key == key)
    client = imaplib.IMAP4(server.host, server.port, timeout=20)
    client.login(mailbox.email, mailbox.password)
    return client


def quoted(folder: str) -> str:
    return '"' + folder.replace("é", "&AOk-") + '"'


def fetch_all(server: DemoMailServer, company: Company, key: str) -> dict[str, list[tuple[bytes, bytes]]]:
    """Folder to (FETCH response line, body) of every message in it."""
    found = {}
    with sign_in(server, company, key) as client:
        for folder in next(mailbox for mailbox in company.mailboxes if mailbox.key == key).folders:
            status, _ = client.select(quoted(folder.name), readonly=True)
            assert status == "OK"
            _, rows = client.uid("FETCH", "1:*", "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])")
            found[folder.name] = [row for row in rows if isinstance(row, tuple)]
    return found


@pytest.mark.parametrize("key", ["ines", "marta", "diego", "tom", "info"])
async def test_every_message_comes_back_byte_for_byte_with_flags_date_and_size(server, company, key):
    folders = await asyncio.to_thread(fetch_all, server, company, key)

    for folder, rows in folders.items():
        expected = [message for message in company.messages if (message.mailbox, message.folder) == (key, folder)]
        assert len(rows) == len(expected)
        for (line, body), message in zip(rows, expected, strict=True):
            assert hashlib.sha256(body).digest() == hashlib.sha256(message.raw).digest(), message.name
            assert f"RFC822.SIZE {len(message.raw)}".encode() in line
            flags = re.search(rb"FLAGS \(([^)]*)\)", line)
            assert flags is not None
            assert set(flags[1].decode().split()) - {"\\Recent"} == set(message.flags), message.name
            date = re.search(rb'INTERNALDATE "([^"]+)"', line)
            assert date is not None
            assert datetime.strptime(date[1].decode(), "%d-%b-%Y %H:%M:%S %z") == message.internal_date


async def test_structure_of_every_message_can_be_asked_for(server, company):
    def ask() -> Counter[str]:
        answered: Counter[str] = Counter()
        for mailbox in company.mailboxes:
            with sign_in(server, company, mailbox.key) as client:
                client.select("INBOX", readonly=True)
                status, rows = client.uid("FETCH", "1:*", "(ENVELOPE BODYSTRUCTURE)")
                assert status == "OK"
                answered[mailbox.key] = sum(
                    b"BODYSTRUCTURE" in (row[0] if isinstance(row, tuple) else row) for row in rows
                )
        return answered

    inboxes = Counter(message.mailbox for message in company.messages if message.folder == "INBOX")
    assert await asyncio.to_thread(ask) == inboxes


async def test_a_wrong_password_and_another_persons_password_are_refused(server, company):
    def refused(user: str, password: str) -> bool:
        with imaplib.IMAP4(server.host, server.port, timeout=20) as client:
            try:
                client.login(user, password)
            except imaplib.IMAP4.error:
                return True
            return False

    assert await asyncio.to_thread(refused, "marta@fontelenta.example", "espresso-tom")
    assert await asyncio.to_thread(refused, "nobody@fontelenta.example", "espresso-tom")
    assert not await asyncio.to_thread(refused, "tom@fontelenta.example", "espresso-tom")


async def test_special_folders_are_named_and_search_finds_by_flag_sender_and_text(server, company):
    def look() -> tuple[list[bytes], dict[str, int]]:
        with sign_in(server, company, "marta") as client:
            assert "SPECIAL-USE" in client.capabilities or b"SPECIAL-USE" in client.capability()[1][0]
            _, listing = client.list()
            client.select("INBOX", readonly=True)
            queries = {
                "unseen": "UNSEEN",
                "from": 'FROM "harbourhound"',
                "text": 'TEXT "Saturday"',
                "none": 'SUBJECT "xyz"',
            }
            counts = {name: len(client.uid("SEARCH", query)[1][0].split()) for name, query in queries.items()}
            return listing, counts

    listing, counts = await asyncio.to_thread(look)

    lines = {line.split(b'"/" ')[1].strip(b'"'): line for line in listing}
    for name, use in {b"Sent": b"\\Sent", b"Drafts": b"\\Drafts", b"Junk": b"\\Junk", b"Trash": b"\\Trash"}.items():
        assert use in lines[name]
    assert b"Clientes/Caf&AOk- Miradouro" in lines
    inbox = [message for message in company.messages if (message.mailbox, message.folder) == ("marta", "INBOX")]
    assert counts["unseen"] == sum("\\Seen" not in message.flags for message in inbox)
    assert counts["from"] >= 3
    assert counts["text"] >= 1
    assert counts["none"] == 0


class Idler:
    """Speaks IDLE over imaplib's connection, which does not know it in Python 3.11."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._client = client

    def wait_for(self, text: bytes, seconds: float = 10) -> bytes:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            line = self._client.readline()
            if text in line:
                return line
        raise AssertionError(f"no {text!r} within {seconds} s")

    def start(self) -> None:
        self._client.send(b"I1 IDLE\r\n")
        self.wait_for(b"+ ")

    def stop(self) -> None:
        self._client.send(b"DONE\r\n")
        self.wait_for(b"I1 OK")


async def test_idle_tells_of_each_new_message_also_of_one_that_came_just_before_it(server, company):
    client = await asyncio.to_thread(sign_in, server, company, "marta")
    _, counted = await asyncio.to_thread(client.select, "INBOX")
    count, idler = int(counted[0]), Idler(client)

    await server.append("marta", "INBOX", NEW)
    await asyncio.to_thread(idler.start)
    await asyncio.to_thread(idler.wait_for, b"* %d EXISTS" % (count + 1))
    for number in range(2, 12):
        await server.append("marta", "INBOX", NEW)
        await server.append("marta", "Archive", NEW)
        if number % 3 == 0:
            await asyncio.to_thread(idler.wait_for, b"* %d EXISTS" % (count + number))
    await asyncio.to_thread(idler.wait_for, b"* %d EXISTS" % (count + 11))
    await asyncio.to_thread(idler.stop)

    await asyncio.to_thread(client.logout)


async def test_two_idling_clients_are_both_told_and_the_server_closes_with_them(company):
    async with DemoMailServer(company.messages, company.mailboxes) as server:
        clients = [await asyncio.to_thread(sign_in, server, company, "info") for _ in range(2)]
        for client in clients:
            await asyncio.to_thread(client.select, "INBOX")
            await asyncio.to_thread(Idler(client).start)

        await server.deliver("info+anything@fontelenta.example", NEW)

        for client in clients:
            await asyncio.to_thread(Idler(client).wait_for, b"EXISTS")
    for client in clients:
        await asyncio.to_thread(client.shutdown)


async def test_mail_is_taken_from_another_loop_and_by_address(server, company):
    await asyncio.to_thread(asyncio.run, server.deliver("TOM@fontelenta.example", NEW))
    await server.deliver("task+abc@fontelenta.example", NEW)

    assert server.mailbox_of("someone@else.example") is None
    with pytest.raises(NotFound):
        await server.deliver("someone@else.example", NEW)
    with pytest.raises(NotFound):
        await server.append("tom", "No such folder", NEW)
    folders = {key: await asyncio.to_thread(fetch_all, server, company, key) for key in ("tom", "info")}
    assert folders["tom"]["INBOX"][-1][1] == NEW
    assert folders["info"]["INBOX"][-1][1] == NEW


async def test_a_message_without_a_body_keeps_its_last_byte(server, company):
    await server.append("tom", "INBOX", b"From: a@b.example\r\nSubject: only headers")

    folders = await asyncio.to_thread(fetch_all, server, company, "tom")

    assert folders["INBOX"][-1][1] == b"From: a@b.example\r\nSubject: only headers\r\n\r\n"


async def test_what_a_client_does_is_kept_flags_move_and_append_with_uids(server, company):
    def work() -> tuple[bytes, int, int]:
        with sign_in(server, company, "tom") as client:
            client.select("INBOX")
            uid = client.uid("SEARCH", "ALL")[1][0].split()[0].decode()
            client.uid("STORE", uid, "+FLAGS", "(\\Flagged $Later)")
            _, rows = client.uid("FETCH", uid, "(FLAGS)")
            client.uid("MOVE", uid, "Archive")
            left = len(client.uid("SEARCH", f"UID {uid}")[1][0].split())
            status, answer = client.append("Sent", "(\\Seen)", None, NEW)
            assert status == "OK"
            return rows[0], left, int(re.search(rb"APPENDUID \d+ (\d+)", answer[0])[1])

    flags, left, uid = await asyncio.to_thread(work)

    assert b"\\Flagged" in flags
    assert b"$Later" in flags
    assert left == 0
    assert uid > 100
