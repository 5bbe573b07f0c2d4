"""Why servers refuse mail, in their own words: patterns by Sisimai's reasons (lower case, tried in this order)."""

REASONS: dict[str, tuple[str, ...]] = {
    "mailboxfull": (
        "mailbox (?:is |size |space |storage )?(?:full|exceed|over|limit|quota)", "over ?quota",
        "quota (?:is )?(?:exceeded|violation|full|limit)",
        "exceed(?:s|ed|ing)? (?:storage|mailbox|disk|the |his |her |their |your )*(?:quota"
        "|allocation|space)",
        "insufficient (?:disk|system|mailbox) (?:storage|space)", "user (?:is |has )?(?:over|exceeded)",
        "account is (?:over|full|exceeding)", "not enough (?:storage|disk|space)", "disk quota",
        "mailbox has exceeded", "out of (?:email |disk |storage )?(?:space|storage)", "quota for",
        "inbox (?:is )?full", "too much mail", "mailfolder is full", "storage (?:quota|limit|space)",
        "has no space", "would be over (?:the allowed )?quota", "mail box full",
        "maildir (?:over|delivery failed).{0,40}quota", "mail ?folder.{0,30}full", "boite.{0,30}pleine",
        "buz[oó]n.{0,20}lleno", "postfach.{0,20}(?:voll|überfüllt)", "cota.{0,20}excedida", "full mailbox",
        "exceeded.{0,40}(?:storage|mailbox|quota)", "mailbox exceeds",
    ),
    "mesgtoobig": (
        "message (?:size|length|file).{0,40}(?:exceed|too|larger|maximum|limit|big)",
        "message (?:is )?too (?:big|large|long)",
        "exceeds (?:the )?(?:fixed )?(?:maximum )?(?:message )?(?:size|length)", "size limit",
        "max(?:imum)? message size", "too large (?:to|for)", "larger than", "mail too big",
        "nachricht.{0,20}zu groß",
    ),
    "suspend": (
        "(?:account|mailbox|user|address|recipient|box)(?: name)?(?: .{0,50}?)? (?:has been |is "
        "|was |being )?(?:currently |temporarily |permanently )?(?:suspend|disabled|inactive"
        "|deactivat|blocked|locked|frozen|expired|unavailable for|not active|closed)",
        "inactive (?:account|user|recipient|mailbox|on this)", "suspended (?:account|user|recipient)",
        "disabled (?:account|user|recipient|due)", "not an active", "mail-disabled", "account inactive",
        "boîte.{0,20}désactivée", "recipient suspend",
        "user (?:account )?(?:is )?(?:suspended|deactivated|inactive)", "vacation.{0,20}suspend",
        "mailbox currently suspended", "no longer (?:active|on this)",
    ),
    "hasmoved": (
        "address (?:has )?(?:been )?(?:changed|moved|replaced)", "has moved", "new (?:e-?mail )?address is",
        "has been replaced", "user (?:has )?moved", "recipient (?:has )?moved",
        "no longer (?:uses|at) this address.{0,60}new",
    ),
    "norelaying": (
        "relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed|authori[sz]ed)"
        "|prohibited|refused|restricted)",
        "(?:unable|not permitted|not allowed|not authori[sz]ed|cannot) to (?:accept message.{0,40})?relay",
        "we do not relay", "no relaying", "not (?:a |an )?(?:open )?relay", "not a gateway",
        "that domain isn.?t in my list of allowed rcpthosts",
        "isn.?t in my (?:list of allowed rcpthosts|control)", "relay not permitted", "insecure mail relay",
        "mail server requires authentication when attempting to send to a non-local",
        "must authenticate.{0,30}relay", "relay operation rejected", "as a relay", "relaying not",
        "relay access denied", "is not permitted to relay through", "relaying mail to",
        "domain is not allowed.{0,20}relay", "send to a non-local e-mail address",
    ),
    "authfailure": (
        "dmarc", "spf (?:check |record|validation|fail|hard|soft|sender|does|unauth)",
        r"\(?spf\)?.{0,30}(?:fail|invalid|not (?:pass|match)|reject)", "dkim", "sender policy framework",
        "unauthenticated email", "not pass(?:ed)?.{0,30}authentication",
        "authentication (?:checks|results).{0,60}fail", "fails? to pass authentication",
        "message (?:is )?not authenticated", r"5\.7\.2[0-4]\b", "email.{0,40}rejected per.{0,10}spf",
        "openspf", "domain does not exist and.{0,20}spf",
    ),
    "requireptr": (
        "(?:reverse|ptr|rdns|rev(?:erse)? ?dns|in-addr)(?: .{0,40}?)?(?:lookup|record|dns|not|fail"
        "|hostname|entry|mismatch|missing|must|set up|resolution|name|required)",
        "cannot (?:find|resolve|get) (?:your )?(?:reverse|hostname|host name|ptr)", "fix reverse", "no ptr",
        "all mail servers must have a ptr", "client host rejected: cannot find your hostname",
        "does not have (?:a |any )?(?:reverse|ptr|rdns)", "ip name lookup failed", "reverse dns",
        "unresolvable (?:relay|host)", r"service permits \d+ unverifyable sending ips",
        "client hostname.{0,30}(?:not|fail)", "hostname does not (?:match|resolve)", "no reverse mapping",
        "fcrdns",
    ),
    "virusdetected": (
        "virus", "malware", "infected",
        "contains (?:a )?(?:suspicious|dangerous|blocked|prohibited|potentially)? ?(?:attachment"
        "|executable|content that presents)",
        "potentially executable", "trojan", "phishing",
    ),
    "badreputation": (
        "reputation", "reputational", "ip (?:address )?(?:has|with) (?:a )?(?:bad|poor|low)", "poor sender",
        "senderbase", "talosintelligence", "low reputation", "smtp score",
    ),
    "blocked": (
        "(?:black|block|deny|dns ?b|r?b)list", "rbl", "dnsbl", "spamhaus", "spamcop", "sorbs",
        "barracuda(?:central)?", "njabl", r"cbl\.",
        "(?:ip|client|network|sender'?s? ip|connection)(?: address)?(?: .{0,30}?)? (?:is |was "
        "|has been |are )?(?:currently |temporarily )?(?:blocked|banned|blacklisted|listed|denied"
        "|blocklisted|refused|rejected|not allowed)",
        "blocked (?:by|using|due|for|because|until|- see)",
        "your (?:ip|network|host|server|mail server|email server).{0,60}(?:block|ban|reject"
        "|reputation|refus)",
        r"access (?:from|denied).{0,30}(?:ip|your|host|client|\d+\.\d+)",
        "connect(?:ion)?s? (?:refused|rejected|dropped|not accepted|denied)(?: .{0,20})?(?:by|from"
        "|due|for)",
        "not accepting (?:mail|connection|message)s? from (?:you|this|your)",
        "client host.{0,30}(?:reject|block)", "dynamic (?:/ ?residential|ip|address|range|host)", "dial-?up",
        "residential ip", "unauthorized (?:ip|connection|host)",
        "not (?:in|on) (?:my|our|the) (?:white|allow)list", "bad (?:ip|host)", "go away", "banned",
        "no access from mail server", "we (?:do not|don't) accept mail from (?:your|this|dynamic|host)",
        "helo.{0,30}(?:reject|refus|denied|invalid)", "ehlo.{0,30}(?:reject|refus|denied|invalid)",
        "too much spam (?:from|has been)", "esmtp not accepting connections", "greeting violation",
        "ip.{0,10}listed", r"access denied\. ip", "mail from .{0,60}refused.{0,20}(?:blackhole|rbl|block)",
        "unsolicited mail originating from your ip", r"ip=\[", "sender ip", "client ip",
    ),
    "spamdetected": (
        "spam", "unsolicited", "bulk mail", "junk", r"uce\b",
        "message (?:content|body)? ?(?:rejected|refused|denied)(?: .{0,20})? (?:due|because|for"
        "|by).{0,20}(?:content|filter|polic)?",
        "content (?:filter|scan|rejected)", "rejected by (?:our |the )?(?:content|anti-?spam|filter)",
        "cloudmark", "spamassassin", "bogofilter", "looks like (?:spam|uce|a spam)", "identified as", "bayes",
        "considered (?:as )?spam", "rejected for policy reasons.{0,40}spam", "message rejected as",
        "message filtered", "high probability", "blacklisted url", "dccmessage",
        "appears to be (?:spam|unsolicited)", "signature found", "mail content denied", "scored",
    ),
    "speeding": (
        "please try again slower", "receiving mail at a rate", "sending (?:too )?(?:many|fast)",
        "unusual (?:rate|volume)", "too (?:fast|rapidly)",
    ),
    "toomanyconn": (
        "too many (?:connections|concurrent|sessions|simultaneous|hop.{0,3} connections|errors"
        "|messages|recipients|mails|smtp|emails|mail)",
        "rate ?limit", "throttl",
        "exceed(?:s|ed)? (?:the )?(?:rate|connection|max(?:imum)? (?:number of )?(?:connection"
        "|message|recipient)s?|number of|sending|hourly|daily)",
        "connection (?:rate|limit|frequency)", "(?:message|mail|sending) (?:rate|limit|quota).{0,20}exceed",
        "daily (?:message|sending|limit|quota)", "concurrent", "maximum number of connections",
        "messages? per (?:hour|day|minute|connection)", "sending limit",
    ),
    "hostunknown": (
        "host(?:name)? (?:name )?(?:is )?(?:unknown|not found|lookup failure|lookup did"
        "|or domain name not found)",
        "unknown host",
        "domain (?:name )?(?:is )?(?:not found|unknown|does not exist|doesn'?t exist|not exist"
        "|invalid|couldn'?t be found|is not|.{0,60}not found|.{0,30}couldn'?t be found)",
        "unrouteable mail domain", "no such (?:domain|host)", "nxdomain", "unknown domain",
        "unknown mail domain", "bad destination (?:system|mailbox system)", "invalid domain",
        "name (?:or service )?not (?:known|found)", "couldn'?t find any host",
        "can'?t find .{0,30}(?:host|domain)", "no mx (?:record|or)",
        "recipient address rejected: unknown domain", "invalid host",
        "mail domain mentioned in email address is unknown", "dns (?:error|lookup|failure)",
        "host .{1,80} not found", "unable to resolve (?:mx )?(?:host|domain)", "illegal host/domain name",
        "domain is not reachable", "delivery to .{0,100}domain.{0,20}fail", "no mx",
    ),
    "notaccept": (
        "does ?n[o']t accept (?:any )?(?:mail|e-?mail|incoming)", "null ?mx", "nullmx",
        "smtp protocol returned a permanent error", "host/domain does not accept",
        "not accept(?:ing)? (?:any )?mail", "name server: .{0,80}: host not found", "mail receiving disabled",
        "domain .{0,60}does not accept mail", "no mail is accepted",
    ),
    "userunknown": (
        "user (?:name )?(?:is )?(?:unknown|not (?:found|exist|known|listed|here|valid)"
        "|doesn'?t (?:exist|have)|does not exist|invalid|no longer|disabled)",
        "unknown[ -](?:user|recipient|address|local|account|mailbox|e-?mail|virtual)",
        "no such (?:user|recipient|mailbox|address|account|person|member|email|local|here|contact|id)",
        "(?:recipient|address|mailbox|account|e-?mail(?: address)?|user|alias|box"
        "|rcpt)(?: .{0,80}?)? (?:does ?n.?t exist|does not exist|not exist|not found|unknown"
        "|not known|is not (?:a )?(?:known|valid|found|listed|registered|an? )|invalid|not (?:valid"
        "|available|listed|recogni[sz]ed|in|here|a )|no longer (?:valid|exists|available|in use"
        "|accepts)|is (?:invalid|unknown)|couldn.?t be found|wasn.?t found|has been (?:deleted"
        "|removed)|was not found|isn.?t found|unrecogni[sz]ed)",
        "invalid (?:recipient|user|mailbox|address|account|local|e-?mail|final delivery|username|alias)",
        "(?:mailbox|address|recipient|user) (?:is )?unavailable",
        "not (?:our|a) (?:customer|valid (?:user|mailbox|recipient|address|account|local))",
        "bad (?:destination )?(?:mailbox|address|recipient|user)", "no mailbox (?:here|by|with|found|for)",
        "(?:sorry, )?no (?:mailbox|user|account|address)", "non-?existent", "nobody by that name",
        "does not exist", r"doesn'?t have an? (?:\S+ )?(?:account|mailbox)", "doesn.?t exist",
        "address (?:error|lookup)", "unrouteable address", "unroutable address", r"in the same domain\)",
        "unable to find (?:recipient|user|alias|the user)", "undeliverable address",
        "recipient (?:address )?(?:not recognized|unknown|verify)",
        "adressat unbekannt|unbekannter (?:nutzer|empf)",
        "is not a (?:known|valid|registered|mailbox|gmail|user)", "is not known", "user.{0,5} not ",
        "account (?:that you tried to reach )?(?:does not|doesn.?t|is not|not|has been|deleted"
        "|unknown|closed)",
        "destination (?:addresses|server|user).{0,20}(?:unknown|rejected)",
        "delete(?:d)? (?:account|user|mailbox)", "this user doesn", "not listed in",
        r"recipient address rejected\.?$", "inexist", "inconnu", "desconocid", "desconhecid", "niet gevonden",
        "nicht gefunden", "usuario.{0,30}no existe", "не (?:найден|существует)", "пользователь",
        "no local mailbox", "empfänger.{0,40}(?:unbekannt|existiert)", r"5\.1\.1", "recipientnotfound",
        "recipnotfound", "user reject", "unknown to address",
    ),
    "rejected": (
        "sender (?:address |domain |email )?(?:.{0,80} )?(?:rejected|denied|refused|not|blocked"
        "|unknown|invalid|is|does|has|verify|verification)",
        "(?:mail|e-?mail|message|messages) from .{0,80}(?:rejected|refused|not|denied|blocked"
        "|prohibit|closed)",
        "rejecting (?:mail|message|e-?mail)", "from address", "return(?:-path)? (?:path|address|-path)",
        "invalid sender", "bad sender", "backscatter", "domain of (?:the )?sender", "mail from",
        "unauthorized (?:sender|user|address)", "not allowed to (?:send|mail|post)",
        "not authori[sz]ed to send", "you are not (?:allowed|permitted|authori[sz]ed|a member)", "sender is",
        "email address is on senderfilterconfig", "fully qualified email address for sender",
        "we don.?t accept mail from", "unacceptable mail address",
        "recipient (?:has )?(?:does not|will not|only) accept", "member list", "address not (?:accepted|in)",
        "spoofed",
    ),
    "expired": (
        "expired", "requests to connect", r"\d+ attempts", "time(?:d)?[ -]?out",
        "retry (?:time(?:out)?|queue|limit)", "delivery (?:attempts|time|to the following .{0,40}delayed)",
        "(?:not|could|still) .{0,40}(?:deliver|reach)(?:ed)? (?:.{0,30})?(?:within|for|after"
        "|in) .{0,20}(?:hours?|days?|minutes?)",
        "too long", "has been in the queue", "undeliver(?:ed|able) (?:after|for)",
        "couldn.?t be (?:delivered|contacted) for", "wasn.?t able to establish",
        "delivery.{0,40}(?:delayed|deferred)", "tried for", "for more than", "could not be delivered for",
        "message (?:has )?not (?:been )?(?:collected|delivered)", "maximum retry", "gave up", "giving up",
        "giv(?:e|en) up", "not responding", "unable to (?:connect|contact|reach)", r"4\.4\.7",
        "i'm not going to try again", "connection (?:timed|refused|failed|was)", "hop count",
        "not yet been delivered", "delay", "queue",
    ),
    "networkerror": (
        "network (?:is )?(?:unreachable|error|failure)", "no route to host", "mail (?:is )?loop",
        "loop(?:s|ing)? (?:back|detected|error|:)", "too many hops", "routing loop",
        "routing (?:error|failed)", "hop count exceeded", "connection (?:reset|lost|closed|dropped|aborted)",
        "lost connection", "broken pipe", "malformed or unexpected name server reply", "host is unreachable",
        "conversation with .{1,80} timed out", "no route", "unreachable host", "unable to establish",
        "too many received headers", "mx (?:loop|points)", "mail forwarding loop", "temporarily unable",
        "remote server closed",
    ),
    "securityerror": (
        "tls", "certificate", "encryption", "authenticat", r"5\.7\.[0-9]",
        "security (?:reason|polic|violation)", "access denied", "permission denied",
        "not (?:permitted|allowed|authori[sz]ed)", "administrative(?:ly)? prohibit", "closed for",
        "credential", "password", "denied by",
    ),
    "policyviolation": (
        "policy", "policies", "prohibit", "violat", "administrative", "not accept(?:ed)? (?:for|due)",
        "restricted", "forbidden", "compliance", "terms of",
    ),
    "notcompliantrfc": (
        "rfc ?(?:28|53)2[12]", "5322", "non.?compliant", "multiple from",
        "missing (?:header|from|date|message-id|a valid)", "duplicate header", "bare (?:lf|cr|newline)",
        "header(?:s)? (?:is|are|too)",
    ),
    "contenterror": (
        "mime", "attachment", "malformed", "header error", "not (?:conform|rfc)", "8[ -]?bit", "charset",
        "improper use",
    ),
    "systemfull": ("(?:file|mail) ?system (?:is )?full", "disk full", "no space left"),
    "exceedlimit": ("exceeds? (?:a )?(?:limit|maximum)", "message too long for"),
    "syntaxerror": (
        "syntax error", "unrecogni[sz]ed command", "bad sequence", "command (?:not|unrecogni)",
        "invalid (?:command|argument|parameter)", "bad command", "not implemented",
    ),
    "mailererror": (
        "command (?:failed|died)", "exit (?:status|code)", "pipe", "procmail",
        "mailer (?:error|returned|failed)", "x-unix;", "local delivery", "error_code=", "died with signal",
        "unable to (?:deliver|execute) local", "service unavailable to",
    ),
    "systemerror": (
        "system (?:config|error|not|problem|failure)", "local (?:error|configuration|problem)",
        "server (?:config|error|fail|busy|is|temporar)", "internal (?:error|server)",
        "can'?t (?:create|open|lock|write)", "i/o error", "interrupted", "out of memory", "resources",
        "loops back to", "lmtp", "malfunction", "configuration error", "service (?:not |un)available",
    ),
}  # fmt: skip
