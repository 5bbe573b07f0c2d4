"""What is understood of a message before any lock: picklable, never raising, storable."""

import pickle
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crm.intake.understanding
from core.limits import Limits
from crm.intake.mail import Understood
from crm.intake.prepared import Unreadable
from crm.intake.preparing import prepare
from crm.intake.understanding import PURPOSES, understand
from crm_world import NOW, World, mail
from storage.blobs import TableBlobStore
from storage.models import Purpose


def understood(*raws: bytes) -> Sequence[Understood | str]:
    return understand(TableBlobStore(), Limits(), [(raw, NOW) for raw in raws])


def test_it_travels_between_processes() -> None:
    found = understood(mail("carl@client.example", "sales@ours.example", message_id="a"))

    assert isinstance(found[0], Understood)
    assert pickle.loads(pickle.dumps(found)) == found


@settings(deadline=None)  # The first one reads the list of public suffixes.
@given(st.binary(max_size=400))
def test_any_bytes_are_prepared_and_nothing_is_lost(raw: bytes) -> None:
    (result,) = understood(raw)

    assert isinstance(result, Understood)
    assert result.head.size + result.body.size == len(raw)
    words = [result.mail.subject, result.mail.snippet, *result.mail.search]
    assert not any("\0" in word for word in words)
    for word in words:
        word.encode()


@pytest.mark.replaces
def test_one_that_breaks_the_parser_is_set_aside(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = crm.intake.understanding.parse_message

    def break_on_bad(raw: bytes, *, limits: Limits) -> object:
        if b"BAD" in raw:
            raise RecursionError
        return parse(raw, limits=limits)

    monkeypatch.setattr(crm.intake.understanding, "parse_message", break_on_bad)
    good, bad = mail("carl@client.example", "sales@ours.example"), mail("BAD@client.example", "sales@ours.example")

    arrivals = [world.arrival(raw, uid=uid) for uid, raw in enumerate((good, bad, good), start=1)]
    first, second, third = prepare(world.store, arrivals)

    assert (first.uid, first.raw, third.uid, third.raw) == (1, good, 3, good)
    assert isinstance(second, Unreadable)
    assert (second.uid, second.raw, second.reason) == (2, bad, "could not be read (RecursionError)")


@pytest.mark.parametrize(("text", "leaks"), [("See task+{token}@ours.example.", False), ("1+1 and {token}", True)])
def test_only_secret_addresses_are_masked(text: str, leaks: bool) -> None:
    token = "abcdefghij234567abcdefghij234567"
    (result,) = understood(mail("carl@client.example", "sales@ours.example", text=text.format(token=token)))

    assert isinstance(result, Understood)
    assert (token in result.mail.search.body) is leaks


def test_every_purpose_of_a_secret_address_is_known_without_the_database() -> None:
    assert {purpose.value for purpose in Purpose} == PURPOSES
