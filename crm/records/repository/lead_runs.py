"""Rows of what is done to many leads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.records.modes import Client
from crm.records.teams import Team, read_team
from storage.models import LeadAct, LeadRun
from storage.sessions import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Choices:
    """What leads become: that client (None: no client) and a deal in the pipeline (None: the first), or one of them; what is
    planned stays open, or is completed. They are handed to a person or a team, or (neither) whoever has each keeps it."""

    client: Client | None = Client.CONTACT
    pipeline_id: int | None = None
    complete_activities: bool = False
    deal: bool = True
    responsible_id: int | None = None
    team: Team | None = None


@dataclass(frozen=True, slots=True)
class PutAside:
    """What calling a lead junk has changed: the stage that it left, and its mails that waited for an answer."""

    stage_id: int
    mails: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A lead to which it could not be done, and why (empty where nobody noted it)."""

    id: int
    why: str


@dataclass(frozen=True, slots=True)
class Run:
    """Something done to many leads: what was chosen, and how far it is; `stopped` says why it ended before the last, and what
    to do then."""

    number: int
    act: LeadAct
    choices: Choices
    total: int
    began_at: datetime
    done: int
    left: tuple[Refused, ...]
    ended_at: datetime | None
    undoes: int | None
    stopped: str
    can_be_undone: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A run and who asked for it."""

    user_id: int | None
    run: Run


def run(session: ReadSession, viewer: Viewer, number: int) -> Run:
    """A run of the viewer's own; administrators may see all. Raises `NotFound`."""
    row = session.get(LeadRun, number)
    if row is None or not (viewer.may_administer or row.user_id == viewer.user_id):
        raise NotFound("There is no such run over leads of yours.")
    undone = select(LeadRun.id).where(LeadRun.undoes == number).limit(1)
    return view(row, undone=session.execute(undone).scalar() is not None)


def asked_since(session: ReadSession, viewer: Viewer, since: datetime, limit: int) -> list[Asked]:
    """The viewer's own runs since then, newest first; administrators see everybody's. Without changes of the mode."""
    statement = select(LeadRun).where(LeadRun.began_at >= since, LeadRun.act != LeadAct.CHANGE_MODE)
    if not viewer.may_administer:
        statement = statement.where(LeadRun.user_id == viewer.user_id)
    rows = session.execute(statement.order_by(LeadRun.id.desc()).limit(limit)).scalars().all()
    undoing = select(LeadRun.undoes).where(LeadRun.undoes.in_([row.id for row in rows]))
    undone = set(session.execute(undoing).scalars())
    return [Asked(row.user_id, view(row, undone=row.id in undone)) for row in rows]


def last_change_of_mode(session: ReadSession) -> Run | None:
    """The last change to Simple mode that had leads to convert."""
    row = session.execute(_newest(LeadAct.CHANGE_MODE)).scalar()
    return None if row is None else view(row)


def hold_last_change(session: WriteSession) -> int | None:
    """The number of the last change to Simple mode, which converts nothing until this unit ends."""
    row = session.execute(_newest(LeadAct.CHANGE_MODE).with_for_update()).scalar()
    return None if row is None else row.id


def held(session: WriteSession, number: int) -> LeadRun | None:
    """A run on which nobody else goes on until this unit ends."""
    statement = select(LeadRun).where(LeadRun.id == number).with_for_update()
    return session.execute(statement.execution_options(populate_existing=True)).scalar()


def is_newest(session: ReadSession, row: LeadRun) -> bool:
    """Whether no other run of its kind began after it."""
    return session.execute(select(LeadRun.id).where(LeadRun.act == row.act, LeadRun.id > row.id)).scalar() is None


def changed_by(session: ReadSession, number: int) -> list[int]:
    """The leads that a run called junk, in order."""
    return sorted(entry["lead"] for entry in _before(session, number))


def before_of(session: ReadSession, number: int, lead_id: int) -> PutAside | None:
    """What a run changed when it called that lead junk."""
    found = next((entry for entry in _before(session, number) if entry["lead"] == lead_id), None)
    return None if found is None else PutAside(found["stage"], tuple(found["mails"]))


def add(session: WriteSession, row: LeadRun) -> int:
    """Insert a run; its number."""
    session.add(row)
    session.flush()
    return row.id


def view(row: LeadRun, *, undone: bool = False) -> Run:
    """A row as pages and programs see it."""
    client = row.choices.get("client")
    return Run(
        number=row.id,
        act=row.act,
        choices=Choices(
            Client(client) if client else None,
            row.choices.get("pipeline_id"),
            row.choices.get("complete_activities", False),
            row.choices.get("deal", True),
            row.choices.get("responsible_id"),
            read_team(row.choices.get("team")),
        ),
        total=row.total,
        began_at=row.began_at,
        done=row.done,
        left=tuple(Refused(entry["id"], entry["why"]) for entry in row.refused),
        ended_at=row.ended_at,
        undoes=row.undoes,
        stopped=row.stopped,
        can_be_undone=row.act is LeadAct.JUNK and row.ended_at is not None and bool(row.before) and not undone,
    )


def _before(session: ReadSession, number: int) -> list[dict[str, Any]]:
    return session.execute(select(LeadRun.before).where(LeadRun.id == number)).scalar() or []


def _newest(act: LeadAct) -> Select[LeadRun]:
    return select(LeadRun).where(LeadRun.act == act).order_by(LeadRun.id.desc()).limit(1)
