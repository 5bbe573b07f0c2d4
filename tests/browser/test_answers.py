"""Pages that only a form brings up: they fit a small phone, and axe finds no serious fault on them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from browser.answers import Answers
from browser.every_page import live_in
from crm.intake.revisiting.runs import go_on as go_on_with_policy
from crm.records.bulk.editing import edit_all
from crm.records.bulk.undoing import undo_all
from crm.records.importing.running import run_all
from crm.records.importing.trying import try_run
from crm.records.lead_runs import go_on as go_on_with_leads
from integration.web.rights.vault import CLIENT, PHONE, Vault
from seeds.console import Console, SeededFolder, running_console
from storage.models import LeadRun, PolicyRun

LONG = "Chamadas-e-cartas-do-departamento-de-distribuição-internacional"
"""Words that do not break are what makes a page wider than a phone."""
PEOPLE = f"Name,E-mail,Wo\nNora Quist,nora@quist.example,Head\n{LONG},ole@berg.example,\nPia,pia-at-home-{LONG},Cook\n"
REFUSED = (
    ("/contacts/new", "/contacts", {}),
    ("/deals/new", "/deals", {"title": "Some", "amount": "a lot"}),
    ("/leads/new", "/leads", {"title": "Some", "emails": f"nobody at {LONG}"}),
    ("/edit/contact/1", "/edit/contact/1", {"emails": "nobody"}),
    ("/tasks/new", "/tasks", {"title": ""}),
    ("/entries/new?record=deal:1&kind=meeting", "/entries", {"title": ""}),
    ("/stream/new?to=all", "/stream/posts", {"text": ""}),
    ("/compose", "/outgoing", {"to": "nobody"}),
    ("/settings/people", "/settings/people", {"name": "", "email": "nobody"}),
    ("/settings/absences", "/settings/absences", {"first": "never"}),
    ("/settings/company", "/settings/company", {"begin": "noon"}),
    ("/settings/templates", "/settings/templates", {"name": "Some", "text": "{{ nothing.such }}"}),
    ("/settings/tokens", "/settings/tokens", {"name": ""}),
    ("/campaigns/new", "/campaigns", {"name": ""}),
)
"""The page, its form, and what makes no sense in it."""
KNOWN = (
    ("/contacts/new", "/contacts", {"first_name": "Nora", "emails": CLIENT}),
    ("/leads/new", "/leads", {"title": "Nora", "phones": PHONE}),
)


@pytest.fixture
def console(seeded: SeededFolder, tmp_path: Path) -> Iterator[Console]:
    """A console with a company that has one of everything."""
    with running_console(seeded, tmp_path / "data") as running:
        yield running


@pytest.mark.timeout(240)
def test_pages_that_answer_to_forms_fit_a_phone_and_axe_finds_no_serious_fault(open_page, console, tmp_path) -> None:
    vault = live_in(console, tmp_path)
    answers = Answers(open_page(who="ines", expected=("422", "409")))
    walk(answers, console, vault)
    assert not answers.found, "\n".join(answers.found)


def walk(answers: Answers, console: Console, vault: Vault) -> None:
    """Send every form whose answer is a page that nothing else leads to."""
    refused_forms(answers)
    many_records(answers, console, vault)
    many_leads(answers, vault)
    merges_and_conversions(answers, vault)
    imports(answers, console)
    older_mail(answers, console, vault)
    modes(answers, console)


def refused_forms(answers: Answers) -> None:
    """What comes back says why, and holds what was typed."""
    for at, action, fields in REFUSED:
        answers.send(at, action, fields, status=422)
    for at, action, fields in KNOWN:
        answers.send(at, action, fields, status=409)


def many_records(answers: Answers, console: Console, vault: Vault) -> None:
    """Ticked lines are edited, moved, deleted, exported, merged: asked, at work, done, taken back."""
    clients = {"id": ["1", "2"]}
    answers.send("/contacts", "/bulk/contact", clients)
    answers.send("", "/bulk/contact/edit", {"do.position": "set", "position": LONG})
    answers.after(edit_all, console.store, last_number(answers))
    answers.send("", f"/bulk/{last_number(answers)}/undo")
    answers.after(undo_all, console.store, last_number(answers))
    answers.send("/deals?shape=list", "/bulk/deal/ask/move", {"id": ["1", "2"]})
    answers.send("", "/bulk/deal/move", {"stage": str(vault.ids["next_stage_id"])})
    answers.send("", f"/bulk/{last_number(answers)}/stop")
    answers.send("/contacts", "/bulk/contact/ask/export", clients)
    answers.send("/contacts", "/bulk/contact/ask/delete", clients)
    answers.send("", "/bulk/contact/delete")
    answers.after(edit_all, console.store, last_number(answers))
    answers.send("/contacts", "/bulk/contact/ask/delete", status=422)


def many_leads(answers: Answers, vault: Vault) -> None:
    """Ticked leads are asked about, called junk and taken up again."""
    leads = {"id": [str(vault.ids["lead_id"]), "1"]}
    answers.send("/leads", "/leads/many/convert", leads)
    answers.send("/leads", "/leads/many", {**leads, "act": "junk"})
    answers.send("", f"/leads/runs/{last_number(answers)}/undo")


def merges_and_conversions(answers: Answers, vault: Vault) -> None:
    """Ticked contacts side by side, the one that is left, a conversion that is refused, and one that is done."""
    ids = vault.ids
    pair = {"id": [str(ids["contact_id"]), str(ids["twin"])]}
    answers.send("/contacts", "/bulk/contact/ask/merge", pair)
    answers.send("", f"/records/contact:{ids['contact_id']}/merge")
    lead = ids["lead_id"]
    answers.send(f"/leads/{lead}/convert", f"/leads/{lead}/convert", {"amount": "a lot"}, status=422)
    answers.send(f"/leads/{lead}/convert", f"/leads/{lead}/convert")


def imports(answers: Answers, console: Console) -> None:
    """A file's columns, its trial with errors, its running, its going on, and its being taken back."""
    page = answers.page
    page.goto("/contacts/import", wait_until="domcontentloaded")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode()}
    page.locator("input[type=file]").set_input_files(file)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.get_by_role("button", name="Upload").click()
    answers.look()
    number = last_number(answers)
    answers.send("", f"/contacts/import/{number}/try", {"known": "overwrite"})
    answers.after(try_run, console.store, number)
    answers.send("", f"/contacts/import/{number}/run")
    answers.send("", f"/contacts/import/{number}/stop")
    answers.send("", f"/contacts/import/{number}/go-on")
    answers.after(run_all, console.store, number)
    answers.send("", f"/contacts/import/{number}/undo")


def older_mail(answers: Answers, console: Console, vault: Vault) -> None:
    """What a mailbox says is tried on mail that came before, refused, applied, stopped and ended."""
    base = f"/settings/mailboxes/{vault.ids['shared_box']}/customers"
    answers.send(base, base, {"do": "try"})
    answers.send(base, f"{base}/senders", {"values": "nobody at all"}, status=422)
    answers.send(base, f"{base}/run")
    number = newest(console, PolicyRun)
    answers.send("", f"{base}/run/{number}/stop")
    answers.send(base, f"{base}/run")
    answers.after(go_on_with_policy, console.store, newest(console, PolicyRun))


def modes(answers: Answers, console: Console) -> None:
    """Leads on their way to become deals, and arrived there."""
    answers.send("/settings/crm", "/settings/crm", {"mode": "simple", "convert": "true"})
    answers.after(go_on_with_leads, console.store, newest(console, LeadRun))


def newest(console: Console, runs: type[PolicyRun | LeadRun]) -> int:
    """The number of the run that began last."""
    with console.store.database.reading() as session:
        return session.execute(select(func.max(runs.id))).scalar_one()


def last_number(answers: Answers) -> int:
    """The number of what the page that stands there is about."""
    return int(re.findall(r"/(\d+)", answers.page.url)[-1])
