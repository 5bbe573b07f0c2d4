"""Connecting a mailbox by program: find its servers, test a login, save it, test it again later."""

from dataclasses import replace
from typing import Annotated

from fastapi import Body, Request
from pydantic import AwareDatetime, BaseModel, Field, SecretStr
from starlette.concurrency import run_in_threadpool

from crm.access.steering import require_right
from crm.access.viewer import Viewer
from mailsync import repository
from mailsync.checking.results import Check, Step
from mailsync.checking.running import check_connection, mailbox_steps
from mailsync.connecting import add_mailbox
from mailsync.discovery.finding import find_servers
from mailsync.discovery.proposals import Endpoint, Proposal, Source
from mailsync.imap.server import Security
from mailsync.logins import NewMailbox
from mailsync.presets import Auth
from storage.models import Mailbox, ShareLevel
from web.api.callers import SettingsWriter
from web.forms import RowId
from web.routers import api_router
from web.signed_in import services_of

router = api_router(tags=["settings"])


class Server(BaseModel):
    """One service of a provider."""

    host: str
    port: int
    security: Security


class Servers(BaseModel):
    """What was found for an address. Without `imap`, `note` or `reason` tells why, and what to do.

    `cautions` are for the person: show them before a password is sent to these servers.
    """

    source: Source | None = None
    provider: str = ""
    imap: Server | None = None
    smtp: Server | None = None
    smtp_url: str | None = None
    username: str = ""
    auth: list[Auth] = []
    note: str = ""
    help: str = ""
    cautions: list[str] = []
    reason: str = ""


class Login(BaseModel):
    """How to get into a mailbox. Without `imap_host`, a provider that is known by the address's domain is meant.

    `smtp_url` is `smtps://host:465`, `smtp+starttls://host:587` or `smtp://host:25`; user name and password are those of
    IMAP, unless `smtp_password` is given.
    """

    email: str
    password: SecretStr
    imap_host: str | None = None
    imap_port: int | None = None
    imap_security: Security | None = None
    username: str | None = None
    smtp_url: str | None = None
    smtp_password: SecretStr | None = None

    def login(self) -> NewMailbox:
        """The same for the engine."""
        values = self.model_dump(include=set(Login.model_fields) - {"password", "smtp_password"})
        smtp_password = self.smtp_password.get_secret_value() if self.smtp_password else None
        return NewMailbox(**values, password=self.password.get_secret_value(), smtp_password=smtp_password)


class NewMailboxBody(Login):
    """A mailbox to be connected: the login, and what is to be loaded and shown.

    `shared` makes it everybody's (administrators only); else it belongs to the token's person. Mail since `depth_since`
    is loaded, all by default.
    """

    name: str = ""
    shared: bool = False
    share_level: ShareLevel | None = None
    depth_since: AwareDatetime | None = None
    test: bool = Field(default=True, description="Test the login first, and save nothing when it does not work.")


class StepResult(BaseModel):
    """How one step of a test went. `field` names what of the login the problem is most likely about."""

    step: Step
    works: bool
    detail: str = ""
    problem: str = ""
    field: str | None = None
    help: str = ""


class TestResult(BaseModel):
    """The steps up to the first that failed; `works` when none did."""

    works: bool
    steps: list[StepResult]


class Connected(BaseModel):
    """The new mailbox."""

    id: int


@router.post("/mailboxes/find")
async def find(request: Request, viewer: SettingsWriter, email: Annotated[str, Body(embed=True)]) -> Servers:
    """Find the servers of an address; takes up to six seconds for a domain that nobody knows."""
    viewer.require_connecting()
    found = await find_servers(email, services_of(request).settings)
    return _servers(found.proposal) if found.proposal else Servers(reason=found.reason)


@router.post("/mailboxes/test")
async def test(request: Request, viewer: SettingsWriter, login: Login) -> TestResult:
    """Try a login; nothing is saved and no mail is sent."""
    viewer.require_connecting()
    return _result(await check_connection(login.login(), services_of(request).settings))


@router.post("/mailboxes", status_code=201)
def connect(request: Request, viewer: SettingsWriter, given: NewMailboxBody) -> Connected:
    """Connect a mailbox; loading begins by itself."""
    viewer.require_connecting(shared=given.shared or viewer.user_id is None)
    services = services_of(request)
    wanted = replace(
        given.login(),
        name=given.name,
        owner_id=None if given.shared else viewer.user_id,
        shared=given.shared,
        share_level=given.share_level,
        depth_since=given.depth_since,
    )
    return Connected(id=add_mailbox(services.store, services.settings, wanted, test=given.test))


@router.post("/mailboxes/{mailbox_id}/test")
async def test_again(request: Request, viewer: SettingsWriter, mailbox_id: RowId) -> TestResult:
    """Try the login of a connected mailbox as it is stored."""
    services = services_of(request)
    row = await run_in_threadpool(_own, request, viewer, mailbox_id)
    return _result([check async for check in mailbox_steps(services.store, services.settings, row)])


def _own(request: Request, viewer: Viewer, mailbox_id: int) -> Mailbox:
    with services_of(request).store.database.reading() as session:
        row = repository.mailbox(session, mailbox_id)
    require_right(viewer, row)
    return row


def _server(endpoint: Endpoint | None) -> Server | None:
    return Server(host=endpoint.host, port=endpoint.port, security=endpoint.security) if endpoint else None


def _servers(proposal: Proposal) -> Servers:
    return Servers(
        source=proposal.source,
        provider=proposal.provider,
        imap=_server(proposal.imap),
        smtp=_server(proposal.smtp),
        smtp_url=proposal.smtp_url,
        username=proposal.username,
        auth=list(proposal.auth),
        note=proposal.note,
        help=proposal.help,
        cautions=list(proposal.cautions),
    )


def _result(checks: list[Check]) -> TestResult:
    return TestResult(works=not any(check.problem for check in checks), steps=[_step(check) for check in checks])


def _step(check: Check) -> StepResult:
    problem = check.problem
    if problem is None:
        return StepResult(step=check.step, works=True, detail=check.words)
    field = problem.field.value if problem.field else None
    return StepResult(step=check.step, works=False, problem=problem.words, field=field, help=problem.help)
