"""Contact cards out of signatures, each field exactly as the signature tells it: how people lay them out."""

import pytest

from parsers.contact_card import contact_of
from parsers.model import Address, Kind
from unit.parsers.contact_card.reading import card

# What it shows: name and address of From, the signature, the card.
CASES = {
    "english, one thing a line": (
        "Ann Ray", "ann@acme.example",
        "Best regards,\n\nAnn Ray\nHead of Sales\nAcme Ltd\n12 High Street\nLondon W1A 1AA\n"
        "T: +44 20 7946 0000\nM: +44 7700 900123\nwww.acme.example",
        card("Ann Ray", "Head of Sales", "Acme Ltd", ("+44 20 7946 0000", "+44 7700 900123"),
             ("https://www.acme.example",), "12 High Street, London W1A 1AA"),
    ),
    "american, bars": (
        "Bob Low", "bob@widgets.example",
        "--\nBob Low | Account Executive | Widgets, Inc.\n"
        "(512) 555-0100 x12 | bob@widgets.example | https://widgets.example\n"
        "500 Congress Ave, Suite 200, Austin, TX 78701",
        card("Bob Low", "Account Executive", "Widgets, Inc.", ("(512) 555-0100 x12",),
             ("https://widgets.example",), "500 Congress Ave, Suite 200, Austin, TX 78701",
             ("bob@widgets.example",)),
    ),
    "american, dashes": (
        "Bob Low", "bob@widgets.example",
        "Thanks,\nBob Low\nSenior Software Engineer\nWidgets LLC\n512-555-0100",
        card("Bob Low", "Senior Software Engineer", "Widgets LLC", ("512-555-0100",)),
    ),
    "american, dots and labels behind": (
        "Bob Low", "bob@widgets.example",
        "Bob Low\nVP of Marketing, Widgets Corp.\n512.555.0100 (office)\n512.555.0101 (mobile)\n"
        "512.555.0199 (fax)",
        card("Bob Low", "VP of Marketing", "Widgets Corp.", ("512.555.0100", "512.555.0101")),
    ),
    "title at company": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone\nProduct Manager at Nimbus\nlinkedin.com/in/evestone",
        card("Eve Stone", "Product Manager", "Nimbus", (), ("https://linkedin.com/in/evestone",)),
    ),
    "company by the domain only": (
        "Eve Stone", "eve@blue-harbour.example",
        "Kind regards,\nEve\n\nEve Stone\nOffice Manager\nBlue Harbour\n+353 1 555 0100",
        card("Eve Stone", "Office Manager", "Blue Harbour", ("+353 1 555 0100",)),
    ),
    "bullets": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone • Founder & CEO • Nimbus Labs\nMobile: +1 415 555 0134 • nimbus.example",
        card("Eve Stone", "Founder & CEO", "Nimbus Labs", ("+1 415 555 0134",), ("https://nimbus.example",)),
    ),
    "middle dots": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone · Designer · +1 415 555 0134 · https://x.com/evestone",
        card("Eve Stone", "Designer", "", ("+1 415 555 0134",), ("https://x.com/evestone",)),
    ),
    "from tells only the first name": (
        "Eve", "eve@nimbus.example",
        "Cheers,\nEve Stone",
        card("Eve Stone"),
    ),
    "from tells no name, the address does": (
        "", "eve.stone@nimbus.example",
        "Regards\nEve Stone\nAccountant",
        card("Eve Stone", "Accountant"),
    ),
    "from tells the family name first": (
        "Stone, Eve", "eve@nimbus.example",
        "Eve Stone\nLegal Counsel",
        card("Eve Stone", "Legal Counsel"),
    ),
    "degrees and pronouns": (
        "Eve Stone", "eve@clinic.example",
        "Dr. Eve Stone, MD, PhD (she/her)\nMedical Director\nTel 020 7946 0123",
        card("Dr. Eve Stone, MD, PhD", "Medical Director", "", ("020 7946 0123",)),
    ),
    "university": (
        "Eve Stone", "e.stone@uni.example",
        "--\nProf. Eve Stone\nProfessor of Chemistry\nUniversity of Exampleton\nRoom 12",
        card("Prof. Eve Stone", "Professor of Chemistry", "University of Exampleton"),
    ),
    "links of an html signature": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone\nCustomer Success Manager\nNimbus <https://www.nimbus.example/>\n"
        "LinkedIn <https://www.linkedin.com/in/eve> Twitter <https://twitter.com/eve>\n"
        "eve@nimbus.example",
        card("Eve Stone", "Customer Success Manager", "Nimbus", (),
             ("https://www.nimbus.example/", "https://www.linkedin.com/in/eve", "https://twitter.com/eve"), "",
             ("eve@nimbus.example",)),
    ),
    "link behind microsoft's guard": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone\nSales Director\n"
        "Web "
        "<https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.nimbus.example%2F&data=0"
        "5%7C01&reserved=0>",
        card("Eve Stone", "Sales Director", "", (), ("https://www.nimbus.example/",)),
    ),
    "several numbers in a line": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone\nPartner\nT +44 20 7946 0000 M +44 7700 900123 F +44 20 7946 0099",
        card("Eve Stone", "Partner", "", ("+44 20 7946 0000", "+44 7700 900123")),
    ),
    "whatsapp and direct line": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone\nBuyer\nDirect: 020 7946 0000 ext. 12\nWhatsApp: 07700 900123",
        card("Eve Stone", "Buyer", "", ("020 7946 0000 ext. 12", "07700 900123")),
    ),
    "australian": (
        "Kim Lee", "kim@outback.example",
        "Kim Lee\nOperations Manager\nOutback Tours Pty Ltd\nPh: (02) 5550 0100\n"
        "Level 3, 20 George St, Sydney NSW 2000",
        card("Kim Lee", "Operations Manager", "Outback Tours Pty Ltd", ("(02) 5550 0100",), (),
             "Level 3, 20 George St, Sydney NSW 2000"),
    ),
    "name and title in one line": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone – Head of Support\nNimbus Inc\n+1 415 555 0134",
        card("Eve Stone", "Head of Support", "Nimbus Inc", ("+1 415 555 0134",)),
    ),
    "then a disclaimer": (
        "Eve Stone", "eve@nimbus.example",
        "Eve Stone\nSolicitor\nStone & Partners LLP\n020 7946 0000\n\n"
        "This e-mail is confidential. If you are not Acme Ltd or the intended recipient call +44 20 "
        "7946 9999 and delete it.",
        card("Eve Stone", "Solicitor", "Stone & Partners LLP", ("020 7946 0000",)),
    ),
    "another address of the author": (
        "Eve Stone", "eve@gmail.example",
        "Eve\neve.stone@nimbus.example",
        card(emails=("eve.stone@nimbus.example",)),
    ),
    "a shared mailbox": (
        "", "sales@nimbus.example",
        "Best regards,\nEve Stone\nSales Representative\nNimbus Ltd.",
        card("Eve Stone", "Sales Representative", "Nimbus Ltd."),
    ),
    "only a phone": (
        "Eve Stone", "eve@nimbus.example",
        "-- \nEve Stone\nm. +1 415 555 0134",
        card("Eve Stone", phones=("+1 415 555 0134",)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_signatures(name):
    author, address, signature, expected = CASES[name]

    assert contact_of(Kind.NORMAL, signature, Address(author, address)) == expected
