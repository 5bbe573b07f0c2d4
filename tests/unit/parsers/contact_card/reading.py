"""Cards written briefly, for the tables of signatures."""

from parsers.model import ContactCard


def card(
    name: str = "",
    title: str = "",
    company: str = "",
    phones: tuple[str, ...] = (),
    links: tuple[str, ...] = (),
    address: str = "",
    emails: tuple[str, ...] = (),
) -> ContactCard:
    """The fields in the order in which signatures mostly have them."""
    return ContactCard(name, title, company, emails, phones, links, address)
