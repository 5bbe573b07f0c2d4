"""What becomes of a row: somebody new, a contact that is completed or overwritten, one that stays as it is, or a refusal.

Who is somebody known? Who has one of the row's e-mail addresses. Else who has one of its phones, unless the names tell
that it is a colleague behind the same number; who has a switchboard's must have the very name. Else who has the row's
Mailsync ID, and the same name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.records.channels import EMAIL
from crm.records.fields.values import is_empty
from crm.records.importing.choices import OnKnown
from crm.records.importing.companies import company_for
from crm.records.importing.picture import Known, KnownCompany, Picture, age
from crm.records.importing.values import ChannelKey, Refusal, Values
from crm.records.likeness import name_key
from storage.models import RowOutcome

SEVERAL_KNOWN = "Its addresses belong to {} contacts here: merge these first."
COLUMNS = ("name", "position", "company_id", "responsible_id", "tags", "source", "notes")
SOURCE = "import"
"""Where new contacts come from, unless the row tells."""
Change = tuple[Any, Any]
"""Before and after."""


@dataclass(slots=True)
class Decision:
    """What becomes of one row. `known` as it is afterwards; ids may be negative (`picture.Known`)."""

    outcome: RowOutcome
    known: Known | None = None
    changes: dict[str, Change] = field(default_factory=dict)
    channels: dict[ChannelKey, str] = field(default_factory=dict)
    """What it gets."""
    company: KnownCompany | None = None
    """Which is made for it."""
    refusal: Refusal | None = None


def decide(row: Values | Refusal, picture: Picture, on_known: OnKnown, responsible_id: int | None) -> Decision:
    """Decide, and have the picture show it from then on. `responsible_id` is for new contacts for whom the row names nobody."""
    if isinstance(row, Refusal):
        return Decision(RowOutcome.REFUSED, refusal=row)
    found = _found(row, picture)
    if len(found) > 1:
        return Decision(RowOutcome.REFUSED, refusal=Refusal("", SEVERAL_KNOWN.format(len(found))))
    if not found:
        return _new(row, picture, responsible_id)
    return _again(row, found[0], picture, on_known)


def _found(row: Values, picture: Picture) -> list[Known]:
    """Contacts that the row is about; more than one where its addresses belong to several."""
    by_email = _holders(row, picture, EMAIL)
    if by_email:
        return _one_of(row, by_email)
    by_phone = [known for known in _holders(row, picture, None) if _agree(row, known)]
    if by_phone:
        return by_phone[:1]
    named = picture.contacts.get(row.id) if row.id else None
    return [named] if named and name_key(named.name) == name_key(row.called) else []


def _holders(row: Values, picture: Picture, kind: str | None) -> list[Known]:
    keys = [key for key in row.channels if kind in (None, key[0])]
    ids = dict.fromkeys(holder for key in keys for holder in picture.holders(key, row.called))
    return [picture.contacts[contact_id] for contact_id in sorted(ids, key=age)]


def _one_of(row: Values, several: Sequence[Known]) -> list[Known]:
    """Of contacts that share all addresses, the one with the row's name, or the oldest; all of them where none has all."""
    emails = {key for known in several for key in known.channels if key[0] == EMAIL and key in row.channels}
    whole = [known for known in several if emails <= known.channels.keys()]
    named = [known for known in whole if name_key(known.name) == name_key(row.name)]
    return (named or whole)[:1] or list(several)


def _agree(row: Values, known: Known) -> bool:
    """Whether somebody with the same phone is the same person."""
    if not row.name or "@" in known.name:
        return not (_has_email(row.channels) and _has_email(known.channels))
    theirs, ours = set(name_key(row.name).split()), set(name_key(known.name).split())
    return theirs <= ours or ours <= theirs


def _has_email(channels: dict[ChannelKey, str] | Any) -> bool:
    return any(kind == EMAIL for kind, _ in channels)


def _new(row: Values, picture: Picture, responsible_id: int | None) -> Decision:
    company_id, made = company_for(row, picture)
    known = Known(
        id=picture.next_id(),
        name=row.called,
        position=row.position,
        company_id=company_id,
        responsible_id=row.responsible_id or responsible_id,
        tags=row.tags,
        source=row.source or SOURCE,
        notes=row.notes,
        since=row.since,
        channels=dict(row.channels),
        custom=dict(row.custom),
        touched=True,
        made=True,
    )
    picture.add_contact(known)
    changes: dict[str, Change] = {name: (None, getattr(known, name)) for name in COLUMNS}
    changes |= {key: (None, value) for key, value in row.custom.items()}
    return Decision(RowOutcome.NEW, known, changes, dict(row.channels), made)


def _again(row: Values, known: Known, picture: Picture, on_known: OnKnown) -> Decision:
    """A contact that the file itself has made is completed in any case: rows about one person are one contact."""
    outcome = RowOutcome.JOINED if known.touched else RowOutcome.UNCHANGED
    how = OnKnown.COMPLETE if known.made else on_known
    decision = Decision(outcome, known)
    known.touched = True
    if how is OnKnown.SKIP:
        return decision
    overwrites = how is OnKnown.OVERWRITE
    for name, value in _wanted(row, known, picture, decision, overwrites=overwrites).items():
        before = getattr(known, name)
        if value and value != before and (overwrites or not _says(name, before)):
            decision.changes[name] = (before, value)
            setattr(known, name, value)
    if "name" in decision.changes:
        picture.renamed(known)
    _fill_in(row, known, decision, overwrites=overwrites)
    if not overwrites or row.tags:
        _tag(row, known, decision, overwrites=overwrites)
    for key, value in row.channels.items():
        if key not in known.channels:
            known.channels[key] = decision.channels[key] = value
            picture.hold(key, known.id)
    if outcome is RowOutcome.UNCHANGED and (decision.changes or decision.channels):
        decision.outcome = RowOutcome.CHANGED
    return decision


def _wanted(row: Values, known: Known, picture: Picture, decision: Decision, *, overwrites: bool) -> dict[str, Any]:
    """What the row gives; its company is made only where it is taken."""
    company_id = None
    if row.company and (overwrites or known.company_id is None):
        company_id, decision.company = company_for(row, picture)
    return {
        "name": row.name,
        "position": row.position,
        "company_id": company_id,
        "responsible_id": row.responsible_id,
        "source": row.source,
        "notes": row.notes,
    }


def _fill_in(row: Values, known: Known, decision: Decision, *, overwrites: bool) -> None:
    """Custom fields."""
    for name, value in row.custom.items():
        before = known.custom.get(name)
        if value != before and (overwrites or is_empty(before)):
            decision.changes[name] = (before, value)
            known.custom[name] = value


def _says(name: str, value: Any) -> bool:
    """Whether a field is filled: a name that is only an address was put there because nobody knew the name."""
    return bool(value) and not (name == "name" and "@" in value)


def _tag(row: Values, known: Known, decision: Decision, *, overwrites: bool) -> None:
    tags = row.tags if overwrites else tuple(dict.fromkeys([*known.tags, *row.tags]))
    if tags != known.tags:
        decision.changes["tags"] = (known.tags, tags)
        known.tags = tags
