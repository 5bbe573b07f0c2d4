"""What a person types to say where a server is, taken as it is meant or told to be wrong."""

import pytest

from core.errors import UsageError
from mailsync.logins import NewMailbox, complete, split_place


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("smtp.example.com", ("smtp.example.com", None)),
        ("smtp.example.com:587", ("smtp.example.com", 587)),
        ("post.bücher.example:25", ("post.bücher.example", 25)),
        ("डाक.उदाहरण.भारत", ("डाक.उदाहरण.भारत", None)),
        ("192.0.2.1:993", ("192.0.2.1", 993)),
        ("2001:db8::1", ("2001:db8::1", None)),
        ("[2001:db8::1]", ("2001:db8::1", None)),
        ("[2001:db8::1]:465", ("2001:db8::1", 465)),
    ],
)
def test_a_port_behind_the_host_is_understood(typed: str, place: tuple[str, int | None]) -> None:
    assert split_place(typed) == place


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a:b",
        "a:",
        ":25",
        "a:0",
        "a:70000",
        "a:1:2",
        "smtps://a",
        "a/b",
        "u@a",
        "a b",
        "[a]:25",
        "[",
        "a:" + "9" * 5000,
    ],
)
def test_what_is_no_host_is_told(typed: str) -> None:
    with pytest.raises(UsageError):
        split_place(typed)


def test_an_smtp_url_has_to_be_one() -> None:
    def smtp_url(typed: str) -> str | None:
        return complete(NewMailbox("a@b.example", "x", imap_host="b.example", smtp_url=typed)).smtp_url

    assert smtp_url(" smtps://b.example:465 ") == "smtps://a%40b.example@b.example:465"
    for wrong in ("smtps://[x", "smtps://[b.example:587]:465", "smtps://b.example:70000", "b.example"):
        with pytest.raises(UsageError, match="mail server"):
            smtp_url(wrong)


def test_the_imap_host_is_typed_with_its_port_or_without() -> None:
    def place(host: str, port: int | None = None) -> tuple[str | None, int | None]:
        done = complete(NewMailbox("a@b.example", "x", imap_host=host, imap_port=port))
        return done.imap_host, done.imap_port

    assert place(" mail.b.example:1993 ") == place("mail.b.example", 1993) == ("mail.b.example", 1993)
    assert place("mail.b.example:1993", 1993) == ("mail.b.example", 1993)
    assert place("mail.b.example") == ("mail.b.example", 993)
    for host, port in (("mail.b.example:1993", 993), ("mail.b.example:0", None), ("imaps://mail.b.example", None)):
        with pytest.raises(UsageError):
            place(host, port)
