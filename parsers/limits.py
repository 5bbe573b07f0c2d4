"""The limits of what is read of a message; they are set in the settings (`MAILSYNC_PARSE_…`)."""

from core.limits import Limits

__all__ = ["Limits"]
