"""Whole addresses are asked for as they are: the beginning of `example` or `com`, which are in all mail, is found slowly."""

from dataclasses import replace

from crm.access.viewer import Viewer
from crm.conversations.repository.finding import matches
from crm.conversations.search_plan import SearchPlan
from storage.search import Phrase
from storage.sessions import ReadSession


def with_whole_addresses(session: ReadSession, viewer: Viewer, plan: SearchPlan) -> SearchPlan:
    """The plan, in which an address of which more might follow is whole where some mail has it so.

    Of one that no mail has even without its last word nothing can follow either.
    """
    for address in plan.addresses:
        whole = _with(plan, address, Phrase(address.words, address.field))
        shorter = _with(plan, address, Phrase(address.words[:-1], address.field))
        if _finds(session, viewer, whole) or not _finds(session, viewer, shorter):
            plan = whole
    return plan


def _with(plan: SearchPlan, address: Phrase, other: Phrase) -> SearchPlan:
    return replace(plan, phrases=[other if phrase is address else phrase for phrase in plan.phrases])


def _finds(session: ReadSession, viewer: Viewer, plan: SearchPlan) -> bool:
    return next(matches(session, viewer, plan, first=1), None) is not None
