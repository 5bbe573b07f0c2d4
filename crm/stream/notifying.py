"""Mail on a record: whoever follows it hears of it at the bell; of incoming mail also whoever is responsible."""

from core.addresses import address_key
from core.logging import get_logger
from crm.access.mail import ReadLevel, read_levels
from crm.access.notifications import Bell, ring
from crm.access.repository import address_keys_of
from crm.access.roles.viewers import viewer_of_person
from crm.access.viewer import Viewer
from crm.stream.follows import followers
from crm.stream.timeline import repository
from crm.stream.views import Entry, MailFacts
from storage.models import Direction
from storage.running import JobRun
from storage.sessions import ReadSession

log = get_logger(__name__)


def notify(run: JobRun) -> None:
    """Jobs `message.received` and `message.sent`: one notification per person and message, however often it runs."""
    with run.store.database.reading() as session:
        bells = _bells(session, run.args.message_id)
    with run.completing() as session:
        ring(session, bells)
    log.info("message.notified", message_id=run.args.message_id, people=len(bells))


def _bells(session: ReadSession, message_id: int) -> list[Bell]:
    entry = repository.entry_of_message(session, Viewer.system(), message_id)
    if entry is None or entry.mail is None:
        return []
    records = [(named.type, named.id) for named in entry.records]
    people = followers(session, Viewer.system(), records)
    if entry.responsible is not None and entry.direction is Direction.INCOMING:
        people.add(entry.responsible.id)
    bells = (_bell(session, user_id, entry, entry.mail) for user_id in sorted(people))
    return [bell for bell in bells if bell is not None]


def _bell(session: ReadSession, user_id: int, entry: Entry, mail: MailFacts) -> Bell | None:
    """What this person may be told: never a subject that they may not read."""
    viewer = viewer_of_person(session, user_id)
    if viewer is None:
        return None
    if address_key(mail.from_address) in address_keys_of(session, user_id):
        return None  # Nobody is told what they wrote themselves.
    level = read_levels(session, viewer, [mail.message_id]).get(mail.message_id, ReadLevel.NOTHING)
    if level is ReadLevel.NOTHING:
        return None
    author = mail.from_name or mail.from_address
    subject = f": {entry.title}" if level >= ReadLevel.SUBJECT and entry.title else ""
    return Bell(
        user_id, f"message:{mail.message_id}", f"Mail from {author}{subject}", f"/mail/threads/{mail.thread_id}"
    )
