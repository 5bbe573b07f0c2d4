"""When somebody is back, as an out-of-office text tells it: for the follow-up that should wait until then.

A day counts only with a word for returning, or for lasting, directly beside it (`phrases/away.py`), or as the end of a
range. Rather none than a wrong one: what contradicts itself, or may be read two ways, tells nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Day
from enum import Enum

from parsers.kinds.day_readings import Readings, readings_for, weekday_after
from parsers.kinds.written_days import Mention, Token, is_weekday, mentions_in, tokens_of
from parsers.phrases import away as phrases

MOST_BETWEEN = 8
MARKS = frozenset(",(-–:.'")
MARKS_BEHIND = frozenset("',()-")
BETWEEN = frozenset(phrases.BETWEEN.split())
BETWEEN_BEHIND = frozenset(phrases.BETWEEN_BEHIND.split())
EAST_ASIA = "\u3000"
"""The first of their letters."""
BEFORE_A_DATE = frozenset(("the", "den", "dem", "(", ","))
BEHIND_A_NUMBER = frozenset((".", "st", "nd", "rd", "th", "º", "er", "-", "de", "of"))


class Says(Enum):
    """What is told about a day."""

    RANGE = 1
    UNTIL = 2
    BACK = 3


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that tells something about a day, where it stands, and how its language writes 03/04: None for English."""

    says: Says
    at: int
    month_first: bool | None


@dataclass(frozen=True, slots=True)
class Told:
    """A day and what is told about it; `since` is the other end of its range."""

    says: Says
    mention: Mention
    month_first: bool | None = None
    since: Mention | None = None


def returns_on(subject: str, text: str, sent: str | None, sender: str = "") -> Day | None:
    """The day of return that the text or the subject tells; the last day of absence where only that is told.

    `sent` is the Date header, by which a missing year and days of the week are counted; `sender` an address, whose
    country orders day and month. Never raises.
    """
    readings = readings_for(sent, sender)
    for part in (text, subject):
        tokens = tokens_of(part)
        told = list(_told(tokens, list(mentions_in(tokens))))
        back = _days(told, readings, Says.BACK)
        last = _days(told, readings, Says.UNTIL) or _days(told, readings, Says.RANGE)
        if back or last:
            return _agreed(back, last)
    return None


def _days(told: Iterable[Told], readings: Readings, says: Says) -> dict[Day, Mention]:
    days: dict[Day, Mention] = {}
    for one in told:
        if one.says is says:
            day = readings.day_of(one.mention, one.since, month_first=one.month_first)
            if day is not None:
                days.setdefault(day, one.mention)
    return days


def _agreed(back: dict[Day, Mention], last: dict[Day, Mention]) -> Day | None:
    """The one day that all agree on. "Away until the 21st, back on Monday" means the Monday after the 21st."""
    if not back or len(back) > 1:
        return next(iter(last)) if len(last) == 1 and not back else None
    day, mention = next(iter(back.items()))
    if not last or max(last) <= day:
        return day
    if mention.weekday is None or len(last) > 1:
        return None
    return weekday_after(max(last), mention.weekday)


def _told(tokens: Sequence[Token], mentions: Sequence[Mention]) -> Iterator[Told]:
    before = [_cue_before(tokens, mention) for mention in mentions]
    for number, mention in enumerate(mentions):
        if _word(tokens, mention.end) in phrases.EITHER:
            continue
        cue, behind = before[number], _cue_behind(tokens, mention)
        following = before[number + 1] if number + 1 < len(mentions) else None
        if behind is not None and following is not None and behind.at == following.at:
            behind = None  # It tells of the next day.
        earlier = mentions[number - 1] if number else None
        is_end = mention.is_range or _ends_range(tokens, mention, earlier, cue)
        if behind is not None and (cue is None or cue.says is not Says.BACK):
            cue = behind
        if cue is not None:
            yield Told(cue.says, mention, cue.month_first, earlier if is_end else None)
        elif is_end and mention.days:
            yield Told(Says.RANGE, mention, since=earlier)


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _phrases(all_phrases: Iterable[str], *, last: bool) -> tuple[dict[str, list[tuple[str, ...]]], tuple[str, ...]]:
    """Whole phrases by the word that stands next to the day, and the stems, which are single words."""
    whole: dict[str, list[tuple[str, ...]]] = {}
    for phrase in all_phrases:
        words = tuple(phrase.split())
        if not phrase.endswith("*"):
            whole.setdefault(words[-1 if last else 0], []).append(words)
    stems = tuple(phrase[:-1] for phrase in all_phrases if phrase.endswith("*"))
    return whole, stems


BEFORE = {Says.UNTIL: _phrases(phrases.UNTIL, last=True), Says.BACK: _phrases(phrases.BACK, last=True)}
BEHIND = {Says.UNTIL: _phrases(phrases.UNTIL_BEHIND, last=False), Says.BACK: _phrases(phrases.BACK_BEHIND, last=False)}


def _cue_before(tokens: Sequence[Token], mention: Mention) -> Cue | None:
    """The word before the day, with nothing but small words between."""
    for at in range(mention.first - 1, max(mention.first - 2 - MOST_BETWEEN, -1), -1):
        word = tokens[at].text
        for says, (whole, stems) in BEFORE.items():
            size = next((len(words) for words in whole.get(word, ()) if _stands(tokens, at, words)), 0)
            if size or (stems and word.startswith(stems)):
                first = at - (size or 1) + 1
                if _is_refused(tokens, first, says, mention):
                    return None
                return Cue(says, at, _month_first(tokens[first].text))
        if word not in BETWEEN and word not in MARKS and not is_weekday(word):
            break
    return None


def _month_first(word: str) -> bool | None:
    """How the language of a word writes 03/04: in East Asia the month comes first, in English nobody knows."""
    if word in phrases.ENGLISH:
        return None
    return word[0] >= EAST_ASIA


def _stands(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> bool:
    first = at - len(words) + 1
    return first >= 0 and all(tokens[first + number].text == word for number, word in enumerate(words))


def _is_refused(tokens: Sequence[Token], first: int, says: Says, mention: Mention) -> bool:
    """Whether the word before makes it something else: "call me back on", "Monday until Friday"."""
    previous = _word(tokens, first - 1)
    if says is Says.BACK:
        return previous in phrases.DENIALS or (tokens[first].text == "back" and previous in phrases.CALLED)
    return mention.weekday is not None and is_weekday(previous)


def _cue_behind(tokens: Sequence[Token], mention: Mention) -> Cue | None:
    for at in range(mention.end, min(mention.end + MOST_BETWEEN, len(tokens))):
        word = tokens[at].text
        for says, (whole, stems) in BEHIND.items():
            if word in whole or (stems and word.startswith(stems)):
                return Cue(says, at, word[0] >= EAST_ASIA)
        if word not in BETWEEN_BEHIND and word not in MARKS_BEHIND and not is_weekday(word):
            break
    return None


def _ends_range(tokens: Sequence[Token], mention: Mention, before: Mention | None, cue: Cue | None) -> bool:
    """Whether a number or another day and a word like "to" stand before: `3 – 14 August`, `du 3 au 17 août`."""
    at = mention.first - 1
    while at >= 0 and tokens[at].text not in phrases.RANGES and _stands_before_a_date(tokens[at].text):
        at -= 1
    word = _word(tokens, at)
    if word not in phrases.RANGES and word not in phrases.PAIRS and (cue is None or cue.says is not Says.UNTIL):
        return False
    at -= 1
    while at >= 0 and tokens[at].text in BEHIND_A_NUMBER:
        at -= 1
    if before is not None and before.days and before.end in (at + 1, at + 2):
        opening = before.first
    elif at >= 0 and tokens[at].text.isdecimal() and len(tokens[at].text) <= 2:
        opening = at
    else:
        return False
    if word in phrases.RANGES or word not in phrases.PAIRS:
        return True
    return any(token.text in phrases.BETWEEN_TWO for token in tokens[max(opening - 3, 0) : opening])


def _stands_before_a_date(word: str) -> bool:
    return word in BEFORE_A_DATE or is_weekday(word)
