"""One record as programs read it: with the version that they send along when they change it."""

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from crm.records.views import CompanyView, ContactView, DealView, LeadView


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedContact(ContactView):
    """A person outside the company. `version` is another one when a field is changed."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedCompany(CompanyView):
    """An organisation. `version` is another one when a field is changed."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedLead(LeadView):
    """A possible client (Classic mode). `version` is another one when a field is changed."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedDeal(DealView):
    """Something to be sold; `amount` in the currency's smallest unit. `version` is another one when a field is changed."""

    version: str


Told = TypeVar("Told", VersionedContact, VersionedCompany, VersionedLead, VersionedDeal)


def with_version(told: type[Told], view: ContactView | CompanyView | LeadView | DealView, version: str) -> Told:
    """The same record, with its version."""
    values: dict[str, Any] = {field.name: getattr(view, field.name) for field in fields(view)}
    return told(**values, version=version)
