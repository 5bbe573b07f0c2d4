"""Keys, and what is done with them: secrets encrypted at rest, tokens signed, look-ups by HMAC.

A key ring is a JSON file `{"keys": {"<id>": "<base64 of 32 bytes>"}, "current": "<id>"}`. New secrets use the current
key; old ones are found by the id they carry. Keys that once signed a link are never removed: a mail sent years ago
still has to unsubscribe its reader. Each purpose gets a key of its own by HKDF (RFC 5869), so a leaked tracking key
opens no password.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import Permanent, UsageError

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyRing:
    """All keys of an installation. Immutable; rotation writes a new file and makes a new ring."""

    def __init__(self, keys: dict[str, bytes], current: str) -> None:
        if current not in keys or not all(name.isdecimal() and len(key) == KEY_BYTES for name, key in keys.items()):
            raise UsageError("The key file is damaged: restore it from your backup.")
        self._keys = keys
        self.current = current
        self._derived = lru_cache(maxsize=256)(self._derive)

    @property
    def ids(self) -> list[str]:
        """Ids of all keys, the current one first."""
        return [self.current, *sorted(self._keys.keys() - {self.current})]

    def fingerprints(self) -> dict[str, str]:
        """Id to a short hash of each key: safe to store, so that a database can refuse a foreign ring."""
        return {key_id: hashlib.sha256(b"fingerprint" + key).hexdigest()[:16] for key_id, key in self._keys.items()}

    def encrypt(self, purpose: str, secret: str) -> str:
        """Encrypt `secret` (AES-256-GCM) for storage; `purpose` is bound to it and must match to read it."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self._derived(self.current, purpose)).encrypt(nonce, secret.encode(), purpose.encode())
        return f"{self.current}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def decrypt(self, purpose: str, stored: str) -> str:
        """Undo `encrypt`. Raises `Permanent` when the key is missing or the text was changed."""
        key_id, _, payload = stored.partition(".")
        if key_id not in self._keys:
            raise Permanent("A stored secret was encrypted with a key that is not in the key file.")
        try:
            raw = base64.urlsafe_b64decode(payload)
            opened = AESGCM(self._derived(key_id, purpose)).decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()
            )
        except (InvalidTag, ValueError):  # Changed, or cut off.
            raise Permanent(
                "A stored secret does not open with its key: the database or key file was changed."
            ) from None
        return opened.decode()

    def signing_key(self, purpose: str, key_id: str | None = None) -> bytes:
        """32 bytes for HMAC under `purpose`, of the current key unless an id is given.

        Raises `KeyError` for an unknown id.
        """
        return self._derived(key_id or self.current, purpose)

    def lookup(self, purpose: str, value: str) -> str:
        """Hex HMAC-SHA256 of `value`, to find an encrypted value without reading it.

        Uses the *oldest* key, so that it stays the same when keys are rotated.
        """
        oldest = min(self._keys, key=int)
        return hmac.digest(self._derived(oldest, purpose), value.encode(), "sha256").hex()

    def _derive(self, key_id: str, purpose: str) -> bytes:
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self._keys[key_id])


def load_key_ring(path: Path, *, create: bool) -> KeyRing:
    """Read the ring at `path`; make a fresh one (mode 0600, fsynced) if absent and `create`.

    Raises `UsageError` when it is absent or unreadable.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        keys = {str(key_id): base64.b64decode(value) for key_id, value in data["keys"].items()}
        return KeyRing(keys, str(data["current"]))
    except FileNotFoundError:
        if not create:
            raise UsageError(
                f"There is no key file at {path}: set MAILSYNC_SECRET_KEYS_FILE to yours, or make one with mailsync db keys."
            ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(f"The key file {path} cannot be read: restore it from your backup.") from None
    return _create_key_ring(path)


def _create_key_ring(path: Path) -> KeyRing:
    key = secrets.token_bytes(KEY_BYTES)
    text = json.dumps({"keys": {"1": base64.b64encode(key).decode()}, "current": "1"})
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # Another process was faster: its ring is the ring.
        return load_key_ring(path, create=False)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return KeyRing({"1": key}, "1")
