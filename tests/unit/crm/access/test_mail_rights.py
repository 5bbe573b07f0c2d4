"""Who may read one message: each way alone, the widest wins."""

import pytest
from sqlalchemy import insert, update

from core.clock import utcnow
from core.errors import Forbidden, NotFound
from crm.access.mail import ReadLevel, read_levels, read_message, require_readable
from crm.access.viewer import Viewer
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Mailbox,
    MailboxMember,
    Purpose,
    RecordType,
    ShareLevel,
    Task,
)
from unit.crm.small_company import SmallCompany, letter


@pytest.fixture
def message_id(company: SmallCompany) -> int:
    return company.keep(letter("Offer", "Secret text"))


def level(company: SmallCompany, user_id: int, message_id: int) -> ReadLevel | None:
    with company.store.database.reading() as session:
        return read_levels(session, company.viewer(user_id), [message_id]).get(message_id)


def bind(company: SmallCompany, message_id: int) -> None:
    with company.store.database.unit_of_work() as session:
        row = {"kind": ActivityKind.MAIL, "title": "", "at": utcnow(), "created_at": utcnow(), "message_id": message_id}
        activity_id = session.execute(insert(Activity).values(**row).returning(Activity.id)).scalar_one()
        binding = {"record_type": RecordType.DEAL, "record_id": company.deal, "owner": True}
        session.execute(insert(ActivityBinding).values(activity_id=activity_id, **binding))


def share(company: SmallCompany, mailbox_id: int, **values: object) -> None:
    with company.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).where(Mailbox.id == mailbox_id).values(**values))


def test_a_mailbox_is_its_owners_and_its_members(company: SmallCompany, message_id: int) -> None:
    assert level(company, company.ann, message_id) is ReadLevel.EVERYTHING
    assert level(company, company.bob, message_id) is ReadLevel.NOTHING
    with company.store.database.unit_of_work() as session:
        session.execute(insert(MailboxMember).values(mailbox_id=company.mailbox, user_id=company.bob))
    assert level(company, company.bob, message_id) is ReadLevel.EVERYTHING
    assert level(company, company.gus, message_id) is ReadLevel.NOTHING


def test_a_shared_mailbox_without_members_is_everybodys_and_with_members_theirs(
    company: SmallCompany, message_id: int
) -> None:
    share(company, company.mailbox, shared=True, owner_id=None)
    assert level(company, company.gus, message_id) is ReadLevel.EVERYTHING
    with company.store.database.unit_of_work() as session:
        session.execute(insert(MailboxMember).values(mailbox_id=company.mailbox, user_id=company.bob))
    assert level(company, company.gus, message_id) is ReadLevel.NOTHING


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        (ShareLevel.EVERYTHING, ReadLevel.EVERYTHING),
        (ShareLevel.SUBJECT, ReadLevel.SUBJECT),
        (ShareLevel.METADATA, ReadLevel.METADATA),
        (ShareLevel.PRIVATE, ReadLevel.NOTHING),
    ],
)
def test_through_a_record_as_far_as_the_mailbox_shares(
    company: SmallCompany, message_id: int, shared: ShareLevel, expected: ReadLevel
) -> None:
    bind(company, message_id)
    share(company, company.mailbox, share_level=shared)
    assert level(company, company.bob, message_id) is expected
    assert level(company, company.ann, message_id) is ReadLevel.EVERYTHING

    with company.store.database.reading() as session:
        bob = company.viewer(company.bob)
        if expected is ReadLevel.EVERYTHING:
            assert read_message(session, company.store.blobs, bob, message_id).raw.endswith(b"Secret text\r\n")
        else:
            with pytest.raises(NotFound if expected is ReadLevel.NOTHING else Forbidden):
                read_message(session, company.store.blobs, bob, message_id)
            with pytest.raises(NotFound):
                require_readable(session, bob, message_id)


def test_work_that_was_made_of_it_opens_it_to_those_who_do_it(company: SmallCompany, message_id: int) -> None:
    with company.store.database.unit_of_work() as session:
        task = {"title": "T", "creator_id": company.ann, "responsible_id": company.bob, "created_at": utcnow()}
        session.execute(insert(Task).values(message_id=message_id, **task))
    assert level(company, company.bob, message_id) is ReadLevel.EVERYTHING
    assert level(company, company.gus, message_id) is ReadLevel.NOTHING


def test_mail_to_ones_secret_address_is_ones_own(company: SmallCompany) -> None:
    company.deliver(letter("Task", "Text"), Purpose.TASK, user_id=company.bob)
    assert level(company, company.bob, 1) is ReadLevel.EVERYTHING
    assert level(company, company.gus, 1) is ReadLevel.NOTHING


def test_the_program_reads_everything_and_nobody_what_is_not_there(company: SmallCompany, message_id: int) -> None:
    with company.store.database.reading() as session:
        stored = read_message(session, company.store.blobs, Viewer.system(), message_id)
        assert (stored.mailbox_id, b"Secret text" in stored.raw) == (company.mailbox, True)
        with pytest.raises(NotFound):
            read_message(session, company.store.blobs, Viewer.system(), 999)
