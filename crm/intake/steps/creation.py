"""Step 8: somebody unknown writes, or a client without open deal or lead writes again (mission C2, C5, C7)."""

from dataclasses import replace

from crm.intake.batch import CORRESPONDENCE, Batch, Item, Letter
from crm.intake.clients import Match
from crm.intake.mail import Person
from crm.intake.steps.limits import too_much_made
from crm.intake.steps.matching import counterparts
from crm.intake.steps.new_records import make_contact, make_item
from crm.intake.steps.senders import always_new, makes_anew, rule_of
from storage.models import Direction, Effect, OnUnknown, Treatment


def create_records(batch: Batch, item: Item) -> bool:
    """Create what the mailbox's policy and the CRM mode say; never from history, and from machines only where a rule says so."""
    people = _newcomers(batch, item)
    person = people[0] if people else None
    anew = item.match.item is not None and makes_anew(batch, item, person)
    if item.match.item is not None and not anew:
        return False  # An open deal or lead takes it.
    refusal = _why_not(batch, item, person)
    if person is not None and not refusal:
        refusal = too_much_made(batch, item, person)
    if person is None or refusal:
        item.decide("create", "nothing", refusal)
        return False
    policy, known = _policy(batch, item, person), replace(item.match, item=None)
    is_repeat, why = False, _why(batch, item, person, policy)
    if policy is OnUnknown.CONTACT:
        contact = make_contact(batch, item, person, known.company)
        item.match = Match(contact=contact, company=known.company, why="the contact was made from this mail")
        item.letter.created_client = True
    else:
        is_repeat = known.client is not None and not item.letter.created_client
        item.match = make_item(batch, item, person, known, repeat=is_repeat)
        item.letter.created_item = True
        item.letter.always_new = always_new(batch, item, person)
        item.made_anew = anew or item.letter.on_item
    made = item.match.bindings[0][0].value
    batch.write(Effect, message_id=item.letter.id, kind="created", target=made)
    item.decide("create", f"repeat {made}" if is_repeat else made, why)
    return False


def may_become_known(batch: Batch, item: Item) -> str | None:
    """The address that this step may make known, asked before the item has its turn; None where it surely will not."""
    is_news = not item.kept_out and item.prepared.internal_date >= batch.context.new_since
    people = _newcomers(batch, item)
    if not is_news or not people:
        return None
    if always_new(batch, item, people[0]):
        return people[0].key
    if item.letter.kind not in CORRESPONDENCE or batch.context.lists.is_no_reply(people[0].key):
        return None
    return None if _policy(batch, item, people[0]) is OnUnknown.NOTHING else people[0].key


def _newcomers(batch: Batch, item: Item) -> list[Person]:
    """Whom the mail is with; those at our own domain are colleagues, though they can not sign in here, unless a rule says
    that each mail of theirs makes something: a form of ours."""
    people = counterparts(item.letter, batch.context)
    if people and always_new(batch, item, people[0]):
        return people
    return [person for person in people if not batch.context.is_of_our_domain(person.key)]


def _why_not(batch: Batch, item: Item, person: Person | None) -> str:
    """The reason why nothing may be created; empty when something may."""
    known, letter = item.match, item.letter
    if not item.is_new:
        return "Only new mail creates records."
    if _stands_by_hand(batch, item):
        return "Somebody has decided by hand where this conversation stands."
    if letter.created_item or _has_made_what_is_gone(letter, known, _policy(batch, item, person)):
        return "This mail has done so before."
    if person is not None and always_new(batch, item, person):
        return ""
    if letter.on_item:
        return "Another copy of this mail stands on a deal or lead."
    if item.mail.kind not in CORRESPONDENCE:
        return "Mass mail creates no records."
    if person is None and counterparts(letter, batch.context):
        return "It is with people of our own domain only."
    if person is None:
        return "It names nobody outside."
    return _why_not_of_sender(batch, item, person)


def _stands_by_hand(batch: Batch, item: Item) -> bool:
    """Whether somebody has put its conversation on a record, or only taken it off some. Where all that they put it on was
    deleted since, a customer's next mail would stand nowhere and nobody would know: it is taken as if they had said nothing."""
    words = batch.words_by_hand(item.letter.voice.node)
    return bool(item.match.bound) or (bool(words) and not any(words.values()))


def _why_not_of_sender(batch: Batch, item: Item, person: Person) -> str:
    """The reason why mail with this person makes nothing here; empty when it may."""
    known, context, policy = item.match, batch.context, _policy(batch, item, person)
    if (rule := rule_of(batch, item, person)) is not None and rule.treatment is Treatment.NEVER:
        return f"An exception: no record is made of this sender. It is listed as {rule.value}."
    if context.lists.is_no_reply(person.key):
        return "Nobody reads what is sent to this address."
    if policy is OnUnknown.NOTHING:
        return "This mailbox is set to create nothing."
    incoming = item.letter.direction is Direction.INCOMING
    if incoming and not context.policy.makes_from_roles and context.lists.is_role(person.key):
        return "This mailbox makes no records of info@ and the like."
    if known.is_junk:
        return "It stands on a lead that was called junk."
    if known.client is None or (item.letter.created_client and policy is OnUnknown.MODE):
        return _why_no_stranger(batch, item, person)
    return _why_no_repeat(batch, item, policy)


def _why_no_stranger(batch: Batch, item: Item, person: Person) -> str:
    """The reason why nothing is made of somebody unknown; empty when it may be."""
    incoming = item.letter.direction is Direction.INCOMING
    if not (incoming and batch.context.policy.only_written_to) or batch.we_wrote_before(item.letter, person.key):
        return ""
    return "Nobody of us wrote first, as this mailbox asks for."


def _has_made_what_is_gone(letter: Letter, known: Match, policy: OnUnknown) -> bool:
    """Whether another copy stood on somebody, or made a contact, that was deleted since: it is not made again."""
    return letter.has_activity and (known.client is None or (letter.created_client and policy is OnUnknown.CONTACT))


def _why_no_repeat(batch: Batch, item: Item, policy: OnUnknown) -> str:
    """The reason why nothing further is made for a client who is known; empty when it may be."""
    if policy is OnUnknown.CONTACT and item.match.contact is None:
        return ""  # The company is known; who writes for it is not.
    if item.letter.direction is not Direction.INCOMING:
        return "Mail of ours makes no repeat deals or leads."
    if policy is OnUnknown.CONTACT:
        return "This mailbox makes contacts only, and this one is known."
    return "" if batch.context.policy.repeat_items else "Repeat deals and leads are switched off here."


def _why(batch: Batch, item: Item, person: Person, policy: OnUnknown) -> str:
    """The reason why something was made."""
    known = item.match
    if always_new(batch, item, person):
        return "Each mail of this sender makes a new one."
    if known.client is not None and policy is not OnUnknown.CONTACT:
        if item.letter.created_client:
            return "Another mailbox made only a contact from this mail."
        return "A known client without open deal or lead wrote again."
    if known.lead is not None:
        return "Its lead was converted, and the client is not there any more."
    if item.letter.direction is Direction.INCOMING and batch.context.policy.only_written_to:
        return "Nobody knew this address, and one of us wrote first."
    return "Nobody knew this address."


def _policy(batch: Batch, item: Item, person: Person | None) -> OnUnknown:
    policy = batch.context.policy
    if item.letter.direction is not Direction.INCOMING:
        return policy.outgoing
    return OnUnknown.MODE if always_new(batch, item, person) else policy.incoming
