"""Cyrus, the other large family of IMAP servers: what holds on Dovecot alone may be Dovecot's kindness.

Its folders lie below "INBOX." (its NAMESPACE), its names are separated by dots, and it keeps OBJECTID. Any user name
without a dot logs in with the password "secret". Mail comes by APPEND; nothing is done behind the server's back.

Debian lets only one IMAP server be installed, so `tools/install-test-servers` unpacks this one beside Dovecot.
"""

import imaplib
import itertools
import os
import pwd
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from imapclient import imap_utf7
from typing_extensions import override

from servers.process import MissingServer, ServerProcess, free_port, own_for_server
from servers.server import Server

INSTALLED = Path("/")
UNPACKED = Path("/opt/mailsync-tests/cyrus")
PROGRAMS = "usr/lib/cyrus/bin"
FLAGS = {"D": "\\Draft", "F": "\\Flagged", "R": "\\Answered", "S": "\\Seen", "T": "\\Deleted"}
"""Letters of a maildir, by which `deliver` is told flags on every server."""

IMAPD_CONF = """
configdirectory: {directory}/conf
partition-default: {directory}/spool
proc_path: {directory}/proc
cyrus_user: {account}
servername: loopback
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN LOGIN
allowplaintext: yes
virtdomains: off
unixhierarchysep: no
altnamespace: no
duplicatesuppression: no
imapidlepoll: 1
autocreate_users: anyone
autocreate_post: yes
autocreate_quota: 0
autocreate_inbox_folders: Sent | Drafts | Junk | Trash
"""

CYRUS_CONF = """
START {{
  recover cmd="{programs}/ctl_cyrusdb -C {config} -r"
  idled cmd="{programs}/idled -C {config}"
}}
SERVICES {{
  imap cmd="{programs}/imapd -C {config} -U 30" listen="127.0.0.1:{port}" prefork=1
}}
EVENTS {{
}}
"""


def find_cyrus(trees: Iterable[Path] = (INSTALLED, UNPACKED)) -> Path:
    """The tree in which Cyrus is installed, or unpacked beside Dovecot; raises `MissingServer`."""
    for tree in trees:
        if (tree / PROGRAMS / "imapd").exists():
            return tree
    raise MissingServer("Cyrus is not installed: run tools/install-test-servers as root on Debian, or install it.")


class Cyrus(Server):
    """A private Cyrus; `port` speaks plain IMAP. `without` names capabilities that are not announced."""

    name = "cyrus"
    password = "secret"

    def __init__(self, *, without: Iterable[str] = ()) -> None:
        self.without = frozenset(without)
        self.port = free_port()
        self._users = itertools.count(1)

    @override
    def _open(self, undo: ExitStack) -> None:
        tree = find_cyrus()
        for kept in ("conf", "conf/db", "conf/socket", "spool", "proc"):
            (self.directory / kept).mkdir()
            own_for_server(self.directory / kept)
        account = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        config, services = self.directory / "imapd.conf", self.directory / "cyrus.conf"
        without = f"suppress_capabilities: {' '.join(sorted(self.without))}\n" if self.without else ""
        config.write_text(IMAPD_CONF.format(directory=self.directory, account=account) + without)
        services.write_text(CYRUS_CONF.format(programs=tree / PROGRAMS, config=config, port=self.port))
        libraries = os.pathsep.join(map(str, [*tree.glob("usr/lib/*-linux-gnu"), *tree.glob("lib/*-linux-gnu")]))
        command = ["env", f"LD_LIBRARY_PATH={libraries}"] if tree == UNPACKED else []
        command += [str(tree / PROGRAMS / "master"), "-C", str(config), "-M", str(services)]
        command += ["-D", "-p", str(self.directory / "proc" / "master.pid")]
        self._process = ServerProcess(command, log=self.directory / "server.log")
        undo.callback(self._process.stop)
        self._process.wait_until(self._greets)

    def _greets(self) -> bool:
        with socket.create_connection((self.host, self.port), timeout=5) as connection:
            return connection.recv(4) == b"* OK"

    # --- users and their mail

    def new_user(self) -> str:
        """A name that nobody has used on this server."""
        return f"user{next(self._users)}"

    def deliver(
        self, user: str, raw: bytes, folder: str = "INBOX", *, flags: str = "", at: float | None = None
    ) -> None:
        """Store one message in "Projects/Été", which is called "INBOX.Projects.Été" here; else as `Dovecot.deliver`."""
        stamp = datetime.fromtimestamp(time.time() if at is None else at, UTC)
        words = " ".join(FLAGS[letter] for letter in flags)
        name = folder if folder == "INBOX" else f"INBOX.{folder.replace('/', '.')}"
        wire = imap_utf7.encode(name).decode()
        with self.client(user) as client:
            client.create(f'"{wire}"')  # Refused where it is there already.
            answer = client.append(f'"{wire}"', words, imaplib.Time2Internaldate(stamp), raw)
            assert answer[0] == "OK", answer

    @contextmanager
    def client(self, user: str) -> Iterator[imaplib.IMAP4]:
        """Somebody else's mail program."""
        client = imaplib.IMAP4(self.host, self.port)
        client.login(user, self.password)
        yield client
        client.logout()
