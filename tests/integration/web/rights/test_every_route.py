"""Every route is walked as every role: who is let in and gets what they came for, who is not, what nobody may see or change.

Each request meets the company as it was (`undoing`), so that none succeeds or fails because of the one before.
"""

import io
import zipfile
from collections import defaultdict

import pytest

from integration.web.rights.conftest import Walk
from integration.web.rights.expected import EXPECTED
from integration.web.rights.further import FURTHER
from integration.web.rights.kept import kept_rows, touched
from integration.web.rights.requests_of import naming_what_is_hidden
from integration.web.rights.roles import BOTH, LET_IN, SEEN, secrets_in
from integration.web.rights.walking import Answer, Encoded, Walker, looking_at

pytestmark = pytest.mark.slow
LAST = ("POST /settings/account/password", "POST /logout")
"""What leads to the page for signing in where it succeeds."""
DOCUMENTS = ("GET /api/openapi.json", "GET /api/docs")
"""They are the same for everybody, and take long to be written."""
ENDLESS = ("GET /live",)
REFUSES_ALL = {
    "GET /leads/new": "needs Classic mode",
    "POST /leads": "needs Classic mode",
    "POST /api/v1/leads": "needs Classic mode",
    "GET /settings/mailboxes/oauth/callback/{provider}": "needs a provider that signed somebody in",
    "POST /settings/mailboxes/oauth/start": "needs a client that is registered with a provider",
    "POST /api/v1/mailboxes/find": "looks for servers in the network",
    "POST /campaigns/{campaign_id}/test": "sends through a real server",
    "POST /settings/mailboxes": "needs a mailbox that was tried on a real server a moment before",
    "POST /settings/mailboxes/{mailbox_id}/password": "tries the password on a real server",
}
"""Routes that say no even to those who are let in: only that they do not break or refuse for want of a right is looked at."""

UNKNOWN = {
    "PATCH /api/v1/contacts/{record_id}": "a hidden field",
    "POST /api/v1/bulk-edits": "a hidden field",
    "POST /bulk/{kind}/edit": "a hidden field",
    "POST /api/v1/contacts/duplicates/dismiss": "hidden records",
    "POST /api/v1/companies/duplicates/dismiss": "hidden records",
    "POST /api/v1/leads/duplicates/dismiss": "hidden records",
    "POST /records/duplicates/dismiss": "hidden records",
}
"""Routes that answer 422 about what somebody must not know of, as about what never was; others answer 401, 403 or 404."""

NARROW = {role for role, seen in SEEN.items() if not seen >= SEEN["administrator"]}
"""Who must not see something: where a change leads them is looked at before it is taken back."""


class Judge:
    """Collects what is wrong with answers, and what was seen."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self.wrong: list[str] = []
        self.seen: dict[str, set[str]] = defaultdict(set)
        self.succeeded: set[str] = set()

    def ask(self, walker: Walker, name: str, encoded: Encoded) -> Answer:
        """Send a request and look at what the answer shows."""
        answer = self._walk.door.ask(walker, encoded)
        shown = secrets_in(f"{_words_of(answer)} {answer.headers}") if name != "GET /static/{path}" else set()
        self.seen[walker.role] |= shown
        self.wrong += [f"{walker.role}, {name}: shows {one}" for one in sorted(shown - SEEN[walker.role])]
        if answer.status >= 500:
            self.wrong.append(f"{walker.role}, {name}: breaks with {answer.status} {answer.content[:300]!r}")
        return answer

    def told(self, walker: Walker, name: str, answer: Answer, *, let_in: bool) -> None:
        """Judge the status: let in means that it was done, and not let in that there was a no."""
        to_login = answer.status == 303 and answer.location.startswith("/login") and not (let_in and name in LAST)
        refused = answer.status in (401, 403, 404) or to_login or (answer.status == 422 and name in UNKNOWN)
        if let_in and name in REFUSES_ALL:
            self.succeeded.add(name)
            done = not refused
        else:
            done = answer.status < 400 and not to_login
        if let_in and not done:
            self.wrong.append(f"{walker.role}, {name}: refused with {answer.status} {_said(answer)}")
        if not let_in and not refused:
            self.wrong.append(f"{walker.role}, {name}: lets in with {answer.status} {_said(answer)}")
        if let_in and done:
            self.succeeded.add(name)


def test_every_route_stands_in_the_table(walk: Walk) -> None:
    there = walk.routes.keys()

    assert there - EXPECTED.keys() == set(), "say in expected.py who may use these routes"
    assert EXPECTED.keys() - there == set(), "these routes are gone"


@pytest.mark.timeout(400)
def test_everybody_gets_what_is_theirs_and_nothing_that_is_hidden(walk: Walk) -> None:
    judge = Judge(walk)
    walkers = list(walk.walkers.values())
    untouched = kept_rows(walk.undoing, walk.vault)

    for name in sorted(walk.routes):
        if name in (*DOCUMENTS, *ENDLESS):
            judge.succeeded.add(name)
            continue
        encoded, prepared = walk.prepare(name)
        before = kept_rows(walk.undoing, walk.vault) if prepared else untouched
        with walk.undoing.inside():
            for walker in walkers:
                let_in = LET_IN[walker.role] >= EXPECTED[name]
                answer = judge.ask(walker, name, encoded)
                judge.told(walker, name, answer, let_in=let_in)
                if walk.undoing.changed:
                    after = kept_rows(walk.undoing, walk.vault)
                    words = LET_IN[walker.role]
                    judge.wrong += [f"{walker.role}, {name}: changes {one}" for one in touched(before, after, words)]
                    if not let_in:
                        judge.wrong.append(f"{walker.role}, {name}: changes something")
                    if answer.location.startswith("/") and walker.role in NARROW:
                        judge.ask(walker, f"{name} → {answer.location}", looking_at(answer.location))
                    walk.undoing.undo()
    for path, words in FURTHER.items():
        encoded = looking_at(path.format(**walk.vault.ids))
        for walker in walkers:
            answer = judge.ask(walker, path, encoded)
            judge.told(walker, path, answer, let_in=LET_IN[walker.role] >= set(words.split()))
            walk.undoing.undo()

    assert not judge.wrong, "\n".join(judge.wrong)
    for role, seen in SEEN.items():
        assert seen - {BOTH} <= judge.seen[role], f"{role} must be able to see what is theirs, else this proves nothing"
    assert walk.routes.keys() - judge.succeeded == set(), "nobody succeeds with these"


def test_a_program_gets_no_further_than_its_scopes(walk: Walk) -> None:
    nothing = Walker("unscoped", token=walk.vault.tokens["unscoped"])

    let_in = []
    for name in walk.routes:
        if "/api/v1" in name and (status := walk.door.ask(nothing, walk.request(name)).status) != 403:
            let_in.append(f"{name}: {status}")
            walk.undoing.undo()

    assert not let_in, "\n".join(let_in)


def test_nothing_hidden_can_be_named_where_a_name_is_not_needed(walk: Walk) -> None:
    judge = Judge(walk)
    seller = walk.walkers["seller"]
    before = kept_rows(walk.undoing, walk.vault)
    asked = 0

    for name, route in walk.routes.items():
        if not LET_IN["seller"] >= EXPECTED[name]:
            continue
        for request in naming_what_is_hidden(name, route, walk.vault):
            asked += 1
            judge.ask(seller, f"{name} {request.query} {request.form} {request.body}", Encoded(request))
            if walk.undoing.changed:
                after = kept_rows(walk.undoing, walk.vault)
                judge.wrong += [f"{name} {request}: changes {one}" for one in touched(before, after, LET_IN["seller"])]
                walk.undoing.undo()

    assert not judge.wrong, "\n".join(judge.wrong)
    assert asked > 60, "the routes take references to records that need not be given"


def _words_of(answer: Answer) -> str:
    """What an answer says; of a workbook what is in it."""
    if not answer.content.startswith(b"PK"):
        return answer.content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def _said(answer: Answer) -> str:
    text = answer.content.decode(errors="replace")
    return (text.partition("<main")[2] or text)[:160]
