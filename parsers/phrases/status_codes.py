"""What codes mean: enhanced status codes by their last two numbers (RFC 3463, 5248 and later), and SMTP reply codes.

`DELIBERATE` are given by no server that does not mean them; `EXACT` say more than words that are not certain; `GENERAL`
are asked where the words are silent.
"""

EXACT: dict[str, str] = {
    "2.2": "mailboxfull", "2.3": "exceedlimit", "3.1": "systemfull", "3.4": "mesgtoobig", "4.6": "networkerror",
    "4.310": "hostunknown", "4.312": "networkerror",
}  # fmt: skip
DELIBERATE: dict[str, str] = {
    "1.6": "hasmoved",
    # RFC 4954, RFC 7293, RFC 7372, RFC 7505, RFC 8617, RFC 8689.
    "7.13": "suspend", "7.16": "mesgtoobig", "7.17": "hasmoved", "7.18": "hasmoved", "7.20": "authfailure",
    "7.21": "authfailure", "7.22": "authfailure", "7.23": "authfailure", "7.24": "authfailure", "7.25": "requireptr",
    "7.26": "authfailure", "7.28": "speeding", "7.29": "authfailure", "7.30": "failedstarttls",
    # Microsoft 365.
    "1.20": "notcompliantrfc", "1.90": "toomanyconn", "2.121": "toomanyconn", "2.122": "toomanyconn",
    "4.14": "networkerror", "4.300": "expired", "4.316": "expired", "4.317": "failedstarttls",
    "6.11": "notcompliantrfc", "7.64": "norelaying", "7.321": "failedstarttls", "7.322": "failedstarttls",
    "7.323": "failedstarttls", "7.324": "failedstarttls", "7.325": "failedstarttls", "7.501": "spamdetected",
    "7.502": "rejected", "7.503": "rejected", "7.506": "blocked", "7.507": "filtered", "7.508": "toomanyconn",
    "7.509": "authfailure", "7.510": "blocked", "7.511": "blocked", "7.512": "notcompliantrfc",
    "7.515": "authfailure", "7.705": "speeding", "7.708": "badreputation", "7.750": "rejected",
}  # fmt: skip
RANGES = (
    ("7.606", "7.649", "blocked"),
    ("7.650", "7.699", "badreputation"),
    ("7.700", "7.749", "spamdetected"),
    ("7.850", "7.899", "toomanyconn"),
)
"""Deliberate ones of Microsoft 365: first and last code, meaning."""

GENERAL: dict[str, str] = {
    "1.0": "userunknown", "1.1": "userunknown", "1.2": "hostunknown", "1.3": "userunknown", "1.4": "filtered",
    "1.7": "rejected", "1.8": "rejected", "1.9": "rejected", "1.10": "notaccept", "2.0": "filtered", "2.1": "suspend",
    "2.4": "filtered", "3.0": "systemerror", "3.2": "notaccept", "3.3": "systemerror", "3.5": "systemerror",
    "4.0": "networkerror", "4.1": "expired", "4.2": "networkerror", "4.3": "systemerror", "4.4": "hostunknown",
    "4.5": "systemerror", "4.7": "expired", "4.8": "networkerror", "5.1": "syntaxerror",
    "5.2": "syntaxerror", "5.3": "toomanyconn", "5.4": "syntaxerror", "5.5": "syntaxerror", "6.0": "contenterror",
    "6.1": "contenterror", "6.2": "contenterror", "6.3": "contenterror", "6.4": "contenterror", "6.5": "contenterror",
    "6.6": "contenterror", "6.7": "contenterror", "6.8": "contenterror", "6.9": "contenterror", "6.10": "contenterror",
    "7.0": "securityerror", "7.1": "securityerror", "7.2": "filtered", "7.3": "securityerror", "7.4": "securityerror",
    "7.5": "securityerror", "7.6": "securityerror", "7.7": "securityerror", "7.8": "securityerror",
    "7.9": "securityerror", "7.10": "failedstarttls", "7.11": "failedstarttls", "7.12": "securityerror",
    "7.27": "rejected", "7.14": "securityerror", "7.15": "securityerror", "7.57": "securityerror", "7.124": "securityerror",
    "7.133": "securityerror", "7.134": "securityerror", "7.135": "securityerror", "7.136": "securityerror",
}  # fmt: skip

REPLIES: dict[str, str] = {
    "500": "syntaxerror", "501": "syntaxerror", "502": "syntaxerror", "503": "syntaxerror", "504": "syntaxerror",
    "521": "notaccept", "525": "suspend", "530": "securityerror", "535": "securityerror", "551": "hasmoved",
    "552": "mailboxfull", "556": "notaccept",
}  # fmt: skip
"""RFC 5321 §4.2.3, RFC 7504; 550 and 554 say nothing of themselves."""

PERMANENT = frozenset({"userunknown", "hostunknown", "hasmoved", "notaccept"})
"""What stays wrong when we try again: the address, its domain, or that nobody takes mail there."""

TOLD_BY = {
    "userunknown": "1.1", "hostunknown": "1.2", "hasmoved": "1.6", "rejected": "1.8", "suspend": "2.1",
    "mailboxfull": "2.2", "exceedlimit": "2.3", "systemerror": "3.0", "mailererror": "3.0", "systemfull": "3.1",
    "notaccept": "3.2", "mesgtoobig": "3.4", "networkerror": "4.0", "expired": "4.7", "syntaxerror": "5.0",
    "contenterror": "6.0", "securityerror": "7.0", "speeding": "7.0", "toomanyconn": "7.0", "failedstarttls": "7.0",
    "badreputation": "7.1", "blocked": "7.1", "norelaying": "7.1", "policyviolation": "7.1", "spamdetected": "7.1",
    "virusdetected": "7.1", "requireptr": "7.25", "authfailure": "7.26",
}  # fmt: skip
"""What a status would have said, where a report says it only in words."""
