"""Read receipts in the console: switched for everybody and for a mailbox, asked for in a mail, shown under it."""

import re
import time
from datetime import datetime, timedelta

from sqlalchemy import event, insert, select, update

from core.clock import utcnow
from crm.access.api_tokens import Scope
from crm.outgoing.receipts.recording import ReceiptRecorder
from crm.outgoing.receipts.repository import Happened
from storage.models import (
    Activity,
    ActivityBinding,
    Direction,
    Mailbox,
    MailEvent,
    Message,
    Outgoing,
    Place,
    SendState,
    ShareLevel,
    TrackingKind,
)
from web.live import LOOK_SECONDS

URL = "/settings/receipts"


def test_they_are_switched_for_everybody_and_for_a_mailbox(console, csrf) -> None:
    ines, diego = console.browser("ines"), console.browser("diego")
    assert "off for mail written here" in diego.get(URL).text
    assert diego.post(URL, data={"csrf": csrf(diego, URL), "on": "true"}).status_code == 403
    ines.post(URL, data={"csrf": csrf(ines, URL), "on": "true"})
    page = diego.get(URL).text
    assert "on for mail written here" in page
    [mailbox, *_] = re.findall(rf'action="{URL}/(\d+)"', page)
    never = diego.post(f"{URL}/{mailbox}", data={"csrf": csrf(diego, URL), "receipts": "no"}).text
    assert "off for mail written here" in never
    assert diego.post(f"{URL}/404404", data={"csrf": csrf(diego, URL)}).status_code == 404


def test_a_mail_asks_and_its_page_tells(console, csrf) -> None:
    marta = console.browser("marta")
    form = {
        "csrf": csrf(marta, "/compose"),
        "to": "x@client.example",
        "subject": "Offer",
        "text": "Hello",
        "receipts": "yes",
    }
    mailbox = re.search(r'<select name="mailbox"><option value="(\d+)"', marta.get("/compose").text)[1]
    marta.post("/outgoing", data={**form, "mailbox": mailbox})
    refused = marta.post("/outgoing", data={**form, "mailbox": mailbox, "to": "nobody"}).text
    assert '<option value="yes" selected>' in refused, "nothing typed is lost"

    with console.store.database.unit_of_work() as session:
        outgoing = session.execute(select(Outgoing).where(Outgoing.subject == "Offer")).scalar_one()
        assert outgoing.receipts
        ours = select(Message.id).where(Message.direction == Direction.OUTGOING)
        message_id = session.execute(ours.order_by(Message.id.desc())).scalars().first()
        session.execute(update(Message).where(Message.id == message_id).values(outgoing_id=outgoing.id))
    ines = console.browser("ines")
    assert "Not read yet" in ines.get(f"/mail/messages/{message_id}").text
    with console.store.database.unit_of_work() as session:
        event = {"outgoing_id": outgoing.id, "at": utcnow(), "link_number": None, "kind": TrackingKind.OPEN}
        session.execute(insert(MailEvent), [{**event, "verdict": verdict} for verdict in ("human", "human", "machine")])
    page = ines.get(f"/mail/messages/{message_id}").text
    assert re.search(r"Read <time.*?</time>, 2 times", page)
    assert "1 time by a machine" in page


def test_each_happening_is_listed_marked_on_entries_told_to_programs_and_to_those_alone_who_may_read_the_mail(
    console,
) -> None:
    # given a mail of Marta's mailbox that stands on a record, sent with receipts: a machine came, a person, and a person's click
    message_id, outgoing_id, record = _sent_on_a_record(console)
    at = utcnow().replace(microsecond=0) - timedelta(minutes=90)
    _happen(console, outgoing_id, at, (TrackingKind.OPEN, "machine", "security_scanner", None))
    marta, tom = console.browser("marta"), console.browser("tom")
    page, list_of = f"/mail/messages/{message_id}", f"/mail/messages/{message_id}/events"
    entry = re.compile(r'<li class="event event-mail event-out"[^>]* data-receipt>.*?</li>', re.DOTALL)

    # then a machine alone leaves no mark
    [shown] = entry.findall(tom.get(record).text)
    assert "Opened" not in shown
    assert "receipt-mark" not in shown

    # when people come
    _happen(
        console,
        outgoing_id,
        at + timedelta(minutes=1),
        (TrackingKind.OPEN, "human", "mail_client", None),
        (TrackingKind.OPEN, "human", "browser", None),
        (TrackingKind.CLICK, "human", "browser", 2),
        (TrackingKind.CLICK, "human", "", 99),
    )

    # then entries say so, in the timeline and the stream, to a colleague who may read the mail
    for address in (record, "/stream?whose=all&kind=mail"):
        [shown] = entry.findall(tom.get(address).text)
        assert re.search(r"Opened <time.*?</time> · 2 clicks", shown)

    # then the mail lists them, newest first
    assert f'hx-get="{list_of}"' in marta.get(page, headers={"hx-request": "true"}).text
    rows = re.findall(r"<li.*?</li>", tom.get(list_of, headers={"hx-request": "true"}).text, re.DOTALL)
    said = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    assert len(said) == 5
    assert said[0].startswith("Link followed A person")
    assert said[1].startswith("Link followed First time A person: in a browser https://shop.example/two")
    assert said[2].startswith("Opened A person: in a browser")
    assert said[3].startswith("Opened First time A person: in a mail program")
    assert said[4].startswith("Opened A machine: a security scanner")
    assert "<h1>Opened and clicked</h1>" in tom.get(list_of).text, "a page of its own without script"
    newest = int(_events(console)[-1])
    part = tom.get(f"{list_of}?before={newest - 3}", headers={"hx-request": "true"}).text
    assert part.count("<li") == 1
    assert "Nothing happened before" in tom.get(f"{list_of}?before=1").text
    assert tom.get(f"{list_of}?before=x").status_code == 422

    _programs_get_the_same(console, message_id, outgoing_id, at + timedelta(minutes=1))

    # when the mailbox shares no more than who wrote and when, then its colleagues learn nothing of it
    with console.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).values(share_level=ShareLevel.METADATA))
    assert tom.get(list_of).status_code == 404
    assert console.program("tom", Scope.MAIL_READ).get(f"/api/v1/messages/{message_id}/events").status_code == 404
    assert not entry.search(tom.get(record).text)
    assert "receipt-mark" not in tom.get(record).text
    assert "receipt" not in tom.get(page, headers={"hx-request": "true"}).text
    assert "Read <time" in marta.get(page, headers={"hx-request": "true"}).text


def test_a_page_of_marks_takes_one_statement_and_open_pages_hear_of_people(console) -> None:
    message_id, outgoing_id, record = _sent_on_a_record(console)
    marta, asked = console.browser("marta"), []
    event.listen(console.store.database._reader, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with console.store.database.unit_of_work() as session:
        others = select(Message.id).where(Message.direction == Direction.OUTGOING, Message.id != message_id)
        for number in session.execute(others.limit(8)).scalars().all():
            session.execute(update(Message).where(Message.id == number).values(outgoing_id=outgoing_id))

    asked.clear()
    marta.get("/stream?whose=all&kind=mail")
    assert sum("mail_event" in one for one in asked) == 1

    with marta.stream("GET", "/live") as stream:
        lines = stream.iter_lines()
        heard = (int(next(lines).removeprefix("data: ")) for line in lines if line == "event: receipts")
        before, began = next(heard), time.monotonic()
        recorder = ReceiptRecorder(console.store)
        recorder.note(Happened(outgoing_id, TrackingKind.CLICK, "human", 1, utcnow(), "browser"))
        assert next(heard) > before
        assert time.monotonic() - began < LOOK_SECONDS / 2, (
            "the writer woke the page, which looks by itself only now and then"
        )
        recorder.close()
    entry_id = re.search(r'id="entry-(\d+)" data-receipt', marta.get(record).text)[1]
    assert "Link followed" in marta.get(f"/stream/again?ids={entry_id}").text


def _programs_get_the_same(console, message_id: int, outgoing_id: int, at: datetime) -> None:
    """By pages, and to those alone who work in the mailbox or may read the mail."""
    program = console.program("marta", Scope.MAIL_READ)
    receipt = program.get(f"/api/v1/outgoing/{outgoing_id}").json()["receipt"]
    assert (receipt["opened"], receipt["clicked"], receipt["by_others"]) == (2, 2, 1)
    assert receipt["first_opened_at"] == receipt["last_clicked_at"] == f"{at:%Y-%m-%dT%H:%M:%SZ}"
    [listed] = [one for one in program.get("/api/v1/outgoing").json()["items"] if one["id"] == outgoing_id]
    assert listed["receipt"] == receipt
    for root in (f"/api/v1/outgoing/{outgoing_id}", f"/api/v1/messages/{message_id}"):
        first = program.get(f"{root}/events?limit=3").json()
        rest = program.get(f"{root}/events?limit=3&after={first['next']}").json()
        assert [one["kind"] for one in first["items"] + rest["items"]] == ["click", "click", "open", "open", "open"]
        assert first["items"][1]["link"] == "https://shop.example/two"
        assert rest["next"] is None
        assert program.get(f"{root}/events?limit=100000").status_code == 422
    assert console.program("tom", Scope.MAIL_READ).get(f"/api/v1/outgoing/{outgoing_id}/events").status_code == 404


def _sent_on_a_record(console) -> tuple[int, int, str]:
    """A mail of ours on a record, the newest there is, whose mailbox shares everything; its outgoing mail; the record's page."""
    links = ["https://shop.example/one", "https://shop.example/two"]
    with console.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).values(share_level=ShareLevel.EVERYTHING))
        own = select(Place.message_id).where(Place.mailbox_id == console.seed.mailboxes["marta"])
        row = session.execute(
            select(Message.id, ActivityBinding.record_type, ActivityBinding.record_id)
            .join(Activity, Activity.message_id == Message.id)
            .join(ActivityBinding, ActivityBinding.activity_id == Activity.id)
            .where(Message.direction == Direction.OUTGOING, Message.id.in_(own), ActivityBinding.owner)
            .order_by(Activity.at.desc())
        ).first()
        now = utcnow()
        mail = Outgoing(
            kind="new", user_id=console.seed.people["marta"], mailbox_id=console.seed.mailboxes["marta"], to=[], cc=[],
            bcc=[], subject="Offer", text="Offer", state=SendState.SENT, due_at=now, created_at=now, receipts=True, links=links,
        )  # fmt: skip
        session.add(mail)
        session.flush()
        session.execute(update(Message).where(Message.id == row[0]).values(outgoing_id=mail.id))
        pages = {"contact": "contacts", "company": "companies", "lead": "leads", "deal": "deals"}
        return row[0], mail.id, f"/{pages[row[1].value]}/{row[2]}"


def _happen(console, outgoing_id: int, at, *events: tuple[TrackingKind, str, str, int | None]) -> None:
    with console.store.database.unit_of_work() as session:
        for kind, verdict, reason, link in events:
            row = {
                "outgoing_id": outgoing_id,
                "kind": kind,
                "verdict": verdict,
                "reason": reason,
                "link_number": link,
                "at": at,
            }
            session.execute(insert(MailEvent).values(**row))


def _events(console) -> list[int]:
    with console.store.database.reading() as session:
        return list(session.execute(select(MailEvent.id).order_by(MailEvent.id)).scalars())
