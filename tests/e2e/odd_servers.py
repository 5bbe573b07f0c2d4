"""Servers that are not what a mailbox needs: one that talks garbage, one that says nothing, and a port without any."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from servers.process import free_port

GARBAGE = b"SSH-2.0-OpenSSH_9.2\r\n\x00\xff\xfe neither IMAP nor SMTP\r\n" * 3


@contextmanager
def talking(said: bytes) -> Iterator[int]:
    """The port of a server that says the same to everybody and listens to nobody; b"" is a silent one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def accept() -> None:
            with suppress(OSError):  # The listener was closed: the test is over.
                while True:
                    connection, _ = listener.accept()
                    held.append(connection)
                    connection.sendall(said)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for connection in held:
                connection.close()


def closed_port() -> int:
    """A port on which nothing listens."""
    return free_port()
