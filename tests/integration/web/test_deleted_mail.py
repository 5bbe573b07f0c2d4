"""A mail on a deal that was deleted in every mailbox, on the deal's page, in the console's reading pane and in the API."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from sqlalchemy import delete

from cli.demo.company import load_company
from core.config import load_settings
from crm.access.api_tokens import Scope
from crm.access.people import set_password
from crm.access.viewer import Viewer
from crm_world import World
from mailsync.repository.uids import remove_uids
from seeds.company import Seed
from seeds.console import Console, serving
from storage.models import FolderRole, LastCopy, RecordType, ShareLevel

MENU = ("/tasks/new", "/feed/new", "/deals/new")
PLAN = b"%PDF-1.4 the plan of the kitchen"


@pytest.fixture
def world(store) -> World:
    return World(store)


@pytest.fixture
def company(world: World) -> Iterator[Console]:
    """The console of two people, on each database."""
    sample = load_company(None)
    people = [person for person in sample.people if person.key in ("marta", "tom")]
    ids = {person.key: world.add_user(person.email, person.name) for person in people}
    for person in people:
        world.add_mailbox(person.email, owner_id=ids[person.key], smtp_url="smtp://localhost")
        set_password(world.store, Viewer.system(), ids[person.key], person.password)
    settings = load_settings(allow_private_hosts=True, port=0)
    with serving(world.store, settings, Seed(sample, ids, {}, {}, {}, {})) as console:
        yield console


def deleted_mail_on_a_deal(world: World, owner_id: int) -> tuple[int, int, int]:
    """Ids of the deal, the message and its conversation."""
    box = world.add_mailbox("shop@fontelenta.example", owner_id=owner_id, share_level=ShareLevel.EVERYTHING)
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "Rui <rui@new-client.example>", box.email, "A new kitchen"
    letter["Message-ID"] = "<kitchen@new-client.example>"
    letter.set_content("This is how it is to look.\n")
    letter.add_attachment(PLAN, maintype="application", subtype="pdf", filename="plan.pdf")
    message = world.deliver(letter.as_bytes(), box)
    with world.store.database.unit_of_work() as session:
        assert remove_uids(session, box.folders[FolderRole.INBOX], [1]) == 1
    (deal,) = [found for record, found in world.bindings(message) if record is RecordType.DEAL]
    return deal, message, world.message(message).thread_id


def test_a_mail_that_was_deleted_everywhere_opens_from_its_deal_or_says_why_not(world, company) -> None:
    deal, message, thread = deleted_mail_on_a_deal(world, company.seed.people["marta"])
    _opens_from_its_deal(company, deal, message, thread)
    with world.store.database.unit_of_work() as session:
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
    for menu in MENU:
        assert f"{menu}?message={message}" in page
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
        for menu in MENU:
            assert f"{menu}?message=" not in page.text
        for path in ("", "/raw", "/body", "/reply", "/forward", "/parts/0"):
            answer = browser.get(f"/mail/messages/{message}{path}")
            assert answer.status_code == (200 if path == "" else 404), path
        assert "its original was not kept" in browser.get(f"/mail/messages/{message}/reply").text
    answer = company.program("tom", Scope.MAIL_READ).get(f"/api/v1/messages/{message}/content")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "its original was not kept" in answer.text
