"""What every test of sending does: connect a mailbox, queue a mail, run its job, look at its row."""

from datetime import timedelta

from sqlalchemy import update

from core.clock import utcnow
from crm.outgoing.queueing import queue_mail
from crm.outgoing.sending import send_outgoing
from crm.outgoing.transmission import SMTP_LOGIN
from crm.outgoing.views import Composition, MailKind, Recipient
from storage.jobs import SEND_OUTGOING, STORE_IN_SENT
from storage.models import (
    JobState,
    Mailbox,
    Outbox,
    Outgoing,
)
from unit.crm.small_company import SmallCompany


def no_tokens(*_: object, **__: object) -> str:
    """Mailboxes with passwords never ask for an access token."""
    raise AssertionError("nobody is signed in by OAuth here")


CARL = Recipient("carl@client.example", "Carl Client")


def connect(company: SmallCompany, port: int, *, scheme: str = "smtp", password: str | None = None) -> None:
    """Let Ann's mailbox send through the server at `port`."""
    user = "ann@" if password else ""
    sealed = company.store.keys.encrypt(SMTP_LOGIN, password) if password else None
    values = {"smtp_url": f"{scheme}://{user}127.0.0.1:{port}", "smtp_password_encrypted": sealed}
    with company.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).where(Mailbox.id == company.mailbox).values(**values))


def queue(company: SmallCompany, mail: Composition | None = None, **how: object) -> int:
    mail = mail or Composition(MailKind.NEW, company.mailbox, (CARL,), "Offer", "Dear Carl,\nhere it is.\n")
    with company.store.database.unit_of_work() as session:
        return queue_mail(session, company.viewer(company.ann), mail, **({"undo_seconds": 0} | how))


def run_job(company: SmallCompany) -> None:
    """Run the sending job that comes next, as if it were due."""
    with company.store.database.unit_of_work() as session:
        session.execute(
            update(Outbox).where(Outbox.state == JobState.DUE, Outbox.job == SEND_OUTGOING.name).values(due_at=utcnow())
        )
        session.execute(update(Outbox).where(Outbox.job == STORE_IN_SENT.name).values(due_at=utcnow() + timedelta(1)))
    send_outgoing(company.next_run(), no_tokens)


def row(company: SmallCompany, outgoing_id: int) -> Outgoing:
    return company.rows(Outgoing, id=outgoing_id)[0]
