"""Pages and mail addresses in a piece of a signature; what tracks, unsubscribes or advertises is no page."""

import re
from urllib.parse import parse_qs, urlsplit

from parsers.contact_card.names import Author
from parsers.contact_card.roles import organisation_of
from parsers.phrases.alternatives import any_of
from parsers.phrases.contact_noise import NO_PAGES, SOCIAL_SITES

LONGEST = 500
GAP = " " * 3
"""What stands on either side of an address or a link are two pieces."""
EMAIL = re.compile(
    r"(?<![\w.+-])[\w+%&'*-]{1,64}(?:\.[\w+%&'*-]{1,64}){0,6}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?![\w@])"
)
BRACKETED_EMAIL = re.compile(r"<(?:mailto:)?([^<>\s]{1,320}@[^<>\s]{1,255})>")
_SITES = any_of(SOCIAL_SITES)
LINK = re.compile(
    rf"https?://[^\s<>\"|]{{3,2000}}|(?<![\w@./-])(?:www\.[^\s<>\"|,]{{3,500}}|(?:[a-z]{{2,3}}\.)?(?:{_SITES})/[^\s<>\"|,]{{1,500}})",
    re.IGNORECASE,
)
DOMAIN = re.compile(
    r"(?<![\w@./-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.[a-z]{2,24}(?:/[^\s<>\"|,]{0,200})?(?![\w@])",
    re.IGNORECASE,
)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
CAMPAIGN = re.compile(r"[?&](?:utm_|mc_|fbclid|gclid|hsCta|trk)[^#\s]{0,1000}")
GUARD = "safelinks.protection.outlook.com"
DEFENCE = re.compile(r"https://urldefense\.(?:com|proofpoint\.com)/v3/__(.{4,1000}?)__;")


def emails_in(piece: str) -> tuple[list[str], str]:
    """The mail addresses, and the piece without them."""
    if "@" not in piece:
        return [], piece
    rest = BRACKETED_EMAIL.sub(GAP, piece)
    found = [match[1].removeprefix("mailto:") for match in BRACKETED_EMAIL.finditer(piece)] + EMAIL.findall(rest)
    return list(dict.fromkeys(found)), EMAIL.sub(GAP, rest)


def links_in(piece: str, domain: str) -> tuple[list[str], str]:
    """The pages, absolute, and the piece without links; `domain` is that of the author, whose bare name is a page too."""
    lowered = piece.lower()
    found: list[str] = []
    if "/" in piece or "www." in lowered:
        found = [_page(match[0]) for match in LINK.finditer(piece)]
        piece = LINK.sub(GAP, piece)
    if domain and domain in lowered:
        for match in DOMAIN.finditer(piece):
            if match[0].lower().partition("/")[0].removeprefix("www.") == domain:
                found.append(_page(match[0]))
                piece = piece.replace(match[0], GAP)
    return [link for link in found if link], piece


def is_own(link: str, domain: str, author: Author, *, in_business: bool) -> bool:
    """Whether the page is likely the author's: of his domain, of his name, a profile; of a business also its front page.

    A saying, a cause, or a sponsor of the list stands in many signatures too.
    """
    host, _, path = link.partition("://")[2].partition("/")
    host = host.lower().partition(":")[0]
    label = organisation_of(domain)
    if label and (host == domain or host.endswith(f".{domain}") or label in host.replace("-", "")):
        return True
    if (
        host.removeprefix("www.").endswith(SOCIAL_SITES)
        or author.is_in(link)
        or f"~{author.mailbox.lower()}" in path.lower()
    ):
        return True
    return in_business and not path.strip("/")


def is_social(link: str) -> bool:
    """Whether the page is one in a social network."""
    host = link.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
    return any(host == site or host.endswith(f".{site}") for site in SOCIAL_SITES)


def _page(link: str) -> str:
    """The link as it is opened, out of the guard that a mail gateway put around it; empty for what is no page."""
    link = link.rstrip(".,;:)>]'\"`")
    if "://" not in link[:8]:
        link = f"https://{link}"
    link = CAMPAIGN.sub("", _unguarded(link))[:LONGEST]
    lowered = link.lower()
    is_page = lowered.startswith(("http://", "https://")) and not lowered.endswith(PICTURES)
    return link if is_page and not any(word in lowered for word in NO_PAGES) else ""


def _unguarded(link: str) -> str:
    if GUARD in link:
        try:
            return parse_qs(urlsplit(link).query).get("url", [""])[0]
        except ValueError:
            return ""
    match = DEFENCE.match(link)
    return match[1] if match else link
