"""Who is added, changed, let go, and what is written down about it."""

import re
import subprocess
import sys

import pytest

from core.errors import Conflict, Forbidden, NotFound, UsageError
from crm.access import repository
from crm.access.people import (
    NewPerson,
    add_first_administrator,
    add_person,
    change_role,
    deactivate,
    reactivate,
    set_password,
)
from crm.access.viewer import Viewer
from storage.models import Mailbox, Role, User
from storage.store import Store
from unit.crm.small_company import SmallCompany

PASSWORD = "correct horse battery"


def test_the_first_administrator_needs_nobodys_leave_and_the_second_does(empty_store: Store) -> None:
    first = add_first_administrator(empty_store, email="Ann@House.Example", name=" Ann  Archer ", password=PASSWORD)
    with empty_store.database.reading() as session:
        person = repository.person_by_key(session, Viewer.system(), "ann@house.example")
        assert (person.id, person.name, person.role) == (first, "Ann Archer", Role.ADMINISTRATOR)
        assert [act.action for act in repository.acts(session, Viewer.system())] == ["person.add"]
        with pytest.raises(Forbidden):
            repository.acts(session, Viewer(first, Role.MANAGER))
    with pytest.raises(Conflict):
        add_first_administrator(empty_store, email="b@house.example", name="Bob", password=PASSWORD)


def test_adding_people(company: SmallCompany) -> None:
    ann = company.viewer(company.ann)
    new = NewPerson("zoë@bücher.example", "Zoë", Role.SELLER, None, "Europe/Warsaw")
    zoe = add_person(company.store, ann, new)
    with company.store.database.reading() as session:
        assert repository.person_by_key(session, ann, "zoë@xn--bcher-kva.example").id == zoe
        assert "Zoë" in [person.name for person in repository.people(session, ann)]

    with pytest.raises(Forbidden):
        add_person(company.store, company.viewer(company.bob), new)
    with pytest.raises(Conflict):
        add_person(company.store, ann, new)
    for wrong in (
        NewPerson("nobody", "N", Role.SELLER),
        NewPerson("n@house.example", "  ", Role.SELLER),
        NewPerson("n@house.example", "N", Role.SELLER, "short"),
        NewPerson("n@house.example", "N", Role.SELLER, "x" * 2000),
        NewPerson("n@house.example", "N", Role.SELLER, None, "Mars/Olympus"),
    ):
        with pytest.raises(UsageError):
            add_person(company.store, ann, wrong)


def test_the_last_administrator_stays(company: SmallCompany) -> None:
    ann = company.viewer(company.ann)
    for change in (deactivate, lambda *who: change_role(*who, Role.SELLER)):
        with pytest.raises(Conflict):
            change(company.store, ann, company.ann)
    change_role(company.store, ann, company.bob, Role.ADMINISTRATOR)
    deactivate(company.store, Viewer(company.bob, Role.ADMINISTRATOR), company.ann)
    with pytest.raises(Conflict):
        change_role(company.store, Viewer.system(), company.bob, Role.GUEST)
    reactivate(company.store, Viewer.system(), company.ann)
    assert company.rows(User, id=company.ann)[0].active
    with pytest.raises(NotFound):
        deactivate(company.store, ann, 999)


def test_a_password_is_set_by_oneself_or_an_administrator(company: SmallCompany) -> None:
    set_password(company.store, company.viewer(company.bob), company.bob, PASSWORD)
    set_password(company.store, company.viewer(company.ann), company.bob, PASSWORD + "!")
    with pytest.raises(Forbidden):
        set_password(company.store, company.viewer(company.bob), company.ann, PASSWORD)
    assert PASSWORD not in (company.rows(User, id=company.bob)[0].password_hash or "")


def test_addresses_of_our_own(company: SmallCompany) -> None:
    with company.store.database.unit_of_work() as session:
        session.get(Mailbox, company.bobs_mailbox).email_key = "sales@house.example"
    with company.store.database.reading() as session:
        assert repository.address_keys_of(session, company.bob) == {"bob@house.example", "sales@house.example"}
        everybody = repository.all_own_address_keys(session)
    assert {"ann@house.example", "gus@house.example", "sales@house.example"} <= everybody


def test_the_program_takes_its_time_over_a_password() -> None:
    command = "from crm.access.passwords import hash_password; print(hash_password('a long password'))"
    told = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", told), told
