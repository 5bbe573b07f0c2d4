"""One way to start, watch and end a server, so that none outlives the run and none runs as root.

A server is the leader of its own process group. The group is killed when the `with` block ends, and the kernel
signals the server when the run itself dies without a chance to clean up.
"""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

START_SECONDS = 30.0
STOP_SECONDS = 10.0
# Below the range from which kernels take the ports of outgoing connections, so that none is taken under our feet.
PORTS = range(20_000, 32_000)


class MissingServer(RuntimeError):
    """The machine lacks a program; the suite fails, because a skipped server proves nothing."""


class ServerDied(RuntimeError):
    """The server ended or did not answer in time; the text carries the end of its log."""


def find_program(name: str, package: str, *, or_else: Sequence[str] = (), also_in: Sequence[str] = ()) -> str:
    """Path of a server program, on PATH or where distributions keep it; raises `MissingServer`."""
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", *also_in])
    for candidate in (name, *or_else):
        if found := shutil.which(candidate, path=places):
            return found
    raise MissingServer(f"{name} is not installed: run tools/install-test-servers, or install {package}.")


def free_port() -> int:
    """A loopback port that nothing listens on."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def own_for_server(*paths: Path) -> None:
    """Hand files to the account that servers run under; does nothing unless the run is root's."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in paths:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)


@contextmanager
def server_directory(name: str) -> Iterator[Path]:
    """A short-named directory of the server's own: sockets may not have long paths."""
    with tempfile.TemporaryDirectory(prefix=f"mailsync-{name}-", ignore_cleanup_errors=True) as created:
        directory = Path(created)
        directory.chmod(0o755)
        own_for_server(directory)
        yield directory


class ServerProcess:
    """A running server. `log` is the file that holds what it says; `stop_signal` is its fast, clean end."""

    def __init__(self, command: Sequence[str], *, log: Path, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        self.log = log
        self._stop_signal = stop_signal
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                as_server(command, stop_signal),
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until(self, answers: Callable[[], bool]) -> None:
        """Return when the server answers; raises `ServerDied` when it ends first or takes too long."""
        deadline = time.monotonic() + START_SECONDS
        while not _holds(answers):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                said = self.log.read_text(errors="replace")[-3000:]
                raise ServerDied(f"{self._process.args!r} did not start:\n{said}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the whole group: its own way first, then by force."""
        if self._process.poll() is None:
            self._process.send_signal(self._stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the whole group at once, as a crash would."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(STOP_SECONDS)


def as_server(command: Sequence[str], parent_death_signal: signal.Signals = signal.SIGKILL) -> list[str]:
    """The command, run without root's rights and signalled by the kernel when our process dies.

    Linux can do both (util-linux' setpriv); elsewhere the suite runs as an ordinary user and cleans up at its exit.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if os.geteuid() == 0:
            raise MissingServer("setpriv is not installed: install util-linux, or run the tests as an ordinary user.")
        return list(command)
    rights: list[str] = []
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        rights = [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    return [setpriv, *rights, f"--pdeathsig={parent_death_signal.name.removeprefix('SIG')}", "--", *command]


def _holds(answers: Callable[[], bool]) -> bool:
    try:
        return answers()
    except OSError:
        return False
