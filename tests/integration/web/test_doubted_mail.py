"""Mail that failed DMARC is marked wherever it is shown."""

import re

from sqlalchemy import select, update

from storage.models import Activity, ActivityBinding, Direction, Message, RecordType

MARK = "Sender not confirmed"


def test_it_is_marked_on_today_the_stream_its_record_and_where_it_is_read(console) -> None:
    marta = console.browser("marta")
    thread_id = int(re.search(r'href="/mail/threads/(\d+)\?view=waiting"', marta.get("/").text)[1])
    with console.store.database.reading() as session:
        found = select(Message.id, Activity.id, ActivityBinding.record_id)
        found = found.join(Activity, Activity.message_id == Message.id)
        found = found.join(ActivityBinding, ActivityBinding.activity_id == Activity.id)
        of_deal = ActivityBinding.record_type == RecordType.DEAL
        incoming = Message.direction == Direction.INCOMING
        message_id, entry_id, deal_id = session.execute(
            found.where(Message.thread_id == thread_id, of_deal, incoming).order_by(Message.id)
        ).first()
    pages = (
        "/",
        f"/deals/{deal_id}",
        f"/mail/messages/{message_id}",
        f"/stream/again?ids={entry_id}",
        f"/entries/{entry_id}",
    )

    for verdict, is_marked in ((None, False), (True, False), (False, True)):
        with console.store.database.unit_of_work() as session:
            session.execute(update(Message).values(authenticated=True))
            session.execute(update(Message).where(Message.id == message_id).values(authenticated=verdict))

        for page in pages:
            assert (MARK in marta.get(page).text) is is_marked, (page, verdict)
        program = console.program("marta", "mail:read", "records:read")
        assert program.get(f"/api/v1/messages/{message_id}").json()["authenticated"] is verdict
