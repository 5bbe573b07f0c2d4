"""The address that is pasted after signing in at a provider."""

import pytest

from cli.signing_in import read_callback
from core.errors import UsageError


def test_a_pasted_address_is_read_or_refused() -> None:
    assert read_callback(" http://localhost:1/?state=s&code=c ").code == "c"
    for wrong in ("http://[", "http://localhost/?state=s", ""):
        with pytest.raises(UsageError, match="not the address"):
            read_callback(wrong)
