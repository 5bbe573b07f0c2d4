"""What a report says about one recipient, before it is judged: the seam between reading a bounce and understanding it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient that a report names as not reached. Every field but the address may be empty: nothing was told.

    `action` is of RFC 3464 §2.3.3 (`failed` or `delayed`), `status` as given (RFC 3463), `reply_code` the three digits
    of SMTP. `command` is the SMTP command that was answered so: `CONN`, `HELO`, `MAIL`, `RCPT`, `DATA` (before the mail
    was sent), `BODY` (after its last line). `remote_mta` is the host that spoke, `reporting_mta` the one that reports.
    `diagnostic` is the server's words, `around` what the report tells people about this recipient: the whole of it where
    it names only one.
    """

    address: str
    action: str = "failed"
    status: str = ""
    reply_code: str = ""
    diagnostic: str = ""
    command: str = ""
    remote_mta: str = ""
    reporting_mta: str = ""
    around: str = ""
