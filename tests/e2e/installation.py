"""An installation of Mailsync as an administrator has it: a data directory, the `mailsync` command, a daemon process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from forked import forked

MAILSYNC = Path(sys.executable).with_name("mailsync")
DEADLINE = 90.0


class Installation:
    """One data directory, and whatever runs on it. Every process it starts is ended by `close()`."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.settings = settings
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAILSYNC_")}
        self.environment = inherited | {
            "MAILSYNC_DATA_DIR": str(data_dir),
            "MAILSYNC_ALLOW_PRIVATE_HOSTS": "true",
            "MAILSYNC_PORT": "0",
            **{f"MAILSYNC_{name.upper()}": value for name, value in settings.items()},
        }
        self.processes: list[subprocess.Popen[str]] = []

    def run(
        self,
        *arguments: str,
        stdin: str = "",
        check: bool = True,
        timeout: float = DEADLINE,
        under: Sequence[str] = (),
        fork: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end: forked from a process that has loaded the program; `under` another one (strace), or
        without `fork`, the installed command is started as a shell does it.
        """
        if under or not fork:
            done = subprocess.run(
                [*under, MAILSYNC, *arguments],
                input=stdin,
                capture_output=True,
                text=True,
                env=self.environment,
                timeout=timeout,
                check=False,
            )
        else:
            with forked(arguments, self.environment, stdin) as command:
                done = command.end(timeout)
        if check:
            assert done.returncode == 0, f"mailsync {arguments[0]} exited {done.returncode}: {done.stderr[-2000:]}"
        return done

    def json(self, *arguments: str, check: bool = True) -> object:
        """What a command prints with `--json`."""
        return json.loads(self.run(*arguments, "--json", check=check).stdout)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command in a process group of its own and leave it running; its output goes to daemon.log."""
        log = (self.data_dir.parent / f"{self.data_dir.name}.log").open("a")
        process = subprocess.Popen(
            [MAILSYNC, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        log.close()
        self.processes.append(process)
        return process

    def start_daemon(self, *roles: str) -> subprocess.Popen[str]:
        """`mailsync run`, all roles or those named."""
        return self.start("run", *(["--only", ",".join(roles)] if roles else []))

    def log(self) -> str:
        """What the daemons have logged."""
        path = self.data_dir.parent / f"{self.data_dir.name}.log"
        return path.read_text() if path.exists() else ""

    def close(self) -> None:
        """Kill whatever still runs."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def address_of(daemon: subprocess.Popen[str]) -> str:
    """The console's address, from the line in which the daemon announces it."""
    assert daemon.stdout is not None
    for line in daemon.stdout:
        for word in line.split():
            if word.startswith("http://"):
                return word.rstrip("/.")
    raise AssertionError("the daemon ended before it told its address")


def wait_until(fact: Callable[[], bool], *, seconds: float = DEADLINE, every: float = 0.02, what: str = "it") -> None:
    """Wait for a fact. Fails when it does not come true in time.

    Looks take a fortieth of a processor at most: those who are to bring the fact about need it.
    """
    deadline = time.monotonic() + seconds
    began = time.thread_time()
    while not fact():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:g} s"
        looked = time.thread_time() - began
        time.sleep(min(max(every, 39 * looked), max(every, deadline - time.monotonic())))
        began = time.thread_time()


def left_over(data_dir: Path) -> Sequence[int]:
    """Processes that live and have this data directory in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = (entry / "environ").read_bytes()
                alive = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
            except OSError:  # It ended while we looked.
                continue
            if alive and f"MAILSYNC_DATA_DIR={data_dir}\0".encode() in environment:
                found.append(int(entry.name))
    return found
