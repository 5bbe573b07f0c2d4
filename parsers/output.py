"""The JSON object of `mailsync parse`: names that people script against."""

from typing import Any

from parsers.contact_card import contact_of
from parsers.model import Address, Attachment, ContactCard, Forwarded, Invitation, ParsedMessage, Protection, Report


def as_json(path: str, parsed: ParsedMessage) -> dict[str, Any]:
    """One message as plain JSON values."""
    return {
        "path": path,
        "message_id": parsed.message_id,
        "in_reply_to": list(parsed.in_reply_to),
        "references": list(parsed.references),
        "date": parsed.date.isoformat() if parsed.date else None,
        "from": _addresses(parsed.from_),
        "sender": _addresses(parsed.sender),
        "reply_to": _addresses(parsed.reply_to),
        "to": _addresses(parsed.to),
        "cc": _addresses(parsed.cc),
        "bcc": _addresses(parsed.bcc),
        "subject": parsed.subject,
        "text": parsed.text,
        "html": parsed.html,
        "reply": {"text": parsed.reply.text, "quoted": parsed.reply.quoted, "signature": parsed.reply.signature},
        "forwarded": _forwarded(parsed.forwarded),
        "attachments": [_attachment(attachment) for attachment in parsed.attachments],
        "kind": parsed.kind.value,
        "returns_on": parsed.returns_on.isoformat() if parsed.returns_on else None,
        "report": _report(parsed.report),
        "contact": _contact(parsed),
        "cards": [_card(card) for card in parsed.cards],
        "invitation": _invitation(parsed.invitation) if parsed.invitation else None,
        "protection": _protection(parsed.protection) if parsed.protection else None,
        "defects": [{"code": defect.code, "detail": defect.detail} for defect in parsed.defects],
    }


def _invitation(invitation: Invitation) -> dict[str, Any]:
    return {
        "method": invitation.method,
        "uid": invitation.uid,
        "sequence": invitation.sequence,
        "summary": invitation.summary,
        "location": invitation.location,
        "start": invitation.start.isoformat() if invitation.start else None,
        "end": invitation.end.isoformat() if invitation.end else None,
        "all_day": invitation.all_day,
        "floating": invitation.floating,
        "recurrence": invitation.recurrence,
        "organizer": _address(invitation.organizer) if invitation.organizer else None,
        "attendees": [
            {**_address(one.address), "participation": one.participation.value, "required": one.required}
            for one in invitation.attendees
        ],
    }


def _protection(protection: Protection) -> dict[str, Any]:
    return {"scheme": protection.scheme, "signed": protection.signed, "encrypted": protection.encrypted}


def _address(address: Address) -> dict[str, str | None]:
    return {"name": address.name or None, "address": address.address or None}


def _addresses(addresses: tuple[Address, ...]) -> list[dict[str, str | None]]:
    return [_address(address) for address in addresses]


def _forwarded(forwarded: Forwarded | None) -> dict[str, Any] | None:
    if forwarded is None:
        return None
    return {
        "from": _address(forwarded.from_) if forwarded.from_ else None,
        "to": _addresses(forwarded.to),
        "cc": _addresses(forwarded.cc),
        "date": forwarded.date,
        "sent_at": forwarded.sent_at.isoformat() if forwarded.sent_at else None,
        "message_id": forwarded.message_id,
        "subject": forwarded.subject,
        "text": forwarded.text,
        "attachments": [_attachment(attachment) for attachment in forwarded.attachments],
        "attached_as": forwarded.attached_as,
    }


def _attachment(attachment: Attachment) -> dict[str, Any]:
    return {
        "filename": attachment.filename,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "content_id": attachment.content_id,
        "inline": attachment.inline,
    }


def _contact(parsed: ParsedMessage) -> dict[str, Any] | None:
    contact = contact_of(parsed.kind, parsed.reply.signature, parsed.from_[0] if parsed.from_ else None)
    return _card(contact) if contact else None


def _card(card: ContactCard) -> dict[str, Any]:
    return {
        "name": card.name,
        "title": card.title,
        "company": card.company,
        "emails": list(card.emails),
        "phones": list(card.phones),
        "links": list(card.links),
        "address": card.address,
    }


def _report(report: Report | None) -> dict[str, Any] | None:
    if report is None:
        return None
    recipients = [
        {
            "address": recipient.address,
            "status": recipient.status,
            "action": recipient.action,
            "reason": recipient.reason,
            "permanent": recipient.permanent,
            "diagnostic": recipient.diagnostic,
        }
        for recipient in report.recipients
    ]
    return {"type": report.type, "recipients": recipients, "original_message_id": report.original_message_id}
