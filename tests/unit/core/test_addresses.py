"""When two addresses are one person, and what a domain tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import (
    address_key,
    domain_of,
    free_mail_domains,
    is_free_mail,
    is_no_reply,
    is_role,
    organisational_domain,
)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        ("  ann@example.com\r\n", "ann@example.com"),
        ("ann.b+shop@gmail.com", "ann.b+shop@gmail.com"),
        ("grüße@Bücher.example", "grüße@xn--bcher-kva.example"),
        ("a@b@example.com", "a@b@example.com"),
        ("ann@example.com \u200b", "ann@example.com"),
        ("nobody", "nobody"),
        ("", ""),
        ("a@" + "ü" * 70 + ".example", "a@" + "ü" * 70 + ".example"),
    ],
)
def test_keys(address: str, key: str) -> None:
    assert address_key(address) == key


@given(st.one_of(st.text(), st.builds("{}@{}".format, st.text(), st.text("a.üß \u200b\u3000"))))
def test_a_key_never_fails_and_is_its_own_key(address: str) -> None:
    key = address_key(address)
    assert address_key(key) == key


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("mail.example.co.uk", "example.co.uk"),
        ("example.com", "example.com"),
        ("a.b.c.example.de", "example.de"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_organisations(domain: str, organisation: str) -> None:
    assert organisational_domain(domain) == organisation


def test_free_mail_says_nothing_about_a_company() -> None:
    assert all(is_free_mail(domain) for domain in ("gmail.com", "gmx.de", "yahoo.co.uk", "mail.ru", "qq.com"))
    assert not any(is_free_mail(domain) for domain in ("ourhouse.example", "gmail.com.example", "", "com"))
    assert all(domain == domain.lower() and "." in domain for domain in free_mail_domains())


def test_roles_and_those_who_do_not_read() -> None:
    assert is_role("info@a.example")
    assert is_role("support+42@a.example")
    assert not is_role("informer@a.example")
    assert is_no_reply("no-reply+x@a.example")
    assert not is_no_reply("noreplying@a.example")


def test_domains() -> None:
    assert (domain_of("a@b.example"), domain_of("b.example"), domain_of("")) == ("b.example", "", "")
