"""Words and settings that are wrong in themselves: one plain sentence that says what to do, and exit status 1 or 2.

The console script's own function is called in this process; tests/e2e/test_bad_input.py does the same with servers.
"""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import run

SECRET = "hunter2-never-shown"


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str


class Shell:
    """Runs commands in an empty data directory."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self._patch, self._capture = folder, patch, capture
        patch.setenv("MAILSYNC_DATA_DIR", str(folder / "data"))
        (folder / "binary").write_bytes(b"\xff\xfe\x00\x80")
        (folder / "list").write_text(f"{folder}/missing.eml\n")
        (folder / "rules.json").write_text('{"field": "colour", "op": "is", "value": "blue"}')
        (folder / "letter.html").write_text("<p>Hello</p>")

    def __call__(self, command: str, *, stdin: bytes = f"{SECRET}\n".encode(), **settings: str) -> Ended:
        for name, value in settings.items():
            self._patch.setenv(f"MAILSYNC_{name.upper()}", value)
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as exit_:
            run(command.format(folder=self.folder).split())
        out, err = self._capture.readouterr()
        assert isinstance(exit_.value.code, int)
        return Ended(exit_.value.code, out, err)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, monkeypatch, capsys)


def is_one_plain_sentence(ended: Ended, *, says: str, status: int) -> None:
    assert ended.err.startswith("mailsync: "), ended.err
    assert ended.err.count("\n") == 1, ended.err
    assert "Something went wrong" not in ended.err, ended.err
    assert SECRET not in ended.out + ended.err
    assert says in ended.err
    assert ended.status == status


MONGREL = f"mysql://u:{SECRET}@h/x"
POSTGRESQL = f"postgresql://u:{SECRET}@h/x"


@pytest.mark.parametrize(
    ("command", "settings", "says"),
    [
        ("mailbox list", {"data_dri": "/x"}, "Did you mean MAILSYNC_DATA_DIR?"),
        ("mailbox list", {"zzz": "1"}, "There is no setting MAILSYNC_ZZZ."),
        ("mailbox list", {"port": "http"}, "MAILSYNC_PORT"),
        ("mailbox list", {"port": "65536"}, "MAILSYNC_PORT"),
        ("mailbox list", {"allow_private_hosts": "perhaps"}, "MAILSYNC_ALLOW_PRIVATE_HOSTS"),
        ("mailbox list", {"sync_batch_messages": "0"}, "MAILSYNC_SYNC_BATCH_MESSAGES"),
        ("run", {"log_level": "loud"}, "'debug', 'info'"),
        ("run", {"database_url": MONGREL}, "postgresql://"),
        ("run", {"database_url": f"postgresql://u:{SECRET}@h:port/x"}, "postgresql://"),
        ("mailbox list", {"database_url": POSTGRESQL}, "MAILSYNC_SECRET_KEYS_FILE"),
        ("run", {"redis_url": f"http://u:{SECRET}@h"}, "redis://"),
        ("check-address a@b.example", {"dns_servers": "no:no:no"}, "MAILSYNC_DNS_SERVERS"),
    ],
)
def test_settings(shell: Shell, command: str, settings: dict[str, str], says: str) -> None:
    is_one_plain_sentence(shell(command, **settings), says=says, status=2)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("mailbxo list", "Did you mean mailbox?"),
        ("frobnicate", "See --help"),
        ("mailbox lst", "Did you mean 'list'? See mailsync mailbox --help."),
        ("run --onyl web", "See mailsync run --help."),
        ("run --only web,cook", "choose from web, jobs"),
        ("run --only", "See mailsync run --help."),
        (f"mailbox pause a@b.example {SECRET}", "more words"),
        ("mailbox add", "Missing argument"),
        ("mailbox add a@b.example --imap-port imap", "--imap-port"),
        ("mailbox add a@b.example --imap-security ssl", "starttls"),
        ("mailbox add a@b.example --new-since yesterday", "--new-since"),
        ("mailbox add a@b.example --depth-since 31.12.2020", "--depth-since"),
        ("mailbox audit --repiar", "--repair"),
        ("doctor --jsn", "--json"),
        ("db upgrade head", "more words"),
        ("sync", "mailsync run"),
        ("sync --once", "mailsync mailbox add"),
        ("user add a@b.example --role king --password-stdin", "administrator"),
        ("user add a@b.example --password-stdin", "--role"),
        ("user add nobody --role seller --password-stdin", "address"),
        ("crm mode modern", "classic"),
        ("crm mode simple --client friend", "company"),
        ("crm mode simple --pipeline Nowhere", "There is no pipeline"),
        ("parse", "There is nothing to parse"),
        ("parse {folder}/missing.eml", "There is no file"),
        ("parse {folder}/list --jsnl", "--jsonl"),
        ("parse --files-from {folder}/missing", "cannot be read"),
        ("parse --files-from {folder}/binary", "not UTF-8"),
        ("parse --files-from {folder}/list", "There is no file"),
        ("threads {folder}/missing", "There is no file"),
        ("check-address", "Missing argument"),
        ("segment create s --where {folder}/missing.json", "cannot be read"),
        ("segment create s --where {folder}/binary", "not JSON"),
        ("segment create s --where {folder}/rules.json", "colour"),
        ("campaign create c --segment s --from a@b.example --subject x", "--html"),
        ("campaign create c --segment s --from a@b.example --subject x --html {folder}/missing", "cannot be read"),
        ("campaign create c --segment s --from a@b.example --subject x --html {folder}/binary", "not UTF-8"),
        ("campaign send ghost --at teatime", "--at"),
        ("campaign test ghost", "--to"),
        ("sender add a@b.example --smtp nonsense --password-stdin", "smtp"),
        (f"sender add a@b.example --smtp ftp://u:{SECRET}@h", "smtp"),
        ("demo --onec", "--once"),
    ],
)
def test_words(shell: Shell, command: str, says: str) -> None:
    is_one_plain_sentence(shell(command), says=says, status=2)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("mailbox test ghost@b.example", "mailsync mailbox list"),
        ("mailbox pause ghost@b.example", "mailsync mailbox list"),
        ("mailbox password ghost@b.example --password-stdin", "mailsync mailbox list"),
        ("sync --once ghost@b.example", "mailsync mailbox list"),
        ("token create t --scope mail:read --user ghost@b.example", "mailsync user add"),
        ("segment count ghosts", "segment"),
        ("campaign send ghost", "campaign"),
        ("campaign report ghost --json", "campaign"),
    ],
)
def test_what_is_not_there(shell: Shell, command: str, says: str) -> None:
    is_one_plain_sentence(shell(command), says=says, status=1)


def test_standard_input(shell: Shell) -> None:
    addresses = "check-address - --offline --jsonl"
    is_one_plain_sentence(shell(addresses, stdin=b"a@b.example\n"), says="Line 1 is not a JSON string", status=2)
    is_one_plain_sentence(shell(addresses, stdin=b'"a@b.example"\n7\n'), says="Line 2", status=2)
    add = "user add ann@b.example --role seller"
    is_one_plain_sentence(shell(f"{add} --password-stdin", stdin=b"\n"), says="password is empty", status=2)
    is_one_plain_sentence(shell(f"{add} --password-stdin", stdin=b"gr\xfc\xdfe\n"), says="not UTF-8", status=2)
    is_one_plain_sentence(shell(add), says="--password-stdin", status=2)
    ended = shell(f"{add} --password-stdin", stdin="Grüße und Küsse, 2026\n".encode())
    assert (ended.status, ended.err) == (0, "")
