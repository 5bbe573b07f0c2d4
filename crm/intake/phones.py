"""Senders whom gateways of text messages, fax and calls name by their phone: `48600100200@sms.example`."""

from collections.abc import Iterable

from core.addresses import domain_of
from crm.intake.context import MailboxContext
from crm.office.phones import spellings_of_sender


def phones_of(addresses: Iterable[str], context: MailboxContext) -> dict[str, frozenset[str]]:
    """How the phones may be stored that these addresses are, by address.

    Where anybody can have a mailbox a name of digits is none: at some providers everybody has a number.
    """
    numeric = (key for key in addresses if key.lstrip("+")[:1].isdigit())
    return {
        key: spelled
        for key in numeric
        if (spelled := spellings_of_sender(key.partition("@")[0], context.phone_country))
        and not context.lists.is_free_mail(domain_of(key))
    }
