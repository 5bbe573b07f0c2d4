"""Where an installation of a test keeps what it stores: a SQLite file, or a PostgreSQL database of its own.

Each gives where facts are to be asked (see `e2e.facts`), and the settings of the installation.
"""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from e2e.facts import Where

Database = tuple[Where, dict[str, str]]


@contextmanager
def on_sqlite(_: pytest.FixtureRequest, data_dir: Path) -> Iterator[Database]:
    """In the data directory."""
    yield data_dir, {}


@contextmanager
def on_postgresql(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[Database]:
    """In a database that is dropped afterwards; keys and raw mail beside the data directory."""
    keys = data_dir.with_suffix(".json")
    keys.write_text(json.dumps({"keys": {"1": base64.b64encode(os.urandom(32)).decode()}, "current": "1"}))
    with request.getfixturevalue("postgres").fresh_database() as url:
        blobs = str(data_dir.with_suffix(".blobs"))
        yield url, {"database_url": url, "secret_keys_file": str(keys), "blob_dir": blobs}


DATABASES = {"sqlite": on_sqlite, "postgresql": on_postgresql}
