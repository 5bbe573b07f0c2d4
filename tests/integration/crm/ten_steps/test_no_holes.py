"""The table names every combination that matters: a state, a policy or a sentence that nobody thought of is told here."""

import itertools
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import crm.intake.steps
from crm.intake.steps import classes
from integration.crm.ten_steps import clients, copies, folders, machines, newcomers, people, policies
from integration.crm.ten_steps.table import WHY, Case, read
from integration.crm.ten_steps.test_ten_steps import CASES
from integration.crm.ten_steps.written import COPIES, MAILS
from parsers.model import Kind
from storage.models import LeadState, OnUnknown, RecordType, StageKind

STATES = (
    "", "contact", "contact deal", "contact won", "contact lost", "contact repeat-lead", "contact deal lead",
    "contact twin", "contact twin deal", "contact twin merge", "contact twin deal merge", "lead", "lead junk", "lead junk contact", "lead convert", "lead convert close",
    "company", "company deal", "company won", "company contact", "company contact deal",
    "contact -contact", "contact deal -deal", "contact deal -contact", "lead -lead", "lead convert -contact",
    "company -company", "company contact -company",
)  # fmt: skip
WAYS = ("carl", "carl:old", "ours", "ours re-ours", "ours subject-ours", "dora")
TRIED_ELSEWHERE = {
    "It names nobody outside.": "outgoing mail has recipients; without any it is internal, and never comes so far",
    "Somebody has decided by hand where this conversation stands.": "test_by_hand.py",
    "Only its beginning was fetched.": "tests/integration/mailsync",
    "The campaign tells about it; it is put on no record.": "test_campaign_copies.py",
    "This secret address was replaced by another one.": "test_secret_addresses.py",
    "It is not from an address of the person whom this secret address belongs to.": "test_secret_addresses.py",
}


def of(module: ModuleType) -> list[Case]:
    return read(module.ROWS)


def test_names_are_unique() -> None:
    assert [name for name, times in Counter(case.name for case in CASES).items() if times > 1] == []


def test_records_in_every_state_meet_mail_of_every_way() -> None:
    there = {(" ".join(case.before), " ".join(case.mails)) for case in of(clients) if not case.policy}
    assert [each for each in itertools.product(STATES, WAYS) if each not in there] == []


def test_every_state_that_the_models_know_is_there() -> None:
    """Given a new kind or state of record, then this asks for its rows."""
    assert set(RecordType) == {"contact", "company", "deal", "lead"}
    assert {f"contact {word}" for word in ("deal", "won", "lost")} <= set(STATES)
    assert set(StageKind) == {"open", "won", "lost"}
    assert set(LeadState) == {"active", "converted", "junk"}
    assert {"lead", "lead convert", "lead junk"} <= set(STATES)


def test_every_policy_meets_strangers_and_clients_both_ways() -> None:
    there = {(each, case.mails) for case in (*of(newcomers), *of(clients)) for each in case.policy or ("mode",)}
    for policy in OnUnknown:
        assert (policy.value, ("carl",)) in there
        assert (f"out:{policy.value}", ("ours",)) in there
    known = {each for case in of(clients) if "contact" in case.before for each in case.policy}
    assert {"contact", "nothing", "no-repeat", "out:mode", "out:contact", "both"} <= known


def test_every_two_policies_meet_in_both_orders() -> None:
    """The mailbox `sales` has the first one, `ann` the second."""
    there = set()
    for case in of(copies):
        policies = tuple(each for each in case.policy if each in tuple(OnUnknown))
        others = tuple(each.removeprefix("ann:") for each in case.policy if each.startswith("ann:"))
        pair = frozenset([*(policies or ("mode",)), *(others or ("mode",))])
        there.add((pair, case.mails))
    orders = (("carl", "carl@ann"), ("carl@ann", "carl"))
    same = {frozenset([policy]) for policy in OnUnknown}
    pairs = {frozenset(pair) for pair in itertools.combinations([policy.value for policy in OnUnknown], 2)}
    assert [each for each in itertools.product(pairs, orders) if each not in there] == []
    assert [pair for pair in same if (pair, orders[0]) not in there] == []


def test_every_state_meets_what_is_said_of_senders() -> None:
    there = {(case.policy, " ".join(case.before)) for case in of(policies) if case.mails == ("carl",)}
    said = [("not-carl",), ("always-carl",), ("written",)]
    assert [each for each in itertools.product(said, STATES) if each not in there] == []


def test_letters_come_before_and_after_their_answers() -> None:
    there = {(case.policy, case.mails) for case in of(policies)}
    for policy in (("written",), ("written", "contact")):
        assert {(policy, ("ours", "re-ours")), (policy, ("re-ours", "ours"))} <= there


def test_every_kind_of_mail_meets_strangers_and_clients() -> None:
    words = {*classes.WORDS, Kind.CALENDAR, Kind.NORMAL}
    assert words == set(Kind)
    for word in ("bulk", "list", "auto", "away", "receipt", "bounce", "complaint", "invitation"):
        before = {bool(case.before) for case in of(machines) if case.mails == (word,)}
        assert before == {True, False}, word


def test_every_folder_and_change_of_a_server_is_there() -> None:
    used = {word for case in CASES for word in case.mails}
    folders_used = {mark for case in of(folders) for word in case.mails for mark in word.split(":")[1:]}
    assert {"junk", "trash", "drafts", "archive", "old"} <= folders_used
    assert {change for word in used if "~" in word for change in [word.partition("~")[2].partition("@")[0]]} == set(
        COPIES
    )


def test_no_mail_was_thought_of_in_vain() -> None:
    used = {re.split("[@:~]", word)[0] for case in CASES for word in case.mails}
    assert set(MAILS) - used == set()


def test_reply_to_of_every_kind_meets_strangers_and_clients() -> None:
    for word in ("form", "temp-form", "no-reply-carl", "wordpress-carl", "dora-carl", "list-carl"):
        before = {bool(case.before) for case in of(people) if case.mails == (word,)}
        assert before == {True, False}, word


def test_every_sentence_that_people_are_shown_is_seen() -> None:
    """All that the steps can say under "why is this here?" is in some row, or in a test that is named here."""
    source = "\n".join(path.read_text() for path in Path(crm.intake.steps.__file__).parent.glob("*.py"))
    said = set(re.findall(r'"([A-Z][^"{}]{12,}\.)"', re.sub(r'""".*?"""', "", source, flags=re.DOTALL)))
    assert len(said) > 25
    shown = {WHY[word][1] for case in CASES for word in case.why}
    assert {each for each in said if not any(each in seen or seen in each for seen in shown)} <= set(TRIED_ELSEWHERE)
    assert set(WHY) - {word for case in CASES for word in case.why} == set()
