"""A mail to somebody's secret feed address becomes a post, once."""

from core.errors import Forbidden, NotFound, UsageError
from core.logging import get_logger
from crm.access.mail import read_message
from crm.access.mailed_in import MailContent, MailedIn, content_of, first_effect, mailed_in, refuse, take_tags
from crm.access.notifications import Bell, ring
from crm.access.viewer import Viewer
from crm.stream.feed.posting import create_post
from crm.stream.views import NewPost
from storage.models import IntakeState, Purpose
from storage.running import JobRun
from storage.sessions import WriteSession

log = get_logger(__name__)


def post_from_mail(run: JobRun) -> None:
    """Job `stream.post_from_mail`: post what an accepted mail says. Called again, it changes nothing."""
    system = Viewer.system()
    with run.store.database.reading() as session:
        mail = mailed_in(session, system, run.args.delivery_id)
        wanted = mail is not None and mail.purpose is Purpose.FEED and mail.state is IntakeState.ACCEPTED
        raw = read_message(session, run.store.blobs, system, mail.message_id).raw if mail and wanted else b""
    if mail is None or not wanted:
        with run.completing():
            log.info("post.not_wanted", delivery_id=run.args.delivery_id)
        return
    content = content_of(raw, run.store.limits)
    with run.completing() as session:
        _take(session, mail, content)


def _take(session: WriteSession, mail: MailedIn, content: MailContent) -> None:
    """The effect, if it is the first time; or the reason why there is none, told to the owner alone."""
    if not first_effect(session, mail.message_id, "post", f"intake:{mail.address_id}"):
        return
    reason = _objection(mail, content) or _make(session, mail, content)
    if reason is None:
        return
    refuse(session, mail.delivery_id, reason)
    bell = Bell(mail.owner.id, f"intake.refused:{mail.delivery_id}", f"A mail was not posted: {reason}", "/feed")
    ring(session, [bell])
    log.info("post.refused", delivery_id=mail.delivery_id)


def _make(session: WriteSession, mail: MailedIn, content: MailContent) -> str | None:
    """Post it; why it can not be posted, in which case nothing of it was."""
    title, tags = take_tags(content.subject)
    new = NewPost(title, content.whole_text, tags, mail.message_id)
    try:
        with session.begin_nested():
            post_id = create_post(session, mail.owner.viewer, new, mailed_in=True)
    except (UsageError, NotFound, Forbidden) as error:
        return str(error)
    log.info("post.made_from_mail", post_id=post_id, delivery_id=mail.delivery_id)
    return None


def _objection(mail: MailedIn, content: MailContent) -> str | None:
    if not mail.owner.active or not mail.owner.viewer.may_write:
        return "the owner of the address may not post."
    title, _ = take_tags(content.subject)
    return "it has neither subject nor text." if not (title.strip() or content.whole_text) else None
