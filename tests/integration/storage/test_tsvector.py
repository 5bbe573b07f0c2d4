"""The vectors that are made here are those that PostgreSQL makes, and it takes every one of them."""

from collections.abc import Iterator
from random import Random

import psycopg
import pytest
from sqlalchemy import text

from servers.postgres import Postgres
from storage.bulk import WORTH_COPYING
from storage.database import VectorDumper
from storage.folding import MAX_TEXT, fold
from storage.search import index_messages
from storage.search.index import COLUMNS
from storage.store import Store
from storage.tsvector import BETWEEN, LAST_PLACE, MOST_PLACES, Vector, vector_of, words_of

Connection = psycopg.Connection[tuple[str, str]]
NOTHING = dict.fromkeys(COLUMNS, "")


@pytest.fixture
def server(postgres: Postgres) -> Iterator[Connection]:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.adapters.register_dumper(Vector, VectorDumper)
        yield connection


def spelled(server: Connection, fields: list[str]) -> tuple[str, str]:
    """Ours, and what the server makes of the words."""
    words = " ".join(words_of(BETWEEN.join(fields)))
    found = server.execute("SELECT %s::tsvector::text, to_tsvector('simple', %s)::text", [vector_of(fields), words])
    (pair,) = found.fetchall()
    return pair


@pytest.mark.parametrize(
    "fields",
    [
        ["", "", ""],
        ["Re: Angebot 4711", "Żółć Carl <carl.o'neil+a@client.example>", "the offer, the offer: 12.50 € - 1e5 0x1F v2 “so”"],
        ["Счёт № 5", "東京タワー", "नमस्ते ราคา 한국 \U0001f600 a\\b 'c' ﬁn"],
    ],
)  # fmt: skip
def test_words_stand_where_the_server_puts_them(server: Connection, fields: list[str]) -> None:
    ours, its = spelled(server, [fold(field) for field in fields])
    assert ours == its


def test_any_mix_of_letters_and_signs_is_taken(server: Connection) -> None:
    chance = Random(5)
    letters = "ab12 \n.,@'\\:*&|!<->äжß東न\u0301\U0001f600\x00\x7f“”_-"
    for _ in range(200):
        ours, its = spelled(server, [fold("".join(chance.choices(letters, k=chance.randint(0, 80)))) for _ in range(3)])
        assert ours == its


def test_a_word_too_often_too_far_behind_or_too_long(server: Connection) -> None:
    """What the type can not hold is left out; a word keeps its first places."""
    often = f"first {'often ' * 20_000}last {'w' * 3000}"
    ours, _ = spelled(server, [often])
    places = ",".join(map(str, range(2, MOST_PLACES + 2)))
    assert ours == f"'first':1 'last':{LAST_PLACE} 'often':{places}"


@pytest.mark.parametrize("letters", ["abcdefghij", "абвгдежзик", "東京都市区町村会議"])
def test_more_words_than_the_type_holds_are_cut(server: Connection, letters: str) -> None:
    words = " ".join("".join(Random(n).choices(letters, k=6)) for n in range(MAX_TEXT // 7))
    vector = vector_of([words, words, words])
    (found,) = server.execute("SELECT length(%s::tsvector)", [vector])
    assert found[0] == int.from_bytes(vector[:4], "big") > 10_000


@pytest.mark.parametrize("count", [1, WORTH_COPYING])
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_whoever_makes_the_vector_the_mail_is_found(store: Store, count: int) -> None:
    """Of few rows and of many, and by words that the locale of the database would part otherwise."""
    with store.database.unit_of_work() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))  # No message stands behind the words.
        rows = [{"id": number, **NOTHING, "body": f"a“quoted”word{number} ❶x"} for number in range(1, 2 * count + 1)]
        made = [row | {"vector": vector_of([row[name] for name in COLUMNS])} for row in rows[count:]]
        index_messages(session, rows[:count], [])
        index_messages(session, made, [])
        found = session.execute(text("SELECT id, vector::text FROM message_text ORDER BY id")).all()
    assert [row.id for row in found] == list(range(1, 2 * count + 1))
    assert all(f"'word{row.id}':8" in row.vector and "'❶x':9" in row.vector for row in found)
