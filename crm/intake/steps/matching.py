"""Step 7: whose mail it is, and which of their records takes it (mission C6)."""

from collections.abc import Sequence

from core.addresses import domain_of, organisational_domain
from crm.intake.batch import MASS_MAIL, Batch, Item, Letter
from crm.intake.clients import Match
from crm.intake.context import MailboxContext
from crm.intake.mail import Person
from crm.intake.steps.by_hand import as_decided
from crm.intake.steps.senders import makes_anew
from parsers.model import Kind
from storage.models import Direction

FORMS = frozenset({"apache", "contact-form", "contactform", "form", "forms", "webform", "wordpress", "www-data"})
"""Local parts by which web servers write for somebody whom they name in Reply-To."""


def find_records(batch: Batch, item: Item) -> bool:
    """Find the records; the first outside person whose address is known decides, else the first one at all."""
    item.match = match_of(batch, item.letter)
    if item.match.found:
        takes = item.match.item
        where = f"It joins the open {takes.type.value}." if takes else "There is no open deal or lead."
        if takes and makes_anew(batch, item, next(iter(counterparts(item.letter, batch.context)), None)):
            where = f"It does not join the open {takes.type.value}."
        item.decide(
            "match", item.match.bindings[0][0].value, f"{item.match.why[:1].upper()}{item.match.why[1:]}. {where}"
        )
    else:
        item.decide("match", "nobody known", "No record has this address or domain.")
    return False


def match_of(batch: Batch, letter: Letter) -> Match:
    """The records for a letter, as things stand now, and as somebody has decided about its conversation."""
    return as_decided(batch, letter, _match_of(batch, letter))


def _match_of(batch: Batch, letter: Letter) -> Match:
    by_domain = letter.kind not in MASS_MAIL
    thread = batch.thread_records(letter.voice.node) if by_domain else set()
    match = Match()
    for position, person in enumerate(counterparts(letter, batch.context)):
        organisation = batch.context.organisation(person.key)
        found = batch.clients.match(person.key, organisation, thread, by_domain=by_domain)
        is_known = person.key in batch.clients.by_address or person.key in batch.clients.by_phone
        if is_known and found.found:
            return found
        match = match if match.found or position else found
    return match


def counterparts(letter: Letter, context: MailboxContext) -> list[Person]:
    """The outside people that a mail is with: its author, or for our own mail its recipients (To, then Cc).

    The first one whose address is known decides, else the first one at all.
    """
    if letter.counterparts is None:  # Asked by several steps.
        letter.counterparts = _counterparts(letter, context)
    return letter.counterparts


def _counterparts(letter: Letter, context: MailboxContext) -> list[Person]:
    if letter.direction is Direction.OUTGOING:
        return [person for role in ("to", "cc", "bcc") for person in _outside(letter.people, role, context)]
    if letter.direction is Direction.INTERNAL or letter.says_to_be_ours_falsely:
        return []
    authors, answered = (_outside(letter.people, role, context)[:1] for role in ("from", "reply_to"))
    if not answered or not authors:
        return authors or answered
    if _writes_for_others(authors[0], letter.kind, context):
        return answered
    return answered + authors if _of_one_organisation(authors[0], answered[0], context) else authors


def _outside(people: Sequence[Person], role: str, context: MailboxContext) -> list[Person]:
    return [
        person for person in people if person.role == role and "@" in person.key and not context.is_ours(person.key)
    ]


def _writes_for_others(author: Person, kind: Kind, context: MailboxContext) -> bool:
    """Whether From only passes on what those in Reply-To write: no-reply, a form, a list, a machine at our own domain."""
    is_form = author.key.partition("@")[0] in FORMS
    return is_form or context.lists.is_no_reply(author.key) or kind is Kind.LIST or context.is_of_our_domain(author.key)


def _of_one_organisation(author: Person, answered: Person, context: MailboxContext) -> bool:
    """Then it is mail of whom Reply-To names, unless only the author is known."""
    domain = domain_of(author.key)
    same = organisational_domain(domain) == organisational_domain(domain_of(answered.key))
    return same and not context.lists.is_free_mail(domain)
