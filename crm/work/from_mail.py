"""A mail to somebody's secret task address becomes a task, once."""

from zoneinfo import ZoneInfo

from core.clock import utcnow
from core.errors import Forbidden, NotFound, UsageError
from core.logging import get_logger
from crm.access.handles import handles
from crm.access.mail import read_message
from crm.access.mailed_in import MailContent, MailedIn, content_of, first_effect, mailed_in, refuse
from crm.access.notifications import Bell, ring
from crm.access.viewer import Viewer
from crm.office.settings import read_office
from crm.work import repository
from crm.work.clients import records_of_address
from crm.work.details import read_details, with_title
from crm.work.tasks import LONGEST_TITLE, create_task
from crm.work.views import NewTask
from storage.models import IntakeState, Purpose
from storage.running import JobRun
from storage.sessions import ReadSession, WriteSession

log = get_logger(__name__)
UNTITLED = "Mail without a subject"


def task_from_mail(run: JobRun) -> None:
    """Job `work.task_from_mail`: make the task that an accepted mail asks for. Called again, it changes nothing."""
    system = Viewer.system()
    with run.store.database.reading() as session:
        mail = mailed_in(session, system, run.args.delivery_id)
        wanted = mail is not None and mail.purpose is Purpose.TASK and mail.state is IntakeState.ACCEPTED
        raw = read_message(session, run.store.blobs, system, mail.message_id).raw if mail and wanted else b""
    if mail is None or not wanted:
        with run.completing():
            log.info("task.not_wanted", delivery_id=run.args.delivery_id)
        return
    content = content_of(raw, run.store.limits)
    with run.store.database.reading() as session:
        new = _new_task(session, mail, content)
    with run.completing() as session:
        _take(session, mail, content, new)


def _new_task(session: ReadSession, mail: MailedIn, content: MailContent) -> NewTask:
    people = handles(repository.active_people(session, mail.owner.viewer))
    office = read_office(session)
    now = utcnow().astimezone(ZoneInfo(mail.owner.time_zone or office.time_zone))
    read = read_details(content.subject, content.text, people=people, now=now, calendar=office.calendar)
    details = with_title(read, UNTITLED, LONGEST_TITLE)
    sender = content.sender
    bound = records_of_address(session, mail.owner.viewer, sender.address) if sender and sender.address else ()
    return NewTask(
        title=details.title,
        text="\n\n".join(part for part in (details.text, content.quoted) if part),
        responsible_id=details.responsible_id or mail.owner.id,
        priority=details.priority,
        deadline=details.deadline,
        tags=details.tags,
        records=bound,
        message_id=mail.message_id,
        sender_name=sender.name if sender else "",
        sender_address=sender.address if sender else "",
    )


def _take(session: WriteSession, mail: MailedIn, content: MailContent, new: NewTask) -> None:
    """The effect, if it is the first time; or the reason why there is none, told to the owner alone."""
    if not first_effect(session, mail.message_id, "task", f"intake:{mail.address_id}"):
        return
    reason = _objection(mail, content) or _make(session, mail, new)
    if reason is None:
        return
    refuse(session, mail.delivery_id, reason)
    bell = Bell(mail.owner.id, f"intake.refused:{mail.delivery_id}", f"A mail made no task: {reason}", "/tasks")
    ring(session, [bell])
    log.info("task.refused", delivery_id=mail.delivery_id)


def _make(session: WriteSession, mail: MailedIn, new: NewTask) -> str | None:
    """Make the task; why it can not be (any more), in which case nothing of it was."""
    try:
        with session.begin_nested():
            task_id = create_task(session, mail.owner.viewer, new, mailed_in=True)
    except (UsageError, NotFound, Forbidden) as error:
        return str(error)
    log.info("task.made_from_mail", task_id=task_id, delivery_id=mail.delivery_id)
    return None


def _objection(mail: MailedIn, content: MailContent) -> str | None:
    if not mail.owner.active or not mail.owner.viewer.may_write:
        return "the owner of the address may not set tasks."
    return "it has neither subject nor text." if content.empty else None
