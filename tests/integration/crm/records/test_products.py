"""A catalogue, and deals whose amount is the sum of their lines, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from core.errors import Conflict, Forbidden, MailsyncError, NotFound, UsageError
from crm.access.viewer import Viewer
from crm.records.deals import create_deal
from crm.records.fields.editing import edit_record
from crm.records.fields.history import history_of
from crm.records.products.catalogue import NewProduct, add_product, change_product, offer_again, retire_product
from crm.records.products.lines import NewLine, deal_lines, put_lines
from crm.records.products.views import DealLines
from crm.records.recycling import remove_for_ever
from crm.records.repository import reading
from crm.records.repository.products import on_deals, products
from crm_world import World
from lock_waits import until_somebody_waits
from recycling_world import delete
from storage.models import DealLine, RecordType, Role
from storage.store import Store

SYSTEM = Viewer.system()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def deal(world: World) -> int:
    with world.store.database.unit_of_work() as session:
        return create_deal(session, "Spring order", amount=50_000)


def add(world: World, name: str, price: int, **more: str) -> int:
    with world.store.database.unit_of_work() as session:
        return add_product(session, SYSTEM, NewProduct(name, price, **more))


def put(world: World, deal: int, *lines: NewLine, version: str | None = None) -> int:
    with world.store.database.unit_of_work() as session:
        return put_lines(session, Viewer(world.ann, Role.SELLER), deal, lines, version=version)


def seen(world: World, deal: int) -> DealLines:
    with world.store.database.reading() as session:
        return deal_lines(session, SYSTEM, deal)


def amount(world: World, deal: int) -> int:
    with world.store.database.reading() as session:
        return reading.deal(session, SYSTEM, deal).amount


def test_the_amount_is_the_sum_of_the_lines(world: World, deal: int) -> None:
    beans = add(world, "Beans", 1_299, unit="kg", code="B-1")

    put(
        world,
        deal,
        NewLine(product_id=beans, quantity=Decimal("2.5")),
        NewLine(product_id=beans, quantity=Decimal(1000), price=1_200, discount=Decimal("12.5")),
        NewLine(name="  Delivery,  by hand ", price=3_333, discount=Decimal(50)),
    )

    made_of = seen(world, deal)
    told = [(one.name, one.unit, one.quantity, one.price, one.discount, one.total) for one in made_of.lines]
    assert told == [
        ("Beans", "kg", Decimal("2.5"), 1_299, Decimal(0), 3_248),  # 3247.5, half a cent goes up.
        ("Beans", "kg", Decimal(1000), 1_200, Decimal("12.5"), 1_050_000),
        ("Delivery, by hand", "", Decimal(1), 3_333, Decimal(50), 1_667),
    ]
    assert made_of.total == amount(world, deal) == 3_248 + 1_050_000 + 1_667
    with world.store.database.reading() as session:
        (edit,) = history_of(session, SYSTEM, (RecordType.DEAL, deal))
    assert [(one.field.key, one.before, one.after) for one in edit.changes] == [("amount", 50_000, made_of.total)]
    assert edit.by == "Ann"


def test_the_amount_is_written_by_hand_only_while_there_are_no_lines(world: World, deal: int) -> None:
    def write(new: int) -> None:
        with world.store.database.unit_of_work() as session:
            edit_record(session, SYSTEM, (RecordType.DEAL, deal), {"amount": new})

    write(70_000)
    put(world, deal, NewLine(name="All of it", price=60_000))
    with pytest.raises(UsageError, match="sum of this deal's products"):
        write(70_000)
    assert amount(world, deal) == 60_000

    put(world, deal)
    assert amount(world, deal) == 60_000, "it stays until somebody writes another"
    write(10_000)
    assert amount(world, deal) == 10_000


def test_a_deal_keeps_what_was_agreed(world: World, deal: int) -> None:
    beans = add(world, "Beans", 1_299)
    put(world, deal, NewLine(product_id=beans))
    with world.store.database.unit_of_work() as session:
        change_product(session, SYSTEM, beans, NewProduct("Beans, new crop", 1_500))
        retire_product(session, SYSTEM, beans)

    line = seen(world, deal).lines[0]
    assert (line.name, line.price, line.product_id) == ("Beans", 1_299, beans)
    assert amount(world, deal) == 1_299
    with world.store.database.reading() as session:
        assert products(session, SYSTEM) == []
        assert [(one.id, one.name) for one in products(session, SYSTEM, retired=True)] == [(beans, "Beans, new crop")]
        assert on_deals(session, SYSTEM, [beans]) == {beans: 1}


def test_lines_that_somebody_else_changed_meanwhile_are_not_overwritten(world: World, deal: int) -> None:
    put(world, deal, NewLine(name="Tea", price=100))
    version = seen(world, deal).version
    put(world, deal, NewLine(name="Tea", price=200), version=version)

    with pytest.raises(Conflict, match="Somebody else changed"):
        put(world, deal, NewLine(name="Tea", price=300), version=version)

    assert amount(world, deal) == 200


def test_of_two_at_once_one_is_told(world: World, deal: int) -> None:
    version = seen(world, deal).version

    def attempt(price: int) -> bool:
        try:
            put(world, deal, NewLine(name="Tea", price=price), version=version)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        through = [price for price, done in zip((1, 2, 3, 4), pool.map(attempt, (1, 2, 3, 4)), strict=True) if done]

    assert through == [amount(world, deal)]
    assert len(seen(world, deal).lines) == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (NewLine(), "Line 2: Choose a product"),
        (NewLine(name="x" * 201, price=1), "Line 2: Choose a product"),
        (NewLine(name="x"), "A price is an amount"),
        (NewLine(name="x", price=-1), "A price is an amount"),
        (NewLine(name="x", price=10**15), "A price is an amount"),
        (NewLine(name="x", price=1, quantity=Decimal(0)), "A quantity is a number above nothing"),
        (NewLine(name="x", price=1, quantity=Decimal("-1")), "A quantity is a number above nothing"),
        (NewLine(name="x", price=1, quantity=Decimal("0.0001")), "A quantity is a number above nothing"),
        (NewLine(name="x", price=1, quantity=Decimal("NaN")), "A quantity is a number above nothing"),
        (NewLine(name="x", price=1, quantity=Decimal("1e999999")), "A quantity is a number above nothing"),
        (NewLine(name="x", price=1, quantity=Decimal("1e-999999")), "A quantity is a number above nothing"),
        (NewLine(name="x", price=1, discount=Decimal(101)), "A discount is a percentage"),
        (NewLine(name="x", price=1, discount=Decimal("Infinity")), "A discount is a percentage"),
        (NewLine(name="x", price=10**14, quantity=Decimal(10**9)), "more than a deal can hold"),
        (NewLine(product_id=999), "no such product"),
    ],
)
def test_garbage_is_refused_in_words_and_changes_nothing(world: World, deal: int, line: NewLine, words: str) -> None:
    put(world, deal, NewLine(name="Tea", price=100))

    with pytest.raises(MailsyncError, match=words):
        put(world, deal, NewLine(name="Coffee", price=900), line)

    assert [one.name for one in seen(world, deal).lines] == ["Tea"]
    assert amount(world, deal) == 100


def test_a_price_in_another_currency_is_asked_for(world: World, deal: int) -> None:
    beans = add(world, "Beans", 1_299, currency="pln")
    with pytest.raises(UsageError, match="Beans has its price in PLN: write one in EUR"):
        put(world, deal, NewLine(product_id=beans))
    put(world, deal, NewLine(product_id=beans, price=300))
    assert amount(world, deal) == 300


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (NewProduct(" ", 1), "needs a name"),
        (NewProduct("x" * 201, 1), "needs a name"),
        (NewProduct("x", -1), "A price"),
        (NewProduct("x", 10**15), "A price"),
        (NewProduct("x", 1, currency="€"), "three letters"),
        (NewProduct("x", 1, unit="u" * 41), "40 characters"),
        (NewProduct("Tea", 1), "already"),
    ],
)
def test_a_product_that_can_not_be_is_refused(world: World, new: NewProduct, words: str) -> None:
    add(world, "Tea", 100)
    with world.store.database.unit_of_work() as session, pytest.raises(MailsyncError, match=words):
        add_product(session, SYSTEM, new)


def test_a_retired_name_may_be_given_again_and_then_the_old_one_stays_retired(world: World) -> None:
    old = add(world, "Tea", 100)
    with world.store.database.unit_of_work() as session:
        retire_product(session, SYSTEM, old)
    new = add(world, "Tea", 200)
    with world.store.database.unit_of_work() as session, pytest.raises(Conflict):
        offer_again(session, SYSTEM, old)
    with world.store.database.reading() as session:
        assert [one.id for one in products(session, SYSTEM)] == [new]
        assert [one.id for one in products(session, SYSTEM, retired=True)] == [old]


def test_a_name_is_there_once_however_it_is_written(world: World) -> None:
    licence = add(world, "Łódź Licence", 100)
    for written in ("łódź licence", " ŁÓDŹ  LICENCE"):
        with pytest.raises(Conflict, match="already"):
            add(world, written, 1)
    other = add(world, "Licence+", 1)
    with world.store.database.unit_of_work() as session:
        change_product(session, SYSTEM, licence, NewProduct("łódź LICENCE", 200))
        with pytest.raises(Conflict):
            change_product(session, SYSTEM, other, NewProduct("Łódź licence", 1))
    with world.store.database.reading() as session:
        names = [(one.name, one.price) for one in products(session, SYSTEM)]
    assert sorted(names) == [("Licence+", 1), ("łódź LICENCE", 200)]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_of_two_who_add_one_name_in_one_moment_one_is_told(world: World) -> None:
    with ThreadPoolExecutor(1) as pool:
        with world.store.database.unit_of_work() as session:
            add_product(session, SYSTEM, NewProduct("Tea", 1))
            late = pool.submit(add, world, "TEA", 2)
            until_somebody_waits(world.store)
            assert not late.done()
        with pytest.raises(Conflict):
            late.result(20)
    with world.store.database.reading() as session:
        assert [(one.name, one.price) for one in products(session, SYSTEM)] == [("Tea", 1)]


def test_products_come_page_by_page_by_name(world: World) -> None:
    names = ["Tea", "Beans", "Cups", "Milk", "Sugar"]
    for name in names:
        add(world, name, 1)
    found: list[str] = []
    after = None
    with world.store.database.reading() as session:
        while page := products(session, SYSTEM, after=after, limit=2):
            found += [one.name for one in page]
            after = page[-1].id
    assert found == sorted(names)


def test_who_may(world: World, deal: int) -> None:
    guest, seller = Viewer(world.ann, Role.GUEST), Viewer(world.ann, Role.SELLER)
    with world.store.database.unit_of_work() as session:
        with pytest.raises(Forbidden):
            put_lines(session, guest, deal, [NewLine(name="x", price=1)])
        with pytest.raises(Forbidden, match="ask a manager or an administrator"):
            add_product(session, seller, NewProduct("Tea", 1))
        with pytest.raises(NotFound):
            put_lines(session, seller, 999, [])
    assert seen(world, deal).lines == ()


def test_lines_go_with_a_deal_that_is_removed_for_ever(world: World, deal: int) -> None:
    tea = add(world, "Tea", 100)
    put(world, deal, NewLine(product_id=tea))
    delete(world, (RecordType.DEAL, deal))
    with world.store.database.reading() as session:
        assert on_deals(session, SYSTEM, [tea]) == {tea: 0}
    remove_for_ever(world.store, SYSTEM, (RecordType.DEAL, deal))
    assert world.all(DealLine) == []
