"""The message that somebody passed on: pasted into the text, or attached as a file of its own."""

from parsers.forward.attached import attached_message
from parsers.forward.pasted import forwarded_of

__all__ = ["attached_message", "forwarded_of"]
