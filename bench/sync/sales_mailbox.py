"""The mailbox of the first sync: a sales inbox of 14 KB a mail on average, the same mails at every call.

Of a hundred mails 50 are plain letters, 20 letters in text and HTML, 20 newsletters of 60 HTML paragraphs, 10 letters
with files. Letters come in threads, three of four from people who are contacts, quote what they answer, and have the
headers that four servers left on them. Bytes are put together by hand: ten times as fast as `EmailMessage`.
"""

import base64
import binascii
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime

from bench.sync.vocabulary import LANGUAGES, LEGACY_CHARSET, SHARE, sentences

OURS = "sales@ourhouse.example"
CONTACTS = 700
STRANGERS = 230
PARAGRAPHS = 60
NEWSLETTER_BEGINS = 0.35
"""So often a newsletter comes next rather than a thread, whose letters are two on average."""
START = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)
LINK = '<a href="https://shop{shop}.example/item/{number}?ref={at}" style="color:#0a58ca">{word}</a>'
PARAGRAPH = '<p style="margin:0 0 16px 0;font-family:Arial,Helvetica,sans-serif;font-size:15px">{text} {link}</p>'


@dataclass(frozen=True, slots=True)
class Mail:
    """One raw mail, and what must come of it."""

    raw: bytes
    from_contact: bool
    files: int


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who writes to us, in one language and with one program's habits."""

    name: str
    address: str
    language: str
    charset: str
    is_contact: bool


def contact_addresses() -> list[tuple[str, str]]:
    """Name and address of everybody who is in the books."""
    return [(author.name, author.address) for author in _authors(random.Random(1)) if author.is_contact]


def sales_mailbox(count: int) -> Iterator[Mail]:
    """Exactly `count` mails, oldest first."""
    chance = random.Random(7)
    authors = _authors(random.Random(1))
    at, number = START, 0
    while number < count:
        at += timedelta(minutes=chance.randint(1, 60))
        if chance.random() < NEWSLETTER_BEGINS:
            number += 1
            yield _newsletter(chance, number, at)
            continue
        for mail in _thread(chance, number, at, chance.choice(authors)):
            number += 1
            yield mail
            if number == count:
                return


def _authors(chance: random.Random) -> list[Author]:
    authors = []
    for number in range(CONTACTS + STRANGERS):
        language = chance.choices(LANGUAGES, SHARE)[0]
        charset = LEGACY_CHARSET[language] if chance.random() < 0.25 else "utf-8"
        address = f"person{number}@client{number // 2}.example"
        authors.append(Author(f"Zoë Person {number}", address, language, charset, number < CONTACTS))
    return authors


def _thread(chance: random.Random, number: int, at: datetime, author: Author) -> Iterator[Mail]:
    """A person's letters about one thing; our answers to them lie in Sent, and are cited and quoted only."""
    subject = f"{chance.choice(sentences(author.language)).rstrip('.')} {number}"
    cited: list[str] = []
    before = ""
    for position in range(chance.choice([1, 1, 1, 2, 2, 3, 5])):
        own_id = f"<{number}.{position}.{chance.getrandbits(64):x}@{author.address.partition('@')[2]}>"
        headers = _headers(chance, own_id, f"{_encoded(author.name)} <{author.address}>", at + timedelta(days=position))
        headers.append(f"Subject: {_encoded(subject if not cited else f'Re: {subject}')}")
        if cited:
            headers += [f"In-Reply-To: {cited[-1]}", "References: " + "\r\n ".join(cited)]
        cited += [own_id, f"<{number}.{position}.answer@ourhouse.example>"]
        text = _letter(chance, author)
        body, files = _letter_body(chance, author, text + before)
        before = f"\n\nOn Mon, 6 Jan 2025 at 10:00, Sales <{OURS}> wrote:\n" + _quoted(text)
        yield Mail("\r\n".join(headers).encode() + b"\r\n" + body, author.is_contact, files)


def _letter(chance: random.Random, author: Author) -> str:
    lines = [" ".join(chance.sample(sentences(author.language), 2)) for _ in range(chance.randint(2, 14))]
    return "\n\n".join(lines) + f"\n\n-- \n{author.name}\nClient & Sons\n+44 20 7946 {chance.randint(1000, 9999)}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _letter_body(chance: random.Random, author: Author, text: str) -> tuple[bytes, int]:
    """Content headers and body; and how many files there are."""
    plain = _text_part("plain", text, author.charset, chance)
    kind = chance.random()
    if kind < 0.625:
        return plain, 0
    if kind < 0.875:
        html = "".join(f"<p>{line}</p>" for line in text.replace("&", "&amp;").replace(">", "&gt;").split("\n\n"))
        marked_up = _text_part("html", f"<html><body>{html}</body></html>", author.charset, chance)
        return _multipart("alternative", [plain, marked_up], chance), 0
    files = [_file(chance, number) for number in range(chance.choice([1, 1, 1, 2]))]
    return _multipart("mixed", [plain, *files], chance), len(files)


def _newsletter(chance: random.Random, number: int, at: datetime) -> Mail:
    shop, language = chance.randint(1, 40), chance.choices(LANGUAGES, SHARE)[0]
    own_id = f"<news.{number}@shop{shop}.example>"
    headers = _headers(chance, own_id, f"News <news@shop{shop}.example>", at)
    chosen = chance.sample(sentences(language), PARAGRAPHS)
    headers += [
        f"Subject: {_encoded(chosen[0])}",
        f"List-Id: <news.shop{shop}.example>",
        f"List-Unsubscribe: <https://shop{shop}.example/leave/{number}>",
        "Precedence: bulk",
    ]
    html = ["<html><head><style>p {color:#333}</style></head><body><table width=600><tr><td>"]
    for place, sentence in enumerate(chosen):
        link = LINK.format(shop=shop, number=number, at=place, word=sentence.split()[0])
        html.append(PARAGRAPH.format(text=sentence, link=link))
    html.append(f'<img src="https://shop{shop}.example/seen/{number}.gif" width=1 height=1></td></tr></table></body>')
    parts = [_text_part("plain", "\n\n".join(chosen), "utf-8", chance), _html(html, chance)]
    return Mail("\r\n".join(headers).encode() + b"\r\n" + _multipart("alternative", parts, chance), False, 0)


def _html(pieces: list[str], chance: random.Random) -> bytes:
    return _text_part("html", "\n".join([*pieces, "</html>"]), "utf-8", chance)


def _headers(chance: random.Random, own_id: str, from_: str, at: datetime) -> list[str]:
    """What a mail has gathered on its way through four servers, topmost first."""
    when = format_datetime(at)
    headers = [f"Return-Path: <bounce-{chance.getrandbits(32):x}@mx.example>", f"Delivered-To: {OURS}"]
    headers += [
        f"Received: from mx{hop}.example (mx{hop}.example [192.0.2.{hop}])\r\n\tby mx{hop - 1}.example (Postfix) with "
        f"ESMTPS id {chance.getrandbits(60):x}\r\n\tfor <{OURS}>; {when}"
        for hop in range(4, 0, -1)
    ]
    signature = base64.b64encode(chance.randbytes(256)).decode()
    headers += [
        "Authentication-Results: mx.ourhouse.example; dkim=pass header.d=client.example; spf=pass; dmarc=pass",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=client.example; s=s1;\r\n\th=from:to:subject:date;\r\n\tb="
        + "\r\n\t ".join(signature[at : at + 70] for at in range(0, len(signature), 70)),
        f"From: {from_}",
        f"To: Sales <{OURS}>",
        f"Date: {when}",
        f"Message-ID: {own_id}",
        "MIME-Version: 1.0",
    ]
    return headers


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode(linesep="\r\n")


def _text_part(subtype: str, text: str, charset: str, chance: random.Random) -> bytes:
    """A text part with its content headers; 8bit, quoted-printable or base64, as programs differ."""
    data = text.encode(charset, "replace").replace(b"\n", b"\r\n")
    longest = max(map(len, data.split(b"\r\n")))
    encoding = chance.choice(["quoted-printable", "quoted-printable", "base64", "8bit"])
    if encoding == "8bit" and longest > 990:
        encoding = "quoted-printable"
    head = f"Content-Type: text/{subtype}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    if encoding == "quoted-printable":
        data = binascii.b2a_qp(data, istext=True)
    elif encoding == "base64":
        data = _base64_lines(data)
    return head + data + b"\r\n"


def _file(chance: random.Random, number: int) -> bytes:
    content = _base64_lines(b"%PDF-1.7\n" + chance.randbytes(chance.randint(4_000, 70_000)))
    name = f'Content-Disposition: attachment; filename="offer {number}.pdf"'
    head = f"Content-Type: application/pdf\r\n{name}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + content + b"\r\n"


def _base64_lines(data: bytes) -> bytes:
    encoded = base64.b64encode(data)
    return b"\r\n".join(encoded[at : at + 76] for at in range(0, len(encoded), 76))


def _multipart(subtype: str, parts: list[bytes], chance: random.Random) -> bytes:
    boundary = f"=_{chance.getrandbits(96):x}".encode()
    head = b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n' % (subtype.encode(), boundary)
    return head + b"".join(b"--" + boundary + b"\r\n" + part for part in parts) + b"--" + boundary + b"--\r\n"
