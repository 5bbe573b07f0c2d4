"""Words of servers that usually mean one thing, and words so general that any code beside them says more.

By Sisimai's reasons; the first that fits wins. Asked in turn after `certain_refusals`, and written as there.
"""

USUAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("blocked", (
        "access denied * ip/host", "connection refused by/from/for", "client host/ip", "banned",
        "your ip/host/server/network", "blocked by/using/due/until/see", "bad host",
    )),
    ("rejected", (
        "from address", "mail from * rejected/unknown/invalid/failed",
        "email/mail/messages from * rejected/blocked/prohibited/not", "not allowed to send/mail", "valid from",
        "spoofed", "spoofing", "member list",
    )),
    ("spamdetected", (
        "spam", "unsolicited", "junk", "high probability", "identified as", "scored", "bulk", "signature found",
    )),
    ("mailboxfull", ("quota", "mailbox * full")),
    ("mesgtoobig", ("too large", "too big", "exceeds * size/length", "size limit", "maximum size")),
    ("hostunknown", ("domain * not found",)),
    ("userunknown", (
        "user unknown/invalid", "mailbox unavailable", "not exist", "not listed in",
        "no user/mailbox/account/address", "no recipient", "not known", "not found", "user rejected", "nonexistent",
        "address error", "not our", "not local", "address lookup",
    )),
    ("hostunknown", ("dns error/fail/lookup", "domain not", "not resolve", "unable to resolve", "no dns")),
    ("failedstarttls", ("tls", "ssl", "certificate")),
    ("securityerror", (
        "authentication", "authenticate", "authenticated", "credentials", "credential", "password",
        "permission denied", "security", "encryption", "login",
    )),
    ("networkerror", (
        "connection reset/lost/closed/dropped/aborted", "lost connection", "broken pipe", "hop count",
        "temporary dns/lookup", "unreachable", "loop", "dns timeout/timed", "no route",
    )),
    ("expired", (
        "expired", "timed out", "timeout", "socket error", "undelivered", "too old", "requests to connect",
        "attempts", "not reachable/responding/respond", "connection refused/failed", "deferred", "delayed",
        "no answer", "unable/able to connect/reach/contact",
        "not/unable_to deliver/delivered/reached * for/last/within/after * hours/days/minutes/seconds/hour/day",
    )),
    ("suspend", ("suspended",)),
    ("exceedlimit", ("exceeds * limit/maximum",)),
    ("notcompliantrfc", ("rfc 5322/2822/2821/5321", "non compliant")),
    ("contenterror", ("mime", "malformed", "header line/too/invalid", "charset", "not conform")),
    ("syntaxerror", (
        "command not", "sequence error", "not implemented", "invalid argument/arguments/parameter/syntax",
    )),
    ("mailererror", (
        "command failed", "x unix", "unable to deliver/execute local", "returned exit", "error code",
        "generated during the delivery attempt",
    )),
    ("systemerror", (
        "server/system/service/local error/fail/problem/trouble/busy/overload/overloaded", "resources temporarily",
        "system resources", "not create/open/lock/write", "i o error", "out of memory", "database", "malfunction",
        "lmtp", "service refused",
    )),
    ("toomanyconn", ("too many", "rate limit", "concurrent", "exceeded limit", "rate")),
)  # fmt: skip

FAINT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("policyviolation", (
        "policy", "prohibited", "violation", "forbidden", "restricted", "compliance", "administrative",
        "attachment", "terms",
    )),
    ("securityerror", ("access denied", "not allowed", "unauthorized")),
    ("rejected", ("mail from", "sender")),
    ("userunknown", ("address rejected",)),
    ("expired", (
        "giving up", "gave up", "queue", "tried", "retry", "delay", "for more than", "too long", "try again later",
    )),
    ("systemerror", (
        "service unavailable", "service not available", "server/resources unavailable", "try again", "try later",
    )),
)  # fmt: skip
