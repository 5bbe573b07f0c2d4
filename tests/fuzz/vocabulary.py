"""What mail is made of: the pieces that fuzzers put together. Words of languages come from `parsers/phrases`."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

from parsers import phrases

LONGEST_WORD = 60
MARKS = (*(bytes([code]) for code in range(33, 127) if not chr(code).isalnum()), b"0", b"a", b" ", b"\t", b"\xff")
LINES = (b"\n", b"\n\n", b"\n ", b"\n> ", b"> ", b">", b"a\n", b"\r", b"\r\n", b"\xc2\xa0\n")
PIECES = (
    b'\n\n', b'\r\n', b'\r', b'\x00', b'\xff\xfe', b'\xef\xbb\xbf', b'\xed\xa0\x80', b'From: ', b'From a@b ', b'To: ',
    b'Cc: ', b'Bcc: ', b'Sender: ', b'Reply-To: ', b'Subject: ', b'Date: ', b'Message-ID: <', b'In-Reply-To: <',
    b'References: <', b'Return-Path: <>', b'Received: from ', b'Auto-Submitted: auto-replied', b'Precedence: bulk',
    b'List-Id: <', b'List-Unsubscribe: <', b'X-Failed-Recipients: ', b'X-Autoreply: yes', b'Content-Type: ',
    b'Content-Transfer-Encoding: ', b'Content-Disposition: attachment; filename=', b'Content-ID: <',
    b'MIME-Version: 1.0', b'multipart/mixed; boundary=', b'multipart/alternative; boundary=',
    b'multipart/related; boundary=', b'multipart/report; report-type=delivery-status; boundary=',
    b'multipart/signed; boundary=', b'multipart/encrypted; boundary=', b'message/rfc822', b'message/partial',
    b'message/delivery-status', b'message/feedback-report', b'message/disposition-notification',
    b'text/plain; format=flowed; delsp=yes', b'text/html', b'text/calendar; method=REQUEST', b'text/vcard',
    b'text/x-vcard', b'application/ms-tnef', b'application/pkcs7-mime', b'application/octet-stream', b'charset=utf-8',
    b'charset=utf-7', b'charset=utf-16', b'charset=iso-2022-jp', b'charset=gb2312', b'charset=hz-gb-2312',
    b'charset=iso-8859-8-i', b'charset=rot13', b'charset=unicode_escape', b'charset=idna', b"name*0*=utf-8''",
    b'name*1=%', b'base64', b'quoted-printable', b'uuencode', b'binary', b'=?utf-8?q?', b'=?utf-8?b?',
    b'=?iso-2022-jp?B?', b'?=', b'=\n', b'=3D', b'+2AA-', b'\x1b$B', b'~{', b'--b', b'--b--', b'\n--b\n',
    b'begin 644 x\n', b'\nend\n', b'-- \n', b'> ', b'>From ', b'-----Original Message-----',
    b'---------- Forwarded message ---------', b'Begin forwarded message:', b'________________________________',
    b'On Mon, Mar 2, 2026 at 11:00 AM Ann <a@b.example> wrote:', b'-----BEGIN PGP MESSAGE-----',
    b'-----BEGIN PGP SIGNED MESSAGE-----', b'BEGIN:VCALENDAR', b'BEGIN:VEVENT', b'END:VEVENT', b'DTSTART;TZID=',
    b'DTSTART;VALUE=DATE:20260302', b'DURATION:P1D', b'RRULE:FREQ=DAILY', b'ATTENDEE;PARTSTAT=ACCEPTED:mailto:',
    b'BEGIN:VCARD', b'END:VCARD', b'TEL;TYPE=CELL:', b'N;ENCODING=QUOTED-PRINTABLE:', b'Reporting-MTA: dns; ',
    b'Final-Recipient: rfc822; ', b'Original-Recipient: rfc822;', b'Action: failed', b'Status: 5.1.1',
    b'Diagnostic-Code: smtp; 550 ', b'Feedback-Type: abuse', b'Arrival-Date: ', b'550 5.1.1 <', b'<html>', b'<body>',
    b'<p>', b'<br>', b'<div>', b'<div class="gmail_quote">', b'<div style="display:none">',
    b'<blockquote type="cite">', b'</blockquote>', b'<table><tr><td>', b'<img src="cid:', b'<img src="http://',
    b'<a href="javascript:', b'<style>', b'<script>', b'<!--', b'-->', b'<![CDATA[', b'&#xD800;', b'&#0;', b'&nbsp;',
    b'&amp;', b'style="background:url(http://x)"', b'@', b'<a@b.example>', b'"\\"', b'((', b'[198.51.100.1]', b'xn--',
    b'%3C', b'x\x9f>"',
)  # fmt: skip


def vocabulary() -> list[bytes]:
    """Pieces and words, in an order that stays the same."""
    found = dict.fromkeys(PIECES)
    for module in pkgutil.iter_modules(phrases.__path__, "parsers.phrases."):
        data = [value for name, value in vars(import_module(module.name)).items() if name.isupper()]
        found |= dict.fromkeys(sorted(word.encode() for word in words_of(data) if 2 < len(word) <= LONGEST_WORD))
    return list(found)


def words_of(value: object) -> Iterator[str]:
    """Strings in language data, and of patterns what is spelled out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, re.Pattern):
        yield from re.findall(r"[\w -]{4,}", str(value.pattern))
    elif isinstance(value, dict):
        yield from words_of([*value, *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from words_of(item)
