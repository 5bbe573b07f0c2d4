"""Rights as values: how far somebody reaches with each act, by kind of record, by pipeline, by field. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from storage.models import RecordType


class Act(StrEnum):
    """What is done to records."""

    SEE = "see"
    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    EXPORT = "export"


class Scope(StrEnum):
    """To which records, each scope within the next: none, those one is responsible for, those of one's departments, all."""

    NONE = "none"
    OWN = "own"
    DEPARTMENT = "department"
    ALL = "all"


class FieldAccess(StrEnum):
    """What somebody may do with a field of a record that they see."""

    HIDDEN = "hidden"
    READ = "read"
    EDIT = "edit"


class Level(StrEnum):
    """How far campaigns are open to somebody."""

    NONE = "none"
    READ = "read"
    WRITE = "write"


class Connecting(StrEnum):
    """Which mailboxes somebody may connect: shared ones are everybody's who works in them."""

    NONE = "none"
    OWN = "own"
    SHARED = "shared"


Reach = Mapping[Act, Scope]
"""How far each act reaches, for one kind of record or one pipeline."""
CHANGES = (Act.CREATE, Act.EDIT, Act.DELETE)
_WIDTH = {word: width for words in (Scope, FieldAccess, Level, Connecting) for width, word in enumerate(words)}


def narrowest(first: Scope, second: Scope) -> Scope:
    """The one that is within the other."""
    return min(first, second, key=_WIDTH.__getitem__)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role gives, or several together.

    `pipelines` are those whose deals are dealt with otherwise than other deals; `fields` those that are not free to be changed
    by whoever may change their record. `works`: writes mail, tasks, posts and comments; without it nothing is changed at all.
    """

    records: Mapping[RecordType, Reach]
    pipelines: Mapping[int, Reach] = field(default_factory=dict)
    fields: Mapping[RecordType, Mapping[str, FieldAccess]] = field(default_factory=dict)
    works: bool = False
    campaigns: Level = Level.NONE
    connects: Connecting = Connecting.NONE
    settings: bool = False
    oversees: bool = False

    def scope(self, kind: RecordType, act: Act, pipeline_id: int | None = None) -> Scope:
        """How far `act` reaches: never further than one sees, and nowhere for changes where nothing may be changed."""
        reach = self.records.get(kind, {})
        if kind is RecordType.DEAL and pipeline_id is not None:
            reach = self.pipelines.get(pipeline_id, reach)
        if act in CHANGES and not self.works:
            return Scope.NONE
        seen = reach.get(Act.SEE, Scope.NONE)
        return seen if act is Act.SEE else narrowest(reach.get(act, Scope.NONE), seen)

    def scopes(self, kind: RecordType, act: Act) -> set[Scope]:
        """The scopes of that kind wherever its records are."""
        pipelines = self.pipelines if kind is RecordType.DEAL else ()
        return {self.scope(kind, act), *(self.scope(kind, act, each) for each in pipelines)}

    def access(self, kind: RecordType, key: str) -> FieldAccess:
        """What may be done with a field."""
        return self.fields.get(kind, {}).get(key, FieldAccess.EDIT)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing at all that these rights open."""
        sees = any(self.scopes(kind, Act.SEE) != {Scope.NONE} for kind in RecordType)
        return (
            not (sees or self.works or self.settings or self.oversees or self.campaigns is not Level.NONE)
            and self.connects is Connecting.NONE
        )


def widest(all_of: Sequence[Rights]) -> Rights:
    """What several roles give together: of each right the widest. A field is as open as in the most open role that sees its
    records."""
    if len(all_of) == 1:
        return all_of[0]
    pipelines = {each for rights in all_of for each in rights.pipelines}
    return Rights(
        {kind: _widest_reach(all_of, kind, None) for kind in RecordType},
        {each: _widest_reach(all_of, RecordType.DEAL, each) for each in sorted(pipelines)},
        {kind: _widest_fields(all_of, kind) for kind in RecordType},
        works=any(rights.works for rights in all_of),
        campaigns=max((rights.campaigns for rights in all_of), key=_WIDTH.__getitem__, default=Level.NONE),
        connects=max((rights.connects for rights in all_of), key=_WIDTH.__getitem__, default=Connecting.NONE),
        settings=any(rights.settings for rights in all_of),
        oversees=any(rights.oversees for rights in all_of),
    )


def _widest_reach(all_of: Sequence[Rights], kind: RecordType, pipeline_id: int | None) -> Reach:
    def of(act: Act) -> Scope:
        scopes = (rights.scope(kind, act, pipeline_id) for rights in all_of)
        return max(scopes, key=_WIDTH.__getitem__, default=Scope.NONE)

    return {act: of(act) for act in Act}


def _widest_fields(all_of: Sequence[Rights], kind: RecordType) -> Mapping[str, FieldAccess]:
    """Only roles that see records of the kind speak of its fields."""
    seeing = [rights for rights in all_of if rights.scopes(kind, Act.SEE) != {Scope.NONE}]
    keys = {key for rights in seeing for key in rights.fields.get(kind, {})}
    found = {key: max((one.access(kind, key) for one in seeing), key=_WIDTH.__getitem__) for key in sorted(keys)}
    return {key: access for key, access in found.items() if access is not FieldAccess.EDIT}
