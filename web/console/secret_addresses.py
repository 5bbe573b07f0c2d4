"""My secret addresses: shown to me alone, as text and as a code for the phone; made and replaced."""

import io
from dataclasses import dataclass
from typing import Annotated

import segno
from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.conversations.repository.mailboxes import intake_domain
from crm.intake.addresses import create_intake_address, own_addresses, revoke_intake_address
from storage.models import Purpose
from storage.sessions import ReadSession
from storage.writer_lock import Urgency
from web.routers import page_router
from web.services import Services
from web.signed_in import Me, services_of

router = page_router()
PAGES = {Purpose.TASK: "/tasks", Purpose.FEED: "/feed"}


@dataclass(frozen=True, slots=True)
class SecretShown:
    """What a page shows of a secret address; `address` is None while there is none, `receives` whether mail gets in."""

    purpose: Purpose
    id: int | None
    address: str | None
    receives: bool


def secret_address(services: Services, session: ReadSession, viewer: Viewer, purpose: Purpose) -> SecretShown:
    """The viewer's newest address of this purpose."""
    domain = services.settings.intake_domain or intake_domain(session)
    found = next((one for one in own_addresses(session, services.store.keys, viewer) if one.purpose is purpose), None)
    if found is None:
        return SecretShown(purpose, None, None, domain is not None)
    return SecretShown(purpose, found.id, found.at(f"x@{domain or 'your-domain'}"), domain is not None)


@router.post("/secret-addresses")
def replace_address(request: Request, me: Me, purpose: Annotated[Purpose, Form()]) -> Response:
    """Make a secret address; one that is there already stops counting."""
    me.viewer.require_write()
    services = services_of(request)
    with services.store.database.unit_of_work(Urgency.PERSON) as session:
        for old in own_addresses(session, services.store.keys, me.viewer):
            if old.purpose is purpose:
                revoke_intake_address(session, me.viewer, old.id)
        create_intake_address(session, services.store.keys, me.id, purpose)
    return RedirectResponse(PAGES[purpose], 303)


@router.get("/secret-addresses/{purpose}/code.svg")
def address_code(request: Request, me: Me, purpose: Purpose) -> Response:
    """The address as a QR code that opens a new mail on a phone."""
    services = services_of(request)
    with services.store.database.reading() as session:
        secret = secret_address(services, session, me.viewer, purpose)
    if secret.address is None:
        raise NotFound("You have no secret address of this kind yet.")
    out = io.BytesIO()
    segno.make(f"mailto:{secret.address}", error="m").save(out, kind="svg", scale=4, border=0, xmldecl=False)
    return Response(out.getvalue(), media_type="image/svg+xml")
