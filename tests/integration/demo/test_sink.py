"""The demo's SMTP sink, spoken to by the standard library and by hand."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from cli.demo.company import load_company
from cli.demo.mailserver import DemoMailServer
from cli.demo.sink import DemoSink, links_in
from core.errors import Transient

NOW = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)
MAIL = b"From: Marta <marta@fontelenta.example>\r\nTo: x@y.example\r\nSubject: hello\r\n\r\n.leading dot\r\nBye\r\n"


@pytest.fixture
async def sink() -> AsyncIterator[DemoSink]:
    async with DemoSink(refuse=["Gone@client.example"], defer=["slow@client.example"]) as running:
        yield running


def send(sink: DemoSink, recipients: list[str], raw: bytes = MAIL) -> dict[str, tuple[int, bytes]]:
    """The refused recipients; all of them when the sink wanted none."""
    with smtplib.SMTP(sink.host, sink.port, timeout=20) as client:
        try:
            return client.sendmail("marta@fontelenta.example", recipients, raw)
        except smtplib.SMTPRecipientsRefused as error:
            return error.recipients


async def test_mail_is_kept_with_its_envelope_and_refusals_are_answered(sink):
    refused = await asyncio.to_thread(send, sink, ["a@client.example", "gone@client.example", "slow@client.example"])
    again = await asyncio.to_thread(send, sink, ["slow@client.example", "gone@CLIENT.example"])

    first, second = await sink.wait_for(2)
    assert first.recipients == ("a@client.example",)
    assert first.mail_from == "marta@fontelenta.example"
    assert first.raw == MAIL
    assert second.recipients == ("slow@client.example",)
    assert refused["gone@client.example"][0] == 550
    assert refused["gone@client.example"][1].startswith(b"5.1.1")
    assert refused["slow@client.example"][0] == 451
    assert list(again) == ["gone@CLIENT.example"]
    assert (sink.count, sink.refusals, sink.deferrals) == (2, 2, 1)


async def test_waiting_for_more_than_comes_says_so(sink):
    await asyncio.to_thread(send, sink, ["a@client.example"])

    with pytest.raises(Transient, match="1 of 2"):
        await sink.wait_for(2, seconds=0.05)


async def test_pipelining_is_announced_and_commands_in_one_write_are_answered_in_order(sink):
    reader, writer = await asyncio.open_connection(sink.host, sink.port)
    await reader.readline()
    writer.write(b"EHLO demo.example\r\n")
    offered = []
    while not (line := await reader.readline()).startswith(b"250 "):
        offered.append(line.strip())

    writer.write(b"MAIL FROM:<m@a.example>\r\nRCPT TO:<gone@client.example>\r\nRCPT TO:<ok@client.example>\r\nDATA\r\n")
    answers = [(await reader.readline())[:3] for _ in range(4)]
    writer.write(MAIL.replace(b"\r\n.", b"\r\n..") + b".\r\nMAIL FROM:<m@a.example>\r\nQUIT\r\n")
    answers += [(await reader.readline())[:3] for _ in range(3)]
    writer.close()
    await writer.wait_closed()

    assert b"250-PIPELINING" in offered
    assert answers == [b"250", b"550", b"250", b"354", b"250", b"250", b"221"]
    assert sink.messages[0].raw == MAIL


async def test_any_login_is_accepted(sink):
    def login() -> int:
        with smtplib.SMTP(sink.host, sink.port, timeout=20) as client:
            return client.login("marta@fontelenta.example", "whatever")[0]

    assert await asyncio.to_thread(login) == 235


async def test_mail_to_colleagues_arrives_in_their_mailbox_with_the_servers_word_on_it():
    company = load_company(NOW)
    async with (
        DemoMailServer((), company.mailboxes, intake="info") as mail_server,
        DemoSink(local_domain=company.domain, authserv_id=company.authserv_id, deliver=mail_server.deliver) as sink,
    ):
        await asyncio.to_thread(
            send, sink, ["diego@fontelenta.example", "task+abc@fontelenta.example", "out@client.example"]
        )
        delivered = {}
        for key in ("diego", "info", "tom"):
            folders, _ = mail_server._config.set_cache[f"{key}@fontelenta.example"]
            inbox = await folders.get_mailbox("INBOX")
            delivered[key] = [bytes(message._content) async for message in inbox.messages()]

    assert [len(found) for found in delivered.values()] == [1, 1, 0]
    assert delivered["diego"][0].endswith(MAIL)
    assert b"Delivered-To: diego@fontelenta.example\r\n" in delivered["diego"][0]
    assert b"Delivered-To: task+abc@fontelenta.example\r\n" in delivered["info"][0]
    assert b"Authentication-Results: mx.fontelenta.example;" in delivered["diego"][0]
    assert b"dmarc=pass header.from=fontelenta.example" in delivered["diego"][0]


async def test_readers_find_pixel_links_and_one_click_address():
    raw = (
        b"From: a@b.example\r\nList-Unsubscribe: <mailto:u@b.example>, <https://b.example/u/t>\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n"
        b'<a href="https://b.example/c/1">one</a><a href="mailto:x@b.example">mail</a><a href="https://b.example/u/t">out</a>'
        b'<img src="cid:logo" width="1"><img src="https://b.example/logo.png" width="80">'
        b'<img src="https://b.example/o/t.gif" width="1" height="1" alt="">\r\n'
    )

    found = links_in(raw)

    assert found.pixels == ("https://b.example/o/t.gif",)
    assert found.links == ("https://b.example/c/1",)
    assert found.one_click == "https://b.example/u/t"
    assert links_in(MAIL).links == ()
