"""What makes two refusals say the same: words that add nothing, and words that stand for each other."""

_FILLERS = (
    "the a an is are was were be been being has had will would can could may might do does did it its this that"
    " his her their currently temporarily permanently now just already yet"
)

_FORMS = {
    "not": "doesnt didnt dont isnt wasnt arent werent cant cannot couldnt wont havent hasnt doesnot didnot isnot",
    "rejected": "reject rejects rejecting rejection denied deny denies refused refuse refuses refusing declined declines",
    "allowed": "permitted authorized authorised permit allow",
    "suspended": "disabled deactivated inactive frozen locked dormant discontinued suspend suspending suspension unactivated",
    "exceed": "exceeds exceeded exceeding",
    "exist": "exists existing",
    "fail": "fails failed failure failures failing",
    "accept": "accepts accepting accepted",
    "moved": "relocated migrated",
    "violation": "violates violate violated violating violations",
    "blocklist": "blacklist blacklists blacklisted blocklists blocklisted denylist denylisted blackhole blackholed rbl"
    " rbls dnsbl dnsrbl dnsbls blacklisting",
    "relay": "relaying relays relayed",
    "spam": "spams spammy",
    "policy": "policies",
    "recognized": "recognised",
    "unrecognized": "unrecognised",
    "unrouteable": "unroutable undeliverable unresolvable unresolveable",
    "nonexistent": "inexistent inexistant nonexisting",
    "max": "maximum",
    "throttled": "throttling throttle ratelimited ratelimit",
    "expired": "expire expires expiry",
    "verification": "verify verified verifying",
    "message": "messages msg",
    "email": "emails",
    "mail": "mails",
    "recipient": "recipients rcpt rcpts recipent",
    "user": "users",
    "account": "accounts",
    "mailbox": "mailboxes",
    "address": "addresses adress addressee",
    "sender": "senders",
    "host": "hosts",
    "domain": "domains",
    "connection": "connections",
    "header": "headers",
    "attachment": "attachments",
    "session": "sessions",
    "limit": "limits",
    "rule": "rules",
    "reason": "reasons",
    "adresse": "ladresse",
    "utilisateur": "lutilisateur",
    "existe": "nexiste",
    "indirizzo": "lindirizzo",
    "utente": "lutente",
}
# Codes and addresses of hosts stand between the words, and tear the sentences of long answers apart.
_NUMBERS = map(str, range(1_000))
SAME = {form: word for word, forms in _FORMS.items() for form in forms.split()}
SAME |= dict.fromkeys([*_FILLERS.split(), *_NUMBERS], "")
"""Every form to the word it stands for, "" for nothing."""
