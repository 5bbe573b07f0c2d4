"""What is known, in memory: records that a file may be about, as the database has them and as the file changes them.

The trial and the run decide on the same picture by the same rules; the trial throws it away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.records.channels import PHONE
from crm.records.fields.values import Value
from crm.records.importing.kinds import Kind
from crm.records.importing.known_clients import Companies, Contacts
from crm.records.importing.stages import Stages
from crm.records.importing.values import ChannelKey
from crm.records.likeness import name_key
from storage import folding

MOST_SHARING = 5
"""A phone that more records have is a switchboard, or none: it says who somebody is only together with the same name."""


@dataclass(slots=True)
class Known:
    """A record of the file's kind. One that is not stored yet has a negative id. `touched`: an earlier row of the file was about
    it, `made`: it was made for one. `fixed`: columns that no import changes, with the reason."""

    id: int
    values: dict[str, Any]
    channels: dict[ChannelKey, str]
    custom: dict[str, Value]
    since: datetime | None = None
    touched: bool = False
    made: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the person or company."""
        return str(self.values.get("name", ""))

    @property
    def label(self) -> str:
        """What the record is called."""
        return str(self.values.get("title") or self.name)


@dataclass(slots=True)
class Picture:
    """All of it, found by what rows tell."""

    kind: Kind
    records: dict[int, Known] = field(default_factory=dict)
    companies: Companies = field(default_factory=Companies)
    contacts: Contacts = field(default_factory=Contacts)
    stages: Stages = field(default_factory=Stages)
    crowded: set[ChannelKey] = field(default_factory=set)
    """Phones that more than `MOST_SHARING` records have; of these the picture need only show those with a row's name."""
    _holders: dict[ChannelKey, list[int]] = field(default_factory=dict)
    _namesakes: dict[tuple[ChannelKey, str], list[int]] = field(default_factory=dict)
    _labelled: dict[str, list[int]] = field(default_factory=dict)
    _made: int = 0

    def next_id(self) -> int:
        """An id for what is not stored yet."""
        self._made -= 1
        return self._made

    def add(self, known: Known) -> None:
        """Know a record by its channels and its label; one that is known already stays as it is."""
        if known.id not in self.records:
            self.records[known.id] = known
            self._labelled.setdefault(name_key(known.label), []).append(known.id)
            for key in known.channels:
                self.hold(key, known.id)

    def hold(self, key: ChannelKey, record_id: int) -> None:
        """Know a record by one channel more."""
        holders = self._holders.setdefault(key, [])
        holders.append(record_id)
        if key[0] == PHONE:
            self._namesakes.setdefault((key, folding.name_key(self.records[record_id].name)), []).append(record_id)
            if len(holders) > MOST_SHARING:
                self.crowded.add(key)

    def renamed(self, known: Known) -> None:
        """A record has got another name or title."""
        self._labelled.setdefault(name_key(known.label), []).append(known.id)
        for key in known.channels:
            if key[0] == PHONE:
                self._namesakes.setdefault((key, folding.name_key(known.name)), []).append(known.id)

    def holders(self, key: ChannelKey, called: str) -> Sequence[int]:
        """The records that have a channel; of one that is crowded those which are called so."""
        if key not in self.crowded:
            return self._holders.get(key, ())
        name = folding.name_key(called)
        namesakes = self._namesakes.get((key, name), ()) if name else ()
        return [one for one in namesakes if folding.name_key(self.records[one].name) == name]

    def labelled(self, label: str) -> list[Known]:
        """The records of that name or title, however it is capitalised."""
        found = [self.records[one] for one in dict.fromkeys(self._labelled.get(name_key(label), ()))]
        return [known for known in found if name_key(known.label) == name_key(label)]
