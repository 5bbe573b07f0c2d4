"""A letter of ours that comes after the answer to it: mail that made nothing, for nobody had written first, is judged anew.

Mail does not come in the order of its dates: an answer may be read from the inbox before our letter from Sent, or from a
colleague's mailbox. What comes of it does not depend on that.
"""

from crm.intake.batch import CORRESPONDENCE, Batch
from crm.intake.repository.context import load_context
from crm.intake.revisiting.judging import judge_again
from crm.intake.revisiting.repository import places
from crm.intake.steps.matching import counterparts
from storage import jobs
from storage.models import Direction
from storage.running import JobRun
from storage.sessions import WriteSession

WHY = "A letter of ours to this person, older than their mail, came after it."


def ask_to_judge_again(session: WriteSession, batch: Batch) -> None:
    """Ask for what our letters of this batch concern. One statement where there are any to strangers, none elsewhere."""
    if not batch.context.answers_awaited:
        return
    ours = [
        item.letter
        for item in batch.items
        if item.letter.direction is Direction.OUTGOING and item.mail.kind in CORRESPONDENCE and not item.kept_out
    ]
    keys = {person.key for letter in ours for person in counterparts(letter, batch.context)}
    keys -= batch.clients.by_address.keys()
    if not keys:
        return
    root = batch.conversations.forest.root
    threads = {node for letter in ours if (node := root(letter.voice.node)) > 0}
    known = {letter.id for letter in batch.letters.values()}
    for row in places.waiting_for_letters(session, keys, threads, min(letter.voice.date for letter in ours)):
        if row.message_id not in known or row.mailbox_id != batch.context.mailbox_id:
            args = jobs.OfMessage(row.message_id, row.mailbox_id)
            batch.orders.append(jobs.Order(jobs.JUDGE_AGAIN, args))


def judge_again_in_job(run: JobRun) -> None:
    """The job: one mail, in one mailbox."""
    args: jobs.OfMessage = run.args
    with run.completing() as session:
        context = load_context(session, args.mailbox_id, run.store.keys)
        judge_again(session, context, places.of_message(session, args.message_id, args.mailbox_id), WHY)
