"""Which addresses are addresses, and what is said about those that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Transient
from delivery.address_check import check_address, check_syntax
from delivery.dns import MailRoute, Resolver
from delivery.typos import suggest_domain


class FakeResolver(Resolver):
    def __init__(self, answer) -> None:
        self.answer = answer

    async def mail_route(self, domain):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("a.b+c@Example.COM", "a.b+c@example.com"),
        ("ñ@bücher.example.com", "ñ@bücher.example.com"),
        ('"a b"@example.org', '"a b"@example.org'),
        ("a@[192.0.2.1]", "a@[192.0.2.1]"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
async def test_accepted(address, normal):
    verdict = await check_address(address, None)
    assert (verdict.valid, verdict.normal, verdict.reason) == (True, normal, "")


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@", "@example.org", "a..b@example.org", "a@b@c.org", "a b@example.org", "a@-x.org", "a@x..org", "a@localhost",
     "a@example.org\n", "Ana <a@example.org>", "x" * 65 + "@example.org", '"a\\é"@example.org', "a@[127.0.0.1]", "a@[::1]",
     "a@[IPv6:::1]", "a@" + "x" * 64 + ".org", "\ud800@example.org"],
)  # fmt: skip
async def test_refused_with_a_reason(address):
    verdict = await check_address(address, None)
    assert not verdict.valid
    assert verdict.reason.endswith(".")
    assert verdict.normal is None


@given(st.text(max_size=80))
async def test_nothing_raises(text):
    await check_address(text, None)


def test_options_narrow_the_syntax():
    for address, option in (('"a b"@example.org', {"quoted": False}), ("a@[192.0.2.1]", {"literals": False})):
        with pytest.raises(ValueError, match="not allowed"):
            check_syntax(address, **option)


@pytest.mark.parametrize(
    ("answer", "valid", "reason"),
    [
        (MailRoute(("mx.example.org",)), True, ""),
        (MailRoute(("example.org",), implicit=True), True, ""),
        (MailRoute(null_mx=True), False, "takes no mail"),
        (MailRoute(), False, "no mail server"),
        (MailRoute(exists=False), False, "does not exist"),
        (Transient("x"), True, "could not be checked"),
    ],
)
async def test_what_the_name_system_says(answer, valid, reason):
    verdict = await check_address("a@example.org", FakeResolver(answer))
    assert verdict.valid is valid
    assert reason in verdict.reason


async def test_roles_and_throw_away_domains_are_marked():
    assert (await check_address("Info@example.org", None)).role
    assert not (await check_address("ana@example.org", None)).role
    assert (await check_address("a@mailinator.com", None)).disposable
    assert not (await check_address("a@example.org", None)).disposable


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gmai.com", "gmail.com"), ("gmaill.com", "gmail.com"), ("gmail.con", "gmail.com"),
        ("hotmial.com", "hotmail.com"), ("outlok.com", "outlook.com"), ("yaho.com", "yahoo.com"), ("iclud.com", "icloud.com"),
        ("firm.con", "firm.com"), ("gmail.com", None), ("mail.com", None), ("ymail.com", None), ("gmx.at", None),
        ("example.org", None), ("company.de", None), ("ab.de", None), ("", None),
    ],
)  # fmt: skip
def test_slips_of_the_finger(typed, meant):
    assert suggest_domain(typed) == meant


async def test_a_suggestion_is_a_whole_address():
    assert (await check_address("ana@gmial.com", None)).suggestion == "ana@gmail.com"
