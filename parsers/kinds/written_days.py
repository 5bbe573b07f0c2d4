"""Days as people write them in a text, in any language of ours: `5 March`, `12.08.2026`, `8月12日`, `Thursday`.

A text is cut into words, numbers and marks once; everything else walks over these. What may be read two ways keeps both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from parsers.phrases.away import HOURS, TOMORROW
from parsers.phrases.months import MONTHS
from parsers.phrases.weekdays import SHORT_WEEKDAYS, WEEKDAYS

LONGEST = 4_000
TOKEN = re.compile(
    r"(?:\d{4} ?[年년] ?)?\d{1,2} ?[月월] ?\d{1,2} ?[日일号號]|\d{1,2} ?[日일号號]"
    r"|[月火水木金土日](?:曜日?)?(?=\))|[^\W\d_]{1,60}(?:ʼ[^\W\d_]{1,30})?|\d{1,20}|[^\s\w]"
)
EAST_ASIAN = re.compile(r"(?:(\d{4}) ?[年년] ?)?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일号號]")
DAY_ALONE = re.compile(r"(\d{1,2}) ?[日일号號]")
DIGITS = {ord(digit): str(number % 10) for number, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９")}
SAME = DIGITS | str.maketrans("’\u00a0\u202f（）", "'  ()", "\u200e\u200f")
MOST_BETWEEN = 8
OTHERS_MONTHS = frozenset(("hr", "sr", "sl", "lt", "lv", "et", "id"))
"""Languages whose months are other months in a language that is not among them."""
ORDINALS = frozenset((
    ".", "st", "nd", "rd", "th", "er", "ère", "º", "ª", "°", "-", "го", "e", "of", "de", "den", "d", "'",
))  # fmt: skip
FROM_BEHIND = ("től", "tól", "étől", "ától")
BESIDE_A_DATE = frozenset((",", "(", "-", "'", "én", "án", "jén", "ján", "e", "a", "de", "da", "te", "ta", "ni", "на"))
"""Between a date and its day of the week: marks, and endings that some languages give to numbers."""
SEPARATORS = (".", "/", "-")


def _month_numbers() -> dict[str, int]:
    numbers: dict[str, set[int]] = {}
    for language, months in MONTHS.items():
        if language not in OTHERS_MONTHS:
            for number, forms in enumerate(months.split("/"), 1):
                for form in forms.split():
                    numbers.setdefault(form, set()).add(number)
    return {form: each.pop() for form, each in numbers.items() if len(each) == 1}


MONTH_NUMBERS = _month_numbers()
SHORT = frozenset(SHORT_WEEKDAYS.split())
WEEKDAY_NUMBERS = {word: number for number, words in enumerate(WEEKDAYS) for word in words.split()}


class Token(NamedTuple):
    """A word, a number or a mark, in lower case, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A day that is named by the tokens from `first` up to `end`: a date, a day of the week, or tomorrow.

    `days` are its possible (month, day): of 03/04 two, the day read first standing first. `is_range` says that it is
    the last day of `July 10-31`.
    """

    first: int
    end: int
    days: tuple[tuple[int, int], ...] = ()
    year: int | None = None
    weekday: int | None = None
    is_tomorrow: bool = False
    is_range: bool = False


def tokens_of(text: str) -> list[Token]:
    """The beginning of `text` in tokens."""
    text = text[:LONGEST].translate(SAME).lower()
    return [Token(match[0], match.start(), match.end()) for match in TOKEN.finditer(text)]


def mentions_in(tokens: Sequence[Token]) -> Iterator[Mention]:
    """The days that are named, in order; none overlaps another."""
    at, before = 0, None
    while at < len(tokens):
        found = _mention(tokens, at) or _later_day(tokens, at, before)
        if found is None:
            at = _behind_numbers(tokens, at) if tokens[at].text.isdigit() else at + 1
        elif found.weekday is not None and _belongs_to(before, tokens, at):
            at = found.end
        else:
            yield found
            before, at = found, found.end


def is_weekday(word: str) -> bool:
    """Whether it names a day of the week, or shortly so."""
    return word in WEEKDAY_NUMBERS or word in SHORT


def _mention(tokens: Sequence[Token], at: int) -> Mention | None:
    word = tokens[at].text
    if word[0].isdigit():
        if match := EAST_ASIAN.match(word):
            return _date(at, at + 1, [(int(match[2]), int(match[3]))], int(match[1]) if match[1] else None)
        return _year_first(tokens, at) if len(word) == 4 else _numeric(tokens, at) or _day_and_month(tokens, at)
    if word in MONTH_NUMBERS:
        return _month_and_day(tokens, at, at)
    if word in WEEKDAY_NUMBERS:
        return None if _leads_to_a_date(tokens, at) else Mention(at, at + 1, weekday=WEEKDAY_NUMBERS[word])
    return Mention(at, at + 1, is_tomorrow=True) if word in TOMORROW else None


def _belongs_to(before: Mention | None, tokens: Sequence[Token], at: int) -> bool:
    """Whether the day of the week at `at` only says which one the date before it is."""
    if before is None or not before.days or at > before.end + MOST_BETWEEN:
        return False
    return all(token.text in BESIDE_A_DATE for token in tokens[before.end : at])


def _later_day(tokens: Sequence[Token], at: int, before: Mention | None) -> Mention | None:
    """The end of `8月10日から14日`, in the month of its beginning."""
    match = DAY_ALONE.fullmatch(tokens[at].text)
    if match is None or before is None or not before.days or before.end + MOST_BETWEEN < at:
        return None
    return _date(at, at + 1, [(before.days[0][0], int(match[1]))], before.year)


def _date(first: int, end: int, days: list[tuple[int, int]], year: int | None) -> Mention | None:
    possible = tuple(dict.fromkeys((month, day) for month, day in days if 1 <= month <= 12 and 1 <= day <= 31))
    return Mention(first, end, possible, year) if possible else None


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _is_number(tokens: Sequence[Token], at: int, most: int = 2) -> bool:
    word = _word(tokens, at)
    return word.isdecimal() and len(word) <= most


def _is_glued(tokens: Sequence[Token], at: int) -> bool:
    """Whether no blank stands between this token and the one before it."""
    return 0 < at < len(tokens) and tokens[at - 1].end == tokens[at].start


def _numeric(tokens: Sequence[Token], at: int) -> Mention | None:
    """`5.3.`, `05/03/2026`, `13. 3. 2026`, `5-3-26`: with dots the day comes first, else either may."""
    mark = _word(tokens, at + 1)
    if mark not in SEPARATORS or not _is_number(tokens, at) or not _is_number(tokens, at + 2):
        return None
    if not _is_glued(tokens, at + 1) or not (_is_glued(tokens, at + 2) or mark == "."):
        return None
    first, second, year, end = int(tokens[at].text), int(tokens[at + 2].text), None, at + 3
    dotted = mark == "." and _word(tokens, end) == "." and _is_glued(tokens, end)
    if _word(tokens, end) == mark and _is_glued(tokens, end) and _is_year(tokens, end + 1, mark):
        year, end = _year(tokens[end + 1].text), end + 2
    elif mark == "-" or not (_is_glued(tokens, at + 2) or dotted) or _word(tokens, end) in HOURS:
        return None
    elif dotted:
        end += 1
    if _goes_on(tokens, end):
        return None
    either = [(second, first)] if mark == "." else [(second, first), (first, second)]
    return _date(at, end, either, year)


def _is_year(tokens: Sequence[Token], at: int, mark: str) -> bool:
    word = _word(tokens, at)
    if len(word) == 2 and word.isdecimal():
        return _is_glued(tokens, at)
    return len(word) == 4 and word.startswith("20") and word.isdecimal() and (mark == "." or _is_glued(tokens, at))


def _year(word: str) -> int:
    return int(word) + (2000 if len(word) == 2 else 0)


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether what ends before `at` is only the beginning of a longer number, of a telephone or a version."""
    if not _is_glued(tokens, at):
        return False
    if _word(tokens, at).isdecimal():
        return True
    return _word(tokens, at) in (".", "/", ":") and _is_glued(tokens, at + 1) and _word(tokens, at + 1).isdecimal()


def _behind_numbers(tokens: Sequence[Token], at: int) -> int:
    """Behind the whole of a number that is no day; of a range such as `3-14 August` only behind its first."""
    at += 1
    while _goes_on(tokens, at):
        at += 1 if _word(tokens, at).isdecimal() else 2
    return at


def _year_first(tokens: Sequence[Token], at: int) -> Mention | None:
    """`2026-03-05`, and as in Hungary `2026. március 5`, `2026. 03. 05.`"""
    if not tokens[at].text.startswith("20"):
        return None
    mark = _word(tokens, at + 1)
    if mark == "." and _word(tokens, at + 2) in MONTH_NUMBERS:
        return _month_and_day(tokens, at, at + 2, int(tokens[at].text))
    if mark not in SEPARATORS or _word(tokens, at + 3) != mark or _goes_on(tokens, at + 5):
        return None
    if not _is_number(tokens, at + 2) or not _is_number(tokens, at + 4):
        return None
    return _date(at, at + 5, [(int(tokens[at + 2].text), int(tokens[at + 4].text))], int(tokens[at].text))


def _day_and_month(tokens: Sequence[Token], at: int) -> Mention | None:
    """`5 March`, `the 3rd of August, 2026`, `5. března`, `17 de agosto de 2026`."""
    if not _is_number(tokens, at):
        return None
    month = at + 1
    while month < at + 4 and _word(tokens, month) in ORDINALS:
        month += 1
    number = MONTH_NUMBERS.get(_word(tokens, month))
    if number is None:
        return None
    year, end = _year_behind(tokens, month + 1)
    return _date(at, end, [(number, int(tokens[at].text))], year)


def _month_and_day(tokens: Sequence[Token], first: int, at: int, year: int | None = None) -> Mention | None:
    """`March 5`, `August 13th, 2026`, and `July 10-31`, whose last day it is."""
    day = at + 2 if _word(tokens, at + 1) == "." else at + 1
    if not _is_number(tokens, day):
        return None
    end = day + 2 if _word(tokens, day + 1) in ("st", "nd", "rd", "th") else day + 1
    last = end + (2 if _word(tokens, end + 1) in FROM_BEHIND else 1)
    is_range = _word(tokens, end) in ("-", "–", "to", "through", "until") and _is_number(tokens, last)
    if is_range and _word(tokens, last + 1) not in MONTH_NUMBERS and not _goes_on(tokens, last + 1):
        day, end = last, last + (2 if _word(tokens, last + 1) in ("st", "nd", "rd", "th") else 1)
    else:
        is_range = False
    if year is None:
        year, end = _year_behind(tokens, end)
    found = _date(first, end, [(MONTH_NUMBERS[tokens[at].text], int(tokens[day].text))], year)
    return found if found is None or not is_range else Mention(first, end, found.days, year, is_range=True)


def _year_behind(tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
    """The year that stands at `at` or behind a mark there, and where the date ends."""
    year = at
    while year < at + 2 and _word(tokens, year) in (",", ".", "de", "del"):
        year += 1
    word = _word(tokens, year)
    if len(word) == 4 and word.isdecimal() and word.startswith("20"):
        return int(word), year + 1
    return None, at


def _leads_to_a_date(tokens: Sequence[Token], at: int) -> bool:
    """Whether the day of the week only stands before its date: `Monday, the 9th of March`."""
    for ahead in range(at + 1, min(at + 7, len(tokens))):
        word = tokens[ahead].text
        if word[0].isdigit():
            return _mention(tokens, ahead) is not None
        if word in MONTH_NUMBERS:
            return True
        if word not in (
            ",",
            "(",
            ".",
            "-",
            "feira",
            "den",
            "dem",
            "der",
            "the",
            "le",
            "el",
            "il",
            "dia",
            "día",
            "d",
            "on",
        ):
            return False
    return False
