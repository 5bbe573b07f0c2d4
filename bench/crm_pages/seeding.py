"""Fills a store with customers, their mail, and what is planned with them, straight through the tables, bit by bit.

A run that ends early is gone on with by the next one: what is there tells how far it came.
"""

import pickle
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from typing_extensions import override

from bench.crm_pages.customers import (
    BIG,
    PIPELINES,
    SHARE_OF_PERSON,
    Sizes,
    Stages,
    address_of,
    chance_of,
    channel_rows,
    company_of,
    company_rows,
    contact_of,
    contact_rows,
    deal_rows,
    lead_rows,
    person_name,
)
from bench.reading.cast import Letter, Person, write_letters
from bench.reading.mail_company import NOW, Company, make_company
from bench.reading.seeding import AT_ONCE, Seeding
from bench.sync.spending import demand
from crm.records.pipelines import DEFAULT_STAGES, ensure_defaults
from crm.records.repository import writing
from crm.work.repository.words import terms_of
from storage.bulk import insert_rows
from storage.folding import fold
from storage.models import (
    Activity,
    ActivityBinding,
    ActivityKind,
    Base,
    Channel,
    Contact,
    Deal,
    Direction,
    Follow,
    Lead,
    LeadStage,
    Message,
    RecordType,
    Stage,
    Task,
    TaskStatus,
    TaskTerm,
)
from storage.models import Company as CompanyRow
from storage.sessions import WriteSession
from storage.store import Store

ON_RECORDS = 5
"""One conversation of so many stands on no record."""
BODY = 300
"""Characters of a mail's text that are searched here: the words are another row's."""
TASKS_A_DEAL = 2.5
OPEN_TASKS = 0.04
WAITING = 0.004
"""Mails that nobody has answered yet."""
FOLLOWED = (3000, 200)
"""Records that the first person and each of the others follow."""


@dataclass
class Cast:
    """What the first run drew, and later ones need."""

    company: Company
    letters: list[Letter]
    stages: Stages
    sizes: Sizes


class CustomerSeeding(Seeding):
    """Writes one store, for at most so many seconds a run."""

    def __init__(self, store: Store, sizes: Sizes, kept: Path) -> None:
        super().__init__(store, sizes.messages)
        self.sizes, self.kept = sizes, kept
        self.deals_of: dict[int, int] = {}

    def go_on(self, seconds: float) -> bool:
        """Write until all is there (True) or the time is over."""
        deadline = time.monotonic() + seconds
        cast = self._cast()
        self.company, self.letters, self.stages = cast.company, cast.letters, cast.stages
        for table, rows in self._tables().items():
            if not self._fill(table, rows, deadline):
                return False
        self.deals_of = self._deals_by_contact()
        if not self._fill_mail(deadline) or not self._fill_planned(deadline):
            return False
        if not self.store.database.embedded:
            self._after_postgresql()
        return True

    def _cast(self) -> Cast:
        if not self.kept.exists():
            with self.store.database.unit_of_work() as session:
                company = make_company(session)
                letters = write_letters(self.store, session, self.chance)
                stages = _make_stages(session)
                insert_rows(session, Follow, list(self._follows(company)))
            self.kept.write_bytes(pickle.dumps(Cast(company, letters, stages, self.sizes)))
        cast: Cast = pickle.loads(self.kept.read_bytes())
        made_for = getattr(cast, "sizes", None)
        demand(made_for == self.sizes, f"the folder holds a store of {made_for}, not of {self.sizes}: name another one")
        return cast

    def counts(self) -> str:
        """How much there is, asked of the tables themselves."""
        with self.store.database.reading() as session:
            found = {
                table.__tablename__: session.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (Message, Activity, ActivityBinding, Contact, CompanyRow, Deal, Lead, Task)
            }
        return ", ".join(f"{number:,} {name}" for name, number in found.items())

    def _follows(self, company: Company) -> Iterator[dict[str, Any]]:
        for position, user_id in enumerate(company.users):
            chance = chance_of("follows", position)
            number = min(FOLLOWED[min(position, 1)], self.sizes.contacts)
            for record_id in chance.sample(range(1, self.sizes.contacts + 1), number):
                yield {"user_id": user_id, "record_type": RecordType.CONTACT, "record_id": record_id}

    def _tables(self) -> dict[type[Base], tuple[int, Callable[[range], Iterator[dict[str, Any]]]]]:
        sizes, stages, users = self.sizes, self.stages, self.company.users
        return {
            CompanyRow: (sizes.companies, lambda ids: company_rows(ids, users, sizes)),
            Contact: (sizes.contacts, lambda ids: contact_rows(ids, users, sizes)),
            Channel: (sizes.contacts, lambda ids: channel_rows(ids, sizes)),
            Deal: (sizes.deals, lambda ids: deal_rows(ids, users, sizes, stages)),
            Lead: (sizes.leads, lambda ids: lead_rows(ids, users, sizes, stages)),
        }

    def _fill(self, table: Any, rows: Any, deadline: float) -> bool:
        number, made = rows
        key = Channel.record_id if table is Channel else table.id
        with self.store.database.reading() as session:
            first = (session.execute(select(func.max(key))).scalar() or 0) + 1
        for start in range(first, number + 1, AT_ONCE):
            with self.store.database.unit_of_work() as session:
                insert_rows(session, table, list(made(range(start, min(start + AT_ONCE, number + 1)))))
            if time.monotonic() > deadline:
                return False
        return True

    def _deals_by_contact(self) -> dict[int, int]:
        with self.store.database.reading() as session:
            rows = session.execute(select(Deal.contact_id, func.max(Deal.id)).group_by(Deal.contact_id))
            return {row[0]: row[1] for row in rows}

    def _fill_mail(self, deadline: float) -> bool:
        with self.store.database.reading() as session:
            stored = session.execute(select(func.max(Message.id))).scalar() or 0
        if stored >= self.sizes.messages:
            return True
        self.chance.seed(7)
        moments = self._moments(again=stored > 0)
        for start in range(stored, len(moments), AT_ONCE):
            self.chance.seed(start)
            with self.store.database.unit_of_work() as session:
                self._write(session, start, moments[start : start + AT_ONCE])
            if time.monotonic() > deadline:
                print(f"  {start + AT_ONCE:,} of {self.sizes.messages:,} mails", flush=True)
                return start + AT_ONCE >= len(moments)
        return True

    @override
    def _person_of(self, thread: int) -> Person:
        chance = chance_of("thread", thread)
        number = contact_of(chance, self.sizes)
        name, address = person_name(chance_of("contact", number)), address_of(number, self.sizes.companies)
        return Person(number, name, address, fold(f"{name} {address}"))

    @override
    def _body(self, letter: Letter) -> str:
        return letter.folded[1][:BODY]

    @override
    def _put_on_records(
        self,
        rows: Any,
        message_id: int,
        thread: int,
        date: datetime,
        said: tuple[str, str],
        person: Person,
        *,
        incoming: bool,
    ) -> None:
        if thread % ON_RECORDS == 0:
            return
        responsible = self._responsible(person.id)
        waits = incoming and self.chance.random() < WAITING
        rows[Activity].append(
            {
                **self._activity(message_id, thread, date, *said),
                "direction": Direction.INCOMING if incoming else Direction.OUTGOING,
                "responsible_id": responsible,
                "author_id": None if incoming else responsible,
                "deadline": date + timedelta(hours=4) if waits else None,
                "completed_at": None,
            }
        )
        rows[ActivityBinding] += _bound(message_id, self._keys(person.id))

    def _responsible(self, contact: int) -> int:
        return chance_of("responsible", contact).choices(self.company.users, SHARE_OF_PERSON)[0]

    def _keys(self, contact: int) -> list[tuple[RecordType, int]]:
        deal, company = self.deals_of.get(contact), company_of(contact, self.sizes.companies)
        found = ((RecordType.DEAL, deal), (RecordType.CONTACT, contact), (RecordType.COMPANY, company))
        return [(kind, record_id) for kind, record_id in found if record_id is not None]

    def _fill_planned(self, deadline: float) -> bool:
        """Tasks, calls and meetings: their activities come behind those of mail."""
        number = int(self.sizes.deals * TASKS_A_DEAL)
        with self.store.database.reading() as session:
            done = session.execute(select(func.max(Task.id))).scalar() or 0
        for start in range(done + 1, number + 1, AT_ONCE):
            with self.store.database.unit_of_work() as session:
                made = [self._planned(each) for each in range(start, min(start + AT_ONCE, number + 1))]
                insert_rows(session, Task, [task for task, _, _ in made])
                insert_rows(session, TaskTerm, list(chain.from_iterable(_terms_of(task) for task, _, _ in made)))
                insert_rows(session, Activity, [activity for _, activity, _ in made])
                insert_rows(session, ActivityBinding, list(chain.from_iterable(bound for *_, bound in made)))
            if time.monotonic() > deadline:
                return False
        return True

    def _planned(self, number: int) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
        chance = chance_of("task", number)
        contact = contact_of(chance, self.sizes)
        at = NOW - timedelta(days=365 * 6 * chance.random())
        opened = chance.random() < OPEN_TASKS
        users = self.company.users
        who = chance.choices(users, SHARE_OF_PERSON)[0]
        title = f"{chance.choice(('Call', 'Write to', 'Visit', 'Remind'))} {person_name(chance_of('contact', contact))}"
        times = {"deadline": at + timedelta(days=3), "completed_at": None if opened else at, "created_at": at}
        task = {
            "id": number,
            "title": title,
            "text": "",
            "status": TaskStatus.OPEN if opened else TaskStatus.DONE,
            "priority": "normal",
            "tags": [],
            "creator_id": chance.choice(users),
            "responsible_id": who,
            "message_id": None,
            "sender_name": "",
            "sender_address": "",
        }
        activity = {
            "id": self.sizes.messages + number,
            "kind": chance.choices((ActivityKind.TASK, ActivityKind.CALL, ActivityKind.MEETING), (8, 2, 1))[0],
            "direction": None,
            "title": title,
            "text": "",
            "at": at,
            "author_id": task["creator_id"],
            "responsible_id": who,
            "message_id": None,
            "thread_id": None,
            "task_id": number,
            "post_id": None,
        }
        return task | times, activity | times, _bound(activity["id"], self._keys(contact))

    @override
    def _after_postgresql(self) -> None:
        """Rows carried their own ids; statistics are what autovacuum would have gathered by itself."""
        with self.store.database.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in ("message", "thread", "activity", "contact", "company", "deal", "lead", "task"):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
                )
            connection.execute(text("VACUUM ANALYZE"))


def _make_stages(session: WriteSession) -> Stages:
    """Three pipelines; the stages of leads are there from the beginning."""
    ensure_defaults(session)
    for name in PIPELINES:
        writing.add_pipeline(session, name, DEFAULT_STAGES)
    steps: dict[int, list[Any]] = {}
    for row in session.execute(select(Stage).order_by(Stage.pipeline_id, Stage.position)).scalars():
        steps.setdefault(row.pipeline_id, []).append((row.id, row.kind))
    leads = session.execute(select(LeadStage).order_by(LeadStage.position)).scalars()
    return Stages(tuple(steps.items()), tuple((row.id, row.kind) for row in leads))


def _bound(activity_id: int, keys: list[tuple[RecordType, int]]) -> list[dict[str, Any]]:
    return [
        {"activity_id": activity_id, "record_type": kind, "record_id": record_id, "owner": not position}
        for position, (kind, record_id) in enumerate(keys)
    ]


def busy_contacts() -> range:
    """Those with most mail."""
    return range(1, BIG + 1)


def _terms_of(task: dict[str, Any]) -> list[dict[str, Any]]:
    said = (task[part] for part in ("title", "text", "tags", "sender_name", "sender_address"))
    return [{"term": term, "task_id": task["id"]} for term in terms_of(*said)]
