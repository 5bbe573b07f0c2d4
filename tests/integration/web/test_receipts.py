"""Read receipts in the console: switched for everybody and for a mailbox, asked for in a mail, shown under it."""

import re

from sqlalchemy import insert, select, update

from core.clock import utcnow
from storage.models import Direction, MailEvent, Message, Outgoing, TrackingKind

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
