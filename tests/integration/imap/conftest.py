"""Dovecot with all of its extensions, and without any."""

import pytest

from servers.dovecot import Dovecot


@pytest.fixture(params=["everything", "nothing"])
def any_dovecot(request: pytest.FixtureRequest) -> Dovecot:
    """The same promises hold on a server with all extensions and on one without any."""
    return request.getfixturevalue("dovecot" if request.param == "everything" else "plain_dovecot")
