"""One handle for everything that is kept: database, raw bytes, keys. Opened once at the edge, passed down."""

from dataclasses import dataclass, field

from sqlalchemy import inspect, select

from core.config import Settings
from core.crypto import KeyRing, load_key_ring
from core.errors import UsageError
from core.limits import DEFAULT_LIMITS, Limits
from core.second_process import SecondProcess
from storage.blobs import BlobStore, PackBlobStore, TableBlobStore
from storage.database import Database
from storage.migrate import upgrade
from storage.models import KeyFingerprint
from storage.plain_errors import plain_errors
from storage.sessions import ReadSession

KEYS_FILE = "keys.json"


@dataclass(frozen=True, slots=True)
class Store:
    """What use cases need to read and write. Thread-safe."""

    database: Database
    blobs: BlobStore
    keys: KeyRing
    limits: Limits = DEFAULT_LIMITS
    """What is read of one message at most."""
    second_process: SecondProcess = field(default_factory=SecondProcess)
    """For work on many mails that needs no database."""

    def close(self) -> None:
        """Give connections back."""
        self.second_process.close()
        self.database.close()


def open_store(settings: Settings, *, migrate: bool = True) -> Store:
    """Open what `settings` name; make and migrate it where needed.

    Raises `UsageError` when the folder cannot be written, a setting is missing, the key file does not belong to this
    database, or the database cannot be reached.
    """
    if settings.database_url is None:
        database = Database.in_folder(settings.data_dir)
        keys = load_key_ring(settings.secret_keys_file or settings.data_dir / KEYS_FILE, create=_is_fresh(database))
        blobs: BlobStore = TableBlobStore()
    else:
        if settings.secret_keys_file is None or settings.blob_dir is None:
            raise UsageError(
                "With MAILSYNC_DATABASE_URL every process needs the same keys and raw mail: "
                "set MAILSYNC_SECRET_KEYS_FILE and MAILSYNC_BLOB_DIR."
            )
        database = Database(settings.database_url.get_secret_value())
        keys = load_key_ring(settings.secret_keys_file, create=False)
        blobs = PackBlobStore(settings.blob_dir)
    try:
        if migrate:
            upgrade(database)
        _check_keys(database, keys)
    except BaseException:
        database.close()
        raise
    return Store(database, blobs, keys, settings.limits)


def _is_fresh(database: Database) -> bool:
    """A database without tables may get a new key file; one with mail in it must not."""
    with plain_errors():
        return not inspect(database.engine).has_table("key_fingerprint")


def _check_keys(database: Database, keys: KeyRing) -> None:
    """Looked up before anything is written: a command need not stand in the writers' line for it."""
    ours = keys.fingerprints()
    with database.reading() as session:
        if _known_keys(session) == ours:
            return
    with database.unit_of_work() as session:
        known = _known_keys(session)
        if any(ours.get(key_id) != fingerprint for key_id, fingerprint in known.items()):
            raise UsageError("The key file does not belong to this database: use the one it was made with.")
        session.add_all(
            KeyFingerprint(key_id=key_id, fingerprint=fingerprint)
            for key_id, fingerprint in ours.items()
            if key_id not in known
        )


def _known_keys(session: ReadSession) -> dict[str, str]:
    return {row.key_id: row.fingerprint for row in session.execute(select(KeyFingerprint)).scalars()}
