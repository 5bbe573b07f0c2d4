"""How mbsync (Debian's isync) is told what to do: one mailbox, pulled into a maildir with its defaults."""

from pathlib import Path

from servers.dovecot import Dovecot

SETTINGS = """
IMAPStore server
Host {host}
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

MaildirStore here
Path {directory}/
Inbox {directory}/INBOX
SubFolders Verbatim

Channel all
Far :server:
Near :here:
Patterns {folders}
Create Near
Sync Pull
SyncState *
"""


def mbsync_settings(server: Dovecot, user: str, directory: Path, *, port: int | None = None, folders: str = "*") -> str:
    """Its configuration, whose channel is called `all`; `port` where it is led through a proxy."""
    return SETTINGS.format(
        host=server.host,
        port=port or server.port,
        user=user,
        password=server.password,
        directory=directory,
        folders=folders,
    )
