"""Asking for the same change to many records, and doing to them what was asked for."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from core.clock import utcnow
from core.errors import Forbidden, MailsyncError, Transient, UsageError
from core.logging import get_logger
from crm.access.rights import Act
from crm.access.viewer import Viewer
from crm.records.bulk import repository
from crm.records.bulk.acts import CHOOSE_FIRST, Made, ask_for, do_to
from crm.records.fields.custom import fields_of
from crm.records.fields.editing import edit_record, held_values
from crm.records.fields.following import AMOUNT
from crm.records.fields.standard import Field, ValueKind
from crm.records.fields.values import Value, stored_form
from crm.records.handing_over import RESPONSIBLE, tell_of_many, tell_of_person
from crm.records.repository.fields import Record
from parsers.numbers import number_in
from storage.models import BulkAct, BulkEdit, RecordType
from storage.plain_errors import in_plain_words
from storage.running import JobRun
from storage.sessions import WriteSession
from storage.store import Store
from storage.writer_lock import Urgency

AT_ONCE = 10
"""Records of one unit of work: some 30 ms on SQLite, where others wait for it."""
MOST_TOLD = 200
"""Refused records that are named; more are counted only."""
NO_TAGS = "Your role may not change tags here."
NOT_CHANGED = "This one could not be changed because of an error of the program, which is in the log."
ODD: Final = (SQLAlchemyError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What one odd record can raise: it is left as it is and named, the rest goes on."""
ONE_BY_ONE = (ValueKind.EMAILS, ValueKind.PHONES, ValueKind.DOMAIN)
"""Fields that no two records share."""

log = get_logger(__name__)


def ask_for_edit(
    session: WriteSession,
    viewer: Viewer,
    record_type: RecordType,
    record_ids: Sequence[int],
    wanted: Mapping[str, Any],
    *,
    add_tags: Sequence[str] = (),
    remove_tags: Sequence[str] = (),
) -> int:
    """Have the fields of `wanted` set on all those records, and tags given or taken; the id of the edit.

    An amount as text (`1200.50`) is one in whole units of the currency that each record has then.
    Raises `Forbidden`, and `UsageError` for values that can not stand in their fields, for fields that no two records share,
    and where there is nothing to do.
    """
    viewer.require_write()
    viewer.require(Act.EDIT, record_type)
    if not record_ids:
        raise UsageError(CHOOSE_FIRST)
    values = _stored(session, viewer, record_type, wanted)
    added, removed = (_tags(session, viewer, record_type, given) for given in (add_tags, remove_tags))
    if not (values or added or removed):
        raise UsageError("Choose what is to be changed.")
    wish = {"set": values, "add_tags": added, "remove_tags": removed}
    row = BulkEdit(act=BulkAct.EDIT, user_id=viewer.user_id, record_type=record_type, wanted=wish)
    return ask_for(session, viewer, row, record_ids)


def edit_in_job(run: JobRun) -> None:
    """The job: all that is left of the edit."""
    edit_all(run.store, run.args.bulk_edit_id)
    with run.completing():
        pass


def edit_all(store: Store, bulk_edit_id: int) -> None:
    """Change record after record until none is left."""
    ended = False
    while not ended:
        with store.database.unit_of_work(Urgency.BULK) as session:
            ended = edit_some(session, bulk_edit_id)


def edit_some(session: WriteSession, bulk_edit_id: int) -> bool:
    """The next `AT_ONCE` of it; whether it has ended."""
    row = repository.held(session, bulk_edit_id)
    if row is None or row.ended_at is not None:
        return True
    viewer = repository.viewer_of(session, row)
    some = repository.next_records(session, row, AT_ONCE)
    made: list[Made] = []
    outcomes = [_do_one(session, viewer, row, record_id, made) for record_id in some]
    repository.keep_made(session, row, made)
    row.changed += sum(outcome is True for outcome in outcomes)
    told = [{"id": one, "why": why} for one, why in zip(some, outcomes, strict=True) if isinstance(why, str)]
    row.refused = [*row.refused, *told][:MOST_TOLD]
    row.refused_count += len(told)
    row.done += len(some)
    if row.done >= row.total:
        row.ended_at = utcnow()
        tell_of_end(session, viewer, row)
        log.info(
            "records.edited", act=row.act.value, bulk_edit_id=row.id, changed=row.changed, refused=row.refused_count
        )
    return row.ended_at is not None


def tell_of_end(session: WriteSession, viewer: Viewer, row: BulkEdit) -> None:
    """An edit has ended, as far as it is: who became responsible hears of it."""
    if row.act is BulkAct.EDIT:
        tell_of_many(session, viewer, row.record_type, row.changed, row.wanted["set"].get(RESPONSIBLE), row.id)
    elif row.act is BulkAct.HAND_OVER:
        tell_of_person(session, viewer, row.wanted["handed"], row.wanted["name"], row.id)


def _do_one(session: WriteSession, viewer: Viewer, row: BulkEdit, record_id: int, made: list[Made]) -> bool | str:
    """Whether anything changed; why not, where it can not be changed. What undoing needs is put into `made`."""
    record: Record = (row.record_type, record_id)

    def do() -> bool:
        if row.act is not BulkAct.EDIT:
            done = do_to(session, viewer, row, record_id)
            session.flush()
            made.extend([done] if done else [])
            return done is not None
        wanted = _wanted_of(session, viewer, row, record)
        return bool(edit_record(session, viewer, record, wanted, bulk_edit_id=row.id))

    return attempt(session, row, record_id, do)


def attempt(session: WriteSession, row: BulkEdit, record_id: int, do: Callable[[], bool]) -> bool | str:
    """What `do` tells of one record, whether anything changed; why not, where it can not be changed and is left as it is."""
    try:
        with session.begin_nested():
            return do()
    except Transient:
        raise
    except MailsyncError as error:
        return str(error)
    except ODD as error:
        demand_odd_one(error)
        log.warning("records.not_edited", bulk_edit_id=row.id, record_id=record_id, error=type(error).__name__)
        return NOT_CHANGED


def demand_odd_one(error: Exception) -> None:
    """Let an error rise that is the database's trouble, not that of one record."""
    if isinstance(error, DBAPIError) and in_plain_words(error) is not None:
        raise error


def _wanted_of(session: WriteSession, viewer: Viewer, row: BulkEdit, record: Record) -> dict[str, Any]:
    wanted: dict[str, Any] = dict(row.wanted["set"])
    if isinstance(amount := wanted.get(AMOUNT), str):
        wanted[AMOUNT] = Decimal(amount)
    if row.wanted["add_tags"] or row.wanted["remove_tags"]:
        has = wanted["tags"] if "tags" in wanted else held_values(session, viewer, record).get("tags")
        if has is None:
            raise Forbidden(NO_TAGS)
        kept = [tag for tag in has if tag not in row.wanted["remove_tags"]] if isinstance(has, list) else []
        wanted["tags"] = list(dict.fromkeys([*kept, *row.wanted["add_tags"]]))
    return wanted


def _tags(session: WriteSession, viewer: Viewer, record_type: RecordType, given: Sequence[str]) -> Value:
    if not given:
        return []
    fields = [field for field in fields_of(session, viewer, record_type) if field.kind is ValueKind.TAGS]
    if not fields or not viewer.may_edit_field(record_type, fields[0].key):
        raise Forbidden(NO_TAGS)
    return stored_form(fields[0], list(given))


def _stored(
    session: WriteSession, viewer: Viewer, record_type: RecordType, wanted: Mapping[str, Any]
) -> dict[str, Value]:
    fields = {field.key: field for field in fields_of(session, viewer, record_type)}
    for key in wanted:
        if key not in fields:
            raise UsageError(f"There is no field {key!r} here.")
        if not viewer.may_edit_field(record_type, key):
            raise Forbidden(f"Your role may read {fields[key].name}, but not change it.")
        if fields[key].kind in ONE_BY_ONE:
            raise UsageError(f"{fields[key].name} differs from record to record: change it one by one.")
    return {key: _stored_form(fields[key], value) for key, value in wanted.items()}


def _stored_form(field: Field, value: Any) -> Value:
    if field.key != AMOUNT or not isinstance(value, str) or not value.strip():
        return stored_form(field, value)
    try:
        return f"{number_in(value):f}"
    except UsageError as error:
        raise UsageError(f"{field.name}: {error}") from None
