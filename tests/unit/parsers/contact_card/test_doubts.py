"""Signatures that tell nothing new, or not for sure: no card, or an empty field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.contact_card import contact_of
from parsers.message import parse_message
from parsers.model import Address, Kind
from unit.parsers.contact_card.reading import card

NONE = {
    "empty": "",
    "a name that from tells": "-- \nEve Stone",
    "the first name": "Best,\nEve",
    "the name and the address that from tells": "Eve Stone\neve@nimbus.example",
    "a phone's line": "Sent from my iPhone",
    "a phone's line with a link": "Get Outlook for iOS <https://aka.example/o0ukef>",
    "german phone": "Von meinem iPhone gesendet",
    "only a disclaimer": "This message is confidential and intended for Acme Ltd only. Call +44 20 7946 0000 in case of doubt.",
    "german disclaimer": "Diese E-Mail enthält vertrauliche Informationen der Muster GmbH, Hauptstraße 1, 10115 Berlin.",
    "a list's footer": "_______________________________________________\nUsers mailing list\nhttps://lists.example/users",
    "unsubscribe": "To unsubscribe click https://news.example/unsubscribe?u=1",
    "virus scanner": "Virus-free. www.avast.com <https://www.avast.com/sig-email>",
    "a saying": "--\n\"The best way out is always through.\" Robert Frost",
    "a saying with a number": "-- \n640K ought to be enough for anybody, 1981",
    "a date": "Best,\nEve\n12.03.2026",
    "opening hours": "Eve Stone\nMon-Fri 9:00-17:00",
    "a bank account": "Eve Stone\nIBAN: DE89 3704 0044 0532 0130 00\nBIC COBADEFFXXX",
    "a tax number": "Eve Stone\nNIP 123-456-78-90",
    "a registration": "Eve Stone\nHRB 12345678",
    "fax alone": "Eve Stone\nFax: +44 20 7946 0099",
    "a price": "Eve Stone\n1.234.567,00 EUR",
    "someone else's name": "Robert Frost",
    "an order number": "Eve Stone\nOrder 123456789",
    "trees": "Eve\nPlease consider the environment before printing this e-mail.",
    "years": "Eve Stone\n2010 - 2026",
    "thanks": "Thank you very much for your help,\nEve",
    "a picture": "Eve Stone\n[cid:image001.png@01D9]\nhttps://cdn.example/logo.png",
    "promises": "Eve\nLet us talk with the manager on Monday and decide about the offer of last week then.",
    "a saying and its author": "-- \nThe answer is 42.\n   -- Douglas Adams",
    "a saying in small": "Eve\nLife is what happens while you are busy making other plans",
    "a list's page": "Eve\n\nSee https://lists.example.org/mailman/listinfo/x",
    "a plus": "Eve Stone\n+1",
    "a machine's number": "Eve Stone\nUUID 123e4567-e89b-12d3-a456-426614174000",
    "an invoice": "Eve\nInvoice 2026-000123456",
    "a ticket": "Eve Stone\nTicket: 0123456789",
    "an address of a machine": "Eve\n192.168.100.200",
    "a sentence with a place": "Eve\nWe meet at 10115 Berlin",
    "an account": "Eve\nAccount 12 3456 7890 1234",
    "talk of a manager": "Eve\nsee my notes on the manager role, thanks",
    "a card of a bank": "Eve\n4111 1111 1111 1111",
    "a point on the map": "Eve\n48.858222, 2.294500",
    "a postscript": "Best,\nEve\n\nPS: The director called me about the contract yesterday.",
    "things to do": "Eve\n- buy milk\n- call the director",
    "a meeting": "Eve\nMeeting ID: 123 456 7890\nPasscode: 123456",
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
def test_what_tells_nothing_new(name):
    assert contact_of(Kind.NORMAL, NONE[name], Address("Eve Stone", "eve@nimbus.example")) is None


EMPTY_FIELDS = {
    "a stranger's name is no name": ("Robert Frost\nPoet\n+1 415 555 0134", card(phones=("+1 415 555 0134",))),
    "free mail is no company": ("Eve Stone\nGmail\n+1 415 555 0134", card("Eve Stone", phones=("+1 415 555 0134",))),
    "a street without a place": ("Eve Stone\n12 High Street\n+1 415 555 0134", card("Eve Stone", phones=("+1 415 555 0134",))),
    "tracking links": (
        "Eve Stone\nOwner\nhttps://u7.ct.sendgrid.net/ls/click?upn=abc\nhttps://nimbus.example/privacy-policy",
        card("Eve Stone", "Owner"),
    ),
    "campaign marks are cut": (
        "Eve Stone\nOwner\nhttps://nimbus.example/?utm_source=signature", card("Eve Stone", "Owner", links=("https://nimbus.example/",)),
    ),
    "register and managers": (
        "Eve Stone\nNimbus GmbH\nGeschäftsführer: Robert Frost\nSitz der Gesellschaft: Berlin\nSteuernummer 12/345/67890",
        card("Eve Stone", "", "Nimbus GmbH"),
    ),
    "a slogan": ("Eve Stone\nYour partner for clouds since 1999!\nNimbus Ltd", card("Eve Stone", "", "Nimbus Ltd")),
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTY_FIELDS)
def test_what_is_not_sure_is_left_empty(name):
    signature, expected = EMPTY_FIELDS[name]

    assert contact_of(Kind.NORMAL, signature, Address("Eve Stone", "eve@nimbus.example")) == expected


SIGNATURE = "-- \nEve Stone\nHead of Sales\nNimbus Ltd"


def test_only_of_mail_that_people_write():
    sender = Address("Eve Stone", "eve@nimbus.example")

    assert contact_of(Kind.OUT_OF_OFFICE, SIGNATURE, sender).title == "Head of Sales"
    assert contact_of(Kind.BULK, SIGNATURE, sender) is None
    assert contact_of(Kind.BOUNCE, SIGNATURE, sender) is None


def test_the_foot_of_a_list_and_its_sponsor_tell_nothing():
    foot = (
        "\n\n-------------------------------------------------------\nThis list is sponsored by: Nimbus Cloud\n"
        "https://cloud.example\n_______________________________________________\nUsers mailing list\nusers@lists.nimbus.example"
    )

    assert contact_of(Kind.LIST, foot, Address("Eve Stone", "eve@nimbus.example")) is None
    assert contact_of(Kind.LIST, SIGNATURE + foot, Address("Eve Stone", "eve@nimbus.example")).links == ()


def test_addresses_of_colleagues_and_lists_are_not_the_authors():
    signature = "Eve Stone\nNimbus Ltd\neve.stone@home.example\nsales@nimbus.example"

    assert contact_of(Kind.NORMAL, signature, Address("Eve Stone", "eve@nimbus.example")).emails == (
        "eve.stone@home.example",
    )


def test_a_message_tells_its_author():
    raw = f"From: Eve Stone <eve@nimbus.example>\nSubject: Offer\n\nHello Bob,\n\nyes.\n\n{SIGNATURE}\n".encode()

    parsed = parse_message(raw)

    assert contact_of(parsed.kind, parsed.reply.signature, parsed.from_[0]) == card(
        "Eve Stone", "Head of Sales", "Nimbus Ltd"
    )


@given(st.text(max_size=300), st.text(max_size=30))
def test_whatever_a_signature_is_nothing_raises(signature, name):
    contact_of(Kind.NORMAL, signature, Address(name, "eve@nimbus.example"))


PIECES = st.sampled_from(
    ["Eve", "Stone", "Head of Sales", "Ltd", "+1 415", "555", "0134", "ext. 9", "@", "www.", "https://x.com/", "/", "|", "\n",
     " ", ",",
     "(", ")", "12 High Street",
     "10115 Berlin", "株式会社", "〒", "IBAN", "Fax", ":", "."]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_pieces_in_any_order_do_not_raise_either(signature):
    contact_of(Kind.NORMAL, signature, Address("Eve Stone", "eve@nimbus.example"))
    contact_of(Kind.NORMAL, signature, None)
