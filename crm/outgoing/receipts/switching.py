"""Whether mails have receipts: the installation's word, a mailbox's own, and each mail's."""

from core.errors import NotFound
from crm.access import repository as settings
from crm.access.audit import record_act
from crm.access.viewer import Viewer
from crm.outgoing.receipts import repository
from storage.sessions import ReadSession, WriteSession

SETTING = "mail.receipts"


def are_on(session: ReadSession) -> bool:
    """The installation's word, for mailboxes that have none of their own. Off until somebody switches it on."""
    return bool((settings.setting(session, SETTING) or {}).get("on", False))


def switch(session: WriteSession, viewer: Viewer, *, on: bool) -> None:
    """Give the installation's word. Raises `Forbidden`."""
    viewer.require_settings("Your role does not let you switch read receipts for everybody: ask an administrator.")
    settings.put_setting(session, SETTING, {"on": on})
    record_act(session, viewer, "receipts.switch", on=on)


def switch_mailbox(session: WriteSession, viewer: Viewer, mailbox_id: int, on: bool | None) -> None:
    """Give a mailbox its own word; None: as everybody. Raises `Forbidden` for guests, `NotFound` for mailboxes of others."""
    viewer.require_write()
    if not repository.switch_mailbox(session, viewer, mailbox_id, on):
        raise NotFound("There is no such mailbox, or you do not work in it.")
    record_act(session, viewer, "receipts.switch_mailbox", mailbox_id=mailbox_id, on=on)


def of_mail(session: ReadSession, mailbox_word: bool | None, mail_word: bool | None) -> bool:
    """Whether a mail has receipts: its own word counts, then its mailbox's, then the installation's."""
    if mail_word is not None:
        return mail_word
    return are_on(session) if mailbox_word is None else mailbox_word
