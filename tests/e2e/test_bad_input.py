"""Whatever a person gets wrong ends in one plain sentence, exit status 1 or 2, and a store that is as it was before.

All wrong commands run first, several at a time, against one installation that holds a mailbox; then each is judged, and
at last the right command does what the wrong ones did not.
"""

import json
import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest

from e2e.correspondence import correspondence
from e2e.facts import facts_of
from e2e.installation import DEADLINE, MAILSYNC, Installation, left_over, wait_until
from e2e.odd_servers import GARBAGE, closed_port, talking
from servers.dovecot import Dovecot

SECRET = "hunter2-never-shown"
MAILS = 5
AT_ONCE = 4


@dataclass(frozen=True)
class Wrong:
    """A command that must fail: what it is called here, its words, and what its sentence has to say."""

    name: str
    command: str
    says: str
    status: int = 2
    stdin: str = f"{SECRET}\n"
    settings: dict[str, str] = field(default_factory=dict)


MAILBOXES = [
    Wrong("no such host", "add --imap-host imap.nowhere.invalid", "check its spelling"),
    Wrong("host is a URL", "add --imap-host imaps://127.0.0.1", "give its name alone"),
    Wrong("closed port", "add {here} {closed} --imap-security none", "check the IMAP port"),
    Wrong("port without meaning", "add {here} --imap-port 99999", "check the IMAP port"),
    Wrong("port is a word", "add {here} --imap-port imap", "valid integer"),
    Wrong("wrong password", "add {here} {plain} --imap-security none", "user name and password: enter them again"),
    Wrong("TLS to a plain port", "add {here} {plain} --imap-security tls", "try STARTTLS or another port"),
    Wrong("plain to a TLS port", "add {here} {tls} --imap-security none", "whether it wants TLS"),
    Wrong("STARTTLS to a TLS port", "add {here} {tls} --imap-security starttls", "whether it wants TLS"),
    Wrong("untrusted certificate", "add {here} {tls} --imap-security tls", "authority that is not trusted"),
    Wrong("untrusted STARTTLS", "add {here} {plain} --imap-security starttls", "authority that is not trusted"),
    Wrong("no such security", "add {here} --imap-security ssl", "starttls"),
    Wrong("garbage", "add {here} {garbage} --imap-security none", "check host, port and security"),
    Wrong("garbage instead of TLS", "add {here} {garbage} --imap-security tls", "does not speak TLS"),
    Wrong("silence", "add {here} {silent} --imap-security none", "did not answer within 10 seconds"),
    Wrong("silence instead of TLS", "add {here} {silent} --imap-security tls", "did not answer within 10 seconds"),
    Wrong(
        "private network", "add {here} {plain}", "MAILSYNC_ALLOW_PRIVATE_HOSTS", settings={"allow_private_hosts": "no"}
    ),
    Wrong("unknown provider", "mailbox add a@unheard.example --password-stdin", "give the IMAP host"),
    Wrong("not an address", "mailbox add nobody --password-stdin", "not an e-mail address"),
    Wrong("empty password", "add {here}", "password is empty", stdin="\n"),
    Wrong("nobody to ask", "mailbox add a@b.example", "--password-stdin"),
    Wrong("bad date", "add {here} --new-since yesterday", "--new-since"),
    Wrong("bad SMTP URL", f"{{right}} --smtp smtps://u:{SECRET}@127.0.0.1:port", "not the address of a mail server"),
    Wrong("SMTP of another kind", f"{{right}} --smtp ftp://u:{SECRET}@127.0.0.1", "smtp"),
    Wrong("SMTP closed", "{right} --smtp smtp://127.0.0.1:{closed_port}", "SMTP: "),
    Wrong("SMTP garbage", "{right} --smtp smtp://127.0.0.1:{garbage_port}", "SMTP: "),
    Wrong("connected already", "kept", "connected already", status=1),
    Wrong("new password is wrong", "mailbox password kept@ourhouse.example --password-stdin", "enter them again"),
    Wrong("no such mailbox", "mailbox test ghost@ourhouse.example", "mailsync mailbox list", status=1),
    Wrong("sync of no mailbox", "sync --once ghost@ourhouse.example", "mailsync mailbox list", status=1),
]
ELSEWHERE = [
    Wrong("unknown setting", "mailbox list", "Did you mean MAILSYNC_DATA_DIR?", settings={"data_dri": "/x"}),
    Wrong("unknown option", "run --onyl web", "mailsync run --help"),
    Wrong("host of somebody else", "run --only web", "MAILSYNC_HOST", settings={"host": "192.0.2.1"}),
    Wrong("port that is taken", "run", "MAILSYNC_PORT", settings={"port": "{taken_port}"}),
]
"""What is wrong in the words alone is tried without a process of its own, in tests/unit/cli/test_wrong_words.py."""
ALL = [*MAILBOXES, *ELSEWHERE]


class Scene:
    """One installation with one mailbox, and the ports that wrong commands are led to."""

    def __init__(self, folder: Path, dovecot: Dovecot, ports: dict[str, int]) -> None:
        self.dovecot, self.ports = dovecot, ports
        self.house = Installation(folder / "house")
        self.user = dovecot.new_user()
        for letter in correspondence(MAILS):
            dovecot.deliver(self.user, letter.raw, letter.folder, flags="S")
        self.house.run(*self.right("kept@ourhouse.example"), stdin=f"{dovecot.password}\n")
        self.house.run("sync", "--once")

    def right(self, address: str) -> list[str]:
        server = f"--imap-host 127.0.0.1 --imap-port {self.dovecot.port} --imap-security none --username {self.user}"
        return f"mailbox add {address} {server} --password-stdin".split()

    def words(self, wrong: Wrong) -> list[str]:
        phrases = {
            "here": "--imap-host 127.0.0.1",
            "right": " ".join(self.right("new@ourhouse.example")),
            **{name: f"--imap-port {port}" for name, port in self.ports.items()},
            **{f"{name}_port": str(port) for name, port in self.ports.items()},
        }
        words = wrong.command.format(**phrases).split()
        if words == ["kept"]:
            return self.right("kept@ourhouse.example")
        return (
            ["mailbox", "add", "new@ourhouse.example", *words[1:], "--password-stdin"] if words[0] == "add" else words
        )

    def run(self, wrong: Wrong) -> CompletedProcess[str]:
        settings = {name: value.format(taken_port=self.ports["taken"]) for name, value in wrong.settings.items()}
        here = Installation(self.house.data_dir, **settings)
        stdin = wrong.stdin
        if "{right}" in wrong.command or wrong.command == "kept":
            stdin = f"{self.dovecot.password}\n"
        return here.run(*self.words(wrong), stdin=stdin, check=False)


@pytest.fixture(scope="module")
def scene(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with ExitStack() as stack:
        taken = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        ports = {
            "plain": dovecot.port,
            "tls": dovecot.tls_port,
            "closed": closed_port(),
            "garbage": stack.enter_context(talking(GARBAGE)),
            "silent": stack.enter_context(talking(b"")),
            "taken": taken.getsockname()[1],
        }
        scene = Scene(tmp_path_factory.mktemp("bad-input"), dovecot, ports)
        stack.callback(scene.house.close)
        yield scene


@pytest.fixture(scope="module")
def outcomes(scene: Scene) -> dict[str, CompletedProcess[str]]:
    """What became of every wrong command. Those that a silent server holds up begin first."""
    before = facts_of(scene.house.data_dir)
    in_order = sorted(ALL, key=lambda wrong: "within" not in wrong.says and "wants TLS" not in wrong.says)
    with ThreadPoolExecutor(AT_ONCE + 4) as pool:
        found = dict(zip((wrong.name for wrong in in_order), pool.map(scene.run, in_order), strict=True))
    assert facts_of(scene.house.data_dir) == before
    return found


def is_one_plain_sentence(done: CompletedProcess[str], *, says: str, status: Sequence[int] = (1, 2)) -> None:
    assert done.returncode in status, done.stderr
    assert done.stderr.startswith("mailsync: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.endswith((".\n", "?\n")), done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "Something went wrong" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert says in done.stderr


@pytest.mark.timeout(300)
@pytest.mark.parametrize("wrong", ALL, ids=lambda wrong: wrong.name)
def test_one_plain_sentence(wrong: Wrong, outcomes: dict[str, CompletedProcess[str]]) -> None:
    is_one_plain_sentence(outcomes[wrong.name], says=wrong.says, status=(wrong.status,))


@pytest.mark.timeout(300)
def test_then_the_right_input_works(scene: Scene, outcomes: dict[str, CompletedProcess[str]]) -> None:
    listed = scene.house.json("mailbox", "list")
    assert isinstance(listed, list)
    assert [(row["email"], row["state"]) for row in listed] == [("kept@ourhouse.example", "live")]

    trusting = Installation(scene.house.data_dir)
    trusting.environment["SSL_CERT_FILE"] = str(scene.dovecot.tls.authority_file)
    server = f"--imap-host localhost --imap-port {scene.dovecot.tls_port} --username {scene.user}".split()
    trusting.run("mailbox", "add", "new@ourhouse.example", *server, "--password-stdin", stdin=scene.dovecot.password)
    trusting.run("sync", "--once")
    audits = trusting.json("mailbox", "audit", "new@ourhouse.example")
    assert isinstance(audits, list)
    assert sum(audit["stored"] for audit in audits) == MAILS


def test_debug_shows_where_it_happened(tmp_path: Path) -> None:
    done = Installation(tmp_path / "data").run("--debug", "run", "--only", "cook", check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "UsageError: There is no role" in done.stderr


def test_a_second_daemon_is_refused(scene: Scene) -> None:
    first = scene.house.start_daemon("scheduler")
    try:
        is_one_plain_sentence(_when_refused(scene.house), says="stop it, or set MAILSYNC_DATA_DIR", status=(1,))
        wait_until(lambda: "daemon.started" in scene.house.log(), what="the start of the first")
        assert first.poll() is None
    finally:
        first.terminate()
        assert first.wait(20) == 0


def _when_refused(house: Installation) -> CompletedProcess[str]:
    """The first daemon holds its lock from its first moments; until then a second one is refused by nothing."""
    lock = house.data_dir / "daemon.lock"
    holder = f":{os.stat(lock).st_ino} "
    while not any(holder in line for line in Path("/proc/locks").read_text().splitlines()):
        assert house.processes[-1].poll() is None
    return house.run("run", "--only", "scheduler", check=False)


# --- the data directory


@pytest.fixture
def copied(scene: Scene, tmp_path: Path) -> Installation:
    """The installation again, to be broken."""
    shutil.copytree(scene.house.data_dir, tmp_path / "copy")
    return Installation(tmp_path / "copy")


def test_a_data_directory_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    below_a_file = Installation(tmp_path / "file" / "data")
    for command in (["run"], ["mailbox", "list"], ["sync", "--once"]):
        is_one_plain_sentence(below_a_file.run(*command, check=False), says="set MAILSYNC_DATA_DIR", status=(2,))
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_data_directory_that_is_read_only(copied: Installation) -> None:
    before = facts_of(copied.data_dir)
    copied.data_dir.chmod(0o555)
    for command in (["run"], ["mailbox", "list"], ["sync", "--once"]):
        is_one_plain_sentence(without_roots_rights(copied, *command), says="set MAILSYNC_DATA_DIR", status=(2,))
    copied.data_dir.chmod(0o755)
    (copied.data_dir / "mailsync.db").chmod(0o444)
    is_one_plain_sentence(without_roots_rights(copied, "run"), says="check its owner and rights", status=(2,))
    (copied.data_dir / "mailsync.db").chmod(0o644)
    assert facts_of(copied.data_dir) == before
    assert without_roots_rights(copied, "mailbox", "list").returncode == 0


def without_roots_rights(house: Installation, *command: str) -> CompletedProcess[str]:
    """Run a command for which the rights of files count, even when the suite runs as root."""
    as_all_others = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    words = [*as_all_others, str(MAILSYNC), *command]
    return run(words, capture_output=True, text=True, env=house.environment, timeout=DEADLINE, check=False)


def test_a_damaged_database_is_left_alone(copied: Installation) -> None:
    file = copied.data_dir / "mailsync.db"
    file.write_bytes(b"not a database, but mail of ten years? " * 100)
    for command in (["run", "--only", "sync"], ["mailbox", "list"]):
        is_one_plain_sentence(copied.run(*command, check=False), says="restore it from your backup", status=(1,))
    assert file.read_bytes().startswith(b"not a database")


def test_a_database_damaged_in_the_middle(copied: Installation) -> None:
    file = copied.data_dir / "mailsync.db"
    raw = bytearray(file.read_bytes())
    raw[100 : 100 + 8192] = b"\xaa" * 8192
    file.write_bytes(raw)
    is_one_plain_sentence(copied.run("mailbox", "list", check=False), says="restore it from your backup", status=(1,))


def test_a_newer_database_is_refused(copied: Installation) -> None:
    with closing(sqlite3.connect(copied.data_dir / "mailsync.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
    is_one_plain_sentence(copied.run("mailbox", "list", check=False), says="newer Mailsync", status=(2,))


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (None, "There is no key file"),
        ("{}", "restore it from your backup"),
        (json.dumps({"keys": {"1": "A" * 43 + "="}, "current": "1"}), "does not belong to this database"),
    ],
    ids=["missing", "damaged", "foreign"],
)
def test_the_key_file_is_never_made_anew(copied: Installation, keys: str | None, says: str) -> None:
    file = copied.data_dir / "keys.json"
    right = file.read_text()
    file.unlink()
    if keys is not None:
        file.write_text(keys)
    is_one_plain_sentence(copied.run("mailbox", "list", check=False), says=says, status=(2,))
    assert (file.read_text() if file.exists() else None) == keys
    file.write_text(right)
    assert copied.json("mailbox", "list")


def test_nothing_runs_on(scene: Scene) -> None:
    assert not left_over(scene.house.data_dir)
