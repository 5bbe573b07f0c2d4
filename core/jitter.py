"""Pauses that differ: thousands of mailboxes that began, or failed, together would otherwise come back together."""

import random

EITHER_WAY = (0.8, 1.2)


def jittered(seconds: float, spread: tuple[float, float] = EITHER_WAY) -> float:
    """`seconds` times a number that is drawn anew each time, evenly between the two of `spread`."""
    return seconds * random.uniform(*spread)  # noqa: S311 It spreads load, and keeps no secret.
