"""Forwarded messages taken out of the text."""

import pytest

from parsers.forward import forwarded_of
from parsers.lines import lines_of

ORIGINAL = "Please call me.\n\nAnn"
CASES = {
    "gmail": (
        "Fwd: Offer",
        "FYI\n\n---------- Forwarded message ---------\nFrom: Ann <ann@a.example>\nDate: Mon, Mar 2, 2026 at 11:00 AM\n"
        "Subject: Offer\nTo: <bob@b.example>\n\n" + ORIGINAL,
    ),
    "apple mail, quoted, german": (
        "Fwd: Offer",
        "> Anfang der weitergeleiteten Nachricht:\n>\n> Von: Ann <ann@a.example>\n> Betreff: Offer\n"
        "> Datum: 2. März 2026 um 11:00\n> An: bob@b.example\n>\n> Please call me.\n>\n> Ann",
    ),
    "outlook, french": (
        "TR: Offer",
        "________________________________\nDe : Ann <ann@a.example>\nEnvoyé : lundi 2 mars 2026 11:00\n"
        "À : bob@b.example\nObjet : Offer\n\n" + ORIGINAL,
    ),
    "yahoo, in one line, spanish": (
        "Fwd: Offer",
        "  ----- Mensaje reenviado ----- De: Ann <ann@a.example>Para: bob@b.example <bob@b.example>"
        "Enviado: lunes, 2 de marzo de 2026 11:00Asunto: Offer\n" + ORIGINAL,
    ),
    "thunderbird, russian": (
        "Fwd: Offer",
        "-------- Перенаправленное сообщение --------\nТема: \tOffer\nДата: \tMon, 2 Mar 2026 11:00:00 +0100\n"
        "От: \tAnn <ann@a.example>\nКому: \tbob@b.example\n\n\n" + ORIGINAL,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_programs_and_languages(name):
    subject, text = CASES[name]

    forwarded = forwarded_of(subject, lines_of(text))

    assert forwarded is not None
    assert forwarded.from_ is not None
    assert (forwarded.from_.name, forwarded.from_.address) == ("Ann", "ann@a.example")
    assert [address.address for address in forwarded.to] == ["bob@b.example"]
    assert forwarded.subject == "Offer"
    assert forwarded.date
    assert "2026" in forwarded.date
    assert forwarded.text == ORIGINAL


def test_an_attribution_counts_only_when_the_subject_says_forward():
    text = 'On 2/3/2026 11:00, "Ann" <ann@a.example> wrote:\n\n    Please call me.\n'

    forwarded = forwarded_of("FW: Offer", lines_of(text))

    assert forwarded is not None
    assert forwarded.from_ is not None
    assert forwarded.from_.address == "ann@a.example"
    assert (forwarded.subject, forwarded.text) == ("Offer", "Please call me.")
    assert forwarded_of("Re: Offer", lines_of(text)) is None


def test_an_answer_is_no_forward():
    text = "Yes\n\n-----Original Message-----\nFrom: Ann <ann@a.example>\nSent: Monday\nTo: Bob\nSubject: Offer\n\nHi"

    assert forwarded_of("Re: Offer", lines_of(text)) is None
    assert forwarded_of("Offer", lines_of("I forwarded message 5 to Ann.\n---\nBye")) is None
