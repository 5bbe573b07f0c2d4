"""Addresses that name the mail they answer, and the ids that relays give."""

import pytest

from delivery.header_text import Mailbox
from delivery.relay_ids import relay_ids
from delivery.reply_addresses import named_message, reply_address
from delivery.replying import Original, reply_headers

OF_SES = "0102018f3b6c7d8e-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d-000000"
IRELAND, VIRGINIA = "email-smtp.eu-west-1.amazonaws.com", "email-smtp.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("reply", "host", "names"),
    [
        (f"250 Ok {OF_SES}", IRELAND, (f"{OF_SES}@eu-west-1.amazonses.com",)),
        (f"250 Ok {OF_SES}", VIRGINIA, (f"{OF_SES}@email.amazonses.com",)),
        (f"250 Ok {OF_SES}", "email-smtp-fips.us-west-2.amazonaws.com.", (f"{OF_SES}@us-west-2.amazonses.com",)),
        (f"250 Ok {OF_SES}", "mail.evil.example", ()),
        (f"250 Ok {OF_SES}", "email-smtp.eu-west-1.amazonaws.com.evil.example", ()),
        (
            "250 2.0.0 OK <AM0PR@AM0PR.outlook.example> [Hostname=AM0PR]",
            "smtp.example",
            ("AM0PR@AM0PR.outlook.example",),
        ),
        ("250 2.0.0 Ok: queued as 4A1B2C3D", "smtp.example", ()),
        ("250 <>, <@>, <a@b c>, <" + "a" * 500 + "@x>", "smtp.example", ()),
        ("", IRELAND, ()),
        (
            "250 " + " ".join(f"<a{n}@x.example>" for n in range(99)),
            "x",
            ("a0@x.example", "a1@x.example", "a2@x.example"),
        ),
    ],
)
def test_what_a_relay_calls_a_mail(reply: str, host: str, names: tuple[str, ...]) -> None:
    assert relay_ids(reply, host) == names


def test_an_address_names_the_mail_that_it_answers() -> None:
    address = reply_address("Sales@ours.example", "m.0102abcdef@ours.example")
    assert address == "Sales+m.0102abcdef@ours.example"
    assert named_message(f"<{address.upper()}>") == "m.0102abcdef@ours.example"


@pytest.mark.parametrize("mailbox", ["", "sales", "@ours.example", "sales@", "s" * 60 + "@ours.example"])
def test_where_there_is_no_room_for_a_name_there_is_none(mailbox: str) -> None:
    assert reply_address(mailbox, "m.0102abcdef@ours.example") is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sales@ours.example",
        "sales+m.@ours.example",
        "sales+m.xyz@ours.example",
        "+m.0102abcdef@x",
        "a+m.0102abcdef",
    ],
)
def test_other_addresses_name_nothing(address: str) -> None:
    assert named_message(address) is None


def test_an_answer_to_all_does_not_go_to_the_address_that_we_signed() -> None:
    carl, dora = Mailbox("carl@client.example"), Mailbox("dora@client.example")
    signed = Mailbox("Sales+m.0102abcdef@ours.example")
    original = Original("a@client.example", (carl,), to=(signed, dora), cc=(signed,))

    headers = reply_headers(original, ["sales@ours.example"], to_all=True)

    assert (headers.to, headers.cc) == ((carl,), (dora,))
