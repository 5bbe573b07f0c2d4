"""The small company on each database, and an SMTP server that falls silent at the worst moment."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.config import load_settings
from core.crypto import load_key_ring
from migrated import open_copy
from unit.crm.small_company import SmallCompany


@pytest.fixture(params=["sqlite", "postgresql"])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallCompany]:
    where: dict[str, object] = {}
    if request.param == "postgresql":
        load_key_ring(tmp_path / "keys.json", create=True)
        where = {
            "database_url": request.getfixturevalue("migrated_postgres_url"),
            "secret_keys_file": tmp_path / "keys.json",
            "blob_dir": tmp_path / "blobs",
        }
    settings = load_settings(data_dir=tmp_path, allow_private_hosts=True, **where)
    store = open_copy(settings)
    yield SmallCompany(store, settings)
    store.close()


class SilentAfterTheDot:
    """Takes every mail whole, and closes the connection instead of answering. `mails` counts what it took."""

    def __init__(self) -> None:
        self.mails = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                self._talk(connection, lines)

    def _talk(self, connection: socket.socket, lines) -> None:
        connection.sendall(b"220 silent\r\n")
        for line in lines:
            verb = line.split()[0].upper()
            if verb == b"DATA":
                connection.sendall(b"354 go on\r\n")
                for content in lines:
                    if content == b".\r\n":
                        self.mails += 1
                        return
            connection.sendall(b"250 fine\r\n")


@pytest.fixture
def silent_server() -> Iterator[SilentAfterTheDot]:
    server = SilentAfterTheDot()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever clicks waits as long as a busy machine takes; what a slow database does has tests of its own."""
    monkeypatch.setattr("delivery.link_cache.PATIENCE", 30.0)
