"""However a text is made, looking for a forwarded message takes work that grows with its size."""

import pytest

from fuzz.steps import steps
from parsers.forward import forwarded_of
from parsers.reply.lines import lines_of

HOSTILE = {
    "separators": "---------- Forwarded message ---------\n",
    "separators with blanks": "---------- Forwarded message ---------\n\n\n",
    "named separators": "----- Forwarded by Ann -----\n",
    "named separators and labels": "----- Forwarded by Ann -----\nFrom: x\n",
    "attributions": "On 1/1/2026 a@b.example wrote:\n",
    "labels": "From: a\n",
    "labels with blanks": "From: a\n\n",
    "run on": "  ----- Forwarded Message ----- From: From: To: \n",
    "ends": "---------- Forwarded message ---------\nFrom: a@b.example\nSubject: x\n" + "----- End\n" * 9,
}


def work(subject: str, text: str) -> int:
    lines = lines_of(text)
    return steps(lambda: forwarded_of(subject, lines))


@pytest.mark.parametrize("subject", ["Offer", "Re: Offer", "Fwd: Offer"])
@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_is_at_most_twice_the_work(name, subject):
    work(subject, HOSTILE[name] * 10)

    once, twice = work(subject, HOSTILE[name] * 300), work(subject, HOSTILE[name] * 600)

    assert twice <= 2.3 * once + 2_000
