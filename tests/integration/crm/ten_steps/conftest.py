"""One company on each database for all rows of the table."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field

import pytest

from core.config import load_settings
from core.crypto import load_key_ring
from crm.access.viewer import Viewer
from crm.intake.policies.changing import NewRule, add_rules, remove_rule
from crm.intake.policies.limits import Limits, change_limits
from crm.office.settings import Office, change_office
from crm.records.modes import Client, CrmMode, Mode
from crm.records.pipelines import ensure_defaults
from crm_world import NOW, Box, World
from integration.crm.ten_steps.circle import Circle
from migrated import lay_tables, open_copy
from servers.postgres import Postgres
from storage.models import OnUnknown, SenderKind, Treatment
from storage.store import Store, open_store

LATE = NOW.replace(day=NOW.day + 5)
INSTALLED = {
    "on_unknown_incoming": OnUnknown.MODE,
    "on_unknown_outgoing": OnUnknown.NOTHING,
    "repeat_items": True,
    "only_written_to": False,
    "makes_from_roles": True,
    "receives_intake": False,
    "authserv_id": None,
}
SWITCHES = {
    "no-repeat": {"repeat_items": False},
    "written": {"only_written_to": True},
    "no-roles": {"makes_from_roles": False},
    "dmarc": {"authserv_id": "mx.ours.example"},
    "intake": {"receives_intake": True},
}

ADDRESS, DOMAIN, PHONE = SenderKind
NEVER, ALWAYS = Treatment
RULES = {
    "not-carl": (ADDRESS, "Carl@client{n}.example", NEVER),
    "not-client": (DOMAIN, "client{n}.example", NEVER),
    "not-above": (DOMAIN, "example", NEVER),
    "not-phone": (PHONE, "+48 600 1000{n}", NEVER),
    "always-carl": (ADDRESS, "carl@client{n}.example", ALWAYS),
    "always-client": (DOMAIN, "client{n}.example", ALWAYS),
    "always-form": (ADDRESS, "wordpress@shop{n}.example", ALWAYS),
    "always-robot": (ADDRESS, "no-reply@client{n}.example", ALWAYS),
    "always-temp": (ADDRESS, "temp{n}@ours.example", ALWAYS),
}
"""What is said of senders: in `sales`, in `ann:`, or in all mailboxes (`all:`)."""

FEW = Limits(made_of_address=1, made_of_domain=2, made_of_form=1, waiting_of_address=2, waiting_of_domain=3)
CLIENTS = {"both": Client.BOTH, "company": Client.COMPANY}
"""What stands beside a deal, where it is not a contact."""


@dataclass
class Company:
    """People, three mailboxes, and the settings that rows change."""

    world: World
    boxes: dict[str, Box] = field(init=False)
    _set: dict[str, dict[str, object]] = field(default_factory=dict)
    _mode: CrmMode | None = None
    _country: str = ""
    _limits: Limits = field(default_factory=Limits)
    _rules: list[int] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        ann = self.world.add_mailbox("ann@ours.example", owner_id=self.world.ann)
        late = self.world.add_mailbox("late@ours.example", owner_id=self.world.ann)
        self.world.change(late, new_since=LATE)
        self.boxes = {"sales": self.world.sales, "ann": ann, "late": late}
        with self.world.store.database.unit_of_work() as session:
            ensure_defaults(session)

    def circle(self, policy: tuple[str, ...], mode: Mode) -> Circle:
        """New people, with mailboxes and the CRM set as `policy` says."""
        wanted = {name: dict(INSTALLED) for name in self.boxes}
        client = Client.CONTACT
        for word in policy:
            box, _, rest = word.partition(":")
            if word.removeprefix(f"{box}:") in RULES:
                continue
            if word in ("few", "poland"):
                continue
            if word in CLIENTS:
                client = CLIENTS[word]
            elif word in list(Mode):
                assert word == mode
            elif box in self.boxes:
                _apply(wanted[box], rest)
            else:
                _apply(wanted["sales"], word)
        self._put(wanted, CrmMode(mode, client))
        self._limit(FEW if "few" in policy else Limits())
        self._live_in("PL" if "poland" in policy else "")
        number = next(self._numbers)
        self._say_of_senders(policy, number)
        return Circle(self.world, number, self.boxes)

    def _say_of_senders(self, policy: tuple[str, ...], number: int) -> None:
        """The rules of this row, in place of those of the last one."""
        words = [word for word in policy if word.rpartition(":")[2] in RULES]
        if not words and not self._rules:
            return
        viewer = Viewer.system()
        with self.world.store.database.unit_of_work() as session:
            for rule_id in self._rules:
                remove_rule(session, viewer, rule_id)
            self._rules = []
            for word in words:
                box, _, name = word.rpartition(":")
                kind, value, treatment = RULES[name]
                new = NewRule(kind, value.format(n=number), treatment)
                mailbox_id = None if box == "all" else self.boxes[box or "sales"].id
                self._rules += add_rules(session, viewer, mailbox_id, [new])

    def _live_in(self, country: str) -> None:
        if country != self._country:
            with self.world.store.database.unit_of_work() as session:
                wanted, before = Office(phone_country=country), Office(phone_country=self._country)
                change_office(session, Viewer.system(), wanted, before=before)
            self._country = country

    def _limit(self, limits: Limits) -> None:
        if limits != self._limits:
            with self.world.store.database.unit_of_work() as session:
                change_limits(session, Viewer.system(), asdict(limits))
            self._limits = limits

    def _put(self, wanted: dict[str, dict[str, object]], mode: CrmMode) -> None:
        for name, columns in wanted.items():
            if self._set.get(name) != columns:
                self.world.change(self.boxes[name], **columns)
        self._set = wanted
        if mode != self._mode:
            self.world.mode(mode)
            self._mode = mode


def _apply(columns: dict[str, object], word: str) -> None:
    if word in SWITCHES:
        columns.update(SWITCHES[word])
    elif word.startswith("out:"):
        columns["on_unknown_outgoing"] = OnUnknown(word.removeprefix("out:"))
    else:
        columns["on_unknown_incoming"] = OnUnknown(word)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    if request.param == "sqlite":
        store: Store = open_copy(load_settings(data_dir=folder))
        yield Company(World(store))
        store.close()
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    keys = folder / "keys.json"
    load_key_ring(keys, create=True)
    with postgres.fresh_database(postgres.template("migrated", lay_tables)) as url:
        store = open_store(
            load_settings(data_dir=folder, database_url=url, secret_keys_file=keys, blob_dir=folder / "blobs")
        )
        yield Company(World(store))
        store.close()


@pytest.fixture
def new_circle(company: Company) -> Callable[[tuple[str, ...], Mode], Circle]:
    return company.circle
