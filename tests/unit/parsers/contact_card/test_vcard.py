"""vCards as phones, address books and mail programs attach them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.contact_card.vcard import MOST_CARDS, cards_of
from parsers.content.files import file_of
from parsers.message import parse_message
from parsers.model import ContactCard, PostalAddress


def card(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VCARD", *lines, "END:VCARD", ""))


def read(text: str | bytes, kind: str = "text/vcard", name: str = "a.vcf") -> tuple[tuple[ContactCard, ...], int]:
    return cards_of([file_of(name, kind, text.encode() if isinstance(text, str) else text)])


CARDS = {
    "vcard 4, all of it": (
        card(
            "VERSION:4.0", "FN:Ann Ray", "N:Ray;Ann;;;", "ORG:Acme\\, Inc.;Sales", "TITLE:Head of Sales",
            "EMAIL;TYPE=work:ann@a.example", 'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-555-0100;ext=12',
            "TEL;TYPE=cell:+1 555 0101", "TEL;TYPE=fax:+1 555 0199", "URL:https://a.example",
            "ADR;TYPE=work:;;1 Main St;Austin;TX;78701;USA",
        ),
        ContactCard(
            "Ann Ray", "Head of Sales", "Acme, Inc.", ("ann@a.example",), ("+1-555-0100 ext. 12", "+1 555 0101"),
            ("https://a.example",), "1 Main St, Austin, TX 78701, USA",
            PostalAddress("1 Main St", "Austin", "TX", "78701", "USA"), "", "Ann", "Ray",
        ),
    ),
    "vcard 2.1, quoted-printable over two lines": (
        card(
            "VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen",
            "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=FCrgen=", " M=FCller", "TEL;WORK;VOICE:030 123456",
            "TEL;WORK;FAX:030 123457", "ADR;WORK;PREF:;;Hauptstr. 1;Berlin;;10115;Deutschland", "EMAIL;PREF;INTERNET:j@m.example",
        ),
        ContactCard(
            "Jürgen Müller", "", "", ("j@m.example",), ("030 123456",), (), "Hauptstr. 1, 10115 Berlin, Deutschland",
            PostalAddress("Hauptstr. 1", "Berlin", "", "10115", "Deutschland"), "", "Jürgen", "Müller",
        ),
    ),
    "apple, grouped and folded": (
        card(
            "VERSION:3.0", "PRODID:-//Apple Inc.//iPhone OS//EN", "N:Rossi;Anna;;;", "FN:Anna", "  Rossi",
            "item1.EMAIL;type=INTERNET:anna@r.example", "item1.X-ABLabel:_$!<Work>!$_", "item2.TEL;type=pref:+39 02 1234567",
            "item3.URL;type=pref:www.r.example", "X-SOCIALPROFILE;type=linkedin:https://www.linkedin.com/in/anna",
            "PHOTO;ENCODING=b;TYPE=JPEG:AAAA", " BBBB:CCCC",
        ),
        ContactCard(
            "Anna Rossi", "", "", ("anna@r.example",), ("+39 02 1234567",),
            ("https://www.r.example", "https://www.linkedin.com/in/anna"), "",
            None, "", "Anna", "Rossi",
        ),
    ),
    "no FN, titles before and behind": (
        card("VERSION:3.0", "N:Nowak;Jan;Maria;dr;MBA"),
        ContactCard(name="dr Jan Maria Nowak MBA", salutation="dr", first_name="Jan", last_name="Nowak"),
    ),
    "chinese, family first": (card("VERSION:3.0", "N:王;小明;;;"), ContactCard(name="王小明", first_name="小明", last_name="王")),
    "preferred address first": (
        card("VERSION:3.0", "FN:A", "EMAIL:one@a.example", "EMAIL;TYPE=PREF:two@a.example", "EMAIL:one@a.example"),
        ContactCard(name="A", emails=("two@a.example", "one@a.example")),
    ),
    "a company": (
        card("VERSION:3.0", "FN:Acme GmbH", "N:;;;;", "ORG:Acme GmbH;", "X-ABShowAs:COMPANY"),
        ContactCard(company="Acme GmbH"),
    ),
    "escapes": (
        card("VERSION:4.0", "FN:A\\\\B\\; C\\nD", "ROLE:x\\, y", "NOTE:EMAIL:no@no.example"),
        ContactCard(name="A\\B; C D", title="x, y"),
    ),
    "a card inside (agent)": (
        card("VERSION:2.1", "FN:Boss", "AGENT:", "BEGIN:VCARD", "FN:Help", "EMAIL:help@a.example", "END:VCARD", "TITLE:CEO"),
        ContactCard(name="Boss", title="CEO"),
    ),
    "birthdays": (
        card("VERSION:4.0", "FN:A", "BDAY:1604-03-14", "BDAY:19850314"),
        ContactCard(name="A", birthday="--03-14"),
    ),
    "a day that there is not": (card("VERSION:4.0", "FN:A", "BDAY:19850231"), ContactCard(name="A")),
    "a time behind it": (card("FN:A", "BDAY:1985-03-14T00:00:00Z"), ContactCard(name="A", birthday="1985-03-14")),
    "colon in quotes": (
        card("VERSION:4.0", 'ADR;LABEL="Flat 2: left":;;1 Road;Leeds;;LS1 1AA;', "FN:A"),
        ContactCard(name="A", address="1 Road, LS1 1AA Leeds", postal=PostalAddress("1 Road", "Leeds", "", "LS1 1AA")),
    ),
    "small letters, bare line feeds": (
        "begin:vcard\nversion:3.0\nfn:Ann\ntel;type=home:1 23 45 67\nend:vcard\n",
        ContactCard(name="Ann", phones=("1 23 45 67",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CARDS)
def test_cards_of_many_programs(name):
    text, expected = CARDS[name]

    assert read(text) == ((expected,), 0)


def test_several_in_a_file_and_what_names_one():
    two = card("FN:Ann") + card("FN:Bob")

    assert [found.name for found in read(two)[0]] == ["Ann", "Bob"]
    assert len(read(two, "text/x-vcard", "x")[0]) == len(read(two, "application/octet-stream", "PEOPLE.VCF")[0]) == 2
    assert read(two, "text/plain", "people.txt") == ((), 0)


def test_other_charsets_and_marks():
    assert read(card("FN:Łucja Żak").encode("utf-16"))[0][0].name == "Łucja Żak"
    assert read(b"\xef\xbb\xbf" + card("FN:Łucja").encode())[0][0].name == "Łucja"
    assert read(card("FN:J\u00fcrgen Gr\u00fcn").encode("latin-1"))[0][0].name == "Jürgen Grün"


def test_broken_cards_are_counted_and_groups_are_none():
    assert read("BEGIN:VCARD\nFN:Ann\n") == ((), 1)
    assert read(card("VERSION:3.0", "X-NOTHING:1")) == ((), 1)
    assert read(card("FN:Ann") + "BEGIN:VCARD\nFN:Bo") == ((ContactCard(name="Ann"),), 1)
    assert read(card("KIND:group", "FN:Friends", "MEMBER:urn:x")) == ((), 0)
    assert read("no card at all") == ((), 0)
    assert read(b"\x00\xff=\r\n BEGIN:VCARD") == ((), 0)


def test_what_is_no_address_phone_or_page_is_left_out():
    found = read(
        card(
            "FN:A", "EMAIL:none", "EMAIL;TYPE=X400:c=US;a= @x", "URL:javascript:alert(1)", "URL:see my page", "URL:a@b.example",
            "IMPP:xmpp:a@b.example", "TEL;TYPE=pager:1",
        )
    )[0][0]  # fmt: skip

    assert found == ContactCard(name="A")


def test_the_number_of_cards_is_bounded():
    cards, broken = read(card("FN:A") * (MOST_CARDS + 50))

    assert (len(cards), broken) == (MOST_CARDS, 0)


def test_a_message_tells_its_cards_and_the_broken_one():
    part = "Content-Disposition: attachment; filename=a.vcf\nContent-Type: text/x-vcard; charset=utf-8\n"
    encoded = base64.encodebytes((card("FN:Łucja Żak") + "BEGIN:VCARD\nFN:cut").encode()).decode()
    raw = f"From: a@b.example\n{part}Content-Transfer-Encoding: base64\n\n{encoded}".encode()

    parsed = parse_message(raw)

    assert [found.name for found in parsed.cards] == ["Łucja Żak"]
    assert "bad_card" in [defect.code for defect in parsed.defects]
    assert parse_message(b"From: a@b.example\n\nHello").cards == ()


LINES = st.sampled_from(
    ["BEGIN:VCARD\n", "END:VCARD\n", "FN:A\n", "N;CHARSET=UTF-7:+2AA-\n", "TEL;", ":", "=\n", " folded\n", '"', "\\", ";;;",
     "\n", "\r",
     "EMAIL;ENCODING=QUOTED-PRINTABLE:=C3=\n", "ADR;ENCODING=B:////\n", "item1.ORG:x\\;y;z\n",
     "\x00", "TEL:tel:1;ext=\n"]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(LINES, max_size=30).map("".join).map(str.encode)))
def test_whatever_a_file_holds_its_cards_can_be_stored(content):
    for found in cards_of([file_of("a.vcf", "text/vcard", content)])[0]:
        for text in (found.name, found.title, found.company, found.address, *found.emails, *found.phones, *found.links):
            assert text.encode().find(b"\x00") < 0
