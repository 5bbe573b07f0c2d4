"""Settings of mailboxes: who is offered what, what is saved, and what is said where a server refuses the password."""

from sqlalchemy import text

from storage.models import MailboxState, ShareLevel


def _id_of(console, email: str) -> int:
    with console.store.database.reading() as session:
        return int(session.execute(text("SELECT id FROM mailbox WHERE email = :email"), {"email": email}).scalar_one())


def _column(console, mailbox_id: int, name: str) -> object:
    with console.store.database.reading() as session:
        return session.execute(text(f"SELECT {name} FROM mailbox WHERE id = :id"), {"id": mailbox_id}).scalar_one()


def test_only_who_may_steer_a_mailbox_is_offered_to(console, csrf) -> None:
    hers = _id_of(console, "marta@fontelenta.example")
    shared = _id_of(console, "info@fontelenta.example")
    marta, ines = console.browser("marta"), console.browser("ines")

    seen = marta.get("/settings").text

    assert f"/settings/mailboxes/{hers}/sharing" in seen
    assert f"/settings/mailboxes/{hers}/pause" in seen
    assert f"/settings/mailboxes/{shared}/" not in seen
    assert f"/settings/mailboxes/{shared}/sharing" in ines.get("/settings").text
    form = {"csrf": csrf(marta, "/settings"), "level": ShareLevel.PRIVATE.value}
    assert marta.post(f"/settings/mailboxes/{shared}/sharing", data=form).status_code == 403


def test_what_colleagues_read_is_chosen_on_the_list(console, csrf) -> None:
    mailbox_id = _id_of(console, "marta@fontelenta.example")
    marta = console.browser("marta")
    form = {"csrf": csrf(marta, "/settings"), "level": ShareLevel.METADATA.value}

    answer = marta.post(f"/settings/mailboxes/{mailbox_id}/sharing", data=form)

    assert answer.url.path == "/settings"
    assert f'<option value="{ShareLevel.METADATA.value}" selected>' in answer.text
    assert _column(console, mailbox_id, "share_level") == ShareLevel.METADATA.value


def test_a_password_that_does_not_work_is_told_beside_its_mailbox_and_not_saved(console, csrf) -> None:
    """Nobody listens where the mailbox of the sample company is said to be."""
    mailbox_id = _id_of(console, "marta@fontelenta.example")
    with console.store.database.unit_of_work() as session:
        session.execute(
            text("UPDATE mailbox SET state = :state, imap_port = 1 WHERE id = :id"),
            {"state": MailboxState.AUTH_FAILED.value, "id": mailbox_id},
        )
    before = _column(console, mailbox_id, "password_encrypted")
    marta = console.browser("marta")
    form = {"csrf": csrf(marta, "/settings"), "password": "a new one"}

    answer = marta.post(f"/settings/mailboxes/{mailbox_id}/password", data=form)

    assert answer.status_code == 422
    assert answer.text.count('<p class="status-bad" role="alert">') == 1
    assert "a new one" not in answer.text
    assert _column(console, mailbox_id, "password_encrypted") == before
