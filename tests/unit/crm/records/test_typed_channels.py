"""Which addresses, phones and domains people may give to records."""

import pytest

from core.errors import UsageError
from crm.records.typed_channels import require_addresses, require_domain, require_phones

DIALLED = """+48 601 234 567|601 234 567|(022) 555-01-01|0048 22 555 01 01|+44 (0)20 7946 0958|+49 30 123456-12|112|4711
601 234 567 ext. 12|+1 (212) 555-0100 x4|22 555 01 01 wew. 3|601 234 567 (mobile)|+48 601–234–567|00 48 601 234 567"""
NOT_DIALLED = "hello|hello1|12|+48|+48 12|+0 601 234 567|601 234 567 or 602|1-800-FLOWERS|12345678901234567890"
ADDRESSES = "anna@client.example|Anna.O'Neil+crm@mail.client.example|łukasz@zażółć.example"
NO_ADDRESSES = (
    "a@@b|a@b|anna|anna@|@client.example|anna@client..example|an na@client.example|a@client.example\x00|A <a@b.example>"
)


def test_a_phone_is_what_somebody_could_dial() -> None:
    for value in [*DIALLED.replace("\n", "|").split("|"), "", "  "]:
        require_phones([value])
    for value in NOT_DIALLED.split("|"):
        with pytest.raises(UsageError, match="is no phone number"):
            require_phones(["+48 601 234 567", value])


def test_an_address_is_where_mail_could_go() -> None:
    require_addresses(ADDRESSES.split("|"))
    for value in NO_ADDRESSES.split("|"):
        with pytest.raises(UsageError, match="is no e-mail address"):
            require_addresses(["anna@client.example", value])


def test_a_domain_is_taken_out_of_the_address_of_a_page() -> None:
    typed = {
        "Acme.Example": "acme.example",
        " https://www.acme.example:8080/about?x=1 ": "acme.example",
        "https://acme.example?utm_source=a@b.example": "acme.example",
        "acme.example#about:us": "acme.example",
        "shop.acme.co.uk.": "shop.acme.co.uk",
        "zażółć.example": "zażółć.example".encode("idna").decode(),
        "under_score.example": "under_score.example",
    }
    for text, domain in typed.items():
        assert require_domain(text) == domain
    for text in (
        "not a domain",
        "acme",
        "anna@acme.example",
        "https://anna@acme.example?x=1",
        "1.2.3.4",
        "a..b",
        ".",
        "-a.example",
        "x" * 300 + ".example",
    ):
        with pytest.raises(UsageError, match="is no domain") as told:
            require_domain(text)
        assert len(str(told.value)) < 160
