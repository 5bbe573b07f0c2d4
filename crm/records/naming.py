"""What somebody is called in a mail to them, as far as their name tells."""

_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "mx", "herr", "frau", "sr", "sra", "dra", "pan", "pani"}
)


def first_name(name: str | None, noted: str | None = None) -> str | None:
    """How to greet somebody: by the first name that is noted of them, else by the first word of `name`, or what follows the comma
    of “Weiss, Jana”.

    None where it can not be told: an address instead of a name, a title with a family name only.
    """
    if known := on_one_line(noted):
        return known
    if not name or "@" in name:
        return None
    family, comma, given = name.partition(",")
    words = given.split() if comma and given.strip() else family.split()
    titled = False
    while words and words[0].rstrip(".").lower() in _TITLES:
        words, titled = words[1:], True
    if not words or (titled and len(words) == 1):
        return None
    return words[0]


def on_one_line(text: str | None) -> str | None:
    """On one line, without blanks around; None for nothing."""
    return " ".join(text.split()) or None if text else None
