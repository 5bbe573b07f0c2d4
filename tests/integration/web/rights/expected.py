"""Who is let in where. Every route of the application stands here; one that does not fails the test.

Each line begins with all that it takes: `works` (the right to change anything at all), `see`, `edit` or `delete` with a kind
of record (the hidden one), `export-any`, `oversees`, `settings`, `admin`, `import`, `connect`, `read` and `write` of campaigns,
`whole` (every field of contacts), `boxes` (a mailbox to write from), `mailbox` (steering somebody else's mailbox).
`any`: whoever has any right; `self`: whoever is signed in; `open`: anybody; `theirs`: what belongs to somebody else alone,
such as private mail, a token, a view: the owner here; `abroad`: the pipeline that is closed to one role.
"""

from integration.web.rights.pages import PAGES
from integration.web.rights.programs import PROGRAMS

_LINES = [*PAGES.strip().splitlines(), *PROGRAMS.strip().splitlines()]
EXPECTED = {" ".join(line.split()[-2:]): frozenset(line.split()[:-2]) for line in _LINES}
