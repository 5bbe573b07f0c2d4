import re
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from core.clock import utcnow
from core.config import load_settings
from core.crypto import load_key_ring
from crm.conversations.repository.counters import section_counters
from crm.conversations.views.counters import MOST_COUNTED
from seeds.company import seed_company
from seeds.console import serving
from storage.models import Direction, FolderRole, ShareLevel, Task
from storage.store import open_store

PAGES = [
    "/", "/mail", "/mail?view=waiting", "/mail?view=sent", "/mail?view=drafts", "/mail?view=archive",
    "/mail?view=all", "/mail?view=junk", "/mail?view=trash", "/mail?words=levante", "/stream",
    "/stream?whose=all&kind=mail&since=week", "/contacts", "/contacts?words=nowak&mine=true", "/contacts/1",
    "/contacts/new", "/companies", "/companies/1", "/companies/new", "/deals", "/deals?shape=list&mine=true",
    "/deals/1", "/deals/new", "/leads", "/leads/1", "/tasks", "/tasks?part=any&done=true", "/tasks/1", "/tasks/new",
    "/feed", "/feed/1", "/feed/new", "/search", "/search?words=levante", "/notifications", "/compose", "/outbox",
    "/campaigns",
    "/campaigns/1", "/campaigns/2", "/campaigns/new", "/campaigns/segments/new", "/campaigns/senders/new", "/settings",
    "/settings/mailboxes/new", "/settings/crm", "/settings/people", "/settings/tokens", "/settings/system",
    "/settings/account", "/api/docs", "/contacts?tag=newsletter&order=name", "/edit/contact/1", "/edit/company/1", "/edit/deal/1",
    "/edit/lead/1", "/history/contact/1", "/contacts/1/suggestions", "/contacts/import", "/contacts/duplicates",
    "/companies/duplicates", "/leads/duplicates",
    "/leads?shape=board", "/leads/numbers", "/numbers?days=365", "/settings/fields?kind=deal",
    "/settings/fields/new?kind=lead",
    "/settings/products", "/settings/products?retired=true", "/settings/products/new", "/deals/3/products",
    "/settings/pipelines", "/settings/receipts", "/settings/recycle-bin",
    "/records/contact:1/files", "/records/deal:1/files/newest", "/records/company:1/files?source=mail",
    "/settings/company", "/settings/kept-out", "/settings/absences", "/settings/mailboxes/1/customers",
    "/settings/roles", "/settings/roles/3", "/settings/departments", "/settings/people/2",
]  # fmt: skip


def test_every_page_opens_without_inline_script_or_style(console) -> None:
    _every_page_opens(console)


def test_every_page_opens_on_postgresql_too(postgres_url: str, tmp_path) -> None:
    keys = tmp_path / "keys.json"
    load_key_ring(keys, create=True)
    settings = load_settings(database_url=postgres_url, secret_keys_file=keys, blob_dir=tmp_path / "packs")
    store = open_store(settings)
    with serving(store, settings, seed_company(store)) as console:
        _every_page_opens(console)
    store.close()


def _every_page_opens(console) -> None:
    ines = console.browser("ines")
    for path in PAGES:
        page = ines.get(path)
        assert page.status_code == 200, path
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|<style", page.text), path
        assert len(re.findall(r"<h1\b", page.text)) <= 1, path


def test_what_is_not_there_is_said_in_words(console) -> None:
    marta = console.browser("marta")
    for path in ("/mail/threads/99999", "/contacts/99999", "/deals/99999", "/tasks/99999", "/feed/99999", "/nowhere"):
        answer = marta.get(path)
        assert answer.status_code == 404, path
        assert "There is no such" in answer.text, path


def test_a_page_takes_the_same_number_of_queries_however_long_its_list(console) -> None:
    marta = console.browser("marta")
    counted: list[str] = []
    event.listen(console.store.database._reader, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def queries(path: str) -> int:
        counted.clear()
        assert marta.get(path).status_code == 200
        return len(counted)

    assert queries("/mail?view=all") == queries("/mail?view=archive") == 18  # one of them for her rights
    # There their channels and custom fields are asked for, here which fields there are and how many contacts are meant.
    assert queries("/contacts") == queries("/contacts?words=no-one-of-this-name")
    assert queries("/") == 33  # four of them for how much of waiting mail she may read


def test_opening_a_conversation_reads_it(console) -> None:
    marta, viewer = console.browser("marta"), console.seed.viewer("marta")
    with console.store.database.reading() as session:
        before = section_counters(session, viewer, utcnow()).mail
    first = re.search(r'class="thread unread" href="(/mail/threads/\d+)', marta.get("/mail").text)
    assert first

    page = marta.get(first.group(1))

    assert 'class="conversation"' in page.text
    with console.store.database.reading() as session:
        assert section_counters(session, viewer, utcnow()).mail < before


def test_the_numbers_of_the_navigation_end_at_a_hundred(console) -> None:
    marta, viewer = console.browser("marta"), console.seed.viewer("marta")
    yesterday = utcnow() - timedelta(days=1)
    with console.store.database.unit_of_work() as session:
        session.add_all(
            Task(
                title=f"Call {number}",
                creator_id=viewer.user_id,
                responsible_id=viewer.user_id,
                deadline=yesterday,
                created_at=yesterday,
            )
            for number in range(120)
        )

    with console.store.database.reading() as session:
        assert section_counters(session, viewer, utcnow()).tasks == MOST_COUNTED
    page = marta.get("/").text
    assert "over 99 tasks are due" in page
    assert re.search(r'data-counter="tasks"><span class="counter" title="due">99\+<', page)


def test_done_ends_the_waiting_and_can_be_taken_back(console, csrf) -> None:
    marta = console.browser("marta")
    waiting = marta.get("/mail?view=waiting").text
    thread = re.search(r"/mail/threads/(\d+)", waiting).group(1)
    headers = {"hx-request": "true", "x-csrf-token": csrf(marta, f"/mail/threads/{thread}")}

    done = marta.post(f"/mail/threads/{thread}/done", headers=headers)
    assert "Undo" in done.text
    assert f"/mail/threads/{thread}?" not in marta.get("/mail?view=waiting").text

    marta.post(f"/mail/threads/{thread}/waiting", headers=headers)
    assert f"/mail/threads/{thread}?" in marta.get("/mail?view=waiting").text


def test_a_part_is_given_to_htmx_and_a_whole_page_to_everybody_else(console) -> None:
    marta = console.browser("marta")
    part = marta.get("/mail/threads/1", headers={"hx-request": "true", "hx-target": "reading"})
    whole = marta.get("/mail/threads/1")
    restored = marta.get("/mail", headers={"hx-request": "true", "hx-history-restore-request": "true"})

    assert "<html" not in part.text
    assert "<html" in whole.text
    assert "<html" in restored.text


@pytest.mark.parametrize(
    ("share", "sees"), [("everything", 200), ("subject", 200), ("metadata", 200), ("private", 404)]
)
def test_a_colleague_reads_mail_on_records_as_far_as_its_mailbox_shares(console, share: str, sees: int) -> None:
    thread_id, subject, snippet = _martas_own_thread_on_a_record(console, ShareLevel(share))

    page = console.browser("tom").get(f"/mail/threads/{thread_id}")

    assert page.status_code == sees
    assert (snippet[:30] in page.text) is (share == "everything")
    assert (subject in page.text) is (share in ("everything", "subject"))


def _martas_own_thread_on_a_record(console, share: ShareLevel) -> tuple[int, str, str]:
    """A conversation that only Marta's mailbox holds, that stands on a record and whose subject is not the record's."""
    marta = console.seed.mailboxes["marta"]
    with console.store.database.unit_of_work() as session:
        session.execute(text("UPDATE mailbox SET share_level = :share"), {"share": share.value})
        rows = session.execute(
            text(
                "SELECT m.thread_id, m.subject, m.snippet FROM message m JOIN activity a ON a.message_id = m.id "
                "WHERE m.direction = :incoming AND m.thread_id NOT IN (SELECT o.thread_id FROM message o "
                "JOIN place p ON p.message_id = o.id WHERE p.mailbox_id <> :marta OR o.direction <> :incoming) "
                "AND m.subject NOT IN (SELECT title FROM deal) AND m.snippet GLOB '[A-Za-z]*' AND length(m.snippet) > 40 "
                "AND m.snippet NOT LIKE '%''%' AND m.subject NOT LIKE '%''%' AND m.attachment_count = 0 "
                "GROUP BY m.thread_id HAVING count(*) = 1 ORDER BY m.thread_id"
            ),
            {"marta": marta, "incoming": Direction.INCOMING.value},
        ).all()
    assert rows, "the sample company has a conversation of Marta's alone"
    return rows[0]


def test_mail_in_the_trash_of_others_is_nobodys_business(console) -> None:
    assert FolderRole.TRASH  # the view exists for one's own trash only
    tom = console.browser("tom").get("/mail?view=trash").text
    marta = console.browser("marta").get("/mail?view=trash").text
    assert set(re.findall(r"/mail/threads/(\d+)", tom)) != set(re.findall(r"/mail/threads/(\d+)", marta))
