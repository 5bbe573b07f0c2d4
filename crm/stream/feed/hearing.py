"""Who of some people may see what is told of: with the rights that they have by now, for whoever followed a record or commented
once may not see it any more.
"""

from collections.abc import Collection

from crm.access.roles.viewers import viewers_of_people
from crm.stream.feed import repository
from crm.stream.views import SubjectType
from storage.sessions import ReadSession


def may_see(session: ReadSession, user_ids: Collection[int], subject: SubjectType, subject_id: int) -> set[int]:
    """Those of these people who are active and may see the post, task or entry.

    Their rights are asked for all at once: this is called while something is written, and others wait.
    """
    viewers = viewers_of_people(session, user_ids)
    return {user_id for user_id, viewer in viewers.items() if repository.is_there(session, viewer, subject, subject_id)}
