"""Which records of a list an act on many is for: those that were ticked, or all that the list's filter shows."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from starlette.datastructures import FormData

from core.errors import UsageError
from crm.records.bulk import acts
from crm.records.fields.custom import fields_of
from crm.records.repository.filtering import ids_matching
from crm.records.views import RecordFilter
from storage.models import RecordType
from storage.sessions import ReadSession
from web.forms import row_id
from web.record_queries import canonical, filters_of, read_filter, shown_leads, shown_pipeline
from web.signed_in import SignedIn, zone_of


def ids_meant(session: ReadSession, me: SignedIn, kind: RecordType, form: FormData) -> list[int]:
    """The ticked records, or all that the filter of the list shows.

    Raises `UsageError` where there is none, or more than are changed at once.
    """
    ids = first_meant(session, me, kind, form)
    acts.require_as_many(ids)
    return ids


def first_meant(session: ReadSession, me: SignedIn, kind: RecordType, form: FormData) -> list[int]:
    """The same, however many the list shows: one more than are changed at once stands for any number.

    Raises `UsageError` where there is none.
    """
    ids = (
        ids_matching(session, me.viewer, kind, list_meant(session, me, kind, form))
        if all_meant(form)
        else ids_listed(form)
    )
    if not ids:
        raise UsageError(acts.CHOOSE_FIRST)
    return ids


def all_meant(form: FormData) -> bool:
    """Whether all that the list shows is meant, on however many pages."""
    return bool(form.get("all"))


def list_meant(session: ReadSession, me: SignedIn, kind: RecordType, form: FormData) -> RecordFilter:
    """The list that the ticks stood on."""
    query: Mapping[str, str] = dict(parse_qsl(str(form.get("query", ""))))
    filters = filters_of(kind, fields_of(session, me.viewer, kind))
    query = canonical(query, filters, me.formats)
    wanted = read_filter(query, filters, me=me.id, zone=zone_of(me), limit=acts.MOST_RECORDS + 1)
    if kind is RecordType.DEAL:
        return replace(wanted, pipeline_id=shown_pipeline(session, me.viewer, row_id(query.get("pipeline", ""))))
    return shown_leads(wanted) if kind is RecordType.LEAD else wanted


def ids_listed(form: FormData) -> list[int]:
    """Ids that were ticked one by one, or that the form of the first step carries in one field."""
    given = [*form.getlist("id"), *str(form.get("ids", "")).split(",")]
    return [number for one in given if (number := row_id(str(one).strip())) is not None]
