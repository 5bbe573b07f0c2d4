"""Design §4, all ten steps: each row of the table, in both modes, on both databases."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from crm.records.modes import Mode
from crm_world import World
from integration.crm.ten_steps import clients, copies, floods, folders, machines, newcomers, over_time, people, policies
from integration.crm.ten_steps.circle import Circle
from integration.crm.ten_steps.table import WHY, Case, named, read
from storage.models import Place

MODULES = (newcomers, clients, people, machines, folders, copies, over_time, policies, floods)
CASES = [case for module in MODULES for case in read(module.ROWS)]


@pytest.mark.parametrize(
    ("case", "mode"),
    [pytest.param(case, mode, id=f"{case.name}-{mode}") for mode in Mode for case in CASES if mode in case.modes],
)
def test_row(new_circle: Callable[[tuple[str, ...], Mode], Circle], case: Case, mode: Mode) -> None:
    circle = new_circle(case.policy, mode)
    circle.stand(case.before)

    circle.play(case.mails)

    expected = case.classic if mode is Mode.CLASSIC else case.simple
    made = circle.made()
    names = {**circle.names, **made}
    assert [circle.stands_on(message_id, names) for message_id in circle.messages] == [named(each) for each in expected]
    assert set(made.values()) == {record for each in expected for record in each if record.startswith("+")}
    assert [_waits(circle.world, message_id) for message_id in circle.messages] == list(case.due)
    assert circle.told() == list(case.tells)
    shown = _shown(circle.world)
    assert [word for word in case.why if not _is_shown(WHY[word], shown)] == [], shown


def _waits(world: World, message_id: int) -> str:
    activity = world.activity(message_id)
    if activity is None or activity.deadline is None:
        return ""
    return "done" if activity.completed_at else "due"


def _is_shown(why: tuple[str, str], shown: list[tuple[str, str]]) -> bool:
    step, begins = why
    return any(each == step and sentence.startswith(begins) for each, sentence in shown)


def _shown(world: World) -> list[tuple[str, str]]:
    """What "why is this here?" says of the place that came last."""
    [newest] = world.rows(select(Place).order_by(Place.id.desc()).limit(1))
    return [(entry["step"], entry["detail"]) for entry in newest.decision]
