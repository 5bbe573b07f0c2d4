"""Domains that are one slip of the finger away from a great mail provider."""

# Where most mistyped addresses were meant to go. Only these are suggested: the long tail would be guessing.
PROVIDERS = (
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de", "yahoo.es", "yahoo.com.br",
    "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.es", "hotmail.it", "outlook.com", "outlook.de",
    "outlook.es", "outlook.fr", "live.com", "msn.com", "icloud.com", "aol.com", "protonmail.com", "proton.me", "gmx.de",
    "gmx.net", "gmx.com", "web.de", "t-online.de", "freenet.de", "orange.fr", "laposte.net", "libero.it", "wp.pl",
    "onet.pl", "interia.pl", "o2.pl", "seznam.cz", "uol.com.br", "terra.com.br", "comcast.net", "verizon.net",
    "mail.ru", "yandex.ru", "qq.com", "naver.com", "zoho.com", "fastmail.com", "btinternet.com",
)  # fmt: skip
# Real domains that happen to be near one of the above.
REAL = frozenset({"mail.com", "email.com", "ymail.com", "gmx.at", "gmx.ch", "gmx.fr", "gmx.es", "gmail.de", "live.de",
                  "live.fr", "live.nl", "live.it", "aol.de", "aol.fr", "yahoo.it", "yahoo.ca", "yahoo.in", "outlook.it",
                  "outlook.at", "hotmail.be", "hotmail.nl", "me.com", "mac.com", "list.ru", "mail.de", "email.de"})  # fmt: skip
_ENDINGS = {
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "comm": "com",
    "coom": "com",
    "vom": "com",
    "xom": "com",
    "nte": "net",
}
_SHORT = 6


def suggest_domain(domain: str) -> str | None:
    """The domain that was probably meant; none where `domain` is fine or nothing is near."""
    if domain in PROVIDERS or domain in REAL:
        return None
    head, _, ending = domain.rpartition(".")
    mended = f"{head}.{_ENDINGS[ending]}" if head and ending in _ENDINGS else domain
    if mended in PROVIDERS:
        return mended
    near = [provider for provider in PROVIDERS if _one_slip(mended, provider)]
    if near:
        return near[0]
    return mended if mended != domain else None


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, added, wrong, or two neighbours are swapped; short names need the same start."""
    if abs(len(typed) - len(meant)) > 1 or typed == meant:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    left, right = typed[start:], meant[start:]
    if len(meant) <= _SHORT and start == 0:
        return False
    return (
        left[1:] == right
        or left == right[1:]
        or left[1:] == right[1:]
        or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )
