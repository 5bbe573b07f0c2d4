"""Drafts in the console and over the API: saved, continued with their files, and gone when they are sent."""

import re

import pytest
from sqlalchemy import select, text, update

from crm.access.api_tokens import Scope
from storage.models import ActionKind, ActionState, MailAction, Outgoing
from web.console import writing


def new_letter(console, csrf, marta, **fields: str) -> dict[str, str]:
    """The form of a new mail from Marta's mailbox, with what she typed into `fields`."""
    return {"csrf": csrf(marta, "/compose"), "mailbox": str(console.seed.mailboxes["marta"]), **fields}


def newest_draft(browser) -> int:
    """The message behind the button that continues the first draft of the list."""
    thread = re.search(r'href="(/mail/threads/\d+)', browser.get("/mail?view=drafts").text).group(1)
    return int(re.findall(r"/mail/messages/(\d+)/draft\"", browser.get(thread).text)[-1])


def test_a_reply_is_kept_continued_and_sent(console, csrf) -> None:
    marta = console.browser("marta")
    thread = re.search(r"/mail/threads/(\d+)", marta.get("/mail").text).group(1)
    message = re.search(r"/mail/messages/(\d+)/reply", marta.get(f"/mail/threads/{thread}").text).group(1)
    form = {
        "csrf": csrf(marta, f"/mail/messages/{message}/reply"),
        "mailbox": str(console.seed.mailboxes["marta"]),
        "to": "Ann <ann@client.example>",
        "bcc": "boss@fontelenta.example",
        "subject": "Re: kept for later",
        "text": "Dear Ann,",
        "kind": "reply",
        "in_reply_to": message,
        "intent": "draft",
        "back": f"/mail/threads/{thread}",
    }

    kept = marta.post("/outgoing", data=form, files={"files": ("plan.txt", b"Step one", "text/plain")})

    assert kept.url.path == f"/mail/threads/{thread}", "back to the conversation"
    assert "Draft saved" in kept.text
    first = newest_draft(marta)
    page = marta.get(f"/mail/messages/{first}/draft").text
    assert "boss@fontelenta.example" in page
    assert "Dear Ann," in page
    assert f'value="mail-{first}-' in page, "its file goes along"
    stored = re.search(rf'value="(mail-{first}-\d+)"', page).group(1)
    assert f'name="in_reply_to" value="{message}"' in page

    again = {**form, "draft": str(first), "text": "Dear Ann, here it is.", "stored": stored}
    marta.post("/outgoing", data=again)
    second = newest_draft(marta)
    assert second != first
    assert marta.get(f"/mail/messages/{first}/draft").status_code == 404
    page = marta.get(f"/mail/messages/{second}/draft").text
    assert "plan.txt" in page

    stored = re.search(rf'value="(mail-{second}-\d+)"', page).group(1)
    sent = marta.post("/outgoing", data={**again, "draft": str(second), "stored": stored, "intent": "send"})
    assert "Your mail leaves in a moment." in sent.text
    assert marta.get(f"/mail/messages/{second}/draft").status_code == 404
    with console.store.database.reading() as session:
        outgoing = session.execute(select(Outgoing).order_by(Outgoing.id.desc())).scalars().first()
        states = list(session.execute(select(MailAction.state).where(MailAction.kind == "append")).scalars())
    assert [file["filename"] for file in outgoing.attachments] == ["plan.txt"]
    assert "blob_id" in outgoing.attachments[0], "the draft it came from is gone"
    assert outgoing.in_reply_to_id == int(message)
    assert states == ["cancelled", "cancelled"], "the mail server was never told"


def test_a_draft_is_its_writers_and_an_address_that_is_none_is_said(console, csrf) -> None:
    marta, tom = console.browser("marta"), console.browser("tom")
    form = new_letter(console, csrf, marta, subject="Mine", text="x", intent="draft")
    kept = marta.post("/outgoing", data=form)
    assert kept.url.path == "/mail"
    assert "Mine" in kept.text
    with console.store.database.reading() as session:
        message = session.execute(text("SELECT message_id FROM mail_action ORDER BY id DESC LIMIT 1")).scalar_one()
    assert tom.get(f"/mail/messages/{message}/draft").status_code == 404
    thrown = tom.post(f"/mail/messages/{message}/draft/discard", data={"csrf": csrf(tom, "/mail")})
    assert thrown.status_code == 404
    refused = marta.post("/outgoing", data={**form, "to": "no address at all"})
    assert refused.status_code == 422
    gone = marta.post(f"/mail/messages/{message}/draft/discard", data={"csrf": form["csrf"]})
    assert "The draft is gone." in gone.text


def test_what_is_refused_comes_back_as_it_was_typed_with_its_files(console, csrf) -> None:
    marta = console.browser("marta")
    form = new_letter(
        console,
        csrf,
        marta,
        to="Ann <ann@client.example>, no address at all",
        cc="c@client.example",
        subject="Kept as typed",
        text="A long letter",
        later="2030-01-02T10:00",
    )
    refused = marta.post("/outgoing", data=form, files={"files": ("plan.txt", b"Step one", "text/plain")})
    assert refused.status_code == 422
    assert "not an address mail can be sent to" in refused.text
    for typed in ("no address at all", "c@client.example", "Kept as typed", "A long letter", "2030-01-02T10:00"):
        assert typed in refused.text
    draft = re.search(r'name="draft" value="(\d+)"', refused.text).group(1)
    stored = re.search(rf'value="(mail-{draft}-\d+)"', refused.text).group(1)

    again = {**form, "to": "ann@client.example", "draft": draft, "stored": stored}
    assert "leaves" in marta.post("/outgoing", data=again).text
    assert marta.get(f"/mail/messages/{draft}/draft").status_code == 404, "the draft has gone with it"
    gone = marta.post("/outgoing", data={**again, "text": "Sent twice"})
    assert gone.status_code == 404
    assert "Sent twice" in gone.text
    assert "attach them again" in gone.text


def test_a_mail_that_was_taken_back_has_its_files_again(console, csrf) -> None:
    marta, tom = console.browser("marta"), console.browser("tom")
    form = new_letter(console, csrf, marta, to="ann@client.example", subject="Too early", text="x")
    marta.post("/outgoing", data=form, files={"files": ("plan.txt", b"Step one", "text/plain")})
    outgoing = newest_outgoing(console)
    back = marta.post(f"/outgoing/{outgoing.id}/cancel", data={"csrf": form["csrf"]})
    assert "plan.txt" in back.text
    value = f"sent-{outgoing.id}-0"
    assert f'value="{value}" checked' in back.text

    marta.post("/outgoing", data={**form, "stored": value})
    again = newest_outgoing(console)
    assert [file["filename"] for file in again.attachments] == ["plan.txt"]
    with console.store.database.reading() as session:
        assert console.store.blobs.read(session, again.attachments[0]["blob_id"]) == b"Step one"
    theirs = {**form, "csrf": csrf(tom, "/compose"), "mailbox": str(console.seed.mailboxes["tom"]), "stored": value}
    refused = tom.post("/outgoing", data=theirs)
    assert refused.status_code == 404, "another's file"
    assert newest_outgoing(console).id == again.id


def newest_outgoing(console) -> Outgoing:
    with console.store.database.reading() as session:
        return session.execute(select(Outgoing).order_by(Outgoing.id.desc())).scalars().first()


def test_programs_keep_replace_and_delete_drafts(console) -> None:
    program = console.program("marta", Scope.MAIL_READ, Scope.MAIL_SEND)
    mail = {"mailbox_id": console.seed.mailboxes["marta"], "subject": "One", "text": "First"}
    first = program.post("/api/v1/drafts", json=mail)
    assert first.status_code == 201
    second = program.put(f"/api/v1/drafts/{first.json()['id']}", json={**mail, "subject": "Two"})
    assert second.status_code == 201
    found = program.get(f"/api/v1/messages/{second.json()['id']}").json()
    assert found["subject"] == "Two"
    assert program.put(f"/api/v1/drafts/{first.json()['id']}", json=mail).status_code == 404
    others = console.program("tom", Scope.MAIL_READ, Scope.MAIL_SEND)
    assert others.delete(f"/api/v1/drafts/{second.json()['id']}").status_code == 404
    assert others.post("/api/v1/drafts", json=mail).status_code == 404, "in a mailbox of hers"
    assert program.delete(f"/api/v1/drafts/{second.json()['id']}").status_code == 204
    assert program.get(f"/api/v1/messages/{second.json()['id']}").status_code == 404


def test_what_is_being_written_is_kept_version_after_version(console, csrf) -> None:
    marta = console.browser("marta")
    part = {"hx-request": "true"}
    form = new_letter(console, csrf, marta, to="half an addr", subject="Autosaved", text="First")
    first = marta.post("/mail/drafts", data=form, files={"files": ("plan.txt", b"1", "text/plain")}, headers=part)
    assert first.status_code == 200
    draft, stored = state_of(first)
    again = {**form, "to": "ann@client.example", "draft": draft, "stored": stored, "text": "Second"}
    second, stored = state_of(marta.post("/mail/drafts", data=again, headers=part))
    assert second != draft
    assert marta.get(f"/mail/messages/{draft}/draft").status_code == 404
    page = marta.get(f"/mail/messages/{second}/draft").text
    assert "Second" in page
    assert "ann@client.example" in page
    assert "plan.txt" in page

    thrown = marta.post("/outgoing", data={**again, "draft": second, "intent": "discard"})
    assert "The draft is gone." in thrown.text
    kept = marta.post("/mail/drafts", data={**again, "draft": second, "stored": stored}, headers=part)
    assert kept.status_code == 200, "its text is kept all the same"
    assert "plan.txt" not in kept.text


def test_a_half_typed_address_leaves_the_others_in_the_draft(console, csrf) -> None:
    marta = console.browser("marta")
    form = new_letter(
        console,
        csrf,
        marta,
        to="Ann <ann@client.example>, hal",
        cc="half@",
        bcc="boss@fontelenta.example",
        subject="To three people",
        text="x",
    )

    draft = draft_of(marta.post("/mail/drafts", data=form, headers={"hx-request": "true"}))

    assert people_in(marta, draft) == ["&#34;Ann&#34; &lt;ann@client.example&gt;", "", "boss@fontelenta.example"]
    refused = marta.post("/outgoing", data={**form, "draft": draft}, files={"files": ("plan.txt", b"1", "text/plain")})
    assert refused.status_code == 422
    assert 'value="half@"' in refused.text
    assert people_in(marta, draft_of(refused)) == [
        "&#34;Ann&#34; &lt;ann@client.example&gt;",
        "",
        "boss@fontelenta.example",
    ]


def test_what_is_too_large_takes_nothing_from_the_draft(console, csrf, monkeypatch) -> None:
    monkeypatch.setattr("web.console.mail_form.LARGEST_UPLOAD", 1000)
    marta, form, draft, stored = with_a_kept_file(console, csrf)
    large = {"files": ("large.bin", b"x" * 1001, "application/octet-stream")}

    refused = marta.post("/outgoing", data={**form, "draft": draft, "stored": stored}, files=large)

    assert refused.status_code == 422
    assert state_of(refused) == (draft, stored)
    assert "attach them again" in refused.text


def test_a_mail_is_sent_when_the_server_has_its_draft(console, csrf, monkeypatch) -> None:
    """Given a draft that is on its way to the server, when it is sent and the server has it soon, then it is sent once."""
    marta, form, draft, stored = with_a_kept_file(console, csrf)
    set_append(console, ActionState.SENT)
    monkeypatch.setattr(writing.time, "sleep", lambda _seconds: set_append(console, ActionState.WAITING))

    sent = marta.post("/outgoing", data={**form, "draft": draft, "stored": stored})

    assert "Your mail leaves in a moment." in sent.text
    assert [file["filename"] for file in newest_outgoing(console).attachments] == ["plan.txt"]
    assert marta.get(f"/mail/messages/{draft}/draft").status_code == 404


@pytest.mark.parametrize("intent", ["send", "draft"])
def test_a_mail_whose_draft_the_server_is_long_in_storing_keeps_its_files(console, csrf, monkeypatch, intent) -> None:
    monkeypatch.setattr(writing, "WAITS", (0.0,))
    marta, form, draft, stored = with_a_kept_file(console, csrf)
    before = newest_outgoing(console)
    set_append(console, ActionState.SENT)

    refused = marta.post("/outgoing", data={**form, "draft": draft, "stored": stored, "intent": intent})

    assert refused.status_code == 409
    assert "try again in a moment" in refused.text
    assert "plan.txt" in refused.text
    assert state_of(refused) == (draft, stored)
    assert "attach them again" not in refused.text
    after = newest_outgoing(console)
    assert (after and after.id) == (before and before.id), "nothing left"
    set_append(console, ActionState.WAITING)
    assert "Your mail leaves" in marta.post("/outgoing", data={**form, "draft": draft, "stored": stored}).text


def with_a_kept_file(console, csrf):
    """Marta, the form of a mail that is kept with a file, its draft, and the file's value."""
    marta = console.browser("marta")
    form = new_letter(console, csrf, marta, to="ann@client.example", subject="On its way", text="x")
    file = {"files": ("plan.txt", b"Step one", "text/plain")}
    return marta, form, *state_of(marta.post("/mail/drafts", data=form, files=file, headers={"hx-request": "true"}))


def set_append(console, state: ActionState) -> None:
    with console.store.database.unit_of_work() as session:
        session.execute(update(MailAction).where(MailAction.kind == ActionKind.APPEND).values(state=state))


def people_in(browser, draft: str) -> list[str]:
    """To, Cc and Bcc of a draft that is opened."""
    page = browser.get(f"/mail/messages/{draft}/draft").text
    return [re.search(rf'name="{name}" value="([^"]*)"', page).group(1) for name in ("to", "cc", "bcc")]


def draft_of(answer) -> str:
    return re.search(r'name="draft" value="(\d+)"', answer.text).group(1)


def state_of(answer) -> tuple[str, str]:
    """The draft that a form is now, and the file that goes along."""
    draft = re.search(r'name="draft" value="(\d+)"', answer.text).group(1)
    return draft, re.search(rf'value="(mail-{draft}-\d+)"', answer.text).group(1)
