"""What a mailbox says of mail with somebody unknown."""

from dataclasses import dataclass, field

from crm.intake.policies.sender_rules import NO_RULES, SenderRules
from storage.models import OnUnknown, QueueMethod

USUAL_SOURCE = "email"
"""Of records that mail has made, where the mailbox names none."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What mail with a stranger makes when it comes in and when it goes out, and what goes for some senders.

    `only_written_to`: mail that comes in makes something only where one of us wrote first. `repeat_items`: whether clients
    who write again get repeat items here. `queue` are the people of whom one becomes responsible; empty: the owner.
    """

    incoming: OnUnknown = OnUnknown.MODE
    only_written_to: bool = False
    makes_from_roles: bool = True
    outgoing: OnUnknown = OnUnknown.NOTHING
    repeat_items: bool = True
    source: str = USUAL_SOURCE
    queue: tuple[int, ...] = ()
    queue_method: QueueMethod = QueueMethod.ROUND_ROBIN
    queue_at_work: bool = True
    rules: SenderRules = field(default=NO_RULES, compare=False)
