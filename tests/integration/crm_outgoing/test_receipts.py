"""Read receipts of single mails through a real SMTP server: asked for or not, by people and machines, told to the author."""

import asyncio
import re
import socket
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from campaigns.tracking import TrackingDesk
from cli.daemon import make_roles
from core.errors import Forbidden, NotFound, Transient
from crm.access.notifications import notices
from crm.access.receipts import happenings, happenings_of_message, receipts_of
from crm.access.viewer import Viewer
from crm.outgoing.receipts import recording
from crm.outgoing.receipts.desk import ReceiptDesk
from crm.outgoing.receipts.linking import html_of
from crm.outgoing.receipts.switching import switch, switch_mailbox
from crm.outgoing.views import Composition, MailKind, Recipient
from delivery.verdict import Action, Hit
from integration.crm_outgoing.steps import connect, queue, row, run_job
from servers.mail_catcher import MailCatcher
from storage.models import MailEvent, Message, Outgoing, Role
from unit.crm.small_company import SmallCompany, letter
from web.tracking import Tracker

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
SCANNER = "Barracuda Link Protect"
OFFER = "Good morning,\n\nthe offer: https://shop.example/a?b=1&c=2.\nAnd <again>: https://shop.example/a?b=1&c=2\n"


def written(company: SmallCompany, text: str = OFFER, **more: Any) -> Composition:
    to = (Recipient("carl@client.example", "Carl Client"),)
    return Composition(MailKind.NEW, company.mailbox, to, "Offer", text, **more)


def send(company: SmallCompany, catcher: MailCatcher, **more: Any) -> tuple[int, str | None]:
    """The id of the mail, and its HTML where it has any."""
    connect(company, catcher.port)
    outgoing_id = queue(company, written(company, **more))
    run_job(company)
    mail = catcher.wait_for(1)[-1]
    part = mail.message.get_body(("html",))
    plain = mail.message.get_body(("plain",))
    assert plain is not None
    assert "https://shop.example/a?b=1&c=2." in plain.get_content(), "the text is as it was written"
    return outgoing_id, part.get_content() if part is not None else None


def asked(company: SmallCompany, *requests: tuple[str, str]) -> list[httpx.Response]:
    """Ask for these addresses by these programs, long after the mail was sent; all is noted when it returns."""

    async def ask() -> list[httpx.Response]:
        desk, receipts = TrackingDesk(company.store, company.settings), ReceiptDesk(company.store)
        transport = httpx.ASGITransport(app=Tracker(desk, receipts), client=("198.51.100.7", 4000))
        async with httpx.AsyncClient(transport=transport, base_url="http://x.example") as client:
            answers = [await client.get(url, headers={"user-agent": agent}) for url, agent in requests]
        receipts.close()
        desk.close()
        return answers

    return asyncio.run(ask())


def addresses(html: str) -> tuple[str, list[str]]:
    """The path of the picture, and of the links in order."""
    [picture] = re.findall(r'src="http://[^/]+(/o/[^"]+)"', html)
    return picture, re.findall(r'href="http://[^/]+(/c/[^"]+)"', html)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds here until a click may be a person's."""
    monkeypatch.setattr("delivery.verdict.TOO_SOON", dict.fromkeys(("open", "click"), -1.0))


def test_it_is_told_when_a_person_reads_and_machines_are_counted_apart(
    company: SmallCompany, smtp_catcher: MailCatcher, patient: None
) -> None:
    outgoing_id, html = send(company, smtp_catcher, receipts=True)
    assert html is not None
    picture, links = addresses(html)
    assert len(links) == 2
    assert "&lt;again&gt;" in html

    answers = asked(company, (picture, SCANNER), (picture, BROWSER), (picture, BROWSER), (links[0], BROWSER))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 302]
    assert answers[0].headers["content-type"] == "image/gif"
    assert answers[3].headers["location"] == "https://shop.example/a?b=1&c=2"

    copy = company.keep(letter("Offer", "Good morning", sender="ann@house.example", message_id="<copy@house.example>"))
    with company.store.database.unit_of_work() as session:
        session.execute(update(Message).where(Message.id == copy).values(outgoing_id=outgoing_id))
    with company.store.database.reading() as session:
        receipt = receipts_of(session, company.viewer(company.ann), [outgoing_id])[outgoing_id]
        told = notices(session, company.viewer(company.ann))
        events = happenings_of_message(session, company.viewer(company.ann), copy)
        older = happenings(session, company.viewer(company.ann), outgoing_id, before_id=events[0].id, limit=1)
        with pytest.raises(NotFound):
            happenings_of_message(session, Viewer(404, Role.SELLER), copy)
    assert (receipt.opened, receipt.clicked, receipt.by_others) == (1, 1, 1), "twice in one moment is once"
    assert receipt.first_opened_at is not None
    assert [one.title for one in told] == ["Carl Client opened your mail: Offer"]
    assert [(one.kind, one.verdict, one.reason, one.link, one.first) for one in events] == [
        ("click", "human", "browser", "https://shop.example/a?b=1&c=2", True),
        ("open", "human", "browser", None, True),
        ("open", "machine", "security_scanner", None, False),
    ]
    assert older == [events[1]]


def test_without_receipts_nothing_is_added(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    outgoing_id, html = send(company, smtp_catcher)
    assert html is None
    assert row(company, outgoing_id).links == []


@pytest.mark.parametrize(
    ("everybody", "mailbox", "mail", "on"),
    [
        (False, None, None, False),
        (True, None, None, True),
        (True, False, None, False),
        (False, True, None, True),
        (True, True, False, False),
        (False, False, True, True),
    ],
)
def test_the_nearest_word_counts(
    company: SmallCompany, everybody: bool, mailbox: bool | None, mail: bool | None, on: bool
) -> None:
    connect(company, 1)
    with company.store.database.unit_of_work() as session:
        switch(session, Viewer.system(), on=everybody)
        switch_mailbox(session, company.viewer(company.ann), company.mailbox, mailbox)
    assert row(company, queue(company, written(company, receipts=mail))).receipts is on


def test_who_may_switch(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        with pytest.raises(Forbidden):
            switch(session, Viewer(company.ann, Role.MANAGER), on=True)
        with pytest.raises(NotFound):
            switch_mailbox(session, Viewer(404, Role.SELLER), company.mailbox, True)
        with pytest.raises(Forbidden):
            switch_mailbox(session, Viewer(company.ann, Role.GUEST), company.mailbox, True)


def test_what_we_did_not_make_leads_nowhere(company: SmallCompany, smtp_catcher: MailCatcher) -> None:
    outgoing_id, html = send(company, smtp_catcher, receipts=True)
    assert html is not None
    picture, (link, _) = addresses(html)
    token = link.removeprefix("/c/").partition(".")[0]
    wrong = [f"/c/{token}.3", f"/c/{token}.0", f"/c/{token}", f"/c/x{token}.1", "/c/.1", "/c/%00.1", f"/u/{token}"]
    assert [answer.status_code for answer in asked(company, *((one, BROWSER) for one in wrong))] == [404] * len(wrong)
    assert asked(company, ("/o/garbage.gif", BROWSER))[0].status_code == 200, (
        "a mail with a broken picture looks broken"
    )
    assert not company.rows(MailEvent)

    with company.store.database.unit_of_work() as session:
        session.delete(session.get_one(Outgoing, outgoing_id))
    assert [one.status_code for one in asked(company, (picture, BROWSER), (link, BROWSER))] == [200, 404]
    assert not company.rows(MailEvent)


def test_thousands_of_hits_are_few_rows_and_few_units_of_work(
    company: SmallCompany, smtp_catcher: MailCatcher, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "REPEATED_WITHIN", 0.0)
    monkeypatch.setattr(recording, "MOST_OF_A_MAIL", 30)
    monkeypatch.setattr(recording, "EVERY_SECONDS", 600)
    units, write = [], recording.ReceiptRecorder._write
    monkeypatch.setattr(recording.ReceiptRecorder, "_write", lambda *args: (units.append(1), write(*args)))
    outgoing_id, html = send(company, smtp_catcher, receipts=True)
    assert html is not None
    picture, _ = addresses(html)

    asked(company, *[(picture, BROWSER)] * 600)

    assert len(company.rows(MailEvent)) == 30
    assert len(units) == 3
    asked(company, (picture, SCANNER))
    assert {row.outgoing_id for row in company.rows(MailEvent)} == {outgoing_id}
    assert len(company.rows(MailEvent)) == 30


def test_a_server_that_stops_writes_what_it_has_noted(
    company: SmallCompany, smtp_catcher: MailCatcher, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "EVERY_SECONDS", 600)
    _, html = send(company, smtp_catcher, receipts=True)
    assert html is not None
    picture, _ = addresses(html)

    async def serve() -> None:
        stop = asyncio.Event()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            [role] = make_roles(["web"], company.store, company.settings, listener)
            serving = asyncio.create_task(role.run(stop))
            url = f"http://127.0.0.1:{listener.getsockname()[1]}{picture}"
            async with httpx.AsyncClient() as client:
                assert (await client.get(url, headers={"user-agent": BROWSER})).status_code == 200
            stop.set()
            await serving

    asyncio.run(serve())
    assert len(company.rows(MailEvent)) == 1


def test_what_can_not_be_written_in_this_moment_is_written_in_the_next(
    company: SmallCompany, smtp_catcher: MailCatcher, patient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "EVERY_SECONDS", 0.01)
    write, tries = recording.ReceiptRecorder._write, iter(range(100))

    def busy(*args: Any) -> None:
        if next(tries) < 3:
            raise Transient("The database is busy.")
        write(*args)

    monkeypatch.setattr(recording.ReceiptRecorder, "_write", busy)
    _, html = send(company, smtp_catcher, receipts=True)
    assert html is not None
    picture, _ = addresses(html)

    async def ask() -> None:
        receipts = ReceiptDesk(company.store)
        receipts.open(picture.removeprefix("/o/").removesuffix(".gif"), Hit(Action.OPEN, user_agent=BROWSER))
        for _ in range(500):
            if company.rows(MailEvent):
                break
            await asyncio.sleep(0.01)
        receipts.close()

    asyncio.run(ask())
    assert len(company.rows(MailEvent)) == 1
    assert next(tries) == 4


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a\nb\n\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("<script>alert('x')</script>", "<p>&lt;script&gt;alert('x')&lt;/script&gt;</p>"),
        ("(see https://a.example/b).", '<p>(see <a href="https://a.example/b">https://a.example/b</a>).</p>'),
        ("javascript:alert(1) https://", "<p>javascript:alert(1) https://</p>"),
        (
            'https://a.example/"onmouseover="x',
            '<p><a href="https://a.example/">https://a.example/</a>"onmouseover="x</p>',
        ),
        ("", "<p></p>"),
    ],
)
def test_text_as_html(text: str, inside: str) -> None:
    assert html_of(text) == f"<!doctype html><html><body>{inside}</body></html>"
