"""One row of the table at play: what stood there before, which mail comes, what people do in between, what came of it.

Each row has a circle of people of its own (`carl@client7.example`), so that hundreds of them share one company and one store.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from core.clock import utcnow
from core.config import load_settings
from crm.access.viewer import Viewer
from crm.intake.revisiting.late_letters import judge_again_in_job
from crm.records.contacts import create_company, create_contact
from crm.records.conversions import convert_lead
from crm.records.deals import change_stage, create_deal
from crm.records.leads import create_lead, put_aside, take_up
from crm.records.merging import merge
from crm_world import HISTORY, NOW, Box, World
from delivery.message_ids import MessageIds
from integration.crm.ten_steps.written import MAILS, raw_of
from storage import outbox
from storage.jobs import JUDGE_AGAIN
from storage.models import Company, Contact, Deal, FolderRole, JobState, Lead, Outbox, RecordType, Stage, StageKind
from storage.running import JobRun
from storage.sessions import WriteSession

Key = tuple[RecordType, int]
TABLES = {RecordType.CONTACT: Contact, RecordType.COMPANY: Company, RecordType.DEAL: Deal, RecordType.LEAD: Lead}
EVENTS = {"message.received": "in", "message.sent": "out", "campaigns.bounce": "bounce", "message.judge_again": "again"}
SENT_BEFORE = 10_000_000
"""Ids of outgoing mails that we signed; far from those of other tests."""


class Circle:
    """Carl and everybody around him. `names` calls records by the words of the table."""

    def __init__(self, world: World, number: int, boxes: dict[str, Box]) -> None:
        self.world, self.number, self.boxes = world, number, boxes
        self.names: dict[Key, str] = {}
        self.messages: list[int] = []
        """As they came first."""
        self._stages = {stage.kind: stage.id for stage in reversed(world.all(Stage))}
        self._last_ids = self._ids()

    def stand(self, words: Sequence[str]) -> None:
        """Make the records that stood there before; `-word` deletes one of them."""
        with self.world.store.database.unit_of_work() as session:
            for word in words:
                if word.startswith("-"):
                    self.delete(session, word[1:])
                else:
                    RECORDS[word](self, session)
        self._last_ids = self._ids()

    def play(self, words: Sequence[str]) -> None:
        """Let mail come (`word[@mailbox][:folder]`, `:old` is history), and people act (`!act[:what]`)."""
        for word in words:
            if word.startswith("!"):
                act, _, what = word[1:].partition(":")
                made = {name: key for key, name in self.made().items()}
                with self.world.store.database.unit_of_work() as session:
                    self.at_hand = {**{name: key for key, name in self.names.items()}, **made}
                    ACTS[act](self, session, what)
            else:
                self._deliver(word)

    def made(self) -> dict[Key, str]:
        """Records that mail has made, as the table writes them: `+deal`, `+repeat-deal`; of several the second is `+deal2`."""
        found: dict[Key, str] = {}
        for record_type, table in TABLES.items():
            fresh = select(table).where(table.id > self._last_ids[record_type]).order_by(table.id)
            rows = [row for row in self.world.rows(fresh) if (record_type, row.id) not in self.names]
            for row in rows:
                name = f"+{'repeat-' if getattr(row, 'repeat', False) else ''}{record_type.value}"
                number = 1 + sum(other.rstrip("23456789") == name for other in found.values())
                found[(record_type, row.id)] = name if number == 1 else f"{name}{number}"
        return found

    def told(self) -> list[str]:
        """Events of the outbox, in their order; what records ask for by themselves tells nobody of mail."""
        rows = self.world.rows(select(Outbox).where(Outbox.id > self._last_job).order_by(Outbox.id))
        return [EVENTS[row.job] for row in rows if not row.job.startswith("records.")]

    def stands_on(self, message_id: int, names: dict[Key, str]) -> list[str]:
        """The records of a mail, its owner first, the others by name."""
        owner, *others = [names.get(key, "?") for key in self.world.bindings(message_id)] or [""]
        return [owner, *sorted(others)] if owner else []

    def _deliver(self, word: str) -> None:
        word, *marks = word.split(":")
        name, _, box = word.partition("@")
        each, is_old = MAILS[name.partition("~")[0]], "old" in marks
        usual = FolderRole.SENT if each.in_sent else FolderRole.INBOX
        folder = next((FolderRole(mark) for mark in marks if mark != "old"), usual)
        signed = MessageIds(self.world.store.keys).make(SENT_BEFORE + self.number, "ours.example")
        raw = raw_of(name, self.number, old=is_old, signed_id=signed)
        moment = HISTORY if is_old else NOW
        message_id = self.world.deliver(raw, self.boxes[box or "sales"], folder, internal_date=moment)
        if message_id not in self.messages:
            self.messages.append(message_id)
        self._do_jobs()

    def _do_jobs(self) -> None:
        """Mail that is judged anew, as the daemon does."""
        asked = select(Outbox).where(Outbox.id > self._last_done, Outbox.job == JUDGE_AGAIN.name).order_by(Outbox.id)
        for row in self.world.rows(asked):
            self._last_done = row.id
            with self.world.store.database.unit_of_work() as session:
                session.get_one(Outbox, row.id).state = JobState.HANDED
            with self.world.store.database.unit_of_work() as session:
                taken = outbox.take(session, row.id)
            assert taken is not None
            judge_again_in_job(JobRun(self.world.store, load_settings(), taken))

    def _ids(self) -> dict[RecordType, int]:
        with self.world.store.database.reading() as session:
            last = {
                table: session.execute(select(func.max(table.id))).scalar() or 0 for table in (*TABLES.values(), Outbox)
            }
        self._last_job = self._last_done = last[Outbox]
        return {record_type: last[table] for record_type, table in TABLES.items()}

    # What records and acts are made of

    def id_of(self, name: str) -> int | None:
        """The id of the record that is called so."""
        return next((record_id for (_, record_id), known in self.names.items() if known == name), None)

    def newest(self, record_type: RecordType) -> int:
        """The newest of all that is at hand."""
        return max(record_id for kind, record_id in self.at_hand.values() if kind is record_type)

    def name(self, record_type: RecordType, record_id: int | None, name: str = "") -> None:
        """Call a record that was made by hand."""
        if record_id is not None:
            self.names.setdefault((record_type, record_id), name or record_type.value)
            self.at_hand = {known: key for key, known in self.names.items()}

    def delete(self, session: WriteSession, name: str) -> None:
        """Delete the record that is called so."""
        record_type, record_id = self.at_hand[name]
        session.get_one(TABLES[record_type], record_id).deleted_at = utcnow()

    def contact(self, session: WriteSession, name: str, address: str) -> None:
        emails = [address.replace("{n}", str(self.number))]
        made = create_contact(session, name, emails=emails, company_id=self.id_of("company"))
        self.name(RecordType.CONTACT, made, name)

    def caller(self, session: WriteSession, phone: str) -> None:
        """Somebody of whom a phone is known, and no address."""
        made = create_contact(session, "Cora", phones=[phone.replace("{n}", str(self.number))])
        self.name(RecordType.CONTACT, made, "contact")

    def company(self, session: WriteSession) -> None:
        self.name(RecordType.COMPANY, create_company(session, "Client", domain=f"client{self.number}.example"))

    def deal(self, session: WriteSession, kind: StageKind = StageKind.OPEN, name: str = "deal") -> None:
        """Of the twin where there is one, else of the contact, else of the company as such."""
        contact_id = self.id_of("twin") or self.id_of("contact") or self.id_of("+contact")
        company_id = None if contact_id else self.id_of("company")
        made = create_deal(session, "Boat", stage_id=self._stages[kind], contact_id=contact_id, company_id=company_id)
        self.name(RecordType.DEAL, made, name)

    def lead(self, session: WriteSession) -> None:
        """Of Carl's address."""
        made = create_lead(session, "Boat", name="Carl", emails=[f"carl@client{self.number}.example"])
        self.name(RecordType.LEAD, made)

    def repeat_lead(self, session: WriteSession) -> None:
        """Of the contact, as it is written down after a call: without an address."""
        self.name(RecordType.LEAD, create_lead(session, "Again", contact_id=self.id_of("contact")))

    def convert(self, session: WriteSession) -> None:
        converted = convert_lead(session, self.newest(RecordType.LEAD))
        self.name(RecordType.DEAL, converted.deal_id)
        self.name(RecordType.CONTACT, converted.contact_id)

    def merge(self, session: WriteSession) -> None:
        """Of Carl and his twin one is left."""
        contact, twin = self.id_of("contact"), self.id_of("twin")
        assert contact is not None
        assert twin is not None
        merge(session, Viewer.system(), (RecordType.CONTACT, contact), [twin], {})

    def close(self, session: WriteSession, kind: str) -> None:
        change_stage(session, self.newest(RecordType.DEAL), self._stages[StageKind(kind)])


CARL, DORA, EVE = "carl@client{n}.example", "dora@client{n}.example", "eve@other{n}.example"
RECORDS: dict[str, Callable[[Circle, WriteSession], None]] = {
    "contact": lambda circle, session: circle.contact(session, "contact", CARL),
    "twin": lambda circle, session: circle.contact(session, "twin", CARL),
    "dora": lambda circle, session: circle.contact(session, "dora", DORA),
    "eve": lambda circle, session: circle.contact(session, "eve", EVE),
    "gina": lambda circle, session: circle.contact(session, "gina", "gina{n}@gmail.com"),
    "robot": lambda circle, session: circle.contact(session, "robot", "no-reply@client{n}.example"),
    "temp": lambda circle, session: circle.contact(session, "temp", "temp{n}@ours.example"),
    "caller": lambda circle, session: circle.caller(session, "+48 600 1000{n}"),
    "home-caller": lambda circle, session: circle.caller(session, "600-1000{n}"),
    "company": Circle.company,
    "deal": Circle.deal,
    "deal2": lambda circle, session: circle.deal(session, name="deal2"),
    "won": lambda circle, session: circle.deal(session, StageKind.WON),
    "lost": lambda circle, session: circle.deal(session, StageKind.LOST),
    "lead": Circle.lead,
    "repeat-lead": Circle.repeat_lead,
    "convert": Circle.convert,
    "merge": Circle.merge,
    "close": lambda circle, session: circle.close(session, "won"),
    "junk": lambda circle, session: put_aside(session, circle.newest(RecordType.LEAD)),
    "take-up": lambda circle, session: take_up(session, circle.newest(RecordType.LEAD)),
}
ACTS: dict[str, Callable[[Circle, WriteSession, str], None]] = {
    **{name: lambda circle, session, _, make=make: make(circle, session) for name, make in RECORDS.items()},
    "close": Circle.close,
    "delete": Circle.delete,
}
