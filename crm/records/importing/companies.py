"""Which company a row belongs to: by name, else by its domain, else a new one; without a name, by the address."""

from crm.records.importing.picture import KnownCompany, Picture, age
from crm.records.importing.values import Values


def company_for(row: Values, picture: Picture) -> tuple[int | None, KnownCompany | None]:
    """The id of the company, and the company itself where it has to be made. None and None where there is none."""
    if not row.company:
        return picture.company_of_domain(row.domain or row.mail_domain), None
    called = [picture.companies[company_id] for company_id in picture.companies_called(row.company)]
    fitting = [company for company in called if not row.domain or company.domain in (None, row.domain)]
    fitting.sort(key=lambda company: (bool(row.domain) and company.domain != row.domain, age(company.id)))
    if fitting:
        return fitting[0].id, None
    of_domain = picture.company_of_domain(row.domain)
    if of_domain is not None:
        return of_domain, None
    made = KnownCompany(picture.next_id(), row.company, _domain(row, picture))
    picture.add_companies([made])
    return made.id, made


def _domain(row: Values, picture: Picture) -> str | None:
    """By which its mail will be recognised: as the row tells, else that of the address, unless another company has it."""
    if row.domain:
        return row.domain
    return row.mail_domain if row.mail_domain and picture.company_of_domain(row.mail_domain) is None else None
