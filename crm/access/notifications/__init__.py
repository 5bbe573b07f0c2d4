"""What the bell tells a person: made once per cause, listed, read."""

from crm.access.notifications.repository import Bell, Notice, mark_read, notices, ring, unread

__all__ = ["Bell", "Notice", "mark_read", "notices", "ring", "unread"]
