"""Forwarded messages taken out of the text: how single programs write them, and what is none."""

import pytest

from parsers.forward import forwarded_of
from parsers.reply.lines import lines_of

ORIGINAL = "Please call me.\n\nAnn"
ANN = "Ann Ray <ann@a.example>"
HEADER_DATE = "Mon, 2 Mar 2026 11:00:00 +0100"
BLOCK = f"From: {ANN}\nDate: {HEADER_DATE}\nSubject: Offer\nTo: bob@b.example\n"

# Name of the case: subject, text. Each says that Ann Ray wrote `ORIGINAL` to Bob about `Offer` in March 2026.
PROGRAMS = {
    "thunderbird, with organisation": (
        "Fwd: Offer",
        f"-------- Forwarded Message --------\nSubject: Offer\nDate: {HEADER_DATE}\nFrom: {ANN}\nOrganization: A Ltd\n"
        f"To: bob@b.example\n\n\n\n{ORIGINAL}\n",
    ),
    "mutt, whose subject tells the sender": (
        "[ann@a.example: Offer]",
        f"----- Forwarded message from {ANN} -----\n\nDate: {HEADER_DATE}\nFrom: {ANN}\nTo: bob@b.example\nSubject: Offer\n"
        f"User-Agent: Mutt/2.2\n\n{ORIGINAL}\n\n----- End forwarded message -----\n\n-- \nBob",
    ),
    "alpine": (
        "Re: Offer (fwd)",
        f"---------- Forwarded message ----------\nDate: {HEADER_DATE}\nFrom: {ANN}\nTo: bob@b.example\nSubject: Offer\n\n"
        f"{ORIGINAL}",
    ),
    "kmail": (
        "Fwd: Offer",
        "Hi\n\n----------  Forwarded Message  ----------\n\nSubject: Offer\nDate: Monday, 2 March 2026, 11:00:00 CET\n"
        f"From: {ANN}\nTo: bob@b.example\n\n{ORIGINAL}\n-----------------------------------------\n",
    ),
    "evolution": (
        "Fwd: Offer",
        f"-------- Forwarded Message --------\nFrom: {ANN}\nTo: bob@b.example\nSubject: Offer\nDate: {HEADER_DATE}\n\n"
        f"{ORIGINAL}",
    ),
    "roundcube": (
        "Fwd: Offer",
        f"-------- Original Message --------\nSubject: Offer\nDate: 2026-03-02 11:00\nFrom: {ANN}\nTo: bob@b.example\n\n"
        f"{ORIGINAL}",
    ),
    "roundcube, german": (
        "Fwd: Offer",
        "-------- Originalnachricht --------\nBetreff: Offer\nDatum: 02.03.2026 11:00\n"
        f"Absender: {ANN}\nEmpfänger: bob@b.example\n\n{ORIGINAL}",
    ),
    "squirrelmail, a rule below the headers": (
        "[Fwd: Offer]",
        "---------------------------- Original Message ----------------------------\nSubject: Offer\n"
        f'From:    "Ann Ray" <ann@a.example>\nDate:    Mon, March 2, 2026 11:00 am\nTo:      bob@b.example\n{"-" * 74}\n\n'
        f"{ORIGINAL}\n",
    ),
    "zoho, the separator twice": (
        "Fwd: Offer",
        f"============ Forwarded message ============\n{BLOCK}============ Forwarded message ============\n\n{ORIGINAL}",
    ),
    "zimbra": (
        "Fwd: Offer",
        '----- Forwarded Message -----\nFrom: "Ann Ray" <ann@a.example>\nTo: "bob" <bob@b.example>\n'
        f"Sent: Monday, March 2, 2026 11:00:00 AM\nSubject: Offer\n\n{ORIGINAL}",
    ),
    "zimbra, french": (
        "Fwd: Offer",
        '----- Mail transféré -----\nDe: "Ann Ray" <ann@a.example>\nÀ: "bob" <bob@b.example>\n'
        f"Envoyé: Lundi 2 Mars 2026 11:00:00\nObjet: Offer\n\n{ORIGINAL}",
    ),
    "horde": (
        "Fwd: Offer",
        f"\n----- Forwarded message from {ANN} -----\n    Date: {HEADER_DATE}\n    From: {ANN}\n Subject: Offer\n"
        f"      To: bob@b.example\n\n{ORIGINAL}\n\n\n----- End forwarded message -----\n",
    ),
    "proton, which quotes": (
        "Fw: Offer",
        "Sent with Proton Mail secure email.\n\n------- Forwarded Message -------\n"
        f"From: {ANN}\nDate: On Monday, March 2nd, 2026 at 11:00 AM\nSubject: Offer\nTo: bob@b.example <bob@b.example>\n\n"
        "> Please call me.\n>\n> Ann\n",
    ),
    "gmx": (
        "Fwd: Offer",
        'Gesendet: Montag, 02. März 2026 um 11:00 Uhr\nVon: "Ann Ray" <ann@a.example>\nAn: bob@b.example\nBetreff: Offer\n'
        f"{ORIGINAL}",
    ),
    "open-xchange, german": (
        "Fwd: Offer",
        f"---------- Ursprüngliche Nachricht ----------\nVon: {ANN}\nAn: bob@b.example\nDatum: 02.03.2026 11:00 CET\n"
        f"Betreff: Offer\n\n\n{ORIGINAL}",
    ),
    "mail.ru": (
        "Fwd: Offer",
        f"-------- Пересылаемое сообщение --------\nОт: {ANN}\nКому: Bob <bob@b.example>\n"
        f"Дата: Понедельник, 2 марта 2026, 11:00 +03:00\nТема: Offer\n\n{ORIGINAL}",
    ),
    "qq": (
        "转发：Offer",
        '------------------ 转发邮件信息 ------------------\n发件人: "Ann Ray" <ann@a.example>;\n'
        f'发送时间: 2026年3月2日(星期一) 中午11:00\n收件人: "bob"<bob@b.example>;\n主题: Offer\n\n{ORIGINAL}',
    ),
    "163": (
        "Fw:Offer",
        '---------- 转发的邮件 ----------\n发件人："Ann Ray" <ann@a.example>\n发送日期：2026-03-02 11:00:00\n'
        f"收件人：bob@b.example\n主题：Offer\n{ORIGINAL}",
    ),
    "naver": (
        "FW: Offer",
        '-----Original Message-----\nFrom: "Ann Ray"<ann@a.example>\nTo: "Bob"<bob@b.example>;\nCc:\n'
        f"Sent: 2026-03-02 (월) 11:00:00 (GMT+09:00)\nSubject: Offer\n\n{ORIGINAL}",
    ),
    "notes": (
        "Fw: Offer",
        f"----- Forwarded by Bob Low/Sales/B on 02.03.2026 12:00 -----\n\nFrom:\t{ANN}\nTo:\tbob@b.example\n"
        f"Date:\t02.03.2026 11:00\nSubject:\tOffer\n\n\n\n{ORIGINAL}",
    ),
    "notes, german": (
        "WG: Offer",
        f"-----Weitergeleitet von Bob Low/Sales/B am 02.03.2026 12:00 -----\nAn: bob@b.example\nVon: {ANN}\n"
        f"Datum: 02.03.2026 11:00\nBetreff: Offer\n\n{ORIGINAL}",
    ),
    "spark": (
        "Fwd: Offer",
        f"---------- Forwarded message ----------\nFrom: {ANN}\nDate: 2 Mar 2026, 11:00 +0100\nTo: bob@b.example\n"
        "Subject: Offer\n\n> Please call me.\n>\n> Ann\n",
    ),
    "samsung": (
        "Fwd: Offer",
        f"Sent from my Galaxy\n\n\n-------- Original message --------\nFrom: {ANN}\nDate: 02/03/2026 11:00 (GMT+01:00)\n"
        f"To: bob@b.example\nSubject: Offer\n\n{ORIGINAL}",
    ),
    "a customer desk, small labels": (
        "Fwd: Offer",
        f"---------- Forwarded message ---------\nfrom: {ANN}\ndate: Mon, Mar 2, 2026, 11:00 AM\nsubject: Offer\n"
        f"to: bob@b.example\n\n{ORIGINAL}",
    ),
    "fastmail": (
        "Fwd: Offer",
        f"----- Original message -----\nFrom: {ANN}\nTo: Bob <bob@b.example>\nSubject: Offer\n"
        f"Date: Monday, 2 March 2026 11:00\n\n{ORIGINAL}",
    ),
    "outlook for ios": (
        "Fw: Offer",
        f"Can you?\n\nGet Outlook for iOS<https://aka.example/o>\n{'_' * 32}\nFrom: {ANN}\n"
        f"Sent: Monday, March 2, 2026 11:00:00 AM\nTo: Bob <bob@b.example>\nSubject: Offer\n\n{ORIGINAL}",
    ),
    "outlook for mac, polish": (
        "FW: Offer",
        f"Od: {ANN}\nData: poniedziałek, 2 marca 2026 11:00\nDo: Bob <bob@b.example>\nTemat: Offer\n\n{ORIGINAL}",
    ),
    "outlook, link behind the address": (
        "FW: Offer",
        "From: Ann Ray <ann@a.example<mailto:ann@a.example>>\nSent: Monday, March 2, 2026 11:00 AM\n"
        f"To: bob@b.example<mailto:bob@b.example>\nSubject: Offer\n\n{ORIGINAL}",
    ),
    "header lines as paragraphs": (
        "FW: Offer",
        f"See below.\n\nFrom: {ANN}\n\nSent: Monday, March 2, 2026 11:00 AM\n\nTo: bob@b.example\n\nSubject: Offer\n\n{ORIGINAL}",
    ),
    "address wrapped to the next line": (
        "Fwd: Offer",
        "---------- Forwarded message ---------\nFrom: Ann Ray\n<ann@a.example>\nDate: Mon, Mar 2, 2026 at 11:00 AM\n"
        f"Subject: Offer\nTo: bob@b.example\n\n{ORIGINAL}",
    ),
    "subject says nothing": ("Please look", f"---------- Forwarded message ---------\n{BLOCK}\n{ORIGINAL}"),
    "indented": (
        "Fwd: Offer",
        f"---------- Forwarded message ---------\n{BLOCK}\n    Please call me.\n\n    Ann\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name):
    subject, text = PROGRAMS[name]

    found = forwarded_of(subject, lines_of(text))

    assert found is not None
    assert (found.from_.name, found.from_.address) == ("Ann Ray", "ann@a.example")
    assert [address.address for address in found.to] == ["bob@b.example"]
    assert (found.subject, found.text) == ("Offer", ORIGINAL)
    assert "2026" in found.date


def test_yandex_writes_an_attribution_below_its_separator_and_an_end():
    text = (
        'Посмотрите\n\n-------- Пересылаемое сообщение --------\n02.03.2026, 11:00, "Ann Ray" <ann@a.example>:\n\n'
        f"{ORIGINAL}\n\n-------- Конец пересылаемого сообщения --------\n\n-- \nBob"
    )

    found = forwarded_of("Fwd: Offer", lines_of(text))

    assert (found.from_.name, found.from_.address) == ("Ann Ray", "ann@a.example")
    assert (found.date, found.subject, found.text) == ("02.03.2026, 11:00", "Offer", ORIGINAL)


def test_the_outermost_of_nested_forwards_is_the_answer():
    head = f"From: Eve <eve@e.example>\nDate: {HEADER_DATE}\nSubject: Deep\nTo: x@y.example\n"
    inner = f"---------- Forwarded message ---------\n{head}\nHi"
    text = f"Look\n\n---------- Forwarded message ---------\n{BLOCK}\n{inner}"

    found = forwarded_of("Fwd: Fwd: Offer", lines_of(text))

    assert (found.from_.address, found.subject) == ("ann@a.example", "Offer")
    assert found.text == inner


def test_a_forwarded_chain_keeps_what_its_author_quoted():
    chain = "Yes.\n\nFrom: Bob <bob@b.example>\nSent: Sunday, March 1, 2026 9:00 AM\nTo: Ann\nSubject: Offer\n\nStill valid?"
    text = f"FYI\n\nFrom: {ANN}\nSent: Monday, March 2, 2026 11:00 AM\nTo: Bob <bob@b.example>\nSubject: RE: Offer\n\n{chain}"

    found = forwarded_of("FW: Offer", lines_of(text))

    assert (found.from_.address, found.subject, found.text) == ("ann@a.example", "RE: Offer", chain)


def test_the_message_id_where_it_is_copied():
    text = f"---------- Forwarded message ---------\nMessage-ID: <m7@a.example>\n{BLOCK}\nHi"

    assert forwarded_of("Fwd: Offer", lines_of(text)).message_id == "m7@a.example"


def test_an_attribution_counts_only_when_the_subject_says_forward():
    text = 'On 2/3/2026 11:00, "Ann" <ann@a.example> wrote:\n\n    Please call me.\n'

    forwarded = forwarded_of("FW: Offer", lines_of(text))

    assert forwarded is not None
    assert forwarded.from_ is not None
    assert forwarded.from_.address == "ann@a.example"
    assert (forwarded.subject, forwarded.text) == ("Offer", "Please call me.")
    assert forwarded_of("Re: Offer", lines_of(text)) is None


OUTLOOK_BLOCK = "From: Ann\nSent: Monday, March 2, 2026 11:00 AM\nTo: Bob\nSubject: Offer\n\nHi"
NONE = {
    "answer in outlook": ("RE: Offer", f"Yes\n\n{OUTLOOK_BLOCK}"),
    "answer below a separator": ("Re: Offer", f"Yes\n\n-----Original Message-----\n{OUTLOOK_BLOCK}"),
    "answer on a samsung phone": ("Re: Offer", f"Yes\n\n-------- Original message --------\n{BLOCK}\nHi"),
    "answer to a forward, quoted": (
        "Re: Fwd: Offer",
        f"Thanks\n\nOn Mon, 2 Mar 2026 at 12:00, Bob <bob@b.example> wrote:\n\n> ---------- Forwarded message ---------\n"
        f"> From: {ANN}\n> Date: {HEADER_DATE}\n> Subject: Offer\n> To: bob@b.example\n>\n> Hi",
    ),
    "answer to a forward, in outlook": (
        "RE: FW: Offer",
        f"Thanks\n\n{OUTLOOK_BLOCK}\n\n---------- Forwarded message ---------\n{BLOCK}\nHi",
    ),
    "answer to a forward, without prefix": (
        "Offer",
        f"Thanks\n\nOn Mon, 2 Mar 2026 at 12:00, Bob <bob@b.example> wrote:\n> ---------- Forwarded message ---------\n"
        f"> From: {ANN}\n> Subject: Offer\n> To: bob@b.example\n>\n> Hi",
    ),
    "a journey": ("Fwd: Trip", "From: Berlin\nTo: Rome\n\nBye"),
    "a person who talks of forwards": ("Offer", "I forwarded message 5 to Ann.\n---\nBye"),
    "a separator and nothing": ("Fwd: Offer", "---------- Forwarded message ---------\n\n"),
    "a prefix and nothing": ("Fwd: Offer", "As promised, see the file."),
    "a form": ("New enquiry", f"Name: Ann\nFrom: {ANN}\nSubject: Offer\nMessage: hello"),
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_forward(name):
    subject, text = NONE[name]

    assert forwarded_of(subject, lines_of(text)) is None
