"""Servers as fixtures: one of each per xdist worker, started when the first test asks for it, ended with the run.

A test that takes a name, a database or a catcher of its own shares nothing with its neighbours.
"""

import logging
from collections.abc import Generator, Iterator

import pytest
import structlog

from cheap_passwords import hash_in_no_time
from compiled_statements import compile_once
from core.garbage import collect_rarely, not_collecting
from migrated import lay_tables
from scratch import choose_folder
from servers.chromium import find_chromium
from servers.dovecot import Dovecot
from servers.mail_catcher import MailCatcher
from servers.postgres import Postgres
from servers.redis import Redis
from servers.smtp_sink import SmtpSink

choose_folder()
compile_once()
hash_in_no_time()
# A server that tells nothing: the client has to find out everything by UIDs, and has to poll.
EXTENSIONS = (
    "CONDSTORE",
    "QRESYNC",
    "IDLE",
    "NOTIFY",
    "MOVE",
    "UIDPLUS",
    "SPECIAL-USE",
    "LIST-STATUS",
    "ESEARCH",
    "COMPRESS=DEFLATE",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """As the program itself is loaded. To look through eleven thousand tests again and again took a tenth of their time."""
    with not_collecting():
        collected = yield
    collect_rarely()
    return collected


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Whatever a test configures of logging is undone after it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Dovecot with everything it can do."""
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def plain_dovecot() -> Iterator[Dovecot]:
    """Dovecot that announces none of the extensions a client would like to lean on."""
    with Dovecot(without=EXTENSIONS) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The PostgreSQL server; most tests want `postgres_url`."""
    with Postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """`postgresql://` URL of an empty database of the test's own."""
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture
def migrated_postgres_url(postgres: Postgres) -> Iterator[str]:
    """The same with our tables in it."""
    with postgres.fresh_database(postgres.template("migrated", lay_tables)) as url:
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """The Redis server; most tests want `redis_url`."""
    with Redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    """`redis://` URL of an empty Redis."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture
def smtp_catcher() -> Iterator[MailCatcher]:
    """An SMTP server that keeps what it is sent, and refuses what the test tells it to refuse."""
    with MailCatcher() as server:
        yield server


@pytest.fixture(scope="session")
def smtp_sink() -> Iterator[SmtpSink]:
    """Postfix's smtp-sink: swallows mail as fast as it comes."""
    with SmtpSink() as server:
        yield server


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium of this machine."""
    return find_chromium()
