"""What a viewer is not to see in the records that they see: fields that their role hides, and other records' names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as parts_of
from dataclasses import replace
from typing import Any, TypeVar

from crm.access.rights.repository import seen_of
from crm.access.viewer import Viewer
from crm.records.views import CompanyView, ContactView, DealView, LeadView, Named
from storage.models import RecordType
from storage.sessions import ReadSession

V = TypeVar("V", ContactView, CompanyView, LeadView, DealView)
_CHANNELS = {"emails": "email", "phones": "phone"}
_EMPTY: Mapping[str, Any] = {
    "company_id": ("company", None),
    "contact_id": ("contact", None),
    "position": ("position", ""),
    "tags": ("tags", ()),
    "source": ("source", ""),
    "notes": ("notes", ""),
    "domain": ("domain", None),
    "name": ("name", ""),
    "amount": ("amount", 0),
    "closes_on": ("closes_on", None),
}
"""By key of a field: the part of a view that holds it, and what stands there instead."""


def without_hidden(session: ReadSession, viewer: Viewer, kind: RecordType, views: list[V]) -> list[V]:
    """The views as the viewer may see them; the same list where nothing is kept from them."""
    hidden = viewer.hidden_fields(kind)
    if views and hidden:
        views = [_without_fields(view, hidden) for view in views]
    if not viewer.sees_all_records:
        views = _without_names(session, viewer, views)
    return views


def seen_channels(viewer: Viewer, kind: RecordType) -> list[str]:
    """The kinds of channels of such records that are not kept from the viewer."""
    return [channel for key, channel in _CHANNELS.items() if not viewer.hides(kind, key)]


def _without_fields(view: V, hidden: frozenset[str]) -> V:
    there = {part.name for part in parts_of(view)}
    changes = {part: empty for key, (part, empty) in _EMPTY.items() if key in hidden and part in there}
    kinds = {_CHANNELS[key] for key in hidden if key in _CHANNELS}
    if kinds and not isinstance(view, DealView):
        changes["channels"] = tuple(channel for channel in view.channels if channel.kind not in kinds)
    changes["fields"] = {key: value for key, value in view.fields.items() if key not in hidden}
    return replace(view, **changes)


def _without_names(session: ReadSession, viewer: Viewer, views: Sequence[V]) -> list[V]:
    """Without the names of contacts, companies and deals that the viewer may not know of."""
    named = [each for view in views for _, each in _named_in(view)]
    if not named:
        return list(views)
    seen = {
        (kind, record_id)
        for kind in {each.type for each in named}
        for record_id in seen_of(session, viewer, kind, sorted({each.id for each in named if each.type is kind}))
    }
    found = []
    for view in views:
        gone: dict[str, Any] = {part: None for part, each in _named_in(view) if (each.type, each.id) not in seen}
        found.append(replace(view, **gone) if gone else view)
    return found


def _named_in(view: ContactView | CompanyView | LeadView | DealView) -> Iterable[tuple[str, Named]]:
    parts = ((part, getattr(view, part, None)) for part in ("contact", "company", "deal"))
    return [(part, each) for part, each in parts if isinstance(each, Named)]
