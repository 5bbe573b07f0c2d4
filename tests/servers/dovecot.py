"""Dovecot, because an IMAP client is only proven against a server that somebody else wrote.

Any user name logs in with the password "secret", so a test that takes a name of its own (`new_user`) has an empty
mailbox of its own. Maildirs may be written behind the server's back: `deliver` and `fill` do it as an MTA would.
"""

import itertools
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from imapclient import imap_utf7
from typing_extensions import override

from servers.dovecot_config import dovecot_config
from servers.process import ServerProcess, as_server, find_program, free_port, own_for_server
from servers.server import Server
from servers.tls import LoopbackTls


class Dovecot(Server):
    """A private Dovecot: `port` speaks plain IMAP with STARTTLS, `tls_port` implicit TLS.

    `without` names capabilities that are neither announced nor kept for the client, such as "QRESYNC" or "IDLE".
    With `introspection_url` access tokens log in too (XOAUTH2, OAUTHBEARER): whose they are is asked there (RFC 7662).
    Above `quota_kilobytes` a mailbox is full. `settings` is appended to the configuration; what is written there has to
    be understood by Dovecot 2.3 and 2.4 alike.
    """

    name = "dovecot"
    password = "secret"

    def __init__(
        self,
        *,
        without: Iterable[str] = (),
        quota_kilobytes: int | None = None,
        introspection_url: str | None = None,
        settings: str = "",
    ) -> None:
        self.introspection_url = introspection_url
        self.without = frozenset(without)
        self.quota_kilobytes = quota_kilobytes
        self.settings = settings
        self.port = free_port()
        self.tls_port = free_port()
        self._users = itertools.count(1)
        self._deliveries = itertools.count(1)

    @override
    def _open(self, undo: ExitStack) -> None:
        self.homes = self.directory / "homes"
        self.homes.mkdir()
        self.tls = LoopbackTls(self.directory)
        self.config_file = self.directory / "dovecot.conf"
        self.config_file.write_text(dovecot_config(self))
        own_for_server(self.homes, self.tls.key_file)
        self.start()
        undo.callback(self.stop)

    # --- the server itself

    def start(self) -> None:
        """Start, or start again on the same ports with the same mail."""
        command = [find_program("dovecot", "dovecot-imapd"), "-F", "-c", str(self.config_file)]
        self._process = ServerProcess(command, log=self.directory / "server.log")
        self._process.wait_until(self._greets)

    def stop(self) -> None:
        """Shut down; clients are told BYE."""
        self._process.stop()

    def kill(self) -> None:
        """Crash: every process of the server is killed at once."""
        self._process.kill()

    @property
    def pid(self) -> int:
        """Process id of the master."""
        return self._process.pid

    def doveadm(self, *arguments: str) -> str:
        """Run doveadm against this server (`kick`, `expunge`, `index` …) and return what it prints."""
        command = as_server([find_program("doveadm", "dovecot-core"), "-c", str(self.config_file), *arguments])
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=self.directory).stdout

    def log(self) -> str:
        """What the server wrote so far."""
        return self._process.log.read_text(errors="replace")

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """A client's context that trusts this server and nothing else."""
        return self.tls.client_context

    def _greets(self) -> bool:
        with socket.create_connection((self.host, self.port), timeout=5) as connection:
            return connection.recv(4) == b"* OK"

    # --- users and their mail

    def new_user(self) -> str:
        """A name that nobody has used on this server."""
        return f"user{next(self._users)}@example.test"

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """The maildir of one folder ("Projects/Été"; names without dots), made when it does not exist."""
        root = self.homes / user.lower() / "Maildir"
        parts = [] if folder == "INBOX" else folder.split("/")
        path = root / "".join(f".{imap_utf7.encode(part).decode()}" for part in parts)
        made = [parent for parent in (root.parent, root, path) if not parent.exists()]
        made += [path / sub for sub in ("cur", "new", "tmp") if not (path / sub).exists()]
        for directory in made:
            directory.mkdir(exist_ok=True)
        own_for_server(*made)
        return path

    def deliver(
        self, user: str, raw: bytes, folder: str = "INBOX", *, flags: str = "", at: float | None = None
    ) -> Path:
        """Drop one message as an MTA would: written in `tmp`, then moved.

        `flags` are maildir letters in alphabetical order ("FS" is flagged and seen); a message without any is new.
        `at` (Unix time) becomes its INTERNALDATE.
        """
        maildir = self.maildir(user, folder)
        name = f"{int(time.time())}.M{next(self._deliveries):06}P{os.getpid()}.loopback,S={len(raw)}"
        written = maildir / "tmp" / name
        written.write_bytes(raw)
        own_for_server(written)
        if at is not None:
            os.utime(written, (at, at))
        return written.rename(maildir / "cur" / f"{name}:2,{flags}" if flags else maildir / "new" / name)

    def fill(self, user: str, messages: Iterable[bytes], folder: str = "INBOX") -> int:
        """Deliver many messages in their order, one second apart in INTERNALDATE; returns how many."""
        started = time.time() - 10_000_000
        count = 0
        for raw in messages:
            self.deliver(user, raw, folder, flags="S", at=started + count)
            count += 1
        return count


def raise_watch_limit(instances: int) -> bool:
    """Let one account hold so many inotify watchers, one per idle mailbox; False when the machine does not allow it.

    Above the limit Dovecot looks for new mail only every `mailbox_idle_check_interval`.
    """
    limit = Path("/proc/sys/fs/inotify/max_user_instances")
    try:
        if int(limit.read_text()) < instances:
            limit.write_text(str(instances))
    except OSError:
        return False
    return True
