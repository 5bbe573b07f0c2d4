"""Reads the sample mail: `mail/<mailbox>/<folder>/NNN-name.eml`, filled with times and tokens, in order of arrival.

Directives in the first header block, beside those of `sources.py`:
`#flags: \\Seen \\Flagged`  instead of the folder's usual ones        `#received: -2d 08:00`  where Date does not tell
`#also: tom/inbox, info/archive`  the same mail in more places, with `#also-flags` there
`#auth: fail`  did not pass DMARC (or `none`)
`#delivered: task+token@…`  the address it was sent to                `#from-envelope: x@y`  the return path (empty: bounce)
`#newlines: lf`  a server that stores bare line feeds
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr, parsedate_to_datetime
from importlib import resources
from importlib.resources.abc import Traversable

from cli.demo.company.attachments import attachment
from cli.demo.company.model import Folder, Mailbox, SampleMessage
from cli.demo.company.moments import Moments
from cli.demo.company.sources import encode_source
from cli.demo.company.trace import Arrival, Verdict, trace_headers

_TOKEN = re.compile(r"\{\{(task|feed|reply)_token:(\w+)\}\}")
_DIRECTIVE = re.compile(r"^#([\w-]+):[ \t]*(.*)$", re.M)
_UNTRACED = {"sent", "drafts"}
_FLAGS = {
    "sent": "\\Seen",
    "drafts": "\\Seen \\Draft",
    "archive": "\\Seen",
    "other": "\\Seen",
    "trash": "\\Seen",
}
_TRAVEL = timedelta(seconds=4)


@dataclass(frozen=True)
class Setting:
    """What the sources are filled with."""

    now: datetime
    time_zone: str
    authserv_id: str
    tokens: Mapping[str, str]
    mailboxes: Mapping[str, Mailbox]


@dataclass(frozen=True)
class _Source:
    name: str
    text: str
    directives: Mapping[str, str]
    body: bytes
    at: datetime
    sender: str


def load_messages(setting: Setting) -> tuple[SampleMessage, ...]:
    """Every message in every place, oldest first. Raises `ValueError` that names the source that is wrong."""
    moments = Moments(setting.now, setting.time_zone)
    found: list[SampleMessage] = []
    for mailbox in setting.mailboxes.values():
        for folder in mailbox.folders:
            for file in _files(mailbox, folder):
                source = _read(file, f"{mailbox.key}/{folder.key}/{file.name}", moments, setting)
                found += _places(source, mailbox.key, folder.key, setting)
    return tuple(sorted(found, key=lambda message: (message.internal_date, message.name)))


def _files(mailbox: Mailbox, folder: Folder) -> list[Traversable]:
    directory = resources.files(__package__).joinpath("mail", mailbox.key, folder.key)
    if not directory.is_dir():
        return []
    return sorted((file for file in directory.iterdir() if file.name.endswith(".eml")), key=lambda file: file.name)


def _read(file: Traversable, name: str, moments: Moments, setting: Setting) -> _Source:
    text = moments.fill(file.read_text("utf-8"))
    text = _TOKEN.sub(lambda match: setting.tokens[f"{match[1]}:{match[2]}"], text)
    head = text.partition("\n\n")[0]
    directives = dict(_DIRECTIVE.findall(head))
    if left := re.search(r"\{\{(?!attachment:)[^}]*\}\}", text):
        raise ValueError(f"{name}: {left[0]} means nothing")
    received, date = directives.get("received"), _header(head, "date")
    if received is None and not date:
        raise ValueError(f"{name}: a message without Date needs #received")
    at = moments.at(received) if received else parsedate_to_datetime(date) + _TRAVEL
    try:
        body = encode_source(text, attachment)
    except (UnicodeEncodeError, KeyError) as error:
        raise ValueError(f"{name}: {error}") from error
    return _Source(name, text, directives, body, at, parseaddr(_header(head, "from"))[1])


def _header(head: str, name: str) -> str:
    match = re.search(rf"^{name}:[ \t]*(.*(?:\n[ \t].*)*)", head, re.M | re.I)
    return match[1] if match else ""


def _places(source: _Source, mailbox: str, folder: str, setting: Setting) -> Iterator[SampleMessage]:
    places = [(mailbox, folder)]
    for place in filter(None, source.directives.get("also", "").split(",")):
        other_mailbox, _, other_folder = place.strip().partition("/")
        places.append((other_mailbox, other_folder))
    for key, folder_key in places:
        owner = setting.mailboxes[key]
        target = next(folder for folder in owner.folders if folder.key == folder_key)
        original = (key, folder_key) == (mailbox, folder)
        flags = source.directives.get("flags" if original else "also-flags")
        yield SampleMessage(
            mailbox=key,
            folder=target.name,
            flags=tuple((_FLAGS.get(target.use, "") if flags is None else flags).split()),
            internal_date=source.at,
            raw=_raw(source, owner, traced=target.use not in _UNTRACED, server=setting.authserv_id),
            name=source.name,
        )


def _raw(source: _Source, owner: Mailbox, *, traced: bool, server: str) -> bytes:
    directives = source.directives
    verdicts: dict[str, Verdict] = {"fail": "fail", "none": "none"}
    mail_from = directives.get("from-envelope", source.sender)
    arrival = Arrival(
        server=server,
        mail_from=mail_from,
        recipient=directives.get("delivered", owner.email),
        from_domain=(source.sender if "@" in source.sender else mail_from).rpartition("@")[2],
        at=source.at,
        verdict=verdicts.get(directives.get("auth", ""), "pass"),
    )
    raw = trace_headers(arrival) + source.body if traced else source.body
    return raw.replace(b"\r\n", b"\n") if directives.get("newlines") == "lf" else raw
