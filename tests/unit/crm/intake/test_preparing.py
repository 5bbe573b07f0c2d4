"""What is understood of a message before any lock: picklable, never raising, storable."""

import pickle
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crm.intake.preparing
from core.limits import Limits
from crm.intake.arrival import Arrival, Flags
from crm.intake.mail import Prepared, Unreadable
from crm.intake.preparing import prepare_into
from crm_world import NOW, mail
from storage.blobs import TableBlobStore


def prepared(*raws: bytes) -> Sequence[Prepared | Unreadable]:
    return prepare_into(
        TableBlobStore(), Limits(), [Arrival(1, uid, Flags(), NOW, raw) for uid, raw in enumerate(raws, start=1)]
    )


def test_it_travels_between_processes() -> None:
    arrival = Arrival(1, 1, Flags(seen=True), NOW, mail("carl@client.example", "sales@ours.example", message_id="a"))
    (result,) = prepare_into(TableBlobStore(), Limits(), [pickle.loads(pickle.dumps(arrival))])

    assert pickle.loads(pickle.dumps(result)) == result


@given(st.binary(max_size=400))
def test_any_bytes_are_prepared_and_nothing_is_lost(raw: bytes) -> None:
    (result,) = prepared(raw)

    assert isinstance(result, Prepared)
    assert result.head.size + result.body.size == len(raw)
    words = [result.mail.subject, result.mail.snippet, *result.mail.search.__getstate__()]
    assert not any("\0" in word for word in words)
    for word in words:
        word.encode()


def test_one_that_breaks_the_parser_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    understand = crm.intake.preparing.parse_message

    def break_on_bad(raw: bytes, *, limits: Limits) -> object:
        if b"BAD" in raw:
            raise RecursionError
        return understand(raw, limits=limits)

    monkeypatch.setattr(crm.intake.preparing, "parse_message", break_on_bad)
    good, bad = mail("carl@client.example", "sales@ours.example"), mail("BAD@client.example", "sales@ours.example")

    first, second, third = prepared(good, bad, good)

    assert isinstance(first, Prepared)
    assert isinstance(third, Prepared)
    assert isinstance(second, Unreadable)
    assert (second.uid, second.raw, second.reason) == (2, bad, "could not be read (RecursionError)")


@pytest.mark.parametrize(("text", "leaks"), [("See task+{token}@ours.example.", False), ("1+1 and {token}", True)])
def test_only_secret_addresses_are_masked(text: str, leaks: bool) -> None:
    token = "abcdefghij234567abcdefghij234567"
    (result,) = prepared(mail("carl@client.example", "sales@ours.example", text=text.format(token=token)))

    assert isinstance(result, Prepared)
    assert (token in result.mail.search.body) is leaks
