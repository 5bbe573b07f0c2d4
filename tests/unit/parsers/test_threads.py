"""Threads by references, and the subjects below their prefixes."""

import pytest

from parsers.threads import ThreadInput, base_subject, has_reply_prefix, threads_of


def test_references_join_in_any_order_and_absent_messages_join_too():
    messages = [
        ThreadInput("d", ("absent",)),
        ThreadInput("b", ("a",)),
        ThreadInput("c", (), ("b", "x")),
        ThreadInput("e", ("absent",)),
        ThreadInput("a"),
        ThreadInput("x"),
    ]

    assert threads_of(messages) == [["d", "e"], ["b", "c", "a"], ["x"]]
    assert sorted(map(sorted, threads_of(reversed(messages)))) == [["a", "b", "c"], ["d", "e"], ["x"]]


def test_repeats_loops_and_missing_ids():
    messages = [ThreadInput("a", ("b",)), ThreadInput("b", ("a",)), ThreadInput("a", ("a",)), ThreadInput(None, ("a",))]

    assert threads_of(messages) == [["a", "b"]]
    assert threads_of([]) == []


def test_a_long_chain_is_one_thread():
    chain = [ThreadInput(str(number), (str(number + 1),)) for number in range(20_000)]

    assert len(threads_of(chain)) == 1


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Offer", "RE[2]: Offer", "Re^3: Offer", "AW: Offer", "Aw: Re: Offer", "SV: Offer", "Antw: Offer", "Odp: Offer",
        "RES: Offer", "Rif: Offer", "Vs: Offer", "Ynt: Offer", "回复: Offer", "答复：Offer", "Отв: Offer", "RE : Offer",
        "[list] Re: Offer", "Re: [list] Offer",
    ],
)  # fmt: skip
def test_answers_say_so_in_many_languages(subject):
    assert has_reply_prefix(subject) or subject.startswith("Re:")
    assert base_subject(subject) == "Offer"


@pytest.mark.parametrize(
    "subject",
    [
        "Fwd: Offer",
        "FW: Offer",
        "WG: Offer",
        "TR: Offer",
        "ENC: Offer",
        "转发: Offer",
        "Offer (fwd)",
        "[Fwd: Offer]",
        " Offer ",
    ],
)
def test_forwards_and_trailers_come_off_and_are_no_answers(subject):
    assert base_subject(subject) == "Offer"
    assert not has_reply_prefix(subject)


@pytest.mark.parametrize("subject", ["Reply to me", "Regarding: Offer", "Offer: re", "[list]", "", "Area: north"])
def test_words_are_no_prefixes(subject):
    assert base_subject(subject) == subject
    assert not has_reply_prefix(subject)
