"""Making roles and departments, giving them, and taking them away, on both databases."""

from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access.people import NewPerson, add_person, deactivate
from crm.access.rights import BUILT_IN, NOTHING, Act, Rights, Scope
from crm.access.roles import keeping, repository
from crm.access.roles.keeping import NewDepartment
from crm.access.roles.viewers import require_viewer, viewer_of_person
from crm.access.viewer import Viewer
from storage.models import Audit, Department, RecordType, Role, RoleRow, User
from storage.store import Store

SYSTEM = Viewer.system()
READS = BUILT_IN[Role.GUEST]


@pytest.fixture
def ann(store: Store) -> int:
    return add_person(store, SYSTEM, NewPerson("ann@ours.example", "Ann", Role.ADMINISTRATOR))


@pytest.fixture
def bob(store: Store, ann: int) -> int:
    return add_person(store, SYSTEM, NewPerson("bob@ours.example", "Bob", Role.SELLER))


def do(store: Store, act: Any, *given: Any, **more: Any) -> Any:
    with store.database.unit_of_work() as session:
        return act(session, SYSTEM, *given, **more)


def built_in(store: Store, role: Role) -> int:
    with store.database.reading() as session:
        return next(one.id for one in repository.roles(session, SYSTEM) if one.built_in is role)


def rights(store: Store, user_id: int) -> Rights:
    with store.database.reading() as session:
        return require_viewer(session, user_id).rights


def test_a_changed_built_in_role_counts_at_once_and_goes_back(store: Store, bob: int) -> None:
    seller = built_in(store, Role.SELLER)
    do(store, keeping.change_role, seller, "Renamed", READS)
    assert rights(store, bob).scope(RecordType.DEAL, Act.EDIT) is Scope.NONE
    with store.database.reading() as session:
        assert repository.role(session, SYSTEM, seller).name == "Seller", "built-in roles keep their names"
    do(store, keeping.reset_role, seller)
    assert rights(store, bob).scope(RecordType.DEAL, Act.EDIT) is Scope.ALL


def test_a_role_is_not_removed_from_under_its_people(store: Store, bob: int) -> None:
    role = do(store, keeping.create_role, "Sales abroad", READS)
    other = do(store, keeping.create_role, "Sales at home", NOTHING)
    do(store, keeping.give_role, bob, role)
    do(store, keeping.save_department, NewDepartment("Abroad", role_id=role))

    with pytest.raises(Conflict, match="One person has and one department has this role"):
        do(store, keeping.remove_role, role)
    with pytest.raises(UsageError, match="not there"):
        do(store, keeping.remove_role, role, move_to=4711)
    with pytest.raises(UsageError, match="one by one"):
        do(store, keeping.remove_role, role, move_to=built_in(store, Role.ADMINISTRATOR))
    with pytest.raises(UsageError, match="another role"):
        do(store, keeping.remove_role, role, move_to=role)
    assert rights(store, bob).scope(RecordType.DEAL, Act.SEE) is Scope.ALL

    do(store, keeping.remove_role, role, move_to=other)
    assert rights(store, bob).is_nothing
    with store.database.reading() as session:
        assert session.execute(select(Department.role_id)).scalar_one() == other
        assert session.execute(select(RoleRow.id).where(RoleRow.id == role)).scalar() is None
        assert "role.remove" in session.execute(select(Audit.action)).scalars().all()
    do(store, keeping.remove_role, other, move_to=built_in(store, Role.SELLER))
    with store.database.reading() as session:
        assert session.execute(select(User.role, User.role_id).where(User.id == bob)).one() == (Role.SELLER, None)


def test_the_last_administrator_stays(store: Store, ann: int, bob: int) -> None:
    with pytest.raises(Conflict, match="last administrator"):
        do(store, keeping.give_role, ann, built_in(store, Role.SELLER))
    do(store, keeping.give_role, bob, built_in(store, Role.ADMINISTRATOR))
    do(store, keeping.give_role, ann, built_in(store, Role.SELLER))
    with store.database.reading() as session:
        assert viewer_of_person(session, ann) == Viewer(ann, Role.SELLER)


@pytest.mark.parametrize(
    ("error", "act", "given"),
    [
        (UsageError, keeping.create_role, ("  ", READS)),
        (UsageError, keeping.create_role, ("x" * 81, READS)),
        (Conflict, keeping.create_role, ("Seller", READS)),
        (NotFound, keeping.change_role, (4711, "x", READS)),
        (Conflict, keeping.change_role, (1, "Administrator", NOTHING)),
        (Conflict, keeping.remove_role, (1,)),
        (NotFound, keeping.remove_role, (4711,)),
        (NotFound, keeping.give_role, (4711, 2)),
        (NotFound, keeping.give_role, (1, 4711)),
        (UsageError, keeping.save_department, (NewDepartment(" "),)),
        (UsageError, keeping.save_department, (NewDepartment("D", parent_id=4711),)),
        (UsageError, keeping.save_department, (NewDepartment("D", role_id=4711),)),
        (UsageError, keeping.save_department, (NewDepartment("D", role_id=1),)),
        (UsageError, keeping.save_department, (NewDepartment("D", people=[4711]),)),
        (NotFound, keeping.remove_department, (4711,)),
        (NotFound, keeping.put_into_departments, (4711, [])),
        (UsageError, keeping.put_into_departments, (1, [4711])),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(
    store: Store, ann: int, error: type[Exception], act: Any, given: Any
) -> None:
    def everything() -> list[Any]:
        with store.database.reading() as session:
            return [session.execute(select(table.__table__)).all() for table in (RoleRow, Department, User)]

    before = everything()
    with pytest.raises(error):
        do(store, act, *given)
    assert everything() == before


def test_only_administrators_change_roles_and_departments(store: Store, bob: int) -> None:
    settings = do(store, keeping.create_role, "Settles", Rights(NOTHING.records, works=True, settings=True))
    do(store, keeping.give_role, bob, settings)
    with store.database.reading() as session:
        viewer = require_viewer(session, bob)
    for act, given in (
        (keeping.create_role, ("Mine", READS)),
        (keeping.change_role, (settings, "Mine", BUILT_IN[Role.ADMINISTRATOR])),
        (keeping.give_role, (bob, built_in(store, Role.ADMINISTRATOR))),
        (keeping.remove_role, (settings,)),
        (keeping.reset_role, (settings,)),
        (keeping.save_department, (NewDepartment("Mine"),)),
        (keeping.put_into_departments, (bob, [])),
        (keeping.remove_department, (1,)),
    ):
        with pytest.raises(Forbidden), store.database.unit_of_work() as session:
            act(session, viewer, *given)
    assert viewer.may_configure
    assert not viewer.may_administer


def test_departments_stand_in_a_tree_without_circles_and_move_up(store: Store, bob: int) -> None:
    top = do(store, keeping.save_department, NewDepartment("Top", people=[bob]))
    middle = do(store, keeping.save_department, NewDepartment("Middle", top))
    low = do(store, keeping.save_department, NewDepartment("Low", middle))
    with pytest.raises(UsageError, match="below itself"):
        do(store, keeping.save_department, NewDepartment("Top", low), department_id=top)
    with pytest.raises(UsageError, match="below itself"):
        do(store, keeping.save_department, NewDepartment("Top", top), department_id=top)
    do(store, keeping.remove_department, middle)
    with store.database.reading() as session:
        assert {one.name: one.parent_id for one in repository.departments(session, SYSTEM)} == {"Top": None, "Low": top}
        assert repository.department(session, SYSTEM, top).people == (bob,)
    # Who has gone still belongs there: their records are reached through the department.
    gone = add_person(store, SYSTEM, NewPerson("gone@ours.example", "Gone", Role.SELLER))
    do(store, keeping.save_department, NewDepartment("Top", people=[bob, gone]), department_id=top)
    deactivate(store, SYSTEM, gone)
    do(store, keeping.save_department, NewDepartment("Top", people=[]), department_id=top)
    do(store, keeping.save_department, NewDepartment("Top", people=[bob]), department_id=top)
    with store.database.reading() as session:
        assert repository.department(session, SYSTEM, top).people == (bob,)
        assert repository.colleagues_of(session, bob) == {bob, gone}
    do(store, keeping.put_into_departments, bob, [low])
    with store.database.reading() as session:
        assert repository.department(session, SYSTEM, low).people == (bob,)
        assert repository.department(session, SYSTEM, top).people == ()
