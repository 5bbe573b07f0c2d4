"""Who brings a mailbox of many folders up to date, ours and mbsync, both through the recording proxy: what a pass took."""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bench.sync.mbsync import mbsync_settings
from bench.sync.spending import run_command
from bench.sync.stores import Place
from bench.watching.wire import Wire
from servers.dovecot import Dovecot


@dataclass(frozen=True, slots=True)
class Run:
    """One pass: seconds of the pass, of the whole command, and the commands that went over the wire."""

    seconds: float
    whole: float
    commands: int


class Mailsync:
    """Our side: a data directory with the mailbox connected, through the proxy."""

    def __init__(self, place: Place, wire: Wire) -> None:
        self._place, self._wire = place, wire
        self._environment = place.environment

    def sync(self) -> Run:
        """One pass, or several where there is history to load."""
        self._wire.commands.clear()
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            timed = [sys.executable, "-P", "-m", "bench.sync.timed_command", report.name]
            whole, _ = run_command([*timed, "sync", "--once"], environment=self._environment)
            inside = json.loads(Path(report.name).read_text())
        return Run(inside["seconds"], whole.seconds, self._wire.commands.total())

    def stored(self) -> int:
        """How many mails are in its folders."""
        store = self._place.open()
        with store.database.reading() as session:
            places: int = session.execute(text("SELECT count(*) FROM place")).scalar_one()
        store.close()
        return places


class Mbsync:
    """Theirs: a maildir, filled through the proxy with its defaults."""

    def __init__(self, server: Dovecot, wire: Wire, user: str, directory: Path) -> None:
        directory.mkdir()
        self._wire, self._mail = wire, directory / "mail"
        self._mail.mkdir()
        self._settings = directory / "mbsyncrc"
        self._settings.write_text(mbsync_settings(server, user, self._mail, port=wire.port))

    def sync(self) -> Run:
        """One run."""
        self._wire.commands.clear()
        spent, _ = run_command(["mbsync", "-c", str(self._settings), "all"])
        return Run(spent.seconds, spent.seconds, self._wire.commands.total())

    def stored(self) -> int:
        """How many files are in its maildirs."""
        return sum(1 for path in self._mail.rglob("*") if path.parent.name in ("cur", "new"))
