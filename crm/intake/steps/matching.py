"""Step 7: whose mail it is, and which of their records takes it (mission C6)."""

from collections.abc import Sequence

from core.addresses import domain_of, is_free_mail, is_no_reply, organisational_domain
from crm.intake.batch import MASS_MAIL, Batch, Item, Letter
from crm.intake.clients import Match
from crm.intake.context import MailboxContext
from crm.intake.mail import Person
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
        item.decide(
            "match", item.match.bindings[0][0].value, f"{item.match.why[:1].upper()}{item.match.why[1:]}. {where}"
        )
    else:
        item.decide("match", "nobody known", "No record has this address or domain.")
    return False


def match_of(batch: Batch, letter: Letter) -> Match:
    """The records for a letter, as things stand now."""
    by_domain = letter.kind not in MASS_MAIL
    thread = batch.thread_records(letter.voice.node) if by_domain else set()
    match = Match()
    for position, person in enumerate(counterparts(letter, batch.context)):
        organisation = batch.context.organisation(person.key)
        found = batch.clients.match(person.key, organisation, thread, by_domain=by_domain)
        if person.key in batch.clients.by_address and found.found:
            return found
        match = match if match.found or position else found
    return match


def counterparts(letter: Letter, context: MailboxContext) -> list[Person]:
    """The outside people that a mail is with: its author, or for our own mail its recipients (To, then Cc)."""
    if letter.counterparts is None:  # Asked by several steps.
        letter.counterparts = _counterparts(letter, context)
    return letter.counterparts


def _counterparts(letter: Letter, context: MailboxContext) -> list[Person]:
    if letter.direction is Direction.OUTGOING:
        return [person for role in ("to", "cc", "bcc") for person in _outside(letter.people, role, context)]
    if letter.direction is Direction.INTERNAL or letter.says_to_be_ours_falsely:
        return []
    authors, answered = (_outside(letter.people, role, context)[:1] for role in ("from", "reply_to"))
    if answered and (not authors or _writes_for_another(authors[0], answered[0], letter.kind)):
        return answered
    return authors


def _outside(people: Sequence[Person], role: str, context: MailboxContext) -> list[Person]:
    return [
        person for person in people if person.role == role and "@" in person.key and not context.is_ours(person.key)
    ]


def _writes_for_another(author: Person, answered: Person, kind: Kind) -> bool:
    """Whether Reply-To tells better than From who wrote: no-reply, a form, a list, or one organisation."""
    if is_no_reply(author.key) or kind is Kind.LIST or author.key.partition("@")[0] in FORMS:
        return True
    domain = domain_of(author.key)
    same = organisational_domain(domain) == organisational_domain(domain_of(answered.key))
    return same and not is_free_mail(domain)
