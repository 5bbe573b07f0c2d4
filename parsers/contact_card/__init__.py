"""What a signature tells about the author of a mail: name, position, company, phones, pages, postal address.

These are suggestions to complete a contact, and a wrong one annoys: what is not sure is left empty.
"""

from parsers.contact_card.card import contact_of

__all__ = ["contact_of"]
