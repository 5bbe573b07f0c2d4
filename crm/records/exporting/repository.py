"""What an export asks beyond what lists show."""

from collections.abc import Collection

from sqlalchemy import select

from crm.access.rights.repository import within
from crm.access.viewer import Viewer
from storage.models import Company, RecordType
from storage.sessions import ReadSession


def domains_of(session: ReadSession, viewer: Viewer, company_ids: Collection[int]) -> dict[int, str]:
    """The domains of companies that have one."""
    if not company_ids or viewer.hides(RecordType.COMPANY, "domain"):
        return {}
    statement = select(Company.id, Company.domain).where(Company.id.in_(company_ids), Company.domain.is_not(None))
    statement = statement.where(*within(viewer, RecordType.COMPANY))
    return {row.id: row.domain for row in session.execute(statement)}
