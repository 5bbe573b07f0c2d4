"""The search field takes whatever is typed: operators as people know them, and everything else as words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.conversations.search_query import MOST_TERMS, Operator, Term, parse_query
from crm.conversations.search_values import days_of, size_of

TODAY = date(2026, 3, 14)
PIECES = st.sampled_from(
    [
        "from:",
        "-",
        '"',
        " ",
        "subject:",
        "before:",
        "2026-03",
        "in:inbox",
        "is:unread",
        "foo:",
        "anna",
        "larger:5M",
        "\t",
        "ż",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join)))
def test_whatever_is_typed_is_read_and_prints_back(typed: str) -> None:
    query = parse_query(typed)

    assert len(query.terms) <= MOST_TERMS
    assert parse_query(str(query)).terms == query.terms


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("offer Levante", [Term(Operator.WORD, "offer"), Term(Operator.WORD, "Levante")]),
        ('"price list" -draft', [Term(Operator.WORD, "price list", quoted=True), Term(Operator.WORD, "draft", True)]),
        ("FROM:anna -to:bob", [Term(Operator.FROM, "anna"), Term(Operator.TO, "bob", True)]),
        ('subject:"new offer"', [Term(Operator.SUBJECT, "new offer", quoted=True)]),
        ('-"two words', [Term(Operator.WORD, "two words", True, True)]),
        ("from: anna", [Term(Operator.WORD, "from:"), Term(Operator.WORD, "anna")]),
        ('from:"" x', [Term(Operator.WORD, "x")]),
        ("info@levante.example", [Term(Operator.WORD, "info@levante.example")]),
        ("http://levante.example/a", [Term(Operator.WORD, "http://levante.example/a")]),
    ],
)
def test_terms(typed: str, terms: list[Term]) -> None:
    assert list(parse_query(typed).terms) == terms


@pytest.mark.parametrize(
    "typed", ["before:soon", "on:2026-13-01", "after:2026-02-30", "is:odd", "has:soul", "larger:much"]
)
def test_what_makes_no_sense_is_words_and_the_rest_is_still_searched(typed: str) -> None:
    query = parse_query(f"anna -{typed} in:sent")

    assert query.misread == (f"-{typed}",)
    assert query.terms[1] == Term(Operator.WORD, typed, negated=True)
    assert [term.operator for term in query.terms] == [Operator.WORD, Operator.WORD, Operator.IN]


def test_operators_are_not_searched_in_other_things_than_mail() -> None:
    assert parse_query("levante offer").is_plain
    query = parse_query("levante from:anna -offer")
    assert not query.is_plain
    assert query.words == "levante"
    assert str(query.and_(Operator.FROM, "Anna Maria")).endswith('from:"Anna Maria"')
    assert str(query.and_(Operator.FROM, 'Anna "Annie"  Smith')).endswith('from:"Anna Annie Smith"')


@pytest.mark.parametrize(
    ("typed", "first", "end"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2024/2/29", date(2024, 2, 29), date(2024, 3, 1)),
        ("14.3.2026", TODAY, date(2026, 3, 15)),
        ("today", TODAY, date(2026, 3, 15)),
        ("Yesterday", date(2026, 3, 13), TODAY),
        ("2w", date(2026, 2, 28), date(2026, 3, 1)),
    ],
)
def test_days(typed: str, first: date, end: date) -> None:
    assert days_of(typed, TODAY) == (first, end)


@given(
    st.one_of(st.text(max_size=12), st.from_regex(r"[0-9./-]{1,12}[dwmy]?", fullmatch=True)), st.dates(date(1990, 1, 1))
)
def test_days_are_days_or_none(typed: str, today: date) -> None:
    if today.year < 9000 and (days := days_of(typed, today)):
        assert days.first < days.end


@pytest.mark.parametrize(
    ("typed", "size"),
    [("500", 500), ("5k", 5000), ("1.5M", 1_500_000), ("2 MB", 2_000_000), ("1GiB", 10**9), ("x", None)],
)
def test_sizes(typed: str, size: int | None) -> None:
    assert size_of(typed) == size
