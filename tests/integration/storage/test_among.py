"""Many values as one parameter are those very values, whatever stands in them."""

import pytest
from sqlalchemy import select

from core.clock import utcnow
from storage.among import among, among_given
from storage.models import Contact
from storage.store import Store

ODD = ['a"b', "c\\d", '\\"', "{", "}", ",", "NULL", "", " ", "'", "Żółć 東京", "%s :x", "$1"]


@pytest.fixture
def names(store: Store) -> dict[str, int]:
    with store.database.unit_of_work() as session:
        rows = [Contact(name=name, position="", tags=[], source="", created_at=utcnow()) for name in ODD]
        session.add_all(rows)
        session.flush()
        return {row.name: row.id for row in rows}


def test_words_are_found_as_they_are(store: Store, names: dict[str, int]) -> None:
    with store.database.reading() as session:
        by_name = select(Contact.name).where(among_given(Contact.name, "names"))
        assert sorted(session.execute(by_name, {"names": ODD}).scalars()) == sorted(ODD)
        for name in ODD:
            assert session.execute(by_name, {"names": {name, "nobody"}}).scalars().all() == [name]
        assert session.execute(by_name, {"names": []}).scalars().all() == []
        assert session.execute(select(Contact.name).where(among(Contact.name, ["a"]))).scalars().all() == []


def test_numbers_are_found_as_they_are(store: Store, names: dict[str, int]) -> None:
    with store.database.reading() as session:
        by_id = select(Contact.name).where(among_given(Contact.id, "ids"))
        for name, key in names.items():
            assert session.execute(by_id, {"ids": [key, -1, 2**62]}).scalars().all() == [name]
        assert session.execute(by_id, {"ids": ()}).scalars().all() == []
        assert len(session.execute(select(Contact.name).where(among(Contact.id, names.values()))).all()) == len(ODD)
