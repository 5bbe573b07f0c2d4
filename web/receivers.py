"""Who looks after a client from now on, as forms say it: a person, or one of a team."""

from core.errors import UsageError
from crm.records.teams import Team
from storage.models import QueueMethod
from web.forms import row_id

NOBODY = "That is nobody to hand a client to: choose from the list."


def receiver(text: str) -> tuple[int | None, Team | None]:
    """`3` for a person, `department:2:least_busy`, `queue:5`, or nothing: nobody is chosen.

    Raises `UsageError` for anything else.
    """
    if not text:
        return None, None
    kind, _, rest = text.partition(":")
    number, _, method = rest.partition(":")
    chosen = row_id(number)
    if chosen is not None and kind == "department" and method in set(QueueMethod):
        return None, Team(department_id=chosen, method=QueueMethod(method))
    if chosen is not None and not method and kind == "queue":
        return None, Team(mailbox_id=chosen)
    if (person := row_id(text)) is not None:
        return person, None
    raise UsageError(NOBODY)


def written(responsible_id: int | None, team: Team | None) -> str:
    """The same the other way round."""
    if team is not None:
        return f"department:{team.department_id}:{team.method}" if team.department_id else f"queue:{team.mailbox_id}"
    return "" if responsible_id is None else str(responsible_id)
