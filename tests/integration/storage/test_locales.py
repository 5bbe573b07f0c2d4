"""Words of a field are parted as those of the index are, whatever PostgreSQL's locale takes for a letter."""

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from core.config import load_settings
from core.crypto import load_key_ring
from crm_world import World, mail
from servers.postgres import LOCALE, Postgres
from storage.search import Field, phrase_of, search_rows
from storage.store import open_store

SUBJECTS = ["“Plan”—new", "2 – Bauträger’s „Dach“", "Planung 100% a_b", "❶x €5 東京タワー", "नमस्ते • ½"]
CASES = {
    "plan": [0],
    "new": [0],
    "dach": [1],
    "bautrager's": [1],
    "s dach": [1],
    "dach s": [],
    "plan new 2": [],
    "lan": [],
    "100% a": [2],
    "a_b": [2],
    "axb": [],
    "❶x": [3],
    "5": [3],
    "東京": [3],
    "京東": [],
    "नमस्ते": [4],
}


@pytest.mark.parametrize("locale", ["C", LOCALE])
def test_words_in_typographic_signs_are_found_in_their_field(postgres: Postgres, tmp_path: Path, locale: str) -> None:
    keys = tmp_path / "keys.json"
    load_key_ring(keys, create=True)
    with ExitStack() as opened:
        url = opened.enter_context(postgres.fresh_database(locale=locale))
        settings = load_settings(
            data_dir=tmp_path, database_url=url, secret_keys_file=keys, blob_dir=tmp_path / "blobs"
        )
        store = opened.enter_context(closing(open_store(settings)))
        world = World(store)
        sent = [world.deliver(mail("„Żółć“ <c@client.example>", "sales@ours.example", subject)) for subject in SUBJECTS]

        def found(words: str, field: Field, *, beginning: bool = False) -> list[int]:
            phrase = phrase_of(words, field, beginning=beginning)
            assert phrase is not None
            with store.database.reading() as session:
                return sorted(sent.index(row.id) for row in session.execute(search_rows(session, [phrase]).statement))

        assert {words: found(words, Field.SUBJECT) for words in CASES} == CASES
        assert found("pl", Field.SUBJECT, beginning=True) == [0, 2]
        assert found("dach ", Field.RECIPIENTS) == found("client", Field.SUBJECT) == []
        assert found("zolc c@client", Field.SENDER) == list(range(len(SUBJECTS)))
