"""What a report tells about the SMTP dialogue that failed: which command was answered, with what code, by which host."""

import re
from dataclasses import dataclass

from parsers.phrases.dialogue import AFTER_HOST, ANSWERED, BEFORE_HOST, COMMANDS, NO_RECIPIENT, SENT

LONGEST = 4_000
NAME = r"(?:[A-Za-z0-9_-]{1,63}\.){1,8}[A-Za-z][A-Za-z0-9-]{1,62}|\[?\d{1,3}(?:\.\d{1,3}){3}\b"
HOST = re.compile(NAME)
HOST_BEHIND = re.compile(rf"[ :(]{{1,3}}({NAME})")
HOST_WITH_PLACE = re.compile(rf" ({NAME})\.? \[")
HOST_BEFORE = re.compile(rf"({NAME}) (?:\[[\da-f.:]{{2,45}}\] )?\Z")
REPLY_CODE = re.compile(r"[45](?<![^\s;:'\"<>(#=,\[-].)[0-5]\d(?=[ \-:;#,)'\"<>\]]|\.(?!\d)|$)", re.DOTALL)
OTHER_NUMBERS = re.compile(r"^\s{0,2}(?:seconds|minutes|hours|days|messages|recipients|bytes|[km]b)\b", re.IGNORECASE)
TURN = re.compile(
    rf"(?:^|(?<=\s))(?:(?:{'|'.join(map(re.escape, SENT))})\s{{0,4}}(rcpt|mail|data|bdat|helo|ehlo|lhlo|\.(?=\s|$))"
    rf"|(?:{'|'.join(map(re.escape, ANSWERED))})\s{{0,4}}(\d\d\d)(?=(.{{0,80}})))",
    re.IGNORECASE,
)
ANSWERS = tuple(f" {mark}" for mark in ANSWERED)
COPIED = ("<<<", "<--", "Out: ")
"""What shows that the whole dialogue was copied."""
HOST_WORDS = (*((words, HOST_BEHIND) for words in BEFORE_HOST), (" by", HOST_WITH_PLACE))
STEP = {"bdat": "BODY", ".": "BODY", "ehlo": "HELO", "lhlo": "HELO"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What could be told of the dialogue; what could not is empty. Commands as in `failure.Failure`."""

    command: str
    reply_code: str


def spoken_in(words: str, around: str) -> Spoken:
    """The dialogue by the words about one recipient, and by what stands around them where those say nothing."""
    words, around = words[:LONGEST], around[:LONGEST]
    said, said_around = _in_one_line(words), _in_one_line(around)
    command = code = ""
    if any(mark in around for mark in COPIED):
        command, code = _transcript(around)
    elif any(mark in said for mark in ANSWERS):
        command, code = _transcript(words)
    command = command or _command(said) or (_command(said_around) if said_around != said else "")
    return Spoken(command, reply_code_in(words) or code or reply_code_in(around))


def reply_code_in(text: str) -> str:
    """The first reply code of SMTP that refuses (RFC 5321 §4.2): `550`; empty if there is none."""
    for match in REPLY_CODE.finditer(text[:LONGEST]):
        if not OTHER_NUMBERS.match(text[match.end() : match.end() + 20]):
            return match[0]
    return ""


def host_told(*texts: str) -> str:
    """The host that spoke, by the first of these texts that names it; empty if none does."""
    return next((host for text in texts if (host := _host(text[:LONGEST].lower()))), "")


def _host(text: str) -> str:
    for words, pattern in HOST_WORDS:
        at = text.find(words)
        if at >= 0 and (match := pattern.match(text, at + len(words))):
            return match[1].lstrip("[")
    for words in AFTER_HOST:
        at = text.find(words)
        if at >= 0 and (match := HOST_BEFORE.search(text[max(at - 300, 0) : at])):
            return match[1].lstrip("[")
    return ""


def host_in(value: str) -> str:
    """The host of a field such as Remote-MTA (RFC 3464 §2.3.5), or of a line that begins with one."""
    match = HOST.search(value[:300])
    return match[0].lstrip("[").lower() if match else ""


def _in_one_line(text: str) -> str:
    """In lower case, a blank before each word."""
    return " " + " ".join(text.lower().split())


def _command(text: str) -> str:
    for command, phrases in COMMANDS.items():
        for phrase in phrases:
            if phrase in text:
                return command
    return ""


def _transcript(text: str) -> tuple[str, str]:
    """The command and code of the first refusal in a copied dialogue.

    With pipelining the answers to RCPT come after DATA was sent: when DATA is then told that no recipient is left, it
    was RCPT that was refused.
    """
    sent, command, code = "", "", ""
    for match in TURN.finditer(text):
        if match[1]:
            sent = STEP.get(match[1].lower(), match[1].upper())
        elif any(phrase in match[3].lower() for phrase in NO_RECIPIENT):
            command = "RCPT" if command == "DATA" else command
        elif not code and match[2][0] in "45":
            command, code = sent, match[2]
    return command, code
