"""A mail that reached somebody's secret address: whose it is, what it says, and that it has its effect only once."""

from crm.access.mailed_in.approving import approve, discard
from crm.access.mailed_in.content import MailContent, content_of
from crm.access.mailed_in.repository import HeldMail, MailedIn, Owner, first_effect, held, mailed_in, refuse
from crm.access.mailed_in.tags import take_tags

__all__ = [
    "HeldMail",
    "MailContent",
    "MailedIn",
    "Owner",
    "approve",
    "content_of",
    "discard",
    "first_effect",
    "held",
    "mailed_in",
    "refuse",
    "take_tags",
]
