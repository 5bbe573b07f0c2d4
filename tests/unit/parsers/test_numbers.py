"""A number is read as it was meant in every country, or refused with the ways to write it."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from parsers.numbers import LARGEST, amount_in, amount_text, number_in, number_text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200", "1200"),
        ("1200.50", "1200.50"),
        ("1200,50", "1200.50"),
        ("1 200,50", "1200.50"),
        ("1\xa0200,50", "1200.50"),
        ("1\u202f200", "1200"),
        ("1 200,500", "1200.5"),
        ("1'200.50", "1200.50"),
        ("1’200’000", "1200000"),
        ("1.200,50", "1200.50"),
        ("1,200.50", "1200.50"),
        ("1,200.500", "1200.5"),
        ("1.200.000", "1200000"),
        ("1,200,000", "1200000"),
        ("1.200.000,5", "1200000.5"),
        ("12,50,000.00", "1250000"),
        ("12,50,000", "1250000"),
        ("41,5", "41.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        (",5", "0.5"),
        ("1200,500", "1200.5"),
        ("1,2345", "1.2345"),
        ("-5", "-5"),
        ("−1.200,5", "-1200.5"),
        ("+7", "7"),
        (" 7 ", "7"),
        ("1.2E+06", "1200000"),
        ("1,200E+03", "1200"),
        ("5.", "5"),
    ],
)
def test_a_number_is_read_as_it_was_meant(text: str, number: str) -> None:
    assert number_in(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("1,200", "1200", "1.2"),
        ("1.200", "1200", "1.2"),
        ("-12,345", "-12345", "-12.3450"),
        ("999.999", "999999", "999.9990"),
    ],
)
def test_what_may_be_two_numbers_is_refused_with_both(text: str, first: str, second: str) -> None:
    with pytest.raises(UsageError) as told:
        number_in(text)
    assert str(told.value) == f"“{text}” may be {first} or {second}: write it in one of these ways."
    # and so written it is read
    assert number_in(first) == number_in(second) * 1000


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "much", "nan", "inf", "-Infinity", "1e999999", "1e999", "1,2,3", "1.2.3", "1,20.50", "1.200.50", "1,200,50",
        "1 2 3", "1 2000", "1 20", "12 34,5", "1200 zł", "--5", "1-", ".", ",", "1.,5", "١٢٣", "²", "0x10", "1_000",
        "9" * 60, "9" * 5000, "1.20.000",
    ],
)  # fmt: skip
def test_what_is_no_number_is_told_in_a_sentence(text: str) -> None:
    for read in (number_in, lambda text: amount_in(text, "EUR"), lambda text: number_in(text, ",")):
        with pytest.raises(UsageError) as told:
            read(text)
        assert str(told.value).endswith(".")
        assert len(str(told.value)) < 200


def test_an_amount_is_in_the_smallest_unit() -> None:
    amounts = ["1200", "1,200.50", "1200,50", "1 200", "0.1", "0,105", "-3"]
    assert [amount_in(text, "EUR") for text in ("0.1250", "0.1249", "-0.1250")] == [13, 12, -13]
    assert [amount_in(text, "EUR") for text in amounts] == [120_000, 120_050, 120_050, 120_000, 10, 11, -300]
    with pytest.raises(UsageError, match="too large"):
        amount_in(str(LARGEST), "EUR")


def test_what_may_be_two_numbers_is_one_to_whoever_says_which_sign_stands_before_decimals() -> None:
    both = ("1,200", "1.200", "-1.200", "1.200,5", "1,200.5", "12,5", "12.5", "1 200", "1.200.000")
    assert [float(number_in(text, ",")) for text in both] == [1.2, 1200, -1200, 1200.5, 1200.5, 12.5, 12.5, 1200, 1.2e6]
    assert [float(number_in(text, ".")) for text in both] == [1200, 1.2, -1.2, 1200.5, 1200.5, 12.5, 12.5, 1200, 1.2e6]


def test_each_currency_has_its_decimals() -> None:
    for currency, typed, stored, shown in (
        ("JPY", "1200", 1200, "1200"),
        ("JPY", "1200.5", 1201, "1201"),
        ("KWD", "1.2345", 1235, "1.2350"),  # As 1.235 could be a thousand.
        ("KWD", "0.125", 125, "0.125"),
        ("EUR", "1200.5", 120_050, "1200.50"),
        ("CLF", "1.5", 15_000, "1.5"),
        ("XYZ", "1", 100, "1.00"),
    ):
        assert (amount_in(typed, currency), amount_text(stored, currency)) == (stored, shown), (currency, typed)
        assert amount_in(shown, currency) == stored


@given(st.floats(-LARGEST, LARGEST) | st.integers(-(10**6), 10**6).map(lambda number: number / 1000))
def test_what_the_program_writes_it_reads_again(value: float) -> None:
    assert float(number_in(number_text(value))) == value


@given(st.text("0123456789.,'’ \xa0+-eE", max_size=16))
def test_garbage_is_a_number_or_a_sentence(text: str) -> None:
    with suppress(UsageError):  # Anything else fails.
        assert abs(number_in(text)) <= LARGEST
