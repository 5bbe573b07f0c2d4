"""Freezing an audience: contacts become recipients, a chunk at a time, those who are left out too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, case, cast, func, insert, literal, null, or_, select, update

from campaigns.repository.rules import condition
from campaigns.segments import Rule
from crm.access.viewer import Viewer
from storage.models import (
    Campaign,
    CampaignState,
    Channel,
    Contact,
    Recipient,
    RecordType,
    Segment,
    SendState,
    Suppression,
)
from storage.sessions import ReadSession, WriteSession

NO_ADDRESS = "no_address"
DUPLICATE = "duplicate"
SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Freeze:
    """How far the freezing of a campaign has come."""

    state: CampaignState
    cursor: int
    rules: dict[str, Any]


def freeze_of(session: ReadSession, campaign_id: int) -> Freeze:
    """State, cursor and rules of a campaign."""
    columns = select(Campaign.state, Campaign.freeze_cursor, Segment.rules)
    query = columns.join(Segment, Segment.id == Campaign.segment_id).where(Campaign.id == campaign_id)
    return Freeze(*session.execute(query).one())


def chunk_end(session: ReadSession, cursor: int, size: int) -> int | None:
    """The id of the last of the next `size` contacts after `cursor`; None when there are no more."""
    following = select(Contact.id).where(Contact.id > cursor).order_by(Contact.id).limit(size).subquery()
    return session.execute(select(func.max(following.c.id))).scalar()


def addresses(session: ReadSession, _: Viewer, rule: Rule, after: int, until: int) -> Sequence[tuple[int, str]]:
    """Contact and address of everybody of the segment with an id in (`after`, `until`], to be checked."""
    query = select(Contact.id, Channel.value).join(Channel, Channel.id == _first_address())
    rows = session.execute(query.where(*_in_chunk(session, rule, after, until)))
    return rows.all()


def freeze_chunk(
    session: WriteSession, campaign_id: int, rule: Rule, after: int, until: int, unusable: Mapping[int, str]
) -> bool:
    """Make recipients of the chunk and move the cursor, in one go; false when somebody else was faster.

    `unusable` names contacts whose address no mail can be sent to, with the reason.
    """
    moved = session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.freeze_cursor == after, Campaign.state == CampaignState.PREPARING)
        .values(freeze_cursor=until)
        .returning(Campaign.id)
        .execution_options(synchronize_session=False)
    )
    if moved.one_or_none() is None:
        return False
    columns = ["campaign_id", "contact_id", "address", "key", "state", "reason", "tries", "fence", "smtp_reply"]
    session.execute(insert(Recipient).from_select(columns, _recipients(session, campaign_id, rule, after, until)))
    for reason in sorted(set(unusable.values())):
        ids = [contact_id for contact_id, why in unusable.items() if why == reason]
        _leave_out(session, campaign_id, ids, reason)
    return True


def _recipients(session: WriteSession, campaign_id: int, rule: Rule, after: int, until: int) -> Any:
    """Everybody of the chunk with state and reason. Who is left out gets a key that is no address, so none collides."""
    turn = func.row_number().over(partition_by=Channel.key, order_by=Contact.id)
    people: Any = (
        select(Contact.id.label("id"), Channel.value.label("value"), Channel.key.label("key"), turn.label("turn"))
        .outerjoin(Channel, Channel.id == _first_address())
        .where(*_in_chunk(session, rule, after, until))
        .subquery()
    ).c
    taken = select(Recipient.id).where(Recipient.campaign_id == campaign_id, Recipient.key == people.key).exists()
    barred = select(Suppression.id).where(Suppression.key == people.key).exists()
    no_address = or_(people.value.is_(None), people.value == "")
    double = or_(people.turn > 1, taken)
    reason = case((no_address, NO_ADDRESS), (double, DUPLICATE), (barred, SUPPRESSED), else_="")
    own_key = cast(people.id, String)
    key = case(
        (no_address, literal("no_address:") + own_key), (double, literal("duplicate:") + own_key), else_=people.key
    )
    state = case((or_(no_address, double, barred), SendState.SKIPPED.value), else_=SendState.PENDING.value)
    return select(
        literal(campaign_id), people.id, func.coalesce(people.value, ""), key, state, reason, literal(0), literal(0),
        literal(""),
    ).order_by(people.id)  # fmt: skip


def _leave_out(session: WriteSession, campaign_id: int, contact_ids: list[int], reason: str) -> None:
    session.execute(
        update(Recipient)
        .where(
            Recipient.campaign_id == campaign_id,
            Recipient.contact_id.in_(contact_ids),
            Recipient.state == SendState.PENDING,
        )
        .values(state=SendState.SKIPPED, reason=reason, due_at=null())
        .execution_options(synchronize_session=False)
    )


def _first_address() -> Any:
    """The id of a contact's first e-mail address."""
    return (
        select(func.min(Channel.id))
        .where(Channel.record_type == RecordType.CONTACT, Channel.record_id == Contact.id, Channel.kind == "email")
        .correlate(Contact)
        .scalar_subquery()
    )


def _in_chunk(session: ReadSession, rule: Rule, after: int, until: int) -> list[Any]:
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    belongs = condition(rule, on_postgresql=on_postgresql)
    return [Contact.id > after, Contact.id <= until, Contact.deleted_at.is_(None), belongs]
