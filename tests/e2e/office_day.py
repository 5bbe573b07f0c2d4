"""What happens to the mailboxes of an office within a day, done to real ones by another IMAP client than ours.

The same day for the same seed. Mail comes by day, people sort it in their own programs, connections drop, somebody is paused,
somebody has a new password, and at three in the morning the mail server is restarted.
"""

import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from imapclient import IMAPClient

from core.config import Settings
from crm.access.viewer import Viewer
from mailsync import steering
from mailsync.account import IMAP_LOGIN
from servers.dovecot import Dovecot
from storage.models import Mailbox
from storage.store import Store

NIGHT = 3
BUSY = {hour: 1.0 if 8 <= hour < 18 else 0.15 for hour in range(24)}
"""How much of a working hour's share falls to each hour."""
OFTEN: dict[str, float] = {
    "mail": 2.0,
    "flag": 1.0,
    "move": 0.4,
    "delete": 0.3,
    "expunge": 0.1,
    "new folder": 0.05,
    "rename folder": 0.03,
    "dropped": 0.05,
    "pause": 0.01,
    "new password": 0.01,
}
"""How often each happens to a mailbox within a working hour."""
SYSTEM = Viewer.system()


@dataclass
class Desk:
    """A mailbox, and the person whose it is."""

    id: int
    user: str
    paused: bool = False
    locked_out: bool = False
    folders: list[str] = field(default_factory=list)


@dataclass
class OfficeDay:
    """Does to `desks` what the hours bring; `happened` counts it."""

    dovecot: Dovecot
    store: Store
    settings: Settings
    desks: list[Desk]
    chance: random.Random = field(default_factory=lambda: random.Random(24))
    happened: Counter[str] = field(default_factory=Counter)

    def hour(self, hour: int) -> None:
        """Everything that happens within one hour, one desk after the other."""
        if hour == NIGHT:
            self.dovecot.stop()
            self.dovecot.start()
            self.happened["server restarted"] += 1
        for desk in self.desks:
            self._go_on(desk)
            acts = [name for name, often in OFTEN.items() for _ in range(self._times(often * BUSY[hour]))]
            self.chance.shuffle(acts)
            at_home = [name for name in acts if name in IN_A_PROGRAM]
            if at_home:
                with self._program(desk) as program:
                    for name in at_home:
                        self.happened[name] += IN_A_PROGRAM[name](self, desk, program)
            for name in acts:
                if name in FROM_OUTSIDE:
                    FROM_OUTSIDE[name](self, desk)
                    self.happened[name] += 1

    def evening(self) -> None:
        """Whoever was paused or locked out goes on."""
        for desk in self.desks:
            self._go_on(desk)

    @contextmanager
    def _program(self, desk: Desk) -> Iterator[IMAPClient]:
        """The person's own mail program."""
        with IMAPClient(self.dovecot.host, self.dovecot.port, ssl=False) as program:
            program.login(desk.user, self.dovecot.password)
            program.select_folder("INBOX")
            yield program

    def _times(self, often: float) -> int:
        return int(often) + (self.chance.random() < often % 1)

    def _go_on(self, desk: Desk) -> None:
        if desk.paused:
            steering.resume_mailbox(self.store, SYSTEM, desk.id)
        if desk.locked_out:
            steering.change_password(self.store, self.settings, SYSTEM, desk.id, self.dovecot.password)
        desk.paused = desk.locked_out = False

    def _mail(self, desk: Desk) -> None:
        number = self.happened["mail"]
        sender = f"person{self.chance.randint(1, 400)}@client{self.chance.randint(1, 90)}.example"
        words = b"coffee machine offer invoice delivery " * self.chance.randint(2, 60)
        head = f"From: {sender}\r\nTo: {desk.user}\r\nSubject: Letter {number}\r\nMessage-ID: <{number}.{sender}>\r\n"
        self.dovecot.deliver(desk.user, head.encode() + b"\r\n" + words + b"\r\n")

    def _drop(self, desk: Desk) -> None:
        with suppress(subprocess.CalledProcessError):  # Nobody is logged in.
            self.dovecot.doveadm("kick", desk.user)

    def _pause(self, desk: Desk) -> None:
        steering.pause_mailbox(self.store, SYSTEM, desk.id)
        desk.paused = True

    def _lock_out(self, desk: Desk) -> None:
        """As if the password was changed at the provider: ours is wrong from the next login on."""
        with self.store.database.unit_of_work() as session:
            row = session.get_one(Mailbox, desk.id)
            row.password_encrypted = self.store.keys.encrypt(IMAP_LOGIN, "the one before")
        self._drop(desk)
        desk.locked_out = True

    def _some(self, program: IMAPClient) -> list[int]:
        uids = program.search("ALL")
        return self.chance.sample(uids, min(len(uids), self.chance.choice([1, 1, 1, 2, 5])))

    def _flag(self, desk: Desk, program: IMAPClient) -> bool:
        if uids := self._some(program):
            flag = self.chance.choice([b"\\Seen", b"\\Seen", b"\\Flagged", b"\\Answered"])
            change = program.add_flags if self.chance.random() < 0.8 else program.remove_flags
            change(uids, [flag], silent=True)
        return bool(uids)

    def _move(self, desk: Desk, program: IMAPClient) -> bool:
        if uids := self._some(program):
            program.move(uids, self.chance.choice(["Archive", "Archive", "Junk", *desk.folders]))
        return bool(uids)

    def _delete(self, desk: Desk, program: IMAPClient) -> bool:
        if uids := self._some(program):
            program.move(uids, "Trash")
        return bool(uids)

    def _expunge(self, desk: Desk, program: IMAPClient) -> bool:
        if uids := self._some(program):
            program.delete_messages(uids, silent=True)
            program.uid_expunge(uids)
        return bool(uids)

    def _new_folder(self, desk: Desk, program: IMAPClient) -> bool:
        name = f"Project {self.happened['new folder']}"
        program.create_folder(name)
        desk.folders.append(name)
        self._move(desk, program)
        return True

    def _rename_folder(self, desk: Desk, program: IMAPClient) -> bool:
        if desk.folders:
            old = desk.folders.pop()
            new = f"Done {self.happened['rename folder']} {desk.id}"
            program.rename_folder(old, new)
            desk.folders.append(new)
        return bool(desk.folders)


FROM_OUTSIDE: dict[str, Callable[[OfficeDay, Desk], None]] = {
    "mail": OfficeDay._mail,
    "dropped": OfficeDay._drop,
    "pause": OfficeDay._pause,
    "new password": OfficeDay._lock_out,
}
IN_A_PROGRAM: dict[str, Callable[[OfficeDay, Desk, IMAPClient], bool]] = {
    "flag": OfficeDay._flag,
    "move": OfficeDay._move,
    "delete": OfficeDay._delete,
    "expunge": OfficeDay._expunge,
    "new folder": OfficeDay._new_folder,
    "rename folder": OfficeDay._rename_folder,
}
