"""The form of a new mailbox's servers, as people fill it in."""

import pytest

from mailsync.checking.results import Field, Problem
from mailsync.logins import NewMailbox
from web.console.mailbox_drafts import LoginFields


def login(**typed: str) -> NewMailbox | Problem:
    """What the form makes of `typed`, the rest being well."""
    return LoginFields.model_validate(
        {"email": "a@b.example", "password": "x", "imap_host": "imap.b.example"} | typed
    ).login()


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ({"smtp_host": "smtp.b.example"}, "smtps://smtp.b.example:465"),
        ({"smtp_host": "smtp.b.example:587", "smtp_security": "starttls"}, "smtp+starttls://smtp.b.example:587"),
        ({"smtp_host": "smtp.b.example:465", "smtp_port": "465"}, "smtps://smtp.b.example:465"),
        ({"smtp_host": "2001:db8::1"}, "smtps://[2001:db8::1]:465"),
        ({}, None),
    ],
)
def test_the_port_may_stand_behind_the_host(typed: dict[str, str], url: str | None) -> None:
    given = login(**typed)
    assert isinstance(given, NewMailbox)
    assert given.smtp_url == url

    reading = login(imap_host="imap.b.example:1993")
    assert isinstance(reading, NewMailbox)
    assert (reading.imap_host, reading.imap_port) == ("imap.b.example", 1993)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"smtp_host": "smtp.b.example:587", "smtp_port": "465"}, Field.SMTP_HOST),
        ({"smtp_host": "smtp.b.example:submission"}, Field.SMTP_HOST),
        ({"smtp_host": "smtps://smtp.b.example"}, Field.SMTP_HOST),
        ({"imap_host": "imap.b.example/x"}, Field.IMAP_HOST),
        ({"imap_port": "9" * 5000}, Field.IMAP_PORT),
        ({"smtp_port": "x"}, Field.SMTP_PORT),
    ],
)
def test_what_is_unclear_is_told_beside_its_field(typed: dict[str, str], field: Field) -> None:
    problem = login(**typed)
    assert isinstance(problem, Problem)
    assert problem.field is field
