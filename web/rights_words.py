"""What a role gives, in a sentence."""

from crm.access.rights import Act, Rights, Scope
from storage.models import RecordType

_KINDS = {
    RecordType.CONTACT: "contacts",
    RecordType.COMPANY: "companies",
    RecordType.LEAD: "leads",
    RecordType.DEAL: "deals",
}
_WHOSE = {Scope.ALL: "all", Scope.DEPARTMENT: "their department’s", Scope.OWN: "their own"}


def role_in_words(rights: Rights) -> str:
    """`Sees all contacts and companies, their own leads and deals; changes their own contacts.` and what is said of some."""
    seen = _reached(rights, Act.SEE)
    if not seen:
        return "Sees no records."
    changed = _reached(rights, Act.EDIT)
    if not changed:
        changes = "changes nothing"
    elif changed == seen:
        changes = "may change all of these"
    else:
        changes = f"may change {changed}"
    apart = ["oversees colleagues"] if rights.oversees else []
    if rights.settings:
        apart.append("changes settings")
    if rights.pipelines:
        apart.append("some pipelines otherwise")
    if any(rights.fields.values()):
        apart.append("some fields not")
    return f"Sees {seen}; {changes}{'; ' + ', '.join(apart) if apart else ''}."


def _reached(rights: Rights, act: Act) -> str:
    by_scope: dict[Scope, list[str]] = {}
    for kind, name in _KINDS.items():
        by_scope.setdefault(rights.scope(kind, act), []).append(name)
    if by_scope.get(Scope.ALL) == list(_KINDS.values()):
        return "all records"
    return ", ".join(f"{whose} {_joined(by_scope[scope])}" for scope, whose in _WHOSE.items() if scope in by_scope)


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
