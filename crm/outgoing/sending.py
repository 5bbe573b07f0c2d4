"""The job that sends one mail, through the states that the package's docstring draws."""

from dataclasses import dataclass

from core.clock import utcnow
from core.errors import Conflict, NotFound, Permanent, Transient, UsageError
from core.logging import get_logger
from crm.outgoing import repository
from crm.outgoing.outcomes import CLAIMABLE, keep, settle_attempted
from crm.outgoing.rendering import Rendered, gather, recipients_of, render
from crm.outgoing.transmission import AccessTokens, Outcome, Refused, Sender, transmit
from delivery.envelope import Envelope
from delivery.servers import SmtpServer
from storage import blobs as blob_rows
from storage.models import Outgoing, SendState
from storage.running import JobRun

log = get_logger(__name__)

CHANGED = "This mail was changed while it was being prepared."


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail in our hands: its bytes are stored, and only the holder of `fence` may go on."""

    row: Outgoing
    fence: int
    sender: Sender
    server: SmtpServer
    envelope: Envelope
    raw: bytes


def send_outgoing(run: JobRun, access_tokens: AccessTokens) -> None:
    """Job `outgoing.send`: one try. Called again, it never sends what may have been sent before."""
    with run.store.database.reading() as session:
        row = repository.row_to_send(session, run.args.outgoing_id)
    if row is not None and row.state is SendState.ATTEMPTED:
        _settle_attempted(run, row)
    elif row is None or row.state not in CLAIMABLE:
        with run.completing():
            log.info("outgoing.nothing_to_send", outgoing_id=run.args.outgoing_id)
    else:
        _try_once(run, row, access_tokens)


def claim(run: JobRun, row: Outgoing, access_tokens: AccessTokens) -> Claimed:
    """Compose the mail (the first time) and take hold of it, in one commit.

    Raises `Transient` when its state changed meanwhile or there is no access token now, `UsageError` or `Permanent`
    when it can not be composed.
    """
    store, fresh = run.store, None
    with store.database.reading() as session:
        mailbox = repository.mailbox_of_mail(session, row.mailbox_id)
        kept = store.blobs.read(session, row.raw_blob_id) if row.raw_blob_id is not None else None
        gathered = gather(session, store, row, mailbox) if kept is None else None
    sender = Sender(store, run.settings, mailbox, access_tokens)
    server = sender.server()
    if gathered is not None:
        fresh = render(store, gathered, utcnow(), run.settings.public_url)
    fence = _take_hold(run, row, fresh)
    raw = fresh.raw if fresh is not None else kept or b""
    return Claimed(row, fence, sender, server, Envelope(mailbox.email, recipients_of(row)), raw)


def mark_attempted(run: JobRun, claimed: Claimed) -> None:
    """Make the attempt durable, before its first byte. Raises `Transient` when somebody else has the mail now."""
    with run.store.database.unit_of_work() as session:
        held = (SendState.CLAIMED,)
        if repository.move(session, claimed.row.id, held, SendState.ATTEMPTED, fence=claimed.fence) is None:
            raise Transient(CHANGED, retry_after=1)


def record(run: JobRun, row: Outgoing, fence: int | None, outcome: Outcome) -> None:
    """Keep what became of the try, and the end of the job, in one commit.

    A job that was taken from us meanwhile ends with `Conflict`; what we know is kept all the same.
    """
    try:
        with run.completing() as session:
            keep(session, row, fence, outcome)
    except Conflict:
        with run.store.database.unit_of_work() as session:
            keep(session, row, fence, outcome)
        raise
    log.info("outgoing.tried", outgoing_id=row.id, outcome=type(outcome).__name__)


def _try_once(run: JobRun, row: Outgoing, access_tokens: AccessTokens) -> None:
    try:
        claimed = claim(run, row, access_tokens)
    except (UsageError, Permanent, NotFound) as error:
        record(run, row, row.fence, Refused(str(error), ""))
        return
    mark_attempted(run, claimed)
    outcome = transmit(claimed.sender, claimed.server, claimed.envelope, claimed.raw)
    record(run, row, claimed.fence, outcome)


def _take_hold(run: JobRun, row: Outgoing, fresh: Rendered | None) -> int:
    prepared = run.store.blobs.prepare([fresh.raw]) if fresh else []
    with run.store.database.unit_of_work() as session:
        values: dict[str, object] = {}
        if fresh is not None:
            (blob_id,) = blob_rows.record(session, prepared)
            values = {"raw_blob_id": blob_id, "message_id": fresh.message_id, "links": list(fresh.links)}
        fence = repository.move(session, row.id, (row.state,), SendState.CLAIMED, fence=row.fence, values=values)
        if fence is None:
            raise Transient(CHANGED, retry_after=1)
    return fence


def _settle_attempted(run: JobRun, row: Outgoing) -> None:
    with run.completing() as session:
        settle_attempted(session, row)
    log.warning("outgoing.settled", outgoing_id=row.id)
