"""Versions of what people and programs change: whoever writes says what they saw, so that nothing is overwritten unseen."""

import hashlib
import json
from typing import Any


def version_of(content: Any) -> str:
    """A short word that is another one whenever the content is: what JSON can say, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
