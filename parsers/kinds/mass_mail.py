"""Mail that goes to many: newsletters and notifications apart from mailing lists where people talk.

Both carry List-Id (RFC 2919) and List-Unsubscribe (RFC 2369). A list has a way to post to it, or a list program's own
fields; a newsletter has a campaign's. What goes by a relay that also sends single mails is nothing of either.
"""

from parsers.fields.headers import Headers
from parsers.fields.subjects import has_reply_prefix
from parsers.kinds.automatic import is_generated, is_helpdesk, is_passed_on
from parsers.model import Kind
from parsers.phrases.mass_mail import CAMPAIGN_MAILERS, CAMPAIGNS, LISTS, NOTIFIERS, RELAY_FEEDBACK, RELAYS

STANDARD = frozenset({
    "list-id", "list-post", "list-unsubscribe", "list-unsubscribe-post", "precedence", "feedback-id", "auto-submitted",
})  # fmt: skip
SYSTEMS = CAMPAIGNS | NOTIFIERS
MARKS = STANDARD | LISTS | SYSTEMS
ONE_CLICK = "list-unsubscribe-post"
BULK = ("bulk", "junk")
OWNERS = ("owner-",)
OWNERS_BEHIND = ("-bounces", "-owner", "-admin", "-request", "-errors")
DMARC_REPORTS = ("report domain:", "[preview] report domain:", "dmarc aggregate report")
"""RFC 7489 §7.2.1.1, and as Microsoft and Amazon begin."""


def mass_mail_of(headers: Headers, subject: str) -> Kind | None:
    """`LIST`, `BULK`, or None for mail from one to one. `subject` is in lower case.

    What a program sends by itself is bulk: nobody waits for a reply.
    """
    if not headers.has_any(MARKS):
        return Kind.BULK if subject.startswith(DMARC_REPORTS) else None
    precedence = (headers.first("precedence") or "").strip().lower()
    if headers.has_any(SYSTEMS) and (precedence != "list" or headers.has_any(NOTIFIERS)):
        return Kind.BULK
    if precedence == "list" or headers.has_any(LISTS) or _can_be_posted_to(headers):
        return Kind.LIST
    if _is_campaign_mailer(headers):
        return Kind.BULK
    if _answers_a_person(headers, subject, precedence):
        return None
    if "list-id" in headers:
        return Kind.BULK if _is_newsletter(headers, subject) else Kind.LIST
    if precedence in BULK:
        return Kind.LIST if _is_from_owner(headers) else Kind.BULK
    if is_generated(headers) and not is_passed_on(headers, subject):
        return Kind.BULK
    if "list-unsubscribe" in headers or ONE_CLICK in headers or _has_feedback_of_campaign(headers):
        return Kind.BULK
    return Kind.BULK if subject.startswith(DMARC_REPORTS) else None


def is_campaign(headers: Headers) -> bool:
    """Whether a program for campaigns sent it, whatever else it carries."""
    return headers.has_any(CAMPAIGNS) or ONE_CLICK in headers


def _is_campaign_mailer(headers: Headers) -> bool:
    mailer = (headers.first("x-mailer") or "").lower()
    return bool(mailer) and any(name in mailer for name in CAMPAIGN_MAILERS)


def _can_be_posted_to(headers: Headers) -> bool:
    """RFC 2369 §3.4: `NO` stands for a list that only announces."""
    post = headers.first("list-post")
    return post is not None and not post.strip(" <>").lower().startswith("no")


def _answers_a_person(headers: Headers, subject: str, precedence: str) -> bool:
    """A single answer, sent by a help desk, a CRM or a relay whose fields it carries."""
    answers = "in-reply-to" in headers and (has_reply_prefix(subject) or "references" in headers)
    if not answers or "list-id" in headers:
        return False
    return is_helpdesk(headers) or (precedence not in BULK and not is_generated(headers) and ONE_CLICK not in headers)


def _is_newsletter(headers: Headers, subject: str) -> bool:
    """Of mail with a List-Id only: whether it goes one way."""
    if "list-post" in headers or ONE_CLICK in headers or is_generated(headers) or headers.has_any(RELAYS):
        return True
    answers = "in-reply-to" in headers or "references" in headers or has_reply_prefix(subject)
    return not answers and ("list-unsubscribe" in headers or "feedback-id" in headers)


def _has_feedback_of_campaign(headers: Headers) -> bool:
    """Whether the sender counts complaints by campaign. Relays put the field into every mail."""
    value = (headers.first("feedback-id") or "").strip().lower()
    return bool(value) and not any(name in value for name in RELAY_FEEDBACK)


def _is_from_owner(headers: Headers) -> bool:
    """Whether an old list program sent it, which had no fields of its own yet."""
    sender = (headers.raw("sender") or "").lower().rpartition("<")[2]
    local = sender.partition("@")[0]
    return local.startswith(OWNERS) or local.endswith(OWNERS_BEHIND)
