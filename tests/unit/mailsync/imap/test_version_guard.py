"""What our overrides lean on in aioimaplib, by fingerprint: another source under the same version is caught too."""

import hashlib
import inspect

import pytest
from aioimaplib.aioimaplib import Command, Commands, IMAP4ClientProtocol

from core.errors import UsageError
from mailsync.imap.protocol import OUR_COMMANDS
from mailsync.imap.version_guard import SUPPORTED, demand_supported_version, installed_version

LEANED_ON = {
    "Command": Command,
    "Protocol.__init__": IMAP4ClientProtocol.__init__,
    "Protocol.connection_made": IMAP4ClientProtocol.connection_made,
    "Protocol.execute": IMAP4ClientProtocol.execute,
    "Protocol._response_done": IMAP4ClientProtocol._response_done,
    "Protocol._find_pending_async_cmd_by_tag": IMAP4ClientProtocol._find_pending_async_cmd_by_tag,
    "Protocol.wait_for_idle_response": IMAP4ClientProtocol.wait_for_idle_response,
    "Protocol.new_tag": IMAP4ClientProtocol.new_tag,
}
FINGERPRINT = "2f3d80e6e9468982103ad59a58cdffe15f201c02f74a6b45c499e1efef14d121"


def test_only_the_supported_version_is_worked_with():
    demand_supported_version(installed_version())
    with pytest.raises(UsageError, match=SUPPORTED):
        demand_supported_version("2.0.4")


def test_the_library_is_the_one_that_was_read():
    table = sorted((name, command) for name, command in Commands.items() if name not in OUR_COMMANDS)
    source = "".join(inspect.getsource(one) for one in LEANED_ON.values()) + repr(table)
    assert hashlib.sha256(source.encode()).hexdigest() == FINGERPRINT
