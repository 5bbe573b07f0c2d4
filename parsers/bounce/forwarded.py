"""A bounce that a person passed on, when the fields for machines still stand in its text: it reports as the first one did.

What people write about a bounce, or copy of its words, is their mail and no report.
"""

import re

from parsers.bounce.dsn import failures_of, groups_in, tells_failure
from parsers.bounce.failure import Failure
from parsers.fields.headers import Headers
from parsers.phrases.bounces import SUBJECTS

LISTS = frozenset({"list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere"})
LONGEST = 100_000
MARKS = re.compile(r"^[> ]{1,20}", re.MULTILINE)
FIELDS = re.compile(r"^(?:Reporting-MTA|Original-Recipient|Final-Recipient|Action):", re.IGNORECASE | re.MULTILINE)
BEFORE_IT = 2_000
"""Characters of the notice for people, and of those who forwarded it, above the fields."""


def forwarded_failures(headers: Headers, subject: str, text: str) -> tuple[Failure, ...]:
    """The failures of a forwarded bounce; none where its report is missing, or where it was sent to a list to talk about."""
    if headers.has_any(LISTS) or not any(phrase in subject for phrase in SUBJECTS):
        return ()
    plain = MARKS.sub("", text[:LONGEST])
    begins = FIELDS.search(plain)
    if begins is None or begins.start() > BEFORE_IT:
        return ()
    groups = groups_in(plain[begins.start() :])
    return failures_of(groups, plain[: begins.start()]) if tells_failure(groups) else ()
