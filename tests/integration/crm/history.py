"""What can happen in a company, each thing as a step, and what must hold after each. See `test_any_history.py`."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from crm.access.viewer import Viewer
from crm.records.contacts import create_company, create_contact
from crm.records.conversions import convert_lead
from crm.records.deals import change_stage, create_deal
from crm.records.fields.editing import edit_record
from crm.records.lead_runs import go_on
from crm.records.leads import create_lead, put_aside, take_up
from crm.records.modes import Client, Mode
from crm.records.outcomes import Conversion
from crm.records.recycling import delete_record, restore_record
from crm.records.repository.lead_runs import Choices
from crm.records.switching import change_mode
from crm.stream.follows import follow, unfollow
from crm_world import HISTORY, NOW, Box, World, mail
from integration.crm.merges_in_history import SYSTEM
from integration.crm.policies_in_history import ITEMS
from integration.crm.sights_in_history import Sights
from integration.crm.what_holds import TABLES, Ids, Key
from storage.models import (
    ActivityBinding,
    Contact,
    Deal,
    FolderRole,
    Lead,
    LeadState,
    RecordType,
    Role,
    Stage,
    StageKind,
    Treatment,
)

PEOPLE = ("carl@client{n}.example", "dora@client{n}.example", "eve@other{n}.example", "gina{n}@gmail.com")


class History(Sights):
    """One history: people of its own in a company that others use too. `told` are its steps so far.

    All that is left to chance is asked of `random`; `colour` is a custom field of contacts, by its key.
    """

    def __init__(
        self, world: World, boxes: tuple[Box, Box], sellers: list[int], number: int, random: Random, colour: str
    ) -> None:
        super().__init__(world, random)
        self.boxes, self.sellers, self.number = boxes, sellers, number
        self.told: list[str] = []
        self.people = [each.format(n=number) for each in PEOPLE]
        self.mails: list[tuple[bytes, str, str, bool, bool]] = []
        """Raw mail, its Message-ID and subject, whether it is ours, whether it is history."""
        self.places = 0
        self.begin_policies()
        self.begin_sights()
        with world.store.database.unit_of_work() as session:
            change_mode(session, SYSTEM, self.random.choice(list(Mode)), Choices(self.random.choice(list(Client))))
        self.colour = colour
        self.stages = {stage.kind: stage.id for stage in reversed(world.all(Stage))}

    def begin(self) -> None:
        """Some are known already: one twice and merged, as two leads of three are, one of a company that is there twice."""
        twice, of_company, *_ = self.people
        domain = of_company.rpartition("@")[2]
        with self.world.store.database.unit_of_work() as session:
            companies = [create_company(session, f"Client {each}", domain=each) for each in (domain, f"old.{domain}")]
            contacts = [create_contact(session, "Carl", emails=[twice]) for _ in range(2)]
            dora = create_contact(session, "Dora", emails=[of_company], company_id=self.random.choice(companies))
            for contact in (*contacts, dora):
                create_deal(session, "Begun", contact_id=contact)
            leads = [create_lead(session, "Begun", emails=[f"lead{number}@{domain}"]) for number in range(3)]
            for contact, user_id in zip(contacts, (self.world.ann, self.world.bob), strict=True):
                follow(session, Viewer(user_id, Role.ADMINISTRATOR), (RecordType.CONTACT, contact))
        for kind, found in ((RecordType.CONTACT, contacts), (RecordType.LEAD, leads)):
            survivor, other = self.random.sample(found, 2)
            self.merge((kind, survivor), (kind, other))

    def step(self, act: "Act", random: Random) -> None:
        """Let this happen, with that chance, and look."""
        self.random = random
        self.told.append(act.__name__)
        if told := act(self):
            self.told[-1] = told
            self.met[act.__name__] += 1
        self.look_at_all(len(self.mails), self.places)
        self.somebody_looks()

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
        open_before, seen = self._before(author) if author in self.people else ([], {})
        internal_date = HISTORY if is_old else NOW
        stored = self.world.deliver(raw, box, role, internal_date=internal_date)
        self.places += 1
        if author in self.people:
            self._look_at_new(
                stored, author, open_before, seen, is_news=role is not FolderRole.JUNK and not is_old, box=box
            )
        return told

    def _before(self, author: str) -> tuple[list[Key], Ids]:
        seen = self.last_ids()
        with self.world.one_look():
            return self.open_items(author), seen

    def _look_at_new(self, stored: int, author: str, before: list[Key], seen: Ids, *, is_news: bool, box: Box) -> None:
        since = self.made_since(seen)
        made = [key for key in since if key[0] in ITEMS]
        contacts = [key for key in since if key[0] is RecordType.CONTACT]
        with self.world.one_look():
            bindings = self.world.bindings(stored)
            for key in bindings:
                assert self.row(key).deleted_at is None, f"It stands on {key}, which was deleted."
            if before and is_news:
                assert bindings, f"It stands nowhere, open were {before}."
            if before and bindings:
                self.met["mail of somebody with an open item"] += 1
                may_be = [*before, *self.open_items_beside(stored)]
                if self.treated(box, author) is not Treatment.ALWAYS_NEW:
                    assert bindings[0] in may_be, f"It stands on {bindings}, open were {may_be}."
                    assert not made, "Something is open, and more was made."
            if not is_news:
                assert not since, "Junk or history made something."
            assert len(made) <= 1, f"Two of one mail: {made}"
            assert len(contacts) <= 1
            if contacts:
                assert self.contacts_of(author) == [contacts[0][1]], "A contact was made though there was one."
            alone = len(self.thread_of(stored)) == 1
            self.look_at_made(box, author, seen, since, alone=alone, is_news=is_news)

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

    def record_is_restored(self) -> str:
        kind = self.random.choice(list(TABLES))
        table = TABLES[kind]
        gone = select(table.id).where(table.id > self.first[table], table.deleted_at.is_not(None))
        if hasattr(table, "merged_into_id"):
            gone = gone.where(table.merged_into_id.is_(None))
        found = self.world.rows(gone.order_by(table.id))
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
            who = Viewer(self.random.choice([self.world.ann, self.world.bob]), Role.ADMINISTRATOR)
            with self.world.store.database.unit_of_work() as session:
                self.random.choice([follow, unfollow])(session, who, (kind, row.id))
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
    *(H.mail_comes,) * 9,
    *(H.answer_comes, H.copy_comes) * 3,
    *(H.we_write, H.deal_moves, H.lead_is_converted, H.lead_is_junk, H.lead_is_taken_up) * 2,
    *(H.record_is_deleted, H.contacts_are_merged) * 2,
    *(H.merge_is_taken_back,) * 4,
    *(H.companies_are_merged, H.leads_are_merged, H.leads_are_merged, H.record_is_restored) * 2,
    *(H.contact_is_edited, H.sender_gets_a_rule, H.record_is_handed_over) * 2,
    *(H.contact_is_made, H.deal_is_made, H.somebody_follows, H.mode_changes, H.policy_changes, H.rights_change),
)
"""Each as often as it shall come."""
