"""Postfix's smtp-sink: the fastest honest receiver there is, for rates and for whole campaigns."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from servers.process import ServerProcess, find_program, free_port, own_for_server, server_directory


class SmtpSink:
    """A private smtp-sink on `port`. With `dump=True` every mail is a file, read by `messages()`.

    `options` are passed on: `-f` refuses at a command, `-Q` answers 421, `-w` waits (see smtp-sink(1)).
    """

    host = "127.0.0.1"

    def __init__(self, *, dump: bool = False, options: Sequence[str] = ()) -> None:
        self.port = free_port()
        self._dump = dump
        self._options = tuple(options)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        directory = self._stack.enter_context(server_directory("sink"))
        self.mail_directory = directory / "mail"
        self.mail_directory.mkdir()
        own_for_server(self.mail_directory)
        dump = ["-d", f"{self.mail_directory}/%M."] if self._dump else []
        program = find_program("smtp-sink", "postfix")
        command = [program, *dump, *self._options, f"{self.host}:{self.port}", "1000"]
        self._process = ServerProcess(command, log=directory / "server.log")
        self._process.wait_until(self._greets)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()
        self._stack.close()

    def messages(self) -> Iterator[bytes]:
        """The mails dumped so far, envelope in `X-Mail-Args` and `X-Rcpt-Args` headers, in no order."""
        return (path.read_bytes() for path in self._files())

    def _files(self) -> list[Path]:
        return [path for path in self.mail_directory.iterdir() if path.is_file()]

    def _greets(self) -> bool:
        with socket.create_connection((self.host, self.port), timeout=5) as connection:
            return connection.recv(3) == b"220"
