"""Rights as values: what several roles give together, what stands in the database, and what is refused."""

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import storage.migrations.versions as versions
from core.errors import UsageError
from crm.access.rights import BUILT_IN, EVERYTHING, NOTHING, Act, FieldAccess, Rights, Scope
from crm.access.rights.built_in import BEGINNINGS, reach
from crm.access.rights.model import widest
from crm.access.rights.stored import as_json, read_rights
from crm.access.viewer import Viewer
from storage.models import RecordType, Role

DEAL, CONTACT = RecordType.DEAL, RecordType.CONTACT


def test_nobody_reaches_further_with_an_act_than_they_see_and_nowhere_where_nothing_may_be_changed() -> None:
    rights = Rights({DEAL: {Act.SEE: Scope.OWN, Act.EDIT: Scope.ALL, Act.EXPORT: Scope.ALL}}, works=True)
    assert rights.scope(DEAL, Act.EDIT) is Scope.OWN
    reads = Rights(rights.records)
    assert [reads.scope(DEAL, act) for act in (Act.SEE, Act.EDIT, Act.EXPORT)] == [Scope.OWN, Scope.NONE, Scope.OWN]
    assert reads.scope(CONTACT, Act.SEE) is Scope.NONE


def test_a_pipeline_of_its_own_says_otherwise_for_its_deals_alone() -> None:
    rights = Rights({DEAL: reach(Scope.ALL, Scope.ALL)}, {7: reach(Scope.NONE)}, works=True)
    assert rights.scope(DEAL, Act.SEE, 7) is Scope.NONE
    assert rights.scope(DEAL, Act.SEE, 8) is Scope.ALL
    assert rights.scopes(DEAL, Act.SEE) == {Scope.ALL, Scope.NONE}


def test_several_roles_give_the_widest_of_each_right_and_fields_as_the_most_open_role_that_sees_them() -> None:
    sells = Rights({CONTACT: reach(Scope.OWN, Scope.OWN)}, fields={CONTACT: {"notes": FieldAccess.HIDDEN}}, works=True)
    reads = Rights({CONTACT: reach(Scope.ALL)}, fields={CONTACT: {"notes": FieldAccess.READ}})
    deals = Rights({DEAL: reach(Scope.DEPARTMENT)}, {3: reach(Scope.ALL)})

    together = widest([sells, reads, deals])

    assert together.scope(CONTACT, Act.SEE) is Scope.ALL
    assert together.scope(CONTACT, Act.EDIT) is Scope.OWN
    assert together.access(CONTACT, "notes") is FieldAccess.READ
    assert (together.scope(DEAL, Act.SEE, 3), together.scope(DEAL, Act.SEE, 4)) == (Scope.ALL, Scope.DEPARTMENT)
    assert widest([sells, deals]).access(CONTACT, "notes") is FieldAccess.HIDDEN, (
        "a role that sees no contact opens no field"
    )


@pytest.mark.parametrize("rights", [*BUILT_IN.values(), *(rights for _, rights in BEGINNINGS.values())])
def test_what_is_stored_is_what_is_read(rights: Rights) -> None:
    again = read_rights(as_json(rights))
    assert as_json(again) == as_json(rights)
    assert again.is_nothing == (rights.scopes(DEAL, Act.SEE) == {Scope.NONE} and not rights.works)


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        "all",
        {"everything": True},
        {"records": []},
        {"records": {"invoice": {}}},
        {"records": {"deal": {"see": "most"}}},
        {"records": {"deal": {"peek": "all"}}},
        {"pipelines": {"first": {}}},
        {"pipelines": {"-1": {}}},
        {"fields": {"contact": {"notes; DROP TABLE role": "hidden"}}},
        {"fields": {"contact": {"notes": "secret"}}},
        {"fields": {"contact": {"name": "hidden"}}},
        {"fields": {"lead": {"currency": "hidden"}}},
        {"works": "yes"},
        {"campaigns": 3},
        {"connects": None},
    ],
)
def test_what_is_no_right_is_refused_in_words(given: Any) -> None:
    with pytest.raises(UsageError, match=r"^[A-Z`].*\.$"):
        read_rights(given)


def test_the_migration_gives_the_built_in_roles_what_they_gave_when_they_were_code() -> None:
    path = next(Path(versions.__path__[0]).glob("*_roles.py"))
    spec = importlib.util.spec_from_file_location("roles_migration", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert {role.value: as_json(BUILT_IN[role]) for role in Role if role is not Role.OWN} == module.BUILT_IN


def test_what_is_written_of_administrators_takes_nothing_from_them() -> None:
    viewer = Viewer(1, Role.ADMINISTRATOR, NOTHING)
    assert (viewer.sees_all_records, viewer.may_write, viewer.may_configure) == (True, True, True)
    assert viewer.rights == EVERYTHING


def test_only_one_place_makes_viewers_of_people() -> None:
    """A viewer that is made of an id and a role has the rights that its role begins with, not those of the person."""
    allowed = {"crm/access/roles/viewers.py", "cli/demo/answering.py"}
    root = Path(versions.__path__[0]).parents[2]
    made = {str(path.relative_to(root)) for path in _sources(root) if _makes_viewer(path)}
    assert made == allowed


def _sources(root: Path) -> Iterator[Path]:
    for package in ("cli", "web", "workers", "campaigns", "mailsync", "crm", "storage", "core"):
        yield from (root / package).rglob("*.py")


def _makes_viewer(path: Path) -> bool:
    """Whether it makes a viewer of somebody, other than one who may do nothing."""
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return any(
        isinstance(call.func, ast.Name) and call.func.id == "Viewer" and "Role.NONE" not in ast.unparse(call)
        for call in calls
    )
