"""An account as Gmail shows it over IMAP, because no other server has labels (X-GM-EXT-1), and Gmail is not on loopback.

Written after Google's description of its IMAP extensions and logs of real sessions:
- CONDSTORE, ENABLE and LIST-STATUS are announced only after the login; there is no QRESYNC.
- All Mail holds every message but those in Spam and Trash; each label is a folder with UIDs of its own.
- X-GM-LABELS leaves out the label of the folder that is open; system labels are quoted with their backslash doubled
  ("\\\\Inbox"), names beyond ASCII are in modified UTF-7. X-GM-MSGID and X-GM-THRID are unsigned 64-bit numbers.
- A change of labels raises the MODSEQ of the message; a deletion need not.
- What goes to the Trash leaves All Mail, and keeps its X-GM-MSGID.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from imapclient import imap_utf7

from mailsync.imap.uidset import UidSet

BEFORE_LOGIN = "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 SASL-IR AUTH=XOAUTH2 AUTH=PLAIN"
AFTER_LOGIN = (
    "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE CONDSTORE ESEARCH "
    "UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584"
)
ALL, SPAM, TRASH = "[Gmail]/Alle Nachrichten", "[Gmail]/Spam", "[Gmail]/Papierkorb"
SYSTEM = {
    "INBOX": "\\Inbox", "[Gmail]/Gesendet": "\\Sent", "[Gmail]/Entwürfe": "\\Draft", "[Gmail]/Markiert": "\\Starred",
}  # fmt: skip
SPECIAL_USE = {
    ALL: "\\All", SPAM: "\\Junk", TRASH: "\\Trash", "[Gmail]/Gesendet": "\\Sent", "[Gmail]/Entwürfe": "\\Drafts",
    "[Gmail]/Markiert": "\\Flagged",
}  # fmt: skip


@dataclass
class GmailMessage:
    """One message, wherever it is shown."""

    raw: bytes
    msgid: int
    thrid: int
    labels: set[str]
    modseq: int = 0
    place: str = ALL
    flags: set[str] = field(default_factory=set)
    uids: dict[str, int] = field(default_factory=dict)
    date: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))


class GmailAccount:
    """The mail of one account, changed by the test as if by its owner in a browser."""

    def __init__(self) -> None:
        self.messages: list[GmailMessage] = []
        self.user_labels: list[str] = []
        self.shows_all_mail = True
        self.refusal = ""
        """What is answered to each FETCH while it is not empty: `NO [OVERQUOTA] …`."""
        self.lines: list[str] = []
        """Commands of the client, without their tags."""
        self.modseq = 1000
        self._next: dict[str, int] = {}

    def deliver(self, raw: bytes, *labels: str, thread: int | None = None) -> GmailMessage:
        number = len(self.messages) + 1
        message = GmailMessage(raw, 1278455344230334000 + number, thread or 1278455344230330000 + number, set(labels))
        self.user_labels += [name for name in labels if not name.startswith("\\") and name not in self.user_labels]
        self.messages.append(message)
        self.changed(message)
        return message

    def changed(self, message: GmailMessage) -> None:
        """To be called after labels, flags or place of a message were changed."""
        self.modseq += 7
        message.modseq = self.modseq
        for folder in self.folders():
            shown = self.is_in(message, folder)
            if shown and folder not in message.uids:
                message.uids[folder] = self._next[folder] = self._next.get(folder, 0) + 1
            elif not shown:
                message.uids.pop(folder, None)

    def delete_for_ever(self, message: GmailMessage) -> None:
        self.messages.remove(message)

    def rename_label(self, old: str, new: str) -> None:
        """No MODSEQ moves, as far as is documented."""
        self.user_labels[self.user_labels.index(old)] = new
        self._next[new] = self._next.pop(old, 0)
        for message in self.messages:
            if old in message.labels:
                message.labels = message.labels - {old} | {new}
                message.uids[new] = message.uids.pop(old)

    def folders(self) -> list[str]:
        return [*SYSTEM, *([ALL] if self.shows_all_mail else []), SPAM, TRASH, *self.user_labels]

    def is_in(self, message: GmailMessage, folder: str) -> bool:
        if folder in (ALL, SPAM, TRASH):
            return message.place == folder
        return message.place == ALL and SYSTEM.get(folder, folder) in message.labels

    def inside(self, folder: str) -> list[GmailMessage]:
        return sorted((one for one in self.messages if self.is_in(one, folder)), key=lambda one: one.uids[folder])

    def bodies_asked(self) -> int:
        """How many messages were downloaded."""
        sets = [re.match(r"UID FETCH (\S+) .*BODY\.PEEK\[\]", line) for line in self.lines]
        return sum(len(UidSet.parse(found[1])) for found in sets if found)

    def opened(self) -> set[str]:
        found = [re.match(r'(?:EXAMINE|SELECT) "([^"]*)"', line) for line in self.lines]
        return {imap_utf7.decode(one[1].encode()) for one in found if one}


@contextmanager
def serving(account: GmailAccount) -> Iterator[int]:
    """The account on a loopback port, from a thread of its own: the passes of the tests have loops of their own."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(lambda r, w: _Session(account, r, w).run(), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_ended(loop))
        loop.close()


async def _ended(loop: asyncio.AbstractEventLoop) -> None:
    others = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class _Session:
    """One connection."""

    def __init__(self, account: GmailAccount, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.account, self.reader, self.writer = account, reader, writer
        self.open = ""
        self.idling = ""

    async def run(self) -> None:
        self.say(f"OK [CAPABILITY {BEFORE_LOGIN}] Gimap ready for requests from 127.0.0.1")
        while line := (await self.reader.readline()).decode().rstrip("\r\n"):
            if line == "DONE":
                self.done(self.idling, "IDLE terminated (Success)")
                continue
            tag, _, rest = line.partition(" ")
            if not rest.startswith("LOGIN"):
                self.account.lines.append(rest)
            name = "_".join(rest.upper().split()[: 2 if rest.upper().startswith("UID ") else 1]).lower()
            getattr(self, name)(tag, rest)
            if name == "logout":
                break
        self.writer.close()

    def say(self, text: str | bytes, *, untagged: bool = True) -> None:
        raw = text if isinstance(text, bytes) else text.encode()
        self.writer.write((b"* " if untagged else b"") + raw + b"\r\n")

    def done(self, tag: str, text: str = "Success") -> None:
        self.say(f"{tag} OK {text}", untagged=False)

    def capability(self, tag: str, rest: str) -> None:
        self.say(f"CAPABILITY {AFTER_LOGIN}")
        self.done(tag)

    def login(self, tag: str, rest: str) -> None:
        self.say(f"CAPABILITY {AFTER_LOGIN}")
        self.done(tag, "anna@gmail.com authenticated (Success)")

    def id(self, tag: str, rest: str) -> None:
        self.say('ID ("name" "GImap" "vendor" "Google, Inc.")')
        self.done(tag)

    def enable(self, tag: str, rest: str) -> None:
        self.say("ENABLED CONDSTORE")
        self.done(tag)

    def idle(self, tag: str, rest: str) -> None:
        """Nothing is told of meanwhile: a look finds it."""
        self.idling = tag
        self.writer.write(b"+ idling\r\n")

    def noop(self, tag: str, rest: str) -> None:
        self.done(tag)

    def close(self, tag: str, rest: str) -> None:
        self.open = ""
        self.done(tag, "Returned to authenticated state. (Success)")

    def logout(self, tag: str, rest: str) -> None:
        self.say("BYE LOGOUT Requested")
        self.done(tag, "73 good day (Success)")

    def list(self, tag: str, rest: str) -> None:
        self.say('LIST (\\HasChildren \\Noselect) "/" "[Gmail]"')
        for folder in self.account.folders():
            use = SPECIAL_USE.get(folder)
            self.say(f'LIST (\\HasNoChildren{f" {use}" if use else ""}) "/" {_quoted(folder)}')
            if "STATUS" in rest:
                self._status(folder)
        self.done(tag)

    def status(self, tag: str, rest: str) -> None:
        folder = _folder(rest)
        if folder not in self.account.folders():
            self.say(f"{tag} NO [NONEXISTENT] Unknown Mailbox: {folder} (Failure)", untagged=False)
            return
        self._status(folder)
        self.done(tag)

    def _status(self, folder: str) -> None:
        inside, following = self.account.inside(folder), self.account._next.get(folder, 0) + 1
        self.say(
            f"STATUS {_quoted(folder)} (MESSAGES {len(inside)} UIDNEXT {following} UIDVALIDITY {_validity(folder)} "
            f"UNSEEN 0 HIGHESTMODSEQ {self._highest()})"
        )

    def _highest(self) -> int:
        return self.account.modseq

    def select(self, tag: str, rest: str) -> None:
        self.examine(tag, rest, "READ-WRITE")

    def examine(self, tag: str, rest: str, rights: str = "READ-ONLY") -> None:
        self.open = _folder(rest)
        if self.open not in self.account.folders():
            self.say(f"{tag} NO [NONEXISTENT] Unknown Mailbox: {_quoted(self.open)} (Failure)", untagged=False)
            self.open = ""
            return
        inside = self.account.inside(self.open)
        self.say("FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen $Forwarded)")
        self.say(f"OK [UIDVALIDITY {_validity(self.open)}] UIDs valid.")
        self.say(f"{len(inside)} EXISTS")
        self.say("0 RECENT")
        self.say(f"OK [UIDNEXT {self.account._next.get(self.open, 0) + 1}] Predicted next UID.")
        self.say(f"OK [HIGHESTMODSEQ {self._highest()}]")
        self.done(tag, f"[{rights}] {self.open} selected. (Success)")

    def uid_store(self, tag: str, rest: str) -> None:
        found = re.match(r"UID STORE (\S+) (?:\(UNCHANGEDSINCE (\d+)\) )?([+-])(FLAGS|X-GM-LABELS)\S* \((.*)\)$", rest)
        assert found is not None, rest
        wanted = _uids(found[1], [one.uids[self.open] for one in self.account.inside(self.open)])
        words = {_unquoted(word) for word in re.findall(r'"(?:[^"\\]|\\.)*"|\S+', found[5])}
        for message in self.account.inside(self.open):
            if message.uids[self.open] in wanted:
                kept = message.flags if found[4] == "FLAGS" else message.labels
                (kept.update if found[3] == "+" else kept.difference_update)(words)
                self.account.changed(message)
        self.done(tag)

    def uid_move(self, tag: str, rest: str) -> None:
        """Out of All Mail a message leaves all its labels; out of Trash it comes back under one, or none."""
        target, inside = _folder(rest), self.account.inside(self.open)
        wanted = _uids(rest.split()[2], [one.uids[self.open] for one in inside])
        moved = [one for one in inside if one.uids[self.open] in wanted]
        old = [message.uids[self.open] for message in moved]
        for message in moved:
            message.place = target if target in (SPAM, TRASH) else ALL
            message.labels = set() if message.place != ALL else {SYSTEM.get(target, target)} - {ALL}
            self.account.changed(message)
        new = [message.uids[target] for message in moved]
        self.say(f"OK [COPYUID {_validity(target)} {','.join(map(str, old))} {','.join(map(str, new))}]")
        self.done(tag)

    def uid_search(self, tag: str, rest: str) -> None:
        wanted = re.search(r"UID (\S+)", rest.removeprefix("UID SEARCH"))
        inside = [one.uids[self.open] for one in self.account.inside(self.open)]
        found = [uid for uid in inside if wanted is None or uid in _uids(wanted[1], inside)]
        self.say(f'ESEARCH (TAG "{tag}") UID' + (f" ALL {UidSet.of(found).text}" if found else ""))
        self.done(tag, "SEARCH completed (Success)")

    def uid_fetch(self, tag: str, rest: str) -> None:
        if self.account.refusal:
            self.say(f"{tag} {self.account.refusal}", untagged=False)
            return
        found = re.match(r"UID FETCH (\S+) \((.*?)\)(?: \(CHANGEDSINCE (\d+)\))?$", rest)
        assert found is not None, rest
        inside = self.account.inside(self.open)
        wanted = _uids(found[1], [one.uids[self.open] for one in inside])
        for number, message in enumerate(inside, start=1):
            if message.uids[self.open] in wanted and message.modseq > int(found[3] or 0):
                self.say(b"%d FETCH (%b)" % (number, b" ".join(self._items(message, found[2]))))
        self.done(tag)

    def _items(self, message: GmailMessage, asked: str) -> Iterator[bytes]:
        yield b"X-GM-THRID %d X-GM-MSGID %d" % (message.thrid, message.msgid) if "X-GM-THRID" in asked else b"UID 0"
        if "X-GM-MSGID" in asked and "X-GM-THRID" not in asked:
            yield b"X-GM-MSGID %d" % message.msgid
        if "X-GM-LABELS" in asked:
            shown = sorted(message.labels - {SYSTEM.get(self.open, self.open)})
            yield f"X-GM-LABELS ({' '.join(map(_quoted, shown))})".encode()
        yield b"UID %d" % message.uids[self.open]
        yield b"MODSEQ (%d)" % message.modseq
        yield f"FLAGS ({' '.join(sorted(message.flags))})".encode()
        if "RFC822.SIZE" in asked:
            yield b"RFC822.SIZE %d" % len(message.raw)
        if "INTERNALDATE" in asked:
            yield f'INTERNALDATE "{message.date:%d-%b-%Y %H:%M:%S} +0000"'.encode()
        if "BODY.PEEK[]" in asked:
            yield b"BODY[] {%d}\r\n%b" % (len(message.raw), message.raw)
        if "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]" in asked:
            field = re.search(rb"(?im)^Message-ID:.*\r\n", message.raw)
            head = (field[0] if field else b"") + b"\r\n"
            yield b"BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%b" % (len(head), head)


def _quoted(name: str) -> str:
    wire = imap_utf7.encode(name).decode("ascii")
    return '"' + wire.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquoted(word: str) -> str:
    if not word.startswith('"'):
        return word
    return imap_utf7.decode(re.sub(r"\\(.)", r"\1", word[1:-1]).encode())


def _folder(rest: str) -> str:
    found = re.search(r'"((?:[^"\\]|\\.)*)"', rest)
    assert found is not None, rest
    return imap_utf7.decode(re.sub(r"\\(.)", r"\1", found[1]).encode())


def _validity(folder: str) -> int:
    return 600 + sum(folder.encode())


def _uids(text: str, inside: list[int]) -> UidSet:
    """`n:*` names the last message even where n lies above it."""
    return UidSet.parse(text.replace("*", str(max(inside, default=1))))
