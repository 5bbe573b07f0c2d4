"""Whom the first sync is compared with. Each does its work once, proves that it did, and tells what it took.

A peer that this machine lacks raises `Missing` with what to install; one that does half of the work ends the run.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.sync.mbsync import mbsync_settings
from bench.sync.spending import Spent, demand, run_command
from servers.dovecot import Dovecot

PEERS = Path(__file__).resolve().parent.parent / "peers"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "mailsync-bench"
RECEIVED_AT_ONCE = 1 << 20
OFFLINEIMAP_SETTINGS = """
[general]
accounts = all
metadata = {directory}/state
ui = quiet
[Account all]
localrepository = here
remoterepository = server
[Repository here]
type = Maildir
localfolders = {directory}/mail
[Repository server]
type = IMAP
remotehost = {host}
remoteport = {port}
remoteuser = {user}
remotepass = {password}
ssl = no
starttls = no
folderfilter = lambda name: name == 'INBOX'
"""


class Missing(RuntimeError):
    """The machine lacks the peer; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mail lies, and what must be found there."""

    server: Dovecot
    user: str
    mails: int
    octets: int
    files: int


def raw_socket(mailbox: Mailbox) -> Spent:
    """The limit: one FETCH of everything, read and thrown away."""
    cpu, started = time.thread_time(), time.perf_counter()
    with socket.create_connection((mailbox.server.host, mailbox.server.port)) as connection:
        _wait_for(connection, b"* OK")
        for command in (f"LOGIN {mailbox.user} {mailbox.server.password}", "EXAMINE INBOX"):
            connection.sendall(f"a {command}\r\n".encode())
            _wait_for(connection, b"a OK")
        connection.sendall(b"z UID FETCH 1:* BODY.PEEK[]\r\n")
        received = _wait_for(connection, b"z OK")
    spent = Spent(time.perf_counter() - started, time.thread_time() - cpu)
    demand(received > mailbox.octets, f"the socket gave {received} bytes of {mailbox.octets}")
    return spent


def mbsync(mailbox: Mailbox) -> Spent:
    """mbsync (Debian's isync) into a fresh maildir, its defaults: each file is synced to disk."""
    program = shutil.which("mbsync")
    if program is None:
        raise Missing("mbsync (Debian's isync) is not installed")
    with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory:
        settings = Path(directory, "mbsyncrc")
        settings.write_text(mbsync_settings(mailbox.server, mailbox.user, Path(directory), folders="INBOX"))
        spent, _ = run_command([program, "-c", str(settings), "all"])
        stored = sum(1 for folder in ("cur", "new") for _ in Path(directory, "INBOX", folder).iterdir())
    demand(stored == mailbox.mails, f"mbsync stored {stored} mails of {mailbox.mails}")
    return spent


def offlineimap(mailbox: Mailbox) -> Spent:
    """offlineimap into a fresh maildir, its defaults; the files lie where it puts them."""
    program = shutil.which("offlineimap")
    if program is None:
        raise Missing("offlineimap (Debian's offlineimap3) is not installed")
    with tempfile.TemporaryDirectory(prefix="mailsync-bench-") as directory:
        settings, server = Path(directory, "offlineimaprc"), mailbox.server
        settings.write_text(
            OFFLINEIMAP_SETTINGS.format(
                host=server.host, port=server.port, user=mailbox.user, password=server.password, directory=directory
            )
        )
        spent, _ = run_command([program, "-o", "-c", str(settings)])
        stored = sum(1 for path in Path(directory, "mail").rglob("*") if path.parent.name in ("cur", "new"))
    demand(stored == mailbox.mails, f"offlineimap stored {stored} mails of {mailbox.mails}")
    return spent


def imapflow_mailparser(mailbox: Mailbox) -> Spent:
    """imapflow fetches, mailparser parses, nothing is kept. Without the start of node."""
    server = mailbox.server
    script = _installed_script()
    arguments = [server.host, str(server.port), mailbox.user, server.password]
    _, said = run_command(["node", str(script), *arguments])
    found = json.loads(said)
    expected = (mailbox.mails, mailbox.files)
    demand((found["mails"], found["files"]) == expected, f"mailparser found {found} instead of {expected}")
    return Spent(found["seconds"], found["cpu"])


def _installed_script() -> Path:
    """The script beside its packages, which npm fetches once into the user's cache."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("imapflow and mailparser need node and npm")
    CACHE.mkdir(parents=True, exist_ok=True)
    package, installed = (PEERS / "package.json").read_text(), CACHE / "package.json"
    if not (CACHE / "node_modules").is_dir() or installed.read_text() != package:
        installed.write_text(package)
        command = ["npm", "install", "--prefix", str(CACHE), "--no-audit", "--no-fund", "--no-package-lock"]
        if subprocess.run(command, capture_output=True, cwd=CACHE).returncode:
            shutil.rmtree(CACHE / "node_modules", ignore_errors=True)
            raise Missing("imapflow and mailparser could not be installed by npm")
    return Path(shutil.copy(PEERS / "first_sync.mjs", CACHE))


def _wait_for(connection: socket.socket, start: bytes) -> int:
    """Read until a line begins with `start`; how many bytes came. The last bytes decide: nothing follows that line."""
    received, tail = 0, b"\n"
    while not (tail.endswith(b"\r\n") and tail[tail.rfind(b"\n", 0, -1) + 1 :].startswith(start)):
        data = connection.recv(RECEIVED_AT_ONCE)
        demand(bool(data), "the server hung up")
        received += len(data)
        tail = (tail + data)[-1000:]
    return received
