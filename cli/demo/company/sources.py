"""Turns a readable source of a message (UTF-8, LF) into the bytes that travelled.

A source looks like the mail itself. The encoder walks over it part by part and does what the headers say: it encodes
text to the declared charset, bodies to the declared transfer encoding, headers to RFC 2047, and puts a file where
`{{attachment:name}}` stands. It does not parse or repair, so a message that is broken in its source arrives broken.

A line `#key: value` in a header block speaks to the encoder and is not sent:
`#encode: koi8-r`  these bytes, whatever the header claims        `#as-is:`  the body is encoded already
`#header-charset: shift_jis`  for encoded words, else that of the first text        `#raw-headers:`  8-bit headers
"""

import base64
import quopri
import re
from collections.abc import Callable
from email.charset import BASE64, QP, Charset
from email.header import Header

_CHARSET = re.compile(r'charset="?([\w.:-]+)', re.I)
_BOUNDARY = re.compile(r'boundary="?([^";]+)', re.I)
_ATTACHMENT = re.compile(r"\{\{attachment:([^}]+)\}\}")
_NON_ASCII_PHRASE = re.compile(r'(?:"([^"]*[^\x00-\x7f"][^"]*)"|([^"<>,]*[^\x00-\x7f"<>,][^"<>,]*?))(?=\s*<)')
_ADDRESS_HEADERS = {"from", "to", "cc", "bcc", "sender", "reply-to", "resent-from", "resent-to"}
_QUOTED_PRINTABLE_FAMILIES = ("iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1252", "us-ascii")


def encode_source(source: str, attachment: Callable[[str], bytes]) -> bytes:
    """The bytes of one message. Raises `UnicodeEncodeError` when a text does not fit the charset it declares."""
    return _Encoder(source, attachment).encode()


class _Encoder:
    """Walks the lines of one source: header block, body up to the next boundary, header block …"""

    def __init__(self, source: str, attachment: Callable[[str], bytes]) -> None:
        self._lines = source.removesuffix("\n").split("\n")
        self._attachment = attachment
        self._delimiters: dict[str, bool] = {}
        found = _CHARSET.search(source)
        self._first_charset = found[1] if found else "utf-8"
        self._position = 0

    def encode(self) -> bytes:
        out = bytearray(self._headers_and_body())
        while self._position < len(self._lines):
            line = self._lines[self._position]
            self._position += 1
            out += line.encode() + b"\r\n"
            closing = self._delimiters[line]
            out += self._body({}) if closing else self._headers_and_body()
        return bytes(out)

    def _headers_and_body(self) -> bytes:
        headers, directives = self._header_block()
        rules = _rules(headers) | directives
        if boundary := _BOUNDARY.search(rules["type"]):
            self._delimiters |= {f"--{boundary[1]}": False, f"--{boundary[1]}--": True}
        charset = rules.get("header-charset") or rules.get("encode") or self._first_charset
        encoded = _encode_headers(headers, charset, raw="raw-headers" in rules)
        if rules["type"].startswith("message/rfc822"):
            return encoded + b"\r\n" + self._headers_and_body()
        return encoded + b"\r\n" + self._body(rules)

    def _header_block(self) -> tuple[list[str], dict[str, str]]:
        headers: list[str] = []
        directives: dict[str, str] = {}
        while self._position < len(self._lines):
            line = self._lines[self._position]
            self._position += 1
            if not line:
                break
            if line.startswith("#"):
                key, _, value = line[1:].partition(":")
                directives[key.strip()] = value.strip()
            elif line[0] in " \t" and headers:
                headers[-1] += "\n" + line
            else:
                headers.append(line)
        return headers, directives

    def _body(self, rules: dict[str, str]) -> bytes:
        start = self._position
        while self._position < len(self._lines) and self._lines[self._position] not in self._delimiters:
            self._position += 1
        text = "\r\n".join(self._lines[start : self._position])
        if start == self._position:
            return b""
        if marker := _ATTACHMENT.fullmatch(text.strip()):
            return _base64_lines(self._attachment(marker[1]))
        if "as-is" in rules:
            return text.encode("ascii") + b"\r\n"
        content = text.encode(rules.get("encode") or rules.get("charset") or "utf-8")
        if rules.get("transfer") == "base64":
            return _base64_lines(content)
        if rules.get("transfer") == "quoted-printable":
            return quopri.encodestring(content.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n") + b"\r\n"
        return content + b"\r\n"


def _rules(headers: list[str]) -> dict[str, str]:
    rules = {"type": "text/plain"}
    for header in headers:
        name, _, value = header.partition(":")
        if name.lower() == "content-type":
            rules["type"] = value.strip().lower() if "boundary" not in value else value.strip()
            if charset := _CHARSET.search(value):
                rules["charset"] = charset[1]
        elif name.lower() == "content-transfer-encoding":
            rules["transfer"] = value.strip().lower()
    return rules


def _encode_headers(headers: list[str], charset: str, *, raw: bool) -> bytes:
    out = bytearray()
    for header in headers:
        if header.isascii() or raw:
            out += header.replace("\n", "\r\n").encode(charset if raw else "ascii") + b"\r\n"
        else:
            name, _, value = header.partition(":")
            out += f"{name}: {_encoded_words(name, ' '.join(value.split()), charset)}\r\n".encode("ascii")
    return bytes(out)


def _encoded_words(name: str, value: str, charset: str) -> str:
    if name.lower() not in _ADDRESS_HEADERS:
        return _encoded_word(value, charset, first_line=len(name) + 2)
    return _NON_ASCII_PHRASE.sub(
        lambda match: " " + _encoded_word((match[1] or match[2]).strip(), charset, first_line=8), value
    ).strip()


def _encoded_word(text: str, charset: str, first_line: int) -> str:
    rules = Charset(charset)
    rules.header_encoding = QP if charset.lower() in _QUOTED_PRINTABLE_FAMILIES else BASE64
    header = Header(text, rules, maxlinelen=75, header_name="x" * max(0, first_line - 2))
    return header.encode(linesep="\r\n")


def _base64_lines(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")
