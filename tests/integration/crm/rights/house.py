"""People of different rights, and records that belong to each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from sqlalchemy import select, update

from crm.access.rights import Act, Rights, Scope
from crm.access.rights.built_in import reach
from crm.access.roles import keeping
from crm.access.roles.viewers import require_viewer
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.deals import create_deal
from crm.records.leads import create_lead
from crm.records.repository import reading, writing
from crm.records.views import RecordFilter
from crm_world import World
from storage.models import RecordType, Stage, StageKind, User
from storage.store import Store

SYSTEM = Viewer.system()
_NUMBERS = count()
WORKS = Rights(dict.fromkeys(RecordType, reach(Scope.ALL, Scope.ALL)), works=True)
EVERYTHING = RecordFilter()


def records(one: Mapping[Act, Scope], **others: Mapping[Act, Scope]) -> Rights:
    """The same reach for all kinds, but for those that are named."""
    return replace(
        WORKS, records=dict.fromkeys(RecordType, one) | {RecordType(kind): it for kind, it in others.items()}
    )


class House(World):
    """Ann and Bob, each with a contact, a lead and a deal; Cat works with Ann in Sales, and Dan in a department below it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.cat = self.add_user("cat@ours.example", "Cat")
        self.dan = self.add_user("dan@ours.example", "Dan")
        self.contacts, self.deals, self.leads = {}, {}, {}
        with store.database.unit_of_work() as session:
            writing.add_pipeline(session, "Home", [("New", StageKind.OPEN)])
            writing.add_pipeline(session, "Abroad", [("Far", StageKind.OPEN)])
            stages = {row.name: row for row in session.execute(select(Stage)).scalars()}
            self.home, self.abroad = stages["New"], stages["Far"]
            for name, user in (("ann", self.ann), ("bob", self.bob)):
                contact = create_contact(
                    session, f"{name}'s client", emails=[f"{name}@client.example"], responsible_id=user
                )
                self.contacts[name] = contact
                self.deals[name] = create_deal(
                    session, f"{name}'s deal", stage_id=self.home.id, contact_id=contact, responsible_id=user
                )
                self.leads[name] = create_lead(session, f"{name}'s lead", responsible_id=user)

    def give(self, user_id: int, rights: Rights) -> Viewer:
        """A role of their own for a person; their viewer with it."""
        with self.store.database.unit_of_work() as session:
            role = keeping.create_role(session, SYSTEM, f"role {next(_NUMBERS)}", rights)
            session.execute(update(User).where(User.id == user_id).values(role="own", role_id=role))
        return self.viewer(user_id)

    def viewer(self, user_id: int) -> Viewer:
        """As they come in now."""
        with self.store.database.reading() as session:
            return require_viewer(session, user_id)

    def ask(self, question: Any, *given: Any, **more: Any) -> Any:
        """Read something."""
        with self.store.database.reading() as session:
            return question(session, *given, **more)

    def do(self, act: Any, *given: Any, **more: Any) -> Any:
        """Change something."""
        with self.store.database.unit_of_work() as session:
            return act(session, *given, **more)

    def names(self, viewer: Viewer) -> set[str]:
        """What lists of all kinds show."""
        with self.store.database.reading() as session:
            shown: list[Iterable[Any]] = [
                reading.contacts(session, viewer), reading.deals(session, viewer), reading.leads(session, viewer)
            ]  # fmt: skip
            return {getattr(one, "title", None) or one.name for rows in shown for one in rows}
