"""What tests of a change of mode do: strangers write in Classic mode, and an administrator changes it."""

from crm.access.viewer import Viewer
from crm.records.modes import Mode
from crm.records.repository.lead_runs import Choices, Run
from crm.records.switching import change_mode
from crm_world import World, mail

SYSTEM = Viewer.system()


def change(world: World, mode: Mode = Mode.SIMPLE, choices: Choices = Choices()) -> Run | None:
    with world.store.database.unit_of_work() as session:
        return change_mode(session, SYSTEM, mode, choices)


def write_in(world: World, people: int) -> list[int]:
    """So many strangers write, and become leads; the ids of their mails."""
    return [
        world.deliver(mail(f"Person {n} <p{n}@client{n}.example>", world.sales.email, f"Offer {n}", message_id=f"a{n}"))
        for n in range(people)
    ]
