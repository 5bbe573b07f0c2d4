"""Under which Message-ID a relay sends on what it has taken, as far as its answer to DATA tells.

Some relays replace the Message-ID of what they are given, so that answers cite an id that we never gave. Pure.
"""

import re

_WHOLE = re.compile(r"<([^\s<>@]{1,200}@[^\s<>@]{1,200})>")
_OF_SES = re.compile(r"\b([0-9a-f]{16}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9]{6})\b")
_HOST_OF_SES = re.compile(r"email-smtp(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com")
FIRST_REGION = "us-east-1"
MOST = 3


def relay_ids(reply: str, host: str) -> tuple[str, ...]:
    """Message-IDs, without angle brackets, that `host` names in the answer to a mail; none where it names none.

    What stands in angle brackets is one as it is. Amazon SES gives the left side alone; the right one is that of its region.
    """
    found = _WHOLE.findall(reply)[:MOST]
    if region := _HOST_OF_SES.fullmatch(host.lower().rstrip(".")):
        domain = "email" if region[1] == FIRST_REGION else region[1]
        found += [f"{left}@{domain}.amazonses.com" for left in _OF_SES.findall(reply.lower())[:MOST]]
    return tuple(dict.fromkeys(found))
