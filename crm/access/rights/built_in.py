"""What the roles that every installation has give before anybody changes them, and a few to begin own roles with.

They are what they gave before roles could be changed: an upgrade takes nothing from anybody (docs/decisions, on rights).
The migration that made the table of roles holds the same as data; a test compares the two.
"""

from collections.abc import Mapping
from typing import Final

from crm.access.rights.model import Act, Connecting, Level, Reach, Rights, Scope
from storage.models import RecordType, Role


def reach(see: Scope, change: Scope = Scope.NONE, *, delete: Scope | None = None, export: Scope | None = None) -> Reach:
    """A reach in which records are added and edited as far as `change`, and deleted and exported so too unless it is said."""
    return {
        Act.SEE: see,
        Act.CREATE: change,
        Act.EDIT: change,
        Act.DELETE: change if delete is None else delete,
        Act.EXPORT: change if export is None else export,
    }


_ALL, _SEEN, _NONE = reach(Scope.ALL, Scope.ALL), reach(Scope.ALL), reach(Scope.NONE)


def _everywhere(one: Reach) -> Mapping[RecordType, Reach]:
    return dict.fromkeys(RecordType, one)


NOTHING: Final = Rights(_everywhere(_NONE))
EVERYTHING: Final = Rights(
    _everywhere(_ALL),
    works=True,
    campaigns=Level.WRITE,
    connects=Connecting.SHARED,
    settings=True,
    oversees=True,
)
_COLLEAGUE: Final = Rights(_everywhere(_ALL), works=True, campaigns=Level.WRITE, connects=Connecting.OWN)
BUILT_IN: Final[Mapping[Role, Rights]] = {
    Role.ADMINISTRATOR: EVERYTHING,
    Role.MANAGER: Rights(_everywhere(_ALL), works=True, campaigns=Level.WRITE, connects=Connecting.OWN, oversees=True),
    Role.SELLER: _COLLEAGUE,
    Role.CONSULTANT: _COLLEAGUE,
    Role.GUEST: Rights(_everywhere(_SEEN), campaigns=Level.READ),
    Role.NONE: NOTHING,
    Role.OWN: NOTHING,
}
_OWN_DEALS = {
    RecordType.CONTACT: reach(Scope.ALL, Scope.ALL, delete=Scope.OWN, export=Scope.OWN),
    RecordType.COMPANY: reach(Scope.ALL, Scope.ALL, delete=Scope.OWN, export=Scope.OWN),
    RecordType.LEAD: reach(Scope.OWN, Scope.OWN),
    RecordType.DEAL: reach(Scope.OWN, Scope.OWN),
}
BEGINNINGS: Final[Mapping[str, tuple[str, Rights]]] = {
    "own-deals": (
        "Sells: all clients, own deals and leads",
        Rights(_OWN_DEALS, works=True, connects=Connecting.OWN),
    ),
    "own": (
        "Sells: only what they are responsible for",
        Rights(_everywhere(reach(Scope.OWN, Scope.OWN)), works=True, connects=Connecting.OWN),
    ),
    "department": (
        "Sells: what their department is responsible for",
        Rights(
            _everywhere(reach(Scope.DEPARTMENT, Scope.DEPARTMENT, delete=Scope.OWN, export=Scope.NONE)),
            works=True,
            connects=Connecting.OWN,
        ),
    ),
    "all": ("Works with everything", _COLLEAGUE),
    "read": ("Reads everything, changes nothing", Rights(_everywhere(_SEEN))),
    "nothing": ("Nothing yet", NOTHING),
}
"""By what an own role may begin with: in words, and the rights."""
