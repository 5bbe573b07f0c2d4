"""Free-mail providers, role addresses and no-reply ones: the built-in lists, and what an administrator makes of them."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.addresses import (
    BUILT_IN,
    ROLE_LOCAL_PARTS,
    AddressList,
    AddressLists,
    address_key,
    domain_of,
    free_mail_domains,
    organisational_domain,
)
from core.errors import UsageError
from crm.access import repository
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from storage.sessions import ReadSession, WriteSession

SETTING = "crm.address_lists"
MOST = 5000
LONGEST = 253
_DOMAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_LOCAL_PART = re.compile(r"[^\s@+<>,;]+")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is added to a built-in list, and what counts as if it were not in it."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def read_lists(session: ReadSession) -> AddressLists:
    """The lists in force."""
    return lists_of(repository.setting(session, SETTING))


def lists_of(value: Mapping[str, Any] | None) -> AddressLists:
    """The lists that a stored value makes of the built-in ones."""
    return _lists(json.dumps(value, sort_keys=True)) if value else BUILT_IN


@lru_cache(maxsize=8)
def _lists(text: str) -> AddressLists:
    """Asked with every batch of mail; the same lists remember what they were asked of domains."""
    value = json.loads(text)
    added, removed = (
        {each: frozenset(value.get(each, {}).get(part, ())) for each in AddressList} for part in ("added", "removed")
    )
    return AddressLists(added, removed)


def read_changes(session: ReadSession, viewer: Viewer) -> dict[AddressList, Changes]:
    """What was changed of each list; everybody may know it."""
    del viewer
    value = repository.setting(session, SETTING) or {}
    return {
        each: Changes(*(tuple(value.get(each, {}).get(part, ())) for part in ("added", "removed")))
        for each in AddressList
    }


def change_lists(session: WriteSession, viewer: Viewer, wanted: Mapping[AddressList, Changes]) -> None:
    """Put other changes in force; a list that is not named stays as it is. Mail that is here already stays where it is.

    Raises `Forbidden`, and `UsageError` for an entry that can not be.
    """
    viewer.require_administrator("Only an administrator may change these lists.")
    value = repository.setting_for_change(session, SETTING) or {}
    for each, changes in wanted.items():
        checked = _checked(each, changes)
        value = {**value, each.value: {"added": list(checked.added), "removed": list(checked.removed)}}
    repository.put_setting(session, SETTING, value)
    record_act(session, viewer, "address_lists.change", lists=[each.value for each in wanted])


def _checked(which: AddressList, changes: Changes) -> Changes:
    read = _domain if which is AddressList.FREE_MAIL else _local_part
    added, removed = (
        tuple(dict.fromkeys(read(each) for each in part if each.strip())) for part in (changes.added, changes.removed)
    )
    if len(added) + len(removed) > MOST:
        raise UsageError(f"A list takes {MOST} entries at most: leave some out.")
    if both := set(added) & set(removed):
        raise UsageError(f"{min(both)} is added and taken out at once: leave it out of one of the two.")
    known = {AddressList.FREE_MAIL: free_mail_domains(), AddressList.ROLES: ROLE_LOCAL_PARTS}.get(which)
    if known is not None and (absent := [each for each in removed if each not in known]):
        raise UsageError(f"{absent[0]} is not in the built-in list: there is nothing to take out.")
    return Changes(tuple(sorted(added)), tuple(sorted(removed)))


def _domain(text: str) -> str:
    domain = domain_of(address_key(f"x@{text.strip().removeprefix('@')}"))
    if not _DOMAIN.fullmatch(domain) or len(domain) > LONGEST:
        raise UsageError(f"“{text.strip()[:80]}” is no domain: write it as example.com.")
    if organisational_domain(domain) != domain:
        raise UsageError(
            f"Write {organisational_domain(domain)} instead of {domain}: it goes for all domains below it."
        )
    return domain


def _local_part(text: str) -> str:
    name = text.strip().lower().removesuffix("@")
    if not _LOCAL_PART.fullmatch(name) or len(name) > LONGEST:
        raise UsageError(f"“{text.strip()[:80]}” is none: write what stands before the @, without a plus.")
    return name


def entries(text: str) -> tuple[str, ...]:
    """What somebody typed, one entry a line or between commas."""
    return tuple(_words(text.replace(",", "\n").splitlines()))


def _words(lines: Iterable[str]) -> Iterable[str]:
    return (line.strip() for line in lines if line.strip())
