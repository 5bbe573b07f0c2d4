"""Connecting a mailbox by program."""

import httpx
import pytest
from sqlalchemy import text

from crm.access.api_tokens import Scope
from servers.dovecot import Dovecot
from storage.models import MailboxState


@pytest.fixture
def program(console) -> httpx.Client:
    return console.program("marta", Scope.SETTINGS_WRITE)


def login(dovecot: Dovecot, **changes: object) -> dict[str, object]:
    return {
        "email": "new@fontelenta.example",
        "password": dovecot.password,
        "imap_host": "127.0.0.1",
        "imap_port": dovecot.port,
        "imap_security": "none",
        "username": dovecot.new_user(),
        **changes,
    }


def test_servers_are_found(program: httpx.Client) -> None:
    found = program.post("/api/v1/mailboxes/find", json={"email": "ann@yahoo.com"}).json()
    assert found["imap"] == {"host": "imap.mail.yahoo.com", "port": 993, "security": "tls"}
    assert (found["source"], found["auth"], found["smtp_url"]) == (
        "preset",
        ["app_password"],
        "smtps://smtp.mail.yahoo.com:465",
    )
    assert program.post("/api/v1/mailboxes/find", json={"email": "ann"}).status_code == 422


def test_a_login_is_tested_and_then_saved(console, program: httpx.Client, dovecot: Dovecot) -> None:
    given = login(dovecot, depth_since="2026-01-01T00:00:00Z", share_level="subject")
    tested = program.post("/api/v1/mailboxes/test", json=given).json()
    assert tested["works"] is True
    assert [step["step"] for step in tested["steps"]] == ["find", "connect", "sign_in", "folders"]

    saved = program.post("/api/v1/mailboxes", json=given)
    assert saved.status_code == 201
    mailbox_id = saved.json()["id"]
    with console.store.database.reading() as session:
        row = session.execute(text(f"SELECT * FROM mailbox WHERE id = {mailbox_id}")).mappings().one()
    assert (row["owner_id"], row["share_level"], row["state"]) == (
        console.seed.people["marta"],
        "subject",
        MailboxState.CONNECTING.value,
    )
    assert program.post("/api/v1/mailboxes", json=given).status_code == 409

    again = program.post(f"/api/v1/mailboxes/{mailbox_id}/test").json()
    assert again["works"] is True


def test_what_fails_is_told_with_its_field_and_nothing_is_saved(
    console, program: httpx.Client, dovecot: Dovecot, unused_tcp_port: int
) -> None:
    wrong = login(dovecot, imap_port=unused_tcp_port)
    step = program.post("/api/v1/mailboxes/test", json=wrong).json()["steps"][-1]
    assert (step["step"], step["works"], step["field"]) == ("connect", False, "imap_port")
    assert "takes no connections" in step["problem"]

    refused = program.post("/api/v1/mailboxes", json=wrong)
    assert refused.status_code == 422
    assert "takes no connections" in refused.json()["detail"]
    assert dovecot.password not in refused.text


def test_an_smtp_url_that_is_none_is_told(program: httpx.Client, dovecot: Dovecot) -> None:
    for wrong in ("smtps://[x", "smtps://[smtp.example.com:587]:465", "smtp.example.com:587"):
        for path, more in (("/test", {}), ("", {"test": False})):
            refused = program.post(f"/api/v1/mailboxes{path}", json=login(dovecot, smtp_url=wrong, **more))
            assert refused.status_code == 422
            assert "mail server" in refused.json()["detail"]


def test_rights(console, program: httpx.Client, dovecot: Dovecot) -> None:
    reader = console.program("marta", Scope.SETTINGS_READ)
    assert reader.post("/api/v1/mailboxes/test", json=login(dovecot)).status_code == 403
    assert program.post("/api/v1/mailboxes", json=login(dovecot, shared=True)).status_code == 403
    with console.store.database.reading() as session:
        shared = session.execute(text("SELECT id FROM mailbox WHERE email = 'info@fontelenta.example'")).scalar_one()
    assert program.post(f"/api/v1/mailboxes/{shared}/test").status_code == 403
    assert program.post("/api/v1/mailboxes/999999/test").status_code == 404


def test_a_guest_with_a_mailbox_of_their_own_steers_nothing_and_knocks_nowhere(console, dovecot: Dovecot) -> None:
    program = console.program("marta", Scope.SETTINGS_READ, Scope.SETTINGS_WRITE)
    with console.store.database.unit_of_work() as session:
        hers = session.execute(text("SELECT id FROM mailbox WHERE email = 'marta@fontelenta.example'")).scalar_one()
        session.execute(text("UPDATE \"user\" SET role = 'guest' WHERE id = :id"), {"id": console.seed.people["marta"]})
    box = f"/api/v1/mailboxes/{hers}"

    assert program.get(box).status_code == 200
    assert program.patch(f"{box}/choices", json={"name": "no"}).status_code == 403
    for act in ("pass", "pause", "resume", "audit", "quarantine/retry", "keep", "test"):
        assert program.post(f"{box}/{act}", json={}).status_code == 403, act
    assert program.delete(box, params={"keep_mail": True}).status_code == 403
    assert program.post("/api/v1/mailboxes/find", json={"email": "ann@yahoo.com"}).status_code == 403
    assert program.post("/api/v1/mailboxes/test", json=login(dovecot)).status_code == 403
