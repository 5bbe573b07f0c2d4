"""The company's settings for programs: working time, holidays, absences, and lists of addresses."""

from datetime import date, time
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field

from core.addresses import AddressList
from crm.intake.policies.limits import Limits, change_limits, read_limits
from crm.office import repository as rows
from crm.office.absences import Away, add_absence, remove_absence
from crm.office.address_lists import Changes, change_lists, read_changes
from crm.office.calendar import Holiday, Hours
from crm.office.formats import ClockStyle, DateStyle, FirstDay, NumberStyle, formats_of, stored
from crm.office.repository import AbsenceView
from crm.office.settings import Office, change_office, office_for_change, read_office
from storage.writer_lock import Urgency
from web.api.callers import SettingsReader, SettingsWriter
from web.api.paging import Listing
from web.forms import Count, RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["settings"])


class WorkingHours(BaseModel):
    """Of one weekday."""

    begin: time
    end: time


class CompanyHoliday(BaseModel):
    """A day on which nobody works, this year or every year."""

    day: date
    name: str = ""
    yearly: bool = False


class CompanyFormats(BaseModel):
    """Named by examples: the last day of 2026, half past two, a number of four digits with two decimals."""

    dates: DateStyle
    clock: ClockStyle
    numbers: NumberStyle
    first_day: FirstDay


class Company(BaseModel):
    """`week` has seven entries, Monday first; null is a free day. `phone_country`: two letters, or empty."""

    time_zone: Annotated[str, Field(examples=["Europe/Warsaw"])]
    week: list[WorkingHours | None]
    holidays: list[CompanyHoliday] = []
    phone_country: str = ""
    currency: Annotated[str | None, Field(description="Of what is new, three letters; null leaves it as it is.")] = None
    formats: Annotated[
        CompanyFormats | None,
        Field(
            description="How people are shown days and numbers. Null: nobody has chosen; put back, it changes nothing."
        ),
    ] = None


class ListChanges(BaseModel):
    """What is added to a built-in list, and what counts as if it were not in it."""

    added: list[str] = []
    removed: list[str] = []


class NewAbsence(BaseModel):
    """Away from the first day to the last, both included."""

    first_day: date
    last_day: date
    note: str = ""


@router.get("/company")
def company(request: Request, _: SettingsReader) -> Company:
    """When and where the company works."""
    with services_of(request).store.database.reading() as session:
        return _company(read_office(session))


@router.put("/company")
def put_company(request: Request, viewer: SettingsWriter, wanted: Company) -> Company:
    """Put other settings in force, for deadlines and queues from now on."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        now = office_for_change(session, viewer)
        office = Office(
            wanted.time_zone,
            tuple(Hours(each.begin, each.end) if each else None for each in wanted.week),
            tuple(Holiday(each.day, each.name, each.yearly) for each in wanted.holidays),
            wanted.phone_country,
            now.currency if wanted.currency is None else wanted.currency,
            now.formats if wanted.formats is None else formats_of(wanted.formats.model_dump()),
        )
        change_office(session, viewer, office, before=now)
        return _company(read_office(session))


@router.get("/address-lists")
def address_lists(request: Request, viewer: SettingsReader) -> dict[AddressList, ListChanges]:
    """What was changed of the built-in lists of free-mail providers, role and no-reply addresses."""
    with services_of(request).store.database.reading() as session:
        found = read_changes(session, viewer)
    return {each: ListChanges(added=list(one.added), removed=list(one.removed)) for each, one in found.items()}


@router.patch("/address-lists")
def change_address_lists(
    request: Request, viewer: SettingsWriter, wanted: dict[AddressList, ListChanges]
) -> dict[AddressList, ListChanges]:
    """Change some of them; each list that is named is replaced."""
    changes = {each: Changes(tuple(one.added), tuple(one.removed)) for each, one in wanted.items()}
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        change_lists(session, viewer, changes)
    return address_lists(request, viewer)


@router.get("/intake-limits")
def intake_limits(request: Request, _: SettingsReader) -> Limits:
    """How much the mail of one sender may make within two hours."""
    with services_of(request).store.database.reading() as session:
        return read_limits(session)


@router.patch("/intake-limits")
def change_intake_limits(request: Request, viewer: SettingsWriter, wanted: dict[str, Count]) -> Limits:
    """Change some of these limits, for mail that comes from now on."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return change_limits(session, viewer, wanted)


@router.get("/people/{user_id}/absences")
def absences(request: Request, viewer: SettingsReader, user_id: RowId) -> Listing[AbsenceView]:
    """When a person is away. What is noted of it is told to themselves and to administrators."""
    with services_of(request).store.database.reading() as session:
        return Listing(items=rows.absences(session, viewer, user_id))


@router.post("/people/{user_id}/absences", status_code=201)
def add(request: Request, viewer: SettingsWriter, user_id: RowId, new: NewAbsence) -> dict[str, int]:
    """Note an absence: one's own, or as an administrator that of a colleague; its id."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        return {"id": add_absence(session, viewer, user_id, Away(new.first_day, new.last_day, new.note))}


@router.delete("/people/{user_id}/absences/{absence_id}", status_code=204)
def remove(request: Request, viewer: SettingsWriter, user_id: RowId, absence_id: RowId) -> None:
    """There after all."""
    with services_of(request).store.database.unit_of_work(Urgency.PERSON) as session:
        remove_absence(session, viewer, user_id, absence_id)


def _company(office: Office) -> Company:
    return Company(
        time_zone=office.time_zone,
        week=[WorkingHours(begin=each.begin, end=each.end) if each else None for each in office.week],
        holidays=[CompanyHoliday(day=each.day, name=each.name, yearly=each.yearly) for each in office.holidays],
        phone_country=office.phone_country,
        currency=office.currency,
        formats=CompanyFormats.model_validate(stored(office.formats)) if office.formats.numbers_are_chosen else None,
    )
