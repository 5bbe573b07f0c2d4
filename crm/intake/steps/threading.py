"""Step 3: the thread. The rules are in `crm/intake/threads.py`; here they are applied in their order."""

from crm.intake.batch import Batch, Item
from crm.intake.mail import Cited, Mail
from crm.intake.names import named_by_address, own_names
from crm.intake.threads import gmail_target, passed_on, subject_target


def join_thread(batch: Batch, item: Item) -> bool:
    """Join what the message cites, what cites it, its Gmail thread, and what it answers by its subject.

    Mail of a campaign stops here: answers find it by its id, and nothing else is done with it.
    """
    mail, voice, talk = item.mail, item.letter.voice, batch.conversations
    before = len(talk.forest.joined)
    cited = (*_nearest_first(batch, mail), *own_names(batch, item))
    talk.by_citation(voice, cited, passed_on(voice.circle, mail, batch.context))
    if mail.id_hash is not None and mail.message_id is not None:
        talk.by_being_cited(voice, Cited(mail.message_id, mail.id_hash))
    by_headers = len(talk.forest.joined)
    talk.by_citation(voice, named_by_address(item, batch.context), None)
    by_address = len(talk.forest.joined)
    targets = _targets(batch, item)
    if (gmail := _gmail_target(batch, item)) is not None:
        talk.by_gmail(voice, gmail)
    if mail.subject_hash:
        talk.by_subject(voice, mail.subject_hash, is_answer=mail.answers_by_subject)
    fresh_targets = [target for target in targets if not talk.cites_already(item.letter.id, target)]
    batch.references += [(item.letter.id, target) for target in fresh_targets]
    talk.add(voice, id_hash=mail.id_hash, subject_hash=mail.subject_hash, targets=fresh_targets)
    if by_headers > before:
        item.decide("thread", "joined", "It cites, or is cited by, mail of people who take part in both.")
    elif by_address > by_headers:
        item.decide("thread", "joined", "It was sent to the address that we signed for answers to this conversation.")
    elif len(talk.forest.joined) > by_address:
        item.decide("thread", "joined", "Its Gmail thread, or its subject and people, are those of other mail.")
    elif mail.cites and item.is_first:
        item.decide("thread", "of its own", "What it cites is not here, or was among other people.")
    return item.letter.of_campaign


def _nearest_first(batch: Batch, mail: Mail) -> tuple[Cited, ...]:
    """What it cites; its parent first, and then the last, where a conversation was split: the first that it joins decides."""
    if not batch.conversations.forest.has_cuts or mail.parent is None:
        return mail.cites
    return (mail.parent, *(cited for cited in reversed(mail.cites) if cited != mail.parent))


def _gmail_target(batch: Batch, item: Item) -> str | None:
    """Gmail may hold the copies of a campaign together, whose readers share nothing: there it does not count."""
    gmail_thread_id = item.prepared.gmail_thread_id
    if gmail_thread_id is None or item.letter.of_campaign:
        return None
    return gmail_target(batch.context.mailbox_id, gmail_thread_id)


def _targets(batch: Batch, item: Item) -> list[str]:
    """What is stored as cited."""
    named = (*named_by_address(item, batch.context), *own_names(batch, item))
    targets = list(dict.fromkeys(cited.hash for cited in (*item.mail.cites, *named)))
    if (passed := passed_on(item.letter.voice.circle, item.mail, batch.context)) is not None:
        targets.append(passed.target)
    if item.mail.answers_by_subject:
        targets.append(subject_target(item.mail.subject_hash))
    if (gmail := _gmail_target(batch, item)) is not None:
        targets.append(gmail)
    return targets
