"""Taking back that a conversation was put on records or off them: only what that changed, wherever its mail is by now."""

from core.errors import Conflict
from crm.conversations.arranging.difference import of_rows, taken_back
from crm.conversations.arranging.repository import entries, threads, words
from storage.models import ThreadChange
from storage.sessions import WriteSession


def put_back(session: WriteSession, row: ThreadChange, thread_id: int) -> None:
    """Undo: the mail that was there stands where it stood; what came since, and what others did since, stays.

    An entry that the change made goes with it, unless it stands on another record or somebody has commented on it.
    Raises `Conflict` where somebody has decided about the same records since, or the conversation changes at this moment.
    """
    told = row.before
    if "after" not in told:
        raise Conflict(
            "This was done by an older version of the program: put the conversation where it belongs by hand."
        )
    ids = sorted({entry for entry, *_ in (*told["before"], *told["after"])} | {*told["made"]})
    held = entries.threads_of(session, ids) | {thread_id}
    threads.hold_living(session, held)
    if not entries.threads_of(session, ids) <= held:
        raise Conflict(threads.CHANGED_MEANWHILE)
    if words.said_since(session, row.id):
        raise Conflict("Somebody has decided about the same records since: take that back first.")
    words.unsay(session, row.id)
    _stand_again(session, row, ids, thread_id)


def _stand_again(session: WriteSession, row: ThreadChange, ids: list[int], thread_id: int) -> None:
    told = row.before
    living = entries.living_records(
        session, {(kind, number) for _, kind, number, _ in (*told["before"], *told["after"])}
    )
    before, after = (of_rows(rows, living.get) for rows in (told["before"], told["after"]))
    kept = {(kind.value, number) for kind, number in words.records_said(session, thread_id)}
    now = entries.standing(session, ids)
    then = {
        entry: taken_back(records, before.get(entry, {}), after.get(entry, {}), kept) for entry, records in now.items()
    }
    entries.change_standing(session, now, then)
    entries.delete_untouched(session, told["made"])
    off_all = {entry for entry, records in then.items() if not records}
    entries.complete(session, off_all, row.at)
    entries.reopen(session, set(told["completed"]) - off_all, row.at)
