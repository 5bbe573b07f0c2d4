"""One number, however it is written."""

import pytest

from crm.office.calling_codes import CALLING_CODES
from crm.office.phones import full_number, number_of_sender


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
