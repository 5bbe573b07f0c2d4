"""Was it a person? Opens and clicks judged human, machine or unknown by what came with the request. Pure.

Apple fetches every picture of every mail (Mail Privacy Protection), scanners open every link seconds after delivery,
and all of them would otherwise win A/B tests. In doubt it is unknown, which counts for nothing.
"""

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Who it was, as far as can be known."""

    HUMAN = "human"
    MACHINE = "machine"
    UNKNOWN = "unknown"


class Action(StrEnum):
    """What was done."""

    OPEN = "open"
    CLICK = "click"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request. `burst` is how many different links of this recipient were asked for within the last ten seconds."""

    action: Action
    user_agent: str = ""
    method: str = "GET"
    seconds_since_sent: float | None = None
    address: str | None = None
    prefetch: bool = False
    """Whether `Purpose`, `Sec-Purpose` or `X-Moz` says prefetch or preview."""
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict and the rule that gave it."""

    verdict: Verdict
    reason: str


TOO_SOON = {Action.OPEN: 2.0, Action.CLICK: 5.0}
BURST = 4
_PROGRAM = re.compile(
    r"(?<!cu)bot\b|bot/|crawl|spider|slurp|curl/|wget|python|okhttp|go-http|java/|apache-httpclient|libwww|axios|node-fetch"
    r"|undici|headless|phantom|selenium|puppeteer|playwright|preview|scan|monitor|validator|facebookexternalhit"
    r"|whatsapp|skypeuripreview|http[-_ ]?client|ruby|perl|php/|postman",
    re.IGNORECASE,
)
_SCANNER = re.compile(
    r"barracuda|proofpoint|mimecast|messagelabs|symantec|fireeye|trellix|forcepoint|websense|ironport|cisco|sophos"
    r"|trend ?micro|kaspersky|bitdefender|zscaler|cloudmark|avanan|fortimail|fortinet|safelinks|netcraft|phishtank"
    r"|google-safety|virustotal|vade ?secure|appriver|cloudflare|checkpoint|mailguard",
    re.IGNORECASE,
)
_PICTURE_PROXY = re.compile(
    r"GoogleImageProxy|YahooMailProxy|YahooCacheSystem|Outlook-iOS|Outlook-Android", re.IGNORECASE
)
_MAIL_CLIENT = re.compile(
    r"Thunderbird|Microsoft Outlook|ms-office|Outlook|AppleMail|eM ?Client|Lotus|Postbox|SeaMonkey"
)
_BROWSER = re.compile(r"Mozilla/\d\.\d \(.{3,}\).*(?:Gecko|AppleWebKit|Trident)|Opera/|MSIE ")
# Apple owns the whole of it and fetches from nowhere else on its own account.
_APPLE = ipaddress.ip_network("17.0.0.0/8")


def judge(hit: Hit) -> Judgement:
    """Who made this request. An unsubscription by POST must never be judged: whoever posts it, it counts."""
    return _machine(hit) or _human(hit) or Judgement(Verdict.UNKNOWN, "unknown_client")


def _machine(hit: Hit) -> Judgement | None:
    agent = hit.user_agent.strip()
    early = hit.seconds_since_sent is not None and hit.seconds_since_sent < TOO_SOON[hit.action]
    rules = (
        (hit.method.upper() not in ("GET", "POST"), "method"),
        (hit.prefetch, "prefetch"),
        (hit.action is Action.OPEN and agent == "Mozilla/5.0", "apple_mail_privacy"),
        (hit.action is Action.OPEN and _is_apple(hit.address), "apple_mail_privacy"),
        (bool(_SCANNER.search(agent)), "security_scanner"),
        (bool(_PROGRAM.search(agent)) and not _PICTURE_PROXY.search(agent), "program"),
        (hit.action is Action.CLICK and bool(_PICTURE_PROXY.search(agent)) and "Outlook" not in agent, "picture_proxy"),
        (early, "too_soon"),
        (hit.action is Action.CLICK and hit.burst >= BURST, "every_link_at_once"),
    )
    return next((Judgement(Verdict.MACHINE, reason) for holds, reason in rules if holds), None)


def _human(hit: Hit) -> Judgement | None:
    agent = hit.user_agent
    if hit.action is Action.OPEN and _PICTURE_PROXY.search(agent):
        return Judgement(Verdict.HUMAN, "picture_proxy")
    if _MAIL_CLIENT.search(agent):
        return Judgement(Verdict.HUMAN, "mail_client")
    if _BROWSER.search(agent):
        return Judgement(Verdict.HUMAN, "browser")
    return None


def _is_apple(address: str | None) -> bool:
    try:
        return address is not None and ipaddress.ip_address(address) in _APPLE
    except ValueError:
        return False
