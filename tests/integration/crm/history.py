"""What can happen in a company, each thing as a step, and what must hold after each. See `test_any_history.py`."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.conversions import Conversion, convert_lead
from crm.records.deals import change_stage, create_deal
from crm.records.fields.editing import edit_record
from crm.records.lead_runs import go_on
from crm.records.leads import put_aside, take_up
from crm.records.merging import merge, undo_merge
from crm.records.modes import Client, Mode
from crm.records.recycling import delete_record, restore_record
from crm.records.repository.lead_runs import Choices
from crm.records.switching import change_mode
from crm.stream.follows import follow, unfollow
from crm_world import HISTORY, NOW, Box, World, mail
from integration.crm.what_holds import TABLES, Facts, Ids, Key, Said
from storage.models import (
    ActivityBinding,
    Contact,
    Deal,
    FolderRole,
    Lead,
    LeadState,
    OnUnknown,
    RecordType,
    Role,
    Stage,
    StageKind,
)

ITEMS = (RecordType.DEAL, RecordType.LEAD)
PEOPLE = ("carl@client{n}.example", "dora@client{n}.example", "eve@other{n}.example", "gina{n}@gmail.com")
SYSTEM = Viewer.system()


class History(Facts):
    """One history: people of its own in a company that others use too. `told` are its steps so far.

    All that is left to chance is asked of `random`; `colour` is a custom field of contacts, by its key.
    """

    def __init__(self, world: World, boxes: tuple[Box, Box], number: int, random: Random, colour: str) -> None:
        super().__init__(world)
        self.boxes, self.number = boxes, number
        self.random = random
        self.told: list[str] = []
        self.happened: set[Act] = set()
        """What found something to do."""
        self.people = [each.format(n=number) for each in PEOPLE]
        self.mails: list[tuple[bytes, str, str, bool, bool]] = []
        """Raw mail, its Message-ID and subject, whether it is ours, whether it is history."""
        self.places = 0
        self.policies = {box.id: self.random.choice([OnUnknown.MODE, *OnUnknown]) for box in boxes}
        for box in boxes:
            self.world.change(box, on_unknown_incoming=self.policies[box.id], repeat_items=self.random.random() < 0.8)
        with world.store.database.unit_of_work() as session:
            change_mode(session, SYSTEM, self.random.choice(list(Mode)), Choices(self.random.choice(list(Client))))
        self.merges: dict[int, dict[Key, Said]] = {}
        """By merge what each of its records had before; the first one survived."""
        self.colour = colour
        self.stages = {stage.kind: stage.id for stage in reversed(world.all(Stage))}

    def step(self, act: "Act", random: Random) -> None:
        """Let this happen, with that chance, and look."""
        self.random = random
        self.told.append(act.__name__)
        told = act(self)
        if told:
            self.told[-1] = told
            self.happened.add(act)
        self.look_at_all(len(self.mails), self.places)

    # Mail

    def mail_comes(self) -> str:
        return self._write(self.random.choice(self.people), "", ())

    def answer_comes(self) -> str:
        if not self.mails:
            return ""
        _, message_id, subject, *_ = self.random.choice(self.mails)
        cites = (message_id,) if self.random.random() < 0.7 else ()
        prefix = self.random.choice(["Re: ", "Re: ", "Fwd: "])
        return self._write(
            self.random.choice(self.people), prefix + subject.removeprefix("Re: ").removeprefix("Fwd: "), cites
        )

    def we_write(self) -> str:
        cited = self.random.choice([None, *self.mails]) if self.mails else None
        subject = f"Re: {cited[2]}" if cited else ""
        to = self.random.choice([*self.people, "bob@ours.example"])
        return self._write(self.boxes[0].email, subject, (cited[1],) if cited else (), to=to)

    def copy_comes(self) -> str:
        """The same mail again: in the other mailbox, or moved."""
        if not self.mails:
            return ""
        return self._deliver(self.random.choice(self.mails), self.random.choice(self.boxes))

    def _write(self, from_: str, subject: str, cites: tuple[str, ...], to: str = "") -> str:
        number = len(self.mails)
        message_id, subject = f"m{number}-{self.number}@any.example", subject or f"Topic {number % 4}"
        is_old = self.random.random() < 0.15
        date = (HISTORY if is_old else NOW) + timedelta(minutes=number)
        to_all = to or ", ".join(box.email for box in self.boxes)
        raw = mail(from_, to_all, subject, message_id=message_id, references=cites, date=date)
        self.mails.append((raw, message_id, subject, bool(to), is_old))
        return self._deliver(self.mails[-1], self.boxes[0] if to else self.random.choice(self.boxes), author=from_)

    def _deliver(self, each: tuple[bytes, str, str, bool, bool], box: Box, author: str = "") -> str:
        raw, message_id, subject, is_ours, is_old = each
        regular = [FolderRole.SENT] if is_ours else [FolderRole.INBOX, FolderRole.INBOX, FolderRole.ARCHIVE]
        role = self.random.choice([*regular * 3, FolderRole.JUNK])
        told = (
            f"{message_id} {subject!r} from {author or 'again'} to {box.email} {role.value}{' old' if is_old else ''}"
        )
        self.told[-1] = told
        open_before, seen = (self.open_items(author), self.last_ids()) if author else ([], {})
        internal_date = HISTORY if is_old else NOW
        stored = self.world.deliver(raw, box, role, internal_date=internal_date)
        self.places += 1
        if author in self.people:
            self._look_at_new(
                stored, author, open_before, seen, is_news=role is not FolderRole.JUNK and not is_old, box=box
            )
        return told

    def _look_at_new(self, stored: int, author: str, before: list[Key], seen: Ids, *, is_news: bool, box: Box) -> None:
        bindings = self.world.bindings(stored)
        made = [key for key in self.made_since(seen) if key[0] in ITEMS]
        for key in bindings:
            assert self.row(key).deleted_at is None, f"It stands on {key}, which was deleted."
        if before and self.world.activity(stored):
            thread_items = self.open_items_of_thread(stored)
            assert bindings[0] in before or bindings[0] in thread_items, f"It stands on {bindings}, open were {before}."
            assert not made, "Something is open, and more was made."
        if not is_news:
            assert not self.made_since(seen), "Junk or history made something."
        assert len(made) <= 1, f"Two of one mail: {made}"
        contacts = [key for key in self.made_since(seen) if key[0] is RecordType.CONTACT]
        assert len(contacts) <= 1
        if contacts:
            assert self.contacts_of(author) == [contacts[0][1]], "A contact was made though there was one."
        alone = not self.is_known(author, seen) and len(self.thread_of(stored)) == 1
        if is_news and alone and self.policies[box.id] is OnUnknown.MODE:
            assert len(made) == 1, "A stranger made nothing."

    # What people do

    def deal_moves(self) -> str:
        deal = self._any(Deal)
        kind = self.random.choice(list(StageKind))
        if deal:
            with self.world.store.database.unit_of_work() as session:
                change_stage(session, deal.id, self.stages[kind])
        return f"deal {deal.id} to {kind.value}" if deal else ""

    def lead_is_converted(self) -> str:
        return self._with_lead(LeadState.ACTIVE, self._convert)

    def lead_is_junk(self) -> str:
        return self._with_lead(LeadState.ACTIVE, put_aside)

    def lead_is_taken_up(self) -> str:
        return self._with_lead(LeadState.JUNK, take_up)

    def _convert(self, session: Any, lead_id: int) -> None:
        on_lead = _owned(session, RecordType.LEAD, lead_id)
        with_deal = session.get_one(Lead, lead_id).repeat or self.random.random() < 0.8
        made = convert_lead(session, lead_id, Conversion(self.random.choice(list(Client)), with_deal))
        session.flush()
        if made.deal_id is not None:
            assert on_lead <= _owned(session, RecordType.DEAL, made.deal_id), "Mail was left behind on the lead."

    def _any(self, table: Any, *where: Any) -> Any:
        found = self.some(table, *where)
        return self.random.choice(found) if found else None

    def _with_lead(self, state: LeadState, work: Callable[..., object]) -> str:
        lead = self._any(Lead, Lead.state == state)
        if lead is None:
            return ""
        with self.world.store.database.unit_of_work() as session:
            work(session, lead.id)
        return f"{work.__name__} lead {lead.id}"

    def record_is_deleted(self) -> str:
        kind = self.random.choice(list(TABLES))
        row = self._any(TABLES[kind])
        if row:
            with self.world.store.database.unit_of_work() as session:
                delete_record(session, SYSTEM, (kind, row.id))
        return f"{kind.value} {row.id} deleted" if row else ""

    def contact_is_made(self) -> str:
        email = self.random.choice(self.people)
        with self.world.store.database.unit_of_work() as session:
            made = create_contact(session, "By hand", emails=[email])
        return f"contact {made} of {email} by hand"

    def deal_is_made(self) -> str:
        contact = self._any(Contact)
        if contact:
            with self.world.store.database.unit_of_work() as session:
                create_deal(session, "By hand", contact_id=contact.id)
        return f"deal of contact {contact.id} by hand" if contact else ""

    def records_are_merged(self) -> str:
        kind = self.random.choice([RecordType.CONTACT, RecordType.CONTACT, RecordType.COMPANY, RecordType.LEAD])
        only = (Lead.state == LeadState.ACTIVE,) if kind is RecordType.LEAD else ()
        found = [row.id for row in self.some(TABLES[kind], *only)]
        if len(found) < 2:
            return ""
        survivor, other = self.random.sample(found, 2)
        had = {(kind, each): self.said_of((kind, each)) for each in (survivor, other)}
        with self.world.store.database.unit_of_work() as session:
            self.merges[merge(session, SYSTEM, (kind, survivor), [other], {})] = had
        channels, fields = self.said_of((kind, survivor))
        assert set(channels) == {each for said, _ in had.values() for each in said}
        assert fields == had[kind, other][1] | had[kind, survivor][1]
        return f"{kind.value} {other} merged into {survivor}"

    def merge_is_taken_back(self) -> str:
        if not self.merges:
            return ""
        chosen = self.random.choice(list(self.merges))
        survivor, other = self.merges[chosen]
        channels, fields = self.said_of(survivor)
        try:
            with self.world.store.database.unit_of_work() as session:
                undo_merge(session, SYSTEM, chosen)
        except Conflict as error:
            return f"merge {chosen} stays: {error}"
        had = self.merges.pop(chosen)
        (own, own_fields), (theirs, their_fields) = had[survivor], had[other]
        assert self.said_of(other) == had[other], "It has not what it had before the merge."
        moved = set(theirs) - set(own)
        back = {each for each, text in their_fields.items() if each not in own_fields and fields.get(each) == text}
        left = {each: text for each, text in fields.items() if each not in back}
        assert self.said_of(survivor) == ([each for each in channels if each not in moved], left)
        return f"merge {chosen} taken back"

    def record_is_restored(self) -> str:
        kind = self.random.choice(list(TABLES))
        table = TABLES[kind]
        gone = select(table.id).where(table.id > self.first[table], table.deleted_at.is_not(None))
        if hasattr(table, "merged_into_id"):
            gone = gone.where(table.merged_into_id.is_(None))
        found = self.world.rows(gone)
        if not found:
            return ""
        chosen = self.random.choice(found)
        with self.world.store.database.unit_of_work() as session:
            restore_record(session, SYSTEM, (kind, chosen))
        return f"{kind.value} {chosen} restored"

    def contact_is_edited(self) -> str:
        contact = self._any(Contact)
        if contact is None:
            return ""
        address, colour = self.random.choice(self.people), self.random.choice(["", "red", "blue"])
        fields = {"emails": [address], "tags": ["edited"], self.colour: colour}
        with self.world.store.database.unit_of_work() as session:
            edit_record(session, SYSTEM, (RecordType.CONTACT, contact.id), fields)
        return f"contact {contact.id} is {address} {colour} now"

    def somebody_follows(self) -> str:
        kind = self.random.choice(list(TABLES))
        row = self._any(TABLES[kind])
        if row:
            with self.world.store.database.unit_of_work() as session:
                self.random.choice([follow, unfollow])(
                    session, Viewer(self.world.ann, Role.ADMINISTRATOR), (kind, row.id)
                )
        return f"follows {kind.value} {row.id}" if row else ""

    def mode_changes(self) -> str:
        mode = self.random.choice(list(Mode))
        with self.world.store.database.unit_of_work() as session:
            switch = change_mode(session, SYSTEM, mode, Choices(self.random.choice(list(Client))))
        if switch is not None:
            done = go_on(self.world.store, switch.number)
            assert done is not None
            assert (done.left, done.done) == ((), done.total)
        return f"mode {mode.value}"


def _owned(session: Any, record_type: RecordType, record_id: int) -> set[int]:
    of_it = (ActivityBinding.record_type == record_type, ActivityBinding.record_id == record_id, ActivityBinding.owner)
    return set(session.execute(select(ActivityBinding.activity_id).where(*of_it)).scalars())


Act = Callable[[History], str]
H = History
ACTS: tuple[Act, ...] = (
    *(H.mail_comes,) * 6,
    *(H.answer_comes, H.copy_comes) * 3,
    *(H.we_write, H.deal_moves, H.lead_is_converted, H.lead_is_junk, H.lead_is_taken_up) * 2,
    *(H.record_is_deleted, H.records_are_merged, H.merge_is_taken_back) * 2,
    *(H.contact_is_edited,) * 2,
    *(H.contact_is_made, H.deal_is_made, H.somebody_follows, H.mode_changes, H.record_is_restored),
)
"""Each as often as it shall come."""
