"""Postfix's smtp-sink: the fastest honest receiver there is, for rates and for whole campaigns."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from typing_extensions import override

from servers.process import ServerProcess, find_program, free_port, own_for_server
from servers.server import Server


class SmtpSink(Server):
    """A private smtp-sink on `port`. With `dump=True` every mail is a file, read by `messages()`.

    `options` are passed on: `-f` refuses at a command, `-Q` answers 421, `-w` waits (see smtp-sink(1)).
    """

    name = "sink"

    def __init__(self, *, dump: bool = False, options: Sequence[str] = ()) -> None:
        self.port = free_port()
        self._dump = dump
        self._options = tuple(options)

    @override
    def _open(self, undo: ExitStack) -> None:
        self.mail_directory = self.directory / "mail"
        self.mail_directory.mkdir()
        own_for_server(self.mail_directory)
        dump = ["-d", f"{self.mail_directory}/%M."] if self._dump else []
        program = find_program("smtp-sink", "postfix")
        command = [program, *dump, *self._options, f"{self.host}:{self.port}", "1000"]
        process = ServerProcess(command, log=self.directory / "server.log")
        undo.callback(process.stop)
        process.wait_until(self._greets)

    def messages(self) -> Iterator[bytes]:
        """The mails dumped so far, envelope in `X-Mail-Args` and `X-Rcpt-Args` headers, in no order."""
        return (path.read_bytes() for path in self._files())

    def _files(self) -> list[Path]:
        return [path for path in self.mail_directory.iterdir() if path.is_file()]

    def _greets(self) -> bool:
        with socket.create_connection((self.host, self.port), timeout=5) as connection:
            return connection.recv(3) == b"220"
