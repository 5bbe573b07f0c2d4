"""What readers did with single mails that we sent with read receipts: opened them, followed their links.

Read here for all who show such a mail; `crm/outgoing/receipts` asks for receipts and writes what happens. Whoever may read what
a mail says may know this of it, and nobody else.
"""

from crm.access.receipts.repository import happenings, happenings_of_message, newest_happening, receipts_of
from crm.access.receipts.views import NO_RECEIPTS, Happening, Receipt

__all__ = [
    "NO_RECEIPTS",
    "Happening",
    "Receipt",
    "happenings",
    "happenings_of_message",
    "newest_happening",
    "receipts_of",
]
