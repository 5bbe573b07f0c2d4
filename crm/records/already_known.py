"""Who has the address, phone or domain already that somebody gives to a new record: shown before it is there twice.

    a new contact or lead   contacts, and active leads, with one of its addresses or phones
    a new company           the company of its domain, and companies with one of its addresses or phones

Nobody hears of what they may not see: neither of records nor of fields that are hidden from them.
"""

from collections.abc import Collection, Mapping, Sequence

from core.errors import Conflict
from crm.access.viewer import Viewer
from crm.office.address_lists import read_lists
from crm.records.contacts import company_domain
from crm.records.repository.duplicates import known_by
from crm.records.repository.writing import company_by_domain
from crm.records.typed_channels import require_domain
from crm.records.views import Named
from storage.models import RecordType
from storage.sessions import ReadSession

LOOKED_AMONG: Mapping[RecordType, tuple[RecordType, ...]] = {
    RecordType.CONTACT: (RecordType.CONTACT, RecordType.LEAD),
    RecordType.LEAD: (RecordType.CONTACT, RecordType.LEAD),
    RecordType.COMPANY: (RecordType.COMPANY,),
}
MOST_SHOWN = 10


class AlreadyKnown(Conflict):
    """A record has this address, phone or domain already."""

    def __init__(self, known: Sequence[Named]) -> None:
        shared = "domain, address or phone" if known[0].type is RecordType.COMPANY else "address or phone"
        super().__init__(f"There is {known[0].name} with this {shared}: use that one, or add another anyway.")
        self.known = tuple(known)


def known_already(
    session: ReadSession,
    viewer: Viewer,
    kind: RecordType,
    *,
    emails: Collection[str] = (),
    phones: Collection[str] = (),
    domain: str | None = None,
) -> tuple[Named, ...]:
    """Records that a new one of that kind may be, the first of them. Raises `UsageError` for what is no address or domain."""
    found: list[Named] = []
    if domain:
        theirs = company_domain(require_domain(domain), read_lists(session))
        row = company_by_domain(session, viewer, theirs)
        found += [Named(RecordType.COMPANY, row.id, row.name)] if row is not None else []
    for among in LOOKED_AMONG.get(kind, ()):
        found += known_by(session, viewer, among, emails, phones)
    return tuple(dict.fromkeys(found))[:MOST_SHOWN]


def require_unknown(
    session: ReadSession,
    viewer: Viewer,
    kind: RecordType = RecordType.CONTACT,
    *,
    emails: Collection[str] = (),
    phones: Collection[str] = (),
    domain: str | None = None,
) -> None:
    """Raises `AlreadyKnown` where `known_already` finds anybody."""
    known = known_already(session, viewer, kind, emails=emails, phones=phones, domain=domain)
    if known:
        raise AlreadyKnown(known)
