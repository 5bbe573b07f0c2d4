"""From arrivals to what can be taken in: understood here, or in a second process while the batch before is stored."""

from collections.abc import Sequence

from crm.intake.arrival import Arrival
from crm.intake.mail import Understood
from crm.intake.prepared import Prepared, Unreadable
from crm.intake.understanding import understand
from storage.store import Store


def prepare(store: Store, arrivals: Sequence[Arrival], *, apart: bool = False) -> list[Prepared | Unreadable]:
    """Understand a batch and make its bytes ready, in order. Never raises for what a message holds.

    `apart`: in the store's second process where that is free, so that this one can take in the batch before.
    """
    mails = [(arrival.raw, arrival.internal_date) for arrival in arrivals]
    with_vectors = not store.database.embedded
    if apart:
        found = store.second_process.run(understand, store.blobs, store.limits, mails, with_vectors=with_vectors)
    else:
        found = understand(store.blobs, store.limits, mails, with_vectors=with_vectors)
    return _joined(arrivals, found)


def get_ready_to_prepare(store: Store) -> None:
    """Much mail is on its way: the second process begins now, not with the first batch."""
    store.second_process.get_ready(understand)


def _joined(arrivals: Sequence[Arrival], found: Sequence[Understood | str]) -> list[Prepared | Unreadable]:
    return [
        Unreadable(arrival.folder_id, arrival.uid, arrival.raw, each)
        if isinstance(each, str)
        else Prepared(
            folder_id=arrival.folder_id,
            uid=arrival.uid,
            flags=arrival.flags,
            internal_date=arrival.internal_date,
            gmail_thread_id=arrival.gmail_thread_id,
            truncated=arrival.truncated,
            modseq=arrival.modseq,
            raw=arrival.raw,
            sha256=each.sha256,
            head=each.head,
            body=each.body,
            mail=each.mail,
            object_id=arrival.object_id,
            role=arrival.role,
        )
        for arrival, each in zip(arrivals, found, strict=True)
    ]
