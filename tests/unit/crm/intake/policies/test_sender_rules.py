"""What people type as a sender, and which of several rules goes for an address."""

import pytest

from core.errors import UsageError
from crm.intake.policies.changing import sender_key
from crm.intake.policies.sender_rules import Rule, SenderRules
from storage.models import SenderKind, Treatment

ADDRESS, DOMAIN, PHONE = SenderKind
NEVER, ALWAYS = Treatment


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" Ann@Example.COM ", (ADDRESS, "ann@example.com")),
        ("ann@bücher.example", (ADDRESS, "ann@xn--bcher-kva.example")),
        ("example.com", (DOMAIN, "example.com")),
        ("@example.com", (DOMAIN, "example.com")),
        ("*.Example.com", (DOMAIN, "example.com")),
        ("600 100 200", (PHONE, "+48600100200")),
        ("+49 30 1234567", (PHONE, "+49301234567")),
    ],
)
def test_what_is_meant_shows_by_how_it_is_written(text: str, found: tuple[SenderKind, str]) -> None:
    assert sender_key(None, text, "PL") == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "@",
        "a b@c.example",
        "ann@",
        "ann@ex ample",
        "exa mple",
        "12",
        "+1",
        "x" * 400,
        "a@b@",
        "<ann@b.example>",
        "ann@b.example, c@d.example",
    ],
)
def test_what_is_none_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        sender_key(None, text, "PL")


def test_the_most_exact_rule_counts_and_of_two_alike_that_of_the_mailbox() -> None:
    rules = SenderRules(
        [
            Rule(5, DOMAIN, "example.com", "example.com", ALWAYS),
            Rule(None, DOMAIN, "example.com", "everywhere", NEVER),
            Rule(None, DOMAIN, "deep.example.com", "deep", NEVER),
            Rule(None, ADDRESS, "ann@example.com", "ann", NEVER),
            Rule(None, PHONE, "+48600100200", "phone", NEVER),
        ]
    )

    def value(key: str) -> str | None:
        rule = rules.rule_for(key)
        return rule.value if rule else None

    assert value("bob@example.com") == "example.com"
    assert value("ann@example.com") == "ann"
    assert value("bob@x.deep.example.com") == "deep"
    assert value("48600100200@example.com") == "phone"
    assert value("bob@notexample.com") is None
    assert value("bob") is value("") is None
    assert SenderRules().rule_for("ann@example.com") is None
