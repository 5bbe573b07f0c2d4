"""NOTIFY (RFC 5465): a connection that waits in IDLE on one folder hears of all the others of its account, too."""

from mailsync.imap.errors import ImapError
from mailsync.imap.session import Session

_MESSAGES = "MessageNew MessageExpunge FlagChange"


class NotifyCommands(Session):
    """Asking for news of more than the open folder."""

    async def notify(self) -> bool:
        """Whether the server tells of all folders from now on, by `OtherFolder` events; else of the open one, as ever.

        For a connection that does nothing but wait: once asked for, deletions may be told at any moment, also between
        the answers of a FETCH. A server that offers it may refuse it, which can cost the connection, or end it (`NotifyEnded`).
        Servers do not see everything either: Dovecot tells of no mail that was put into a folder behind its back.
        """
        if not self.has("NOTIFY"):
            return False
        try:
            await self.run("NOTIFY", "SET", f"(SELECTED ({_MESSAGES}))", f"(PERSONAL ({_MESSAGES} MailboxName))")
        except ImapError:  # Too many folders, no right to one of them, a word it does not know: all the same to us.
            return False
        return True
