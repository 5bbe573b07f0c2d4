"""Who may read one stored message, and how much of it.

The widest level that any of the reader's own ways gives, each way judged alone: a mailbox they own or work in; a record
the message stands on, as far as that mailbox shares; a task or post that was made of it.
"""

from crm.access.mail.reading import (
    ReadLevel,
    StoredMail,
    originals_gone,
    read_levels,
    read_message,
    require_readable,
)

__all__ = ["ReadLevel", "StoredMail", "originals_gone", "read_levels", "read_message", "require_readable"]
