"""Phrases become one pattern: the longest that fits counts, and none is read as a pattern itself."""

import re

from parsers.phrases.alternatives import any_of


def test_the_longest_phrase_counts_and_signs_mean_themselves():
    pattern = re.compile(any_of(["on", "on monday", "(a)", "on"]))

    assert pattern.match("on monday at two")[0] == "on monday"
    assert pattern.match("one")[0] == "on"
    assert pattern.match("(a)")[0] == "(a)"
    assert pattern.match("a") is None
