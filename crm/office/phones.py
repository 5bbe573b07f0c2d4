"""Phone numbers as they are compared: with the country's code, whether they were written so or as at home."""

import re

from crm.office.calling_codes import CALLING_CODES, EIGHT_BEFORE, KEEPS_ITS_ZERO, NATIONAL_DIGITS

SHORTEST, LONGEST = 7, 15
"""Digits of a number with its code (E.164 allows 15)."""
_AS_WRITTEN = re.compile(r"\+?[\d\s().\-/]+")


def full_number(text: str, country: str) -> str:
    """`+48600100200` for `600 100 200` and PL, `0048 600…` or `+48 (600)…`; empty for what is no phone number.

    Without a country only what is written with its code is one.
    """
    written = text.strip().replace("\u00a0", " ")
    if not _AS_WRITTEN.fullmatch(written):
        return ""
    digits = "".join(character for character in written if character.isdecimal() and character.isascii())
    if written.startswith("+"):
        return _whole(digits)
    if digits.startswith("00"):
        return _whole(digits[2:])
    code, at_home = CALLING_CODES.get(country, ""), NATIONAL_DIGITS.get(country)
    if at_home and digits.startswith(code) and len(digits) == len(code) + at_home:
        return _whole(digits)
    return _whole(code + _without_prefix(digits, country)) if code else ""


def number_of_sender(local_part: str) -> str:
    """The number by which gateways of text messages, fax and calls name a sender: `48600100200@…`; empty for others."""
    return _whole(local_part.lstrip("+")) if re.fullmatch(r"\+?[0-9]+", local_part) else ""


def spellings_of_sender(local_part: str, country: str) -> frozenset[str]:
    """How the phone by which a gateway names a sender may be stored: with its code, or as it is dialled at home.

    Empty for what is no phone number. Where the digits may be read as either, they count as both.
    """
    numbers = {number_of_sender(local_part), full_number(local_part, country) if local_part.isdecimal() else ""} - {""}
    found = set(numbers)
    code = CALLING_CODES.get(country, "")
    for number in numbers:
        digits = number[1:]
        found |= {digits, f"00{digits}"}
        if code and digits.startswith(code):
            at_home = digits[len(code) :]
            found |= {at_home, f"0{at_home}", *([f"8{at_home}"] if country in EIGHT_BEFORE else [])}
    return frozenset(found)


def _without_prefix(digits: str, country: str) -> str:
    if country in EIGHT_BEFORE and len(digits) == 11 and digits.startswith("8"):
        return digits[1:]
    return digits if country in KEEPS_ITS_ZERO else digits.removeprefix("0")


def _whole(digits: str) -> str:
    return f"+{digits}" if SHORTEST <= len(digits) <= LONGEST and not digits.startswith("0") else ""
