"""What mailboxes say of strangers, in words; `made` of the numbers of a trial or a run."""

from collections.abc import Mapping

from crm.records.modes import Client, CrmMode
from storage.models import OnUnknown, SenderKind, Treatment

KINDS = {SenderKind.ADDRESS: "address", SenderKind.DOMAIN: "domain", SenderKind.PHONE: "phone"}
TREATMENTS = {Treatment.NEVER: "Never", Treatment.ALWAYS_NEW: "Always new"}
BESIDE = {Client.CONTACT: "a contact", Client.COMPANY: "a company", Client.BOTH: "a contact and a company"}
SEVERAL = {
    "deal": "deals",
    "repeat deal": "repeat deals",
    "lead": "leads",
    "repeat lead": "repeat leads",
    "contact": "contacts",
    "company": "companies",
}
OUTCOMES = {"joins": "joins what is open", "nothing": "nothing is made"}
ORDER = (*SEVERAL, "joins", "nothing")


def options(mode: CrmMode) -> dict[OnUnknown, tuple[str, str]]:
    """What can be made of a stranger's mail: a name and a sentence."""
    if mode.is_classic:
        whole = ("A lead", "You look at it, and convert it when it is worth it.")
    else:
        whole = ("A deal", f"With {BESIDE[mode.client]} beside it.")
    return {
        OnUnknown.MODE: whole,
        OnUnknown.CONTACT: ("Only a contact", "The mail stands on the contact; no deal or lead is made."),
        OnUnknown.NOTHING: ("Nothing", "The mail stays in the mailbox, and on no record."),
    }


def made(numbers: Mapping[str, int]) -> str:
    """`4 deals and 2 contacts`; `nothing` of none."""
    words = [
        f"{count} {name if count == 1 else several}"
        for name, several in SEVERAL.items()
        if (count := numbers.get(name, 0))
    ]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words) or "nothing"


def outcome(word: str) -> str:
    """What becomes of one mail."""
    return OUTCOMES.get(word, f"a {word}")


def rows(before: Mapping[str, int], after: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """A line for each outcome that there is: its name, and both numbers."""
    there = [each for each in ORDER if each in before or each in after]
    return [(SEVERAL.get(each) or OUTCOMES[each], before.get(each, 0), after.get(each, 0)) for each in there]
