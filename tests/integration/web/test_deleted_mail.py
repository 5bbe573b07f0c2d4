"""A mail on a deal that was deleted in every mailbox, on the deal's page, in the console's reading pane and in the API."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from sqlalchemy import delete, select

from core.clock import utcnow
from core.config import load_settings
from crm.access.api_tokens import Scope
from crm.intake.arrival import Arrival, Flags
from crm.intake.preparing import prepare
from crm.intake.taking import take_in_safely
from integration.conftest import postgres_store
from mailsync.repository import remove_places
from seeds.company import seed_company
from seeds.console import Console, serving
from storage.models import (
    Activity,
    ActivityBinding,
    Deal,
    Folder,
    FolderRole,
    LastCopy,
    Mailbox,
    Message,
    Place,
    RecordType,
    ShareLevel,
)

PLAN = b"%PDF-1.4 the plan of the kitchen"


@pytest.fixture(params=["sqlite", "postgresql"])
def company(request: pytest.FixtureRequest, tmp_path) -> Iterator[Console]:
    """The console with the company, on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("console")
        return
    store = postgres_store(request, tmp_path)
    with serving(store, load_settings(allow_private_hosts=True, port=0), seed_company(store)) as console:
        yield console
    store.close()


def deleted_mail_on_a_deal(console: Console) -> tuple[int, int, int]:
    """Ids of the deal, the message and its conversation."""
    store = console.store
    with store.database.reading() as session:
        box = session.get_one(Mailbox, console.seed.mailboxes["marta"])
        inbox = session.execute(
            select(Folder.id).where(Folder.mailbox_id == box.id, Folder.role == FolderRole.INBOX)
        ).scalar_one()
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Rui <rui@new-client.example>", box.email, "A new kitchen"
    message["Message-ID"] = "<kitchen@new-client.example>"
    message.set_content("This is how it is to look.\n")
    message.add_attachment(PLAN, maintype="application", subtype="pdf", filename="plan.pdf")
    take_in_safely(store, box.id, prepare(store, [Arrival(inbox, 900, Flags(), utcnow(), message.as_bytes())]))
    with store.database.unit_of_work() as session:
        session.get_one(Mailbox, box.id).share_level = ShareLevel.EVERYTHING
        row = session.execute(select(Message).where(Message.subject == "A new kitchen")).scalar_one()
        deal_id = session.execute(select(Deal.id).order_by(Deal.id)).scalars().first()
        activity_id = session.execute(select(Activity.id).where(Activity.message_id == row.id)).scalar_one()
        session.execute(delete(ActivityBinding).where(ActivityBinding.activity_id == activity_id))
        session.add(
            ActivityBinding(activity_id=activity_id, record_type=RecordType.DEAL, record_id=deal_id, owner=True)
        )
        assert remove_places(session, inbox, [900]) == 1
        assert session.execute(select(Place.id).where(Place.message_id == row.id)).first() is None
        return deal_id, row.id, row.thread_id


def test_a_mail_that_was_deleted_everywhere_opens_from_its_deal_or_says_why_not(company) -> None:
    deal, message, thread = deleted_mail_on_a_deal(company)
    _opens_from_its_deal(company, deal, message, thread)
    with company.store.database.unit_of_work() as session:
        session.execute(delete(LastCopy))  # As after a version that did not keep one.
    _says_why_not(company, deal, message, thread)


def _opens_from_its_deal(company: Console, deal: int, message: int, thread: int) -> None:
    tom = company.browser("tom")
    story = tom.get(f"/deals/{deal}").text
    assert "A new kitchen" in story
    assert f"/mail/threads/{thread}#message-{message}" in story
    page = tom.get(f"/mail/threads/{thread}").text
    assert "This is how it is to look." in page
    assert "It was deleted in every mailbox" in page
    assert tom.get(f"/mail/messages/{message}/parts/0").content == PLAN
    assert "This is how it is to look." in tom.get(f"/mail/messages/{message}/reply").text
    assert "plan.pdf" in tom.get(f"/mail/messages/{message}/forward").text

    program = company.program("tom", Scope.MAIL_READ)
    assert program.get(f"/api/v1/messages/{message}/content").json()["text"] == "This is how it is to look."
    assert program.get(f"/api/v1/messages/{message}/parts/0").content == PLAN
    assert program.get(f"/api/v1/messages/{message}").json()["places"] == []


def _says_why_not(company: Console, deal: int, message: int, thread: int) -> None:
    for who in ("marta", "tom"):
        browser = company.browser(who)
        assert "(mail that was deleted in every mailbox)" in browser.get(f"/deals/{deal}").text
        page = browser.get(f"/mail/threads/{thread}")
        assert page.status_code == 200
        assert "its original was not kept" in page.text
        assert f'hx-get="/mail/messages/{message}' not in page.text, "nothing is offered that can not be done"
        for path in ("", "/raw", "/body", "/reply", "/forward", "/parts/0"):
            answer = browser.get(f"/mail/messages/{message}{path}")
            assert answer.status_code == (200 if path == "" else 404), path
        assert "its original was not kept" in browser.get(f"/mail/messages/{message}/reply").text
    answer = company.program("tom", Scope.MAIL_READ).get(f"/api/v1/messages/{message}/content")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "its original was not kept" in answer.text
