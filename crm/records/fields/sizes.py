"""How many people work in a company, as a range. Other programs write a number, or a range of their own."""

import re
from typing import Any, Final

from crm.records.fields.standard import EMPLOYEES

_RANGE: Final = re.compile(r"(\d{1,7})(?:\s*(?:-|to|bis|do|à|a)\s*\d{1,7}|\s*(\+))?")
_STARTS: Final = tuple(int(re.findall(r"\d+", each)[0]) for each in EMPLOYEES)


def size_in(given: Any) -> Any:
    """The range in which that number is, or that range begins: `37`, `11-50`, `5,001+`; what is neither stays as it is."""
    if isinstance(given, bool) or not isinstance(given, str | int):
        return given
    text = str(given).strip()
    plain = re.sub(r"(?<=\d)[,.’' \u00a0](?=\d{3}\b)", "", re.sub("[–—]", "-", text))
    found = _RANGE.fullmatch(plain.removesuffix("and more").strip())
    if found is None or not int(found[1]):
        return text
    return next(name for name, start in reversed([*zip(EMPLOYEES, _STARTS, strict=True)]) if int(found[1]) >= start)
