"""The steps of an incoming message in their order (design §4); step 1, identity, is `crm/intake/gathering.py`."""

from collections.abc import Callable

from crm.intake.batch import Batch, Item
from crm.intake.steps.by_hand import follow_posts
from crm.intake.steps.classes import sort_by_class
from crm.intake.steps.creation import create_records
from crm.intake.steps.direction import look_at_folder
from crm.intake.steps.earlier_mail import EarlierMail
from crm.intake.steps.events import tell
from crm.intake.steps.intake_addresses import take_for_owner
from crm.intake.steps.internal import leave_out_internal
from crm.intake.steps.limits import begin_turn
from crm.intake.steps.matching import find_records
from crm.intake.steps.own_mail import recognise_own
from crm.intake.steps.threading import join_thread
from crm.intake.steps.timeline import put_on_timeline

Step = Callable[[Batch, Item], bool]

STEPS: tuple[Step, ...] = (
    look_at_folder,
    recognise_own,
    join_thread,
    sort_by_class,
    take_for_owner,
    leave_out_internal,
    follow_posts,
    find_records,
    create_records,
    put_on_timeline,
    tell,
)


def run_steps(batch: Batch, earlier: EarlierMail) -> None:
    """Take every item through the steps, in the order of arrival, until one says that nothing more is to be done.

    What follows from it for earlier mail is done before the next one has its turn, as if each were a batch of its own.
    """
    for item in batch.items:
        begin_turn(batch, item)
        for step in STEPS:
            if step(batch, item):
                break
        earlier.follow(item.letter)
