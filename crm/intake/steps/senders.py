"""Rules for senders: exceptions, of whom no record is made, and those of whom each mail makes a new deal or lead."""

from crm.intake.batch import Batch, Item
from crm.intake.clients import BY_THREAD
from crm.intake.mail import Person
from crm.intake.policies.sender_rules import Rule
from parsers.model import Kind
from storage.models import Direction, Treatment


def rule_of(batch: Batch, item: Item, person: Person | None) -> Rule | None:
    """The rule that goes for a mail with this person; of mail that comes in From counts too, where somebody else answers.

    An exception of one of them is stronger: the form makes leads, but not of him.
    """
    rules = batch.context.policy.rules
    if rules.none:
        return None
    people = [person] if person is not None else []
    if item.letter.direction is Direction.INCOMING:
        people += [author for author in (item.mail.author,) if author is not None and author is not person]
    found = [rule for each in people if (rule := rules.rule_for(each.key)) is not None]
    never = next((rule for rule in found if rule.treatment is Treatment.NEVER), None)
    return never or next(iter(found), None)


def always_new(batch: Batch, item: Item, person: Person | None) -> bool:
    """Whether each new mail of this sender that comes in makes a deal or lead of its own; what goes to a list is for the list."""
    if batch.context.policy.rules.none:
        return False
    if item.letter.direction is not Direction.INCOMING or item.mail.kind is Kind.LIST:
        return False
    rule = rule_of(batch, item, person)
    return rule is not None and rule.treatment is Treatment.ALWAYS_NEW


def makes_anew(batch: Batch, item: Item, person: Person | None) -> bool:
    """Whether a new deal or lead is made though an open one would take the mail. What belongs to its conversation joins it."""
    is_first = item.is_new and not item.letter.created_item
    return is_first and not _belongs_to_conversation(item) and always_new(batch, item, person)


def _belongs_to_conversation(item: Item) -> bool:
    """Whether other mail leads to the record; that of another copy of this mail, which begins its thread, does not."""
    begins = item.letter.has_activity and not item.mail.cites and not item.mail.is_answer
    return item.match.why == BY_THREAD and not begins
