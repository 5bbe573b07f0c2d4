"""Words of servers that leave no doubt why they refuse, whatever else is said around them (lower-case patterns)."""

CERTAIN: dict[str, tuple[str, ...]] = {
    "notcompliantrfc": (
        "not rfc ?(?:28|53)22 compliant", "with multiple (?:addresses|from|subject)",
        "multiple (?:subject|from) header",
    ),
    "securityerror": ("unauthenticated senders? not allowed",),
    "requireptr": ("fix reverse dns", "mismatches client ip"),
    "spamdetected": ("ofr_?506", "scored as spam", "blacklisted url"),
    "authfailure": (
        "authentication (?:information|checks|result)", "unauthenticated (?:e-?mail|message)", "dmarc",
        "spf (?:check|validation|record|fail)",
    ),
    "blocked": (
        "my name was rejected", r"messages? from \[?\d+\.\d+\.\d+\.\d+\]? (?:weren.t|was not|were not) sent",
        "smtp server of your isp", "invalid ip for sending", "daily relay quota", "block ?list", "spamhaus",
    ),
    "rejected": (
        "domain of (?:the )?sender", "sender (?:address )?domain", "from: domain is invalid", "backscatter",
        r"googlegroups\.com", "sender address rejected", "not a member of",
    ),
    "virusdetected": ("virus", "malware", "mcspamsignature"),
    "norelaying": (
        "relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed))", "list of allowed rcpthosts",
    ),
    "userunknown": (
        "user unknown", "unknown (?:user|recipient)", "no such (?:user|recipient|mailbox|address|person)",
        "recipient address rejected: (?:user (?:unknown|not|does)|access denied|undeliverable|invalid|unknown user|no such)",
        "recipient ?not ?found", "user (?:does not|doesn.?t) exist", "no mailbox here by that name",
        "mailbox unavailable", "invalid recipient", "account that you tried to reach does not exist",
        "no such person", "unrouteable address", "user not known", "no valid recipient",
        "not.{0,10}e-mail users",
    ),
    "suspend": (
        r"(?:account|mailbox|user|recipient)(?: \S+)? (?:has been |is |was )?(?:currently "
        "|temporarily )?(?:suspended|disabled|inactive|deactivated)",
    ),
    "mailboxfull": (
        "mailbox (?:is )?full", "over ?quota", "out of storage space", "quota exceeded", "exceeded storage",
    ),
    "notaccept": ("mail exchanger or ip address", "null ?mx"),
    "policyviolation": (
        "(?:for|by|of|due to|because of|violates?) (?:our |the |a )?(?:local |site |security "
        "|mail )?polic(?:y|ies)",
        "header error", "policy reasons?",
    ),
    "filtered": ("message filtered", "recipients was rejected by a remote"),
    "systemerror": ("queue file write error",),
    "mesgtoobig": ("line limit exceeded",),
    "onhold": ("on hold",),
}  # fmt: skip
