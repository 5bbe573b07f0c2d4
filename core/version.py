"""Which version of the program this is: what could not be done by one may be by the next."""

from importlib.metadata import version

PROGRAM_VERSION = version("mailsync-crm")
