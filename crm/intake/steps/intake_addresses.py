"""Step 5: mail to a secret address becomes a task or a post, if its owner really sent it (mission T5)."""

from collections.abc import Iterable

from core.addresses import domain_of
from crm.intake.authenticity import judge
from crm.intake.batch import Batch, IntakeArrival, Item, SecretAddress
from crm.intake.context import MailboxContext
from crm.intake.prepared import Prepared
from storage import jobs
from storage.models import FolderRole, IntakeDelivery, IntakeState, Purpose

JOBS = {Purpose.TASK: jobs.TASK_FROM_MAIL, Purpose.FEED: jobs.POST_FROM_MAIL}


def tokens_of(prepared: Prepared, context: MailboxContext) -> Iterable[str]:
    """Look-ups of the secret tokens that a mail was sent to, where this mailbox receives such mail; only at domains of ours."""
    role = prepared.role or context.roles.get(prepared.folder_id)
    if context.receives_intake and role is not FolderRole.SENT:
        for token, _, domain in (each.partition("@") for each in prepared.mail.tokens):
            if any(domain == domain_of(key) for key in context.our_keys):
                yield context.intake_lookup(token)


def take_for_owner(batch: Batch, item: Item) -> bool:
    """A new copy delivered to a secret address: accepted with a job, held for its owner, or refused."""
    lookups = list(tokens_of(item.prepared, batch.context))
    if not lookups:
        return False
    address = next((found for lookup in lookups if (found := batch.secret_addresses.get(lookup))), None)
    if address is None:
        item.decide("secret address", "unknown", "There is no such secret address.")
        return True
    state, reason = _verdict(batch, item, address)
    item.decide("secret address", state.value, reason)
    if item.is_new and (address.id, item.letter.id) not in batch.intake_known:
        _accept(batch, item, address, state, reason)
    return True


def _verdict(batch: Batch, item: Item, address: SecretAddress) -> tuple[IntakeState, str]:
    if address.revoked:
        return IntakeState.REFUSED, "This secret address was replaced by another one."
    author = item.mail.author
    if author is None or author.key not in address.owner_keys:
        return IntakeState.HELD, "It is not from an address of the person whom this secret address belongs to."
    verdict = judge(item.mail, batch.context.authserv_id)
    if not verdict.passed:
        return IntakeState.HELD, verdict.reason
    return IntakeState.ACCEPTED, verdict.reason


def _accept(batch: Batch, item: Item, address: SecretAddress, state: IntakeState, reason: str) -> None:
    delivery_id = batch.ids.next(IntakeDelivery)
    item.letter.to_intake = True
    batch.intake_known.add((address.id, item.letter.id))
    batch.intake_arrivals.append(IntakeArrival(delivery_id, address.id, item.letter.id, state, reason))
    if state is IntakeState.ACCEPTED:
        job = JOBS[address.purpose]
        batch.orders.append(jobs.Order(job, jobs.OfIntakeDelivery(delivery_id), f"{job.name}:{delivery_id}"))
