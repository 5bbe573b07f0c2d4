"""One number, however it is written."""

import pytest

from crm.office.calling_codes import CALLING_CODES
from crm.office.phones import full_number, number_of_sender, spellings_of_sender


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("600 100 200", "PL", "+48600100200"),
        ("+48 (600) 100-200", "", "+48600100200"),
        ("0048 600 100 200", "DE", "+48600100200"),
        ("030/123456", "DE", "+4930123456"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("8 912 345-67-89", "RU", "+79123456789"),
        ("(212) 555-0100", "US", "+12125550100"),
        ("600 100 200", "", ""),
        ("600 100 200", "XX", ""),
        ("123456789012345", "", ""),
        ("123456789012345", "XX", ""),
        ("call me", "PL", ""),
        ("12", "PL", ""),
        ("+", "PL", ""),
        ("", "PL", ""),
        ("+" + "1" * 40, "PL", ""),
        ("٦٠٠١٠٠٢٠٠", "PL", ""),
    ],
)
def test_numbers(text: str, country: str, number: str) -> None:
    assert full_number(text, country) == number


@pytest.mark.parametrize(
    ("local", "number"),
    [
        ("48600100200", "+48600100200"),
        ("+48600100200", "+48600100200"),
        ("carl", ""),
        ("4860", ""),
        ("48600100200x", ""),
    ],
)
def test_senders_that_are_numbers(local: str, number: str) -> None:
    assert number_of_sender(local) == number


def test_every_country_has_a_code() -> None:
    assert len(CALLING_CODES) > 230
    assert all(len(country) == 2 and code.isdigit() and len(code) <= 3 for country, code in CALLING_CODES.items())


@pytest.mark.parametrize(
    ("sender", "country", "stored"),
    [
        ("48600100200", "PL", {"+48600100200", "48600100200", "0048600100200", "600100200", "0600100200"}),
        ("+48600100200", "", {"+48600100200", "48600100200", "0048600100200"}),
        ("0301234567", "DE", {"+49301234567", "0301234567", "301234567"}),
        ("79123456789", "RU", {"+79123456789", "89123456789", "9123456789"}),
    ],
)
def test_a_sender_is_found_however_the_phone_was_stored(sender: str, country: str, stored: set[str]) -> None:
    assert stored <= spellings_of_sender(sender, country)


@pytest.mark.parametrize(
    "sender", ["carl", "c48600100200", "", "+", "12", "1" * 40, "٦٠٠١٠٠٢٠٠", "²²²²²²²²", "48-600-100-200"]
)
def test_a_name_is_no_phone(sender: str) -> None:
    assert spellings_of_sender(sender, "PL") == frozenset()


def test_a_number_with_its_code_and_no_plus_is_told_by_its_length() -> None:
    for text, country, number in (
        ("48600100200", "PL", "+48600100200"),
        ("48 22 123 45 67", "PL", "+48221234567"),
        ("1 212 555 0100", "US", "+12125550100"),
        ("4722123456", "NO", "+4722123456"),
        # where numbers are of all lengths nobody can tell: an Italian mobile one begins with its country's code
        ("3931234567", "IT", "+393931234567"),
        ("9123456789", "IN", "+919123456789"),
        ("481234567", "PL", "+48481234567"),
    ):
        assert full_number(text, country) == number, text
