"""Which addresses of an audience nothing can be sent to."""

import pytest

from campaigns.addresses import unusable
from delivery.address_check import check_syntax


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ana@example.org", None),
        ("Ana.Pires+news@Example.ORG", None),
        ("o'brien@example.org", None),
        ("jörg@bücher.example", None),
        ("ana@mailinator.com", "disposable"),
        ("ana@sub.mailinator.com", "disposable"),
        ("no address", "invalid_address"),
        ("@example.org", "invalid_address"),
        ("ana@", "invalid_address"),
        ("a..b@example.org", "invalid_address"),
        ("ana@localhost", "invalid_address"),
        ("ana@exa mple.org", "invalid_address"),
        (f"{'a' * 65}@example.org", "invalid_address"),
        ("ana@example.org\r\nBcc: x@example.org", "invalid_address"),
        ("ana@[127.0.0.1]", "invalid_address"),
        ('"a b"@example.org', "invalid_address"),
    ],
)
def test_the_reason_is_one_word(address: str, reason: str | None) -> None:
    assert unusable(address) == reason


@pytest.mark.parametrize("local", ["a", "a.b", "a-b", "a_b", "a+b", "1", "A"])
@pytest.mark.parametrize("domain", ["example.org", "a-b.example", "xn--bcher-kva.example", "-x.example", "x.1", "x"])
def test_the_fast_way_says_what_the_whole_check_says(local: str, domain: str) -> None:
    try:
        check_syntax(f"{local}@{domain}", quoted=False, literals=False)
    except ValueError:
        assert unusable(f"{local}@{domain}") == "invalid_address"
    else:
        assert unusable(f"{local}@{domain}") is None
