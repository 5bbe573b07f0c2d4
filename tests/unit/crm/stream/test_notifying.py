"""New mail rings at whoever is responsible and whoever follows, once, and tells no more than they may read."""

from sqlalchemy import insert, update

from core.clock import utcnow
from crm.access.notifications import notices
from crm.stream.follows import follow
from crm.stream.notifying import notify
from storage.jobs import MESSAGE_RECEIVED, MESSAGE_SENT, OfMessage
from storage.models import Activity, ActivityBinding, ActivityKind, Direction, Mailbox, RecordType, ShareLevel
from unit.crm.small_company import SmallCompany, letter


def arrive(
    company: SmallCompany,
    responsible_id: int,
    sender: str = "Carl Client <carl@client.example>",
    direction: Direction = Direction.INCOMING,
) -> int:
    message_id = company.keep(letter("Offer?", "Text", sender=sender))
    now = utcnow()
    with company.store.database.unit_of_work() as session:
        row = {"kind": ActivityKind.MAIL, "title": "Offer?", "text": "", "at": now, "created_at": now}
        row |= {"direction": direction, "message_id": message_id, "responsible_id": responsible_id}
        activity_id = session.execute(insert(Activity).values(**row).returning(Activity.id)).scalar_one()
        binding = {"activity_id": activity_id, "record_type": RecordType.DEAL, "record_id": company.deal, "owner": True}
        session.execute(insert(ActivityBinding).values(**binding))
    return message_id


def titles(company: SmallCompany, user_id: int) -> list[str]:
    with company.store.database.reading() as session:
        return [notice.title for notice in notices(session, company.viewer(user_id))]


def test_the_responsible_and_the_followers_hear_once(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        follow(session, company.viewer(company.gus), (RecordType.DEAL, company.deal))
    message_id = arrive(company, company.bob)
    for _ in range(2):
        notify(company.run(MESSAGE_RECEIVED, OfMessage(message_id, company.mailbox)))

    assert titles(company, company.bob) == ["Mail from Carl Client: Offer?"]
    assert titles(company, company.gus) == ["Mail from Carl Client: Offer?"]
    assert titles(company, company.ann) == []


def test_a_subject_that_is_not_shared_is_not_told(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        session.execute(update(Mailbox).values(share_level=ShareLevel.METADATA))
    notify(company.run(MESSAGE_RECEIVED, OfMessage(arrive(company, company.bob), company.mailbox)))
    assert titles(company, company.bob) == ["Mail from Carl Client"]


def test_mail_on_no_record_rings_nowhere(company: SmallCompany) -> None:
    message_id = company.keep(letter("x", "y"))
    notify(company.run(MESSAGE_RECEIVED, OfMessage(message_id, company.mailbox)))
    assert [titles(company, user) for user in (company.ann, company.bob)] == [[], []]


def test_of_our_own_mail_only_followers_hear_and_never_its_author(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        for user_id in (company.ann, company.gus):
            follow(session, company.viewer(user_id), (RecordType.DEAL, company.deal))
    message_id = arrive(company, company.bob, "Ann Archer <ann@house.example>", Direction.OUTGOING)
    notify(company.run(MESSAGE_SENT, OfMessage(message_id, company.mailbox)))

    assert titles(company, company.gus) == ["Mail from Ann Archer: Offer?"]
    assert [titles(company, user) for user in (company.ann, company.bob)] == [[], []]
