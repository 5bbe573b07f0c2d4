"""A mail that reached somebody's secret address: whose it is, what it says, and that it has its effect only once."""

from crm.access.mailed_in.content import MailContent, content_of
from crm.access.mailed_in.repository import MailedIn, Owner, first_effect, mailed_in, refuse
from crm.access.mailed_in.tags import take_tags

__all__ = ["MailContent", "MailedIn", "Owner", "content_of", "first_effect", "mailed_in", "refuse", "take_tags"]
