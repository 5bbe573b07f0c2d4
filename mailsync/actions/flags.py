"""Telling the server about flags: one STORE for all messages of a folder that want the same.

The server wins on what it changed later: STORE carries UNCHANGEDSINCE with the MODSEQ up to which the flags were known
when the person acted (RFC 7162 §3.1.3). A message that comes back MODIFIED is looked at: did only other flags change,
ours is sent again; else the server's word counts. Without CONDSTORE flags are read before they are written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict

from mailsync.actions.reasons import CHANGED, GONE, NOT_KEPT
from mailsync.actions.repository.queue import Due, mark_sent
from mailsync.actions.repository.results import end_flags
from mailsync.actions.repository.server_flags import flags_of
from mailsync.actions.same_messages import open_folder, still_the_same
from mailsync.imap.connection import ImapConnection
from mailsync.imap.errors import NotPermitted
from mailsync.imap.fetch import Fetched
from mailsync.sync_context import SyncContext
from storage.models import ActionState, Folder, MailFlag

MOST_ROUNDS = 4
"""How often a flag is sent again because others changed beside it."""

Wanted = dict[int, dict[MailFlag, Due]]
"""By UID: the newest wish about each flag."""
Change = tuple[frozenset[str], frozenset[str], int | None]
"""Flags to set, flags to clear, and the MODSEQ beyond which the message must not have changed."""


async def tell_flags(context: SyncContext, folder: Folder, actions: Sequence[Due]) -> None:
    """Tell the server about flags in one folder, and keep what it has afterwards. Raises `NotPermitted`, `NoSuchFolder`."""
    selected = await open_folder(context, folder)
    valid = [one for one in actions if (one.uidvalidity or folder.uidvalidity) == selected.uidvalidity]
    same = await still_the_same(context, valid)
    valid = [one for one in valid if one.uid in same]
    ended: defaultdict[tuple[ActionState, str], set[int]] = defaultdict(set)
    ended[ActionState.OVERTAKEN, GONE] = {one.id for one in actions} - {one.id for one in valid}
    seen: dict[int, Fetched] = {}
    if valid:
        if selected.read_only:
            raise NotPermitted
        taken = await context.write(lambda session: mark_sent(session, [one.id for one in valid]))
        valid = [one for one in valid if one.id in taken]
        wanted = _newest(valid)
        seen, lost = await _store(context.connection, wanted)
        for one in valid:
            ended[_outcome(one, wanted, seen, lost)].add(one.id)
    await context.write(lambda session: end_flags(session, folder.id, ended, seen))


def _newest(actions: Iterable[Due]) -> Wanted:
    wanted: Wanted = {}
    for one in actions:
        if one.flag is not None:
            wanted.setdefault(one.uid, {})[one.flag] = one
    return wanted


async def _store(connection: ImapConnection, wanted: Wanted) -> tuple[dict[int, Fetched], set[int]]:
    """Tell it. Returns the flags that the server has afterwards, and the UIDs that it changed later than known."""
    modseqs = {uid: min((each.known_modseq or 0) for each in flags.values()) or None for uid, flags in wanted.items()}
    believed = {uid: next(iter(flags.values())).believed for uid, flags in wanted.items()}
    todo: Collection[int] = wanted.keys()
    seen: dict[int, Fetched] = {}
    if not connection.folder_has_modseq or None in modseqs.values():
        seen = await _read(connection, wanted)
        todo = [uid for uid in todo if uid in seen]
        modseqs = {uid: known or (seen[uid].modseq if uid in seen else None) for uid, known in modseqs.items()}
    lost: set[int] = set()
    for _ in range(MOST_ROUNDS):
        modified: set[int] = set()
        for (add, remove, modseq), uids in _changes(wanted, todo, modseqs).items():
            since = modseq if connection.folder_has_modseq else None
            modified.update(await connection.store_flags(uids, add=add, remove=remove, unchanged_since=since))
        seen = await _read(connection, wanted)
        todo = {uid for uid in modified if uid in seen and _others_changed(believed[uid], seen[uid])}
        lost |= modified - todo
        if not todo:
            return seen, lost
        modseqs |= {uid: seen[uid].modseq for uid in todo}
        believed |= {uid: _names(seen[uid]) for uid in todo}
    return seen, lost | set(todo)


async def _read(connection: ImapConnection, wanted: Wanted) -> dict[int, Fetched]:
    return {one.uid: one for one in await connection.fetch_flags(wanted.keys()) if one.flags is not None}


def _changes(wanted: Wanted, uids: Iterable[int], modseqs: Mapping[int, int | None]) -> dict[Change, list[int]]:
    """Messages that want the same go into one command."""
    changes: defaultdict[Change, list[int]] = defaultdict(list)
    for uid in uids:
        flags = wanted[uid].values()
        add = frozenset(_word(each.flag) for each in flags if each.wanted)
        remove = frozenset(_word(each.flag) for each in flags if not each.wanted)
        changes[add, remove, modseqs[uid]].append(uid)
    return changes


def _others_changed(believed: frozenset[str], now: Fetched) -> bool:
    """Whether other flags tell why the message counts as changed: one that we want changed would be as we want it by now.

    Where no flag has changed, somebody set ours there and back: their word is the later one.
    """
    return _names(now) != believed


def _outcome(one: Due, wanted: Wanted, seen: Mapping[int, Fetched], lost: Collection[int]) -> tuple[ActionState, str]:
    if one.uid not in seen:
        return ActionState.OVERTAKEN, GONE
    if one.flag is not None and (one.flag.value in _names(seen[one.uid])) == wanted[one.uid][one.flag].wanted:
        return ActionState.DONE, ""
    return (ActionState.OVERTAKEN, CHANGED) if one.uid in lost else (ActionState.REFUSED, NOT_KEPT)


def _names(fetched: Fetched) -> frozenset[str]:
    return frozenset(name for name, on in asdict(flags_of(fetched.flags)).items() if on)


def _word(flag: MailFlag | None) -> str:
    return f"\\{(flag.value if flag else '').capitalize()}"
