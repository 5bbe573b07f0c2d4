"""Threads by references, and the subjects below their prefixes."""

import itertools

import pytest

from parsers.message import parse_message
from parsers.threads import ThreadInput, base_subject, cited_ids, has_reply_prefix, thread_input, threads_of


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


def test_a_message_without_an_id_joins_what_it_cites():
    assert threads_of([ThreadInput("a"), ThreadInput(None, ("a", "b")), ThreadInput("b"), ThreadInput(None)]) == [
        ["a", "b"]
    ]


def test_the_same_threads_in_every_order():
    messages = [
        ThreadInput("a", ("f",)),
        ThreadInput("b", ("lost",), ("a",)),
        ThreadInput("c", ("gone",)),
        ThreadInput("d", ("gone", "d")),
        ThreadInput("e", (), ("unknown", "c")),
        ThreadInput("f", (), ("b",)),
    ]

    for order in itertools.permutations(messages):
        assert {frozenset(thread) for thread in threads_of(order)} == {
            frozenset("abf"),
            frozenset("cd"),
            frozenset("e"),
        }


@pytest.mark.parametrize(
    ("message", "people", "cited"),
    [
        (ThreadInput("m", ("a", "b"), ("b",)), (), ("a", "b")),
        (ThreadInput("m", ("a",), ("b", "c")), (), ("a", "b")),
        (ThreadInput("m", ("m", "a"), ("m",)), (), ("a",)),
        (ThreadInput(None, (), ("a",)), (), ("a",)),
        (ThreadInput("m", (), ("Ann@x.example", "a")), {"ann@x.example"}, ("a",)),
        (ThreadInput("m", (), ("ann@x.example",)), {"ann@x.example"}, ()),
    ],
    ids=["a reply", "several answered", "itself", "no id of its own", "exmh: an address, then the id", "an address"],
)
def test_what_a_message_cites(message, people, cited):
    assert cited_ids(message, people) == cited


@pytest.mark.parametrize(
    "raw",
    [
        b"From mailer Mon Mar  2 11:00:00 2026\nMessage-ID: <b@x>\nReferences: <a@x>\n <m@x>\nIn-Reply-To: <m@x>\n\nHello",
        b"Message-ID: <b@x>\rReferences: <a@x>\r\rMessage-ID: <no@x>",
        b"In-Reply-To: <a@x>",
        b"Message-ID: <a@x>\n--\xff\x00",
        b"",
    ],
    ids=["from an mbox", "old Macintosh", "no blank line", "damaged", "empty"],
)
def test_threading_reads_the_same_ids_as_the_parser_does(raw):
    parsed = parse_message(raw)

    assert thread_input(raw) == ThreadInput(parsed.message_id, parsed.references, parsed.in_reply_to)


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
