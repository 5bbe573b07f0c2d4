"""What providers and programs say in a way of their own: codes, by their published lists, and sentences known by heart.

Written as the phrases of `certain_refusals`: `SC-001` and `CON:B1` are two words, `OFR_416` is one without its `_`.
"""

_ORANGE = (
    "ofr",
    "lpn",
    *(f"{name}{server:03}" for name in ("ofr", "lpn") for server in (*range(10), *range(100, 110))),
)


def _orange(*codes: int) -> tuple[str, ...]:
    return tuple(f"{server}{code}" for server in _ORANGE for code in codes)


CODES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # Orange, Wanadoo, La Poste.
    ("userunknown", _orange(416)),
    ("mailboxfull", _orange(417)),
    ("suspend", _orange(426)),
    ("spamdetected", _orange(506, 510)),
    ("systemerror", _orange(505)),
    ("toomanyconn", _orange(104, 108)),
    # Outlook.com and Hotmail; Microsoft 365's come with codes of RFC 3463.
    ("badreputation", ("s3113", "s3114", "s3115", "s775", "rp 001/002/003")),
    ("blocked", ("sc 001/002/003/004", "dy 001/002", "ou 001/002", "s3140", "s3150", "as1900")),
    ("userunknown", ("resolver adr recipnotfound/recipientnotfound/exrecipnotfound/invalidinsmtpaddress",)),
    ("filtered", ("resolver rst recipientnotallowed/notauthorized/senderrestricted",)),
    ("securityerror", ("resolver rst authrequired", "resolver rst authorizationrequired")),
    ("mesgtoobig", ("resolver rst recipsizelimit/sendersizelimit",)),
    ("networkerror", ("hop count exceeded possible mail loop",)),
    ("mailboxfull", ("quotaexceededexception", "mapiexceptionshutoffquotaexceeded")),
    # Yahoo and AOL; Yahoo looks the recipient up when it has read the mail.
    ("userunknown", ("delivery error dd this user not have * account",)),
    ("blocked", ("aol will not accept delivery of this message",)),
    ("badreputation", ("tss04/tss05/tss06/tss09/tss11/tss12/ts01/ts02/ts03",)),
    ("blocked", ("bl21/bl22/bl23", "con b1", "rtr bb/bw/bl/du/ge/sc/wb", "rly bd/ob/ov/b1/b2/b3/cs4", "hvu ip")),
    ("spamdetected", ("hvu b1/b2/nr/du", "data b1")),
    ("requireptr", ("dns nr/b1",)),
    # Comcast; Cox.
    ("blocked", tuple(f"bl{n:06b}" for n in range(64))),
    ("blocked", tuple(f"ipbl{n:04b}" for n in range(1, 16))),
    ("blocked", (
        "es000001", "es000010", "cxbl", "cdrbl", "cxrdbl", "cxthrt", "bl001/bl002/bl003/bl004/bl005/bl006/bl007",
    )),
    ("toomanyconn", ("rl000001", "cxcnct", "cxmxrt", "cxsmtp")),
    ("requireptr", ("cxdns", "pt000001")),
    ("rejected", ("cxsndr",)),
    # Spectrum and others behind Cloudmark's gateway; Facebook.
    ("toomanyconn", ("aup in 1340", "con t1/t2/t3")),
    ("blocked", ("cmsmtp * blocked", "pol p1/p2/p3/p4")),
    ("userunknown", ("rcp p1",)),
    ("filtered", ("rcp p2",)),
    ("requireptr", ("dns p3",)),
    # T-Online.
    ("blocked", ("a problem occurred ask your postmaster", "transparent hosts not allowed")),
    # Tencent (QQ) and NetEase (163, 126).
    ("toomanyconn", ("mailbox unavailable or access denied",)),
    ("spamdetected", ("dt spm/sum/sur", "mi spb")),
    ("toomanyconn", ("hl icc/ifc", "mi dmc/stc", "rp drc/qrc/trc/rcl")),
    ("blocked", ("hl rep/mep", "dt rbl", "wm bli", "suspected bounce attacks", "mi iba")),
    ("authfailure", ("mi spf",)),
    ("rejected", ("wm blu", "mi imf/nhd")),
)  # fmt: skip
SENTENCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("spamdetected", (
        "blacklisted url", "spam or virus content", "url * blacklisted/listed", "spam url/link",
        "judged to be spam",
    )),
    ("badreputation", ("has a poor reputation on",)),
    ("mesgtoobig", ("larger than the current system limit",)),
    ("hasmoved", ("user not local please try",)),
    ("hostunknown", ("account or domain may not exist",)),
    ("blocked", (
        "daily relay quota", "my name was rejected", "smtp server of your isp", "invalid ip for sending",
        "blocked using", "part of their network", "messages from * werent sent",
    )),
    ("rejected", (
        "all recipient addresses rejected", "email address is on senderfilterconfig",
        "not authenticated by * organization", "fully qualified email address for sender",
        "unacceptable mail address", "the group you tried to contact",
    )),
    ("networkerror", ("name server * host name lookup failure",)),
    ("suppressed", (
        "has suppressed sending", "suppression list", "on the reject list", "address is suppressed",
        "account level suppression", "previously unsubscribed/bounced",
    )),
    ("filtered", (
        "message filtered", "permanent failure for one or more recipients", "recipients was rejected by a remote",
        "mail is rejected by recipients",
    )),
    ("userunknown", ("inactive email address", "user or domain not exist")),
    ("norelaying", ("relay rejected for policy reasons",)),
    ("onhold", ("greylisted", "graylisted", "greylist", "greylisting", "graylisting", "grey listed")),
    ("policyviolation", (
        "reject id * banned", "rejected/denied/blocked/accepted for policy reasons", "host network not allowed",
        "rejected by header based", "content presents a potential security",
    )),
    ("securityerror", ("unauthenticated senders not allowed",)),
)  # fmt: skip
"""One program's or provider's own sentence, which a general rule would read otherwise."""

NOBODY_NAMED = (" : user unknown", "::user unknown", ": : user unknown")
"""KDDI names nobody when it refuses a mail that it has already read for a recipient it knows."""
ONLY_AT_RECIPIENT = "recipient address rejected"
"""What Postfix writes in answer to RCPT only."""
AFTER_THE_MAIL = frozenset({"docomo.ne.jp"})
"""Domains that accept every recipient, and call him unknown when they refuse the mail."""
REFUSING_DOMAINS = {"googlegroups.com": "rejected"}
"""Domains whose reports say in thirty languages what is always the same."""
