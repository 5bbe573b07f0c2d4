"""Rights as JSON: in the database, and as programs send and get them.

    {"records": {"deal": {"see": "own", …}}, "pipelines": {"3": {…}}, "fields": {"contact": {"notes": "hidden"}}, "works": true}

What is not named is not given.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from core.errors import UsageError
from crm.access.rights.model import Act, Connecting, FieldAccess, Level, Reach, Rights, Scope
from storage.models import RecordType

MOST_PIPELINES = 500
FIELD_KEY = re.compile(r"[a-z_]{1,40}|field_[0-9]{1,18}")
ALWAYS_SHOWN: Mapping[RecordType, frozenset[str]] = {
    RecordType.CONTACT: frozenset({"name", "responsible_id"}),
    RecordType.COMPANY: frozenset({"name", "responsible_id"}),
    RecordType.LEAD: frozenset({"title", "currency", "responsible_id"}),
    RecordType.DEAL: frozenset({"title", "currency", "responsible_id"}),
}
"""Fields that can not be hidden: without them nobody could tell which record it is, or whose, or what its amount is worth."""
W = TypeVar("W", bound=StrEnum)


def as_json(rights: Rights) -> dict[str, Any]:
    """Rights as they are stored and sent."""
    return {
        "records": {kind.value: _reach_as_json(rights.records.get(kind, {})) for kind in RecordType},
        "pipelines": {str(each): _reach_as_json(reach) for each, reach in rights.pipelines.items()},
        "fields": {
            kind.value: {key: access.value for key, access in found.items()}
            for kind, found in rights.fields.items()
            if found
        },
        "works": rights.works,
        "campaigns": rights.campaigns.value,
        "connects": rights.connects.value,
        "settings": rights.settings,
        "oversees": rights.oversees,
    }


def read_rights(given: Any) -> Rights:
    """Rights out of JSON. Raises `UsageError` in words for whatever is none."""
    known = {"records", "pipelines", "fields", "works", "campaigns", "connects", "settings", "oversees"}
    told = _table(given, "The rights")
    if unknown := sorted(set(told) - known):
        raise UsageError(f"There is no right {unknown[0]!r}: there are {', '.join(sorted(known))}.")
    records = _table(told.get("records", {}), "`records`")
    fields = _table(told.get("fields", {}), "`fields`")
    return Rights(
        dict.fromkeys(RecordType, _NO_REACH)
        | {_word(RecordType, kind, "`records`"): _reach(reach) for kind, reach in records.items()},
        _pipelines(_table(told.get("pipelines", {}), "`pipelines`")),
        {(kind := _word(RecordType, name, "`fields`")): _fields(kind, found) for name, found in fields.items()},
        works=_yes(told, "works"),
        campaigns=_word(Level, told.get("campaigns", Level.NONE), "`campaigns`"),
        connects=_word(Connecting, told.get("connects", Connecting.NONE), "`connects`"),
        settings=_yes(told, "settings"),
        oversees=_yes(told, "oversees"),
    )


_NO_REACH: Reach = dict.fromkeys(Act, Scope.NONE)


def _reach_as_json(reach: Reach) -> dict[str, str]:
    return {act.value: reach.get(act, Scope.NONE).value for act in Act}


def _reach(given: Any) -> Reach:
    told = _table(given, "What may be done to records")
    return {**_NO_REACH, **{_word(Act, act, "an act"): _word(Scope, scope, "a scope") for act, scope in told.items()}}


def _pipelines(given: Mapping[str, Any]) -> dict[int, Reach]:
    if len(given) > MOST_PIPELINES:
        raise UsageError(f"At most {MOST_PIPELINES} pipelines can be told apart.")
    if wrong := [each for each in given if not (each.isascii() and each.isdigit() and len(each) < 19)]:
        raise UsageError(f"`pipelines` are named by their numbers; {wrong[0]!r} is none.")
    return {int(each): _reach(reach) for each, reach in given.items()}


def _fields(kind: RecordType, given: Any) -> dict[str, FieldAccess]:
    found: dict[str, FieldAccess] = {}
    for key, word in _table(given, "`fields`").items():
        access = _word(FieldAccess, word, "a field")
        if not FIELD_KEY.fullmatch(key):
            raise UsageError(f"There is no field {key!r}.")
        if access is FieldAccess.HIDDEN and key in ALWAYS_SHOWN[kind]:
            raise UsageError(
                f"The field {key!r} of a {kind.value} can not be hidden: nobody could tell which one it is, or what it is worth."
            )
        if access is not FieldAccess.EDIT:
            found[key] = access
    return found


def _table(given: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise UsageError(f"{what} are an object of JSON.")
    return given


def _yes(told: Mapping[str, Any], name: str) -> bool:
    given = told.get(name, False)
    if not isinstance(given, bool):
        raise UsageError(f"`{name}` is true or false.")
    return given


def _word(words: type[W], given: Any, what: str) -> W:
    if not isinstance(given, str) or given not in {each.value for each in words}:
        raise UsageError(f"In {what} stands one of: {', '.join(each.value for each in words)}.")
    return words(given)
