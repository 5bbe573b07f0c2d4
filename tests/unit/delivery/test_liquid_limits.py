"""Templates that cost too much end with a sentence, soon and in little memory; honest ones never notice."""

import tracemalloc
from time import process_time

import pytest

from core.errors import UsageError
from delivery.liquid_text import parse, render

SECONDS = 2.0
"""Of the processor; it took 17 without a bound."""
MOST_MEMORY = 64 * 1024 * 1024
DOUBLED = (
    '{% assign a = "xxxxxxxxxx" %}{% for i in (1..27) %}{% assign a = a | append: a %}{% endfor %}{{ a | size }}',
    "{% for i in (1..30) %}{% capture a %}{{ a }}{{ a }}x{% endcapture %}{% endfor %}{{ a | size }}",
    '{% assign l = "a" | split: "," %}{% for i in (1..40) %}{% assign l = l | concat: l %}{% endfor %}{{ l | size }}',
    "{% assign a = 9 %}{% for i in (1..40) %}{% assign a = a | times: a %}{% endfor %}{{ a }}",
    f'{{% assign a = "{"x" * 50_000}" %}}{{{{ a | replace: "x", a | size }}}}',
    f'{{% assign a = "{"x" * 5_000}" %}}{{{{ a | split: "" | join: a | size }}}}',
    "{% for i in (1..9000) %}x{% endfor %}{% for i in (1..9000) %}x{% endfor %}",
)
TEXT = "{% capture t %}{% for i in (1..900) %}" + "a" * 300 + "{% endfor %}{% endcapture %}"
"""270 kB."""
SEARCHED = (
    "{% if t contains 'b' %}x{% endif %}",
    "{% unless t contains 'ab' %}x{% endunless %}",
    "{% if i == 0 %}x{% elsif i > 0 and t contains 'b' %}y{% endif %}",
    "{% assign u = '' %}{% if t == u or t < u or t >= u or t != t %}x{% endif %}",
    "{% case t %}{% when 'b' %}x{% endcase %}",
    f"{{% if '{'a' * 50_000}' contains 'b' %}}x{{% endif %}}",
)
RANGES = (
    "{% assign a = (1..40000000) | sort %}{{ a | size }}",
    '{% if (1..1000000000) contains "x" %}{% endif %}',
    "{% assign n = 90000000 %}{% for i in (1..n) reversed limit: 1 %}{% endfor %}",
    "{% liquid assign x = (-90000000..1) | reverse %}",
    '{{ "a" | default: (1..90000000) }}',
)


@pytest.mark.parametrize("source", DOUBLED)
def test_what_grows_with_every_round_is_stopped(source: str) -> None:
    template = parse(source, "The text", ())
    tracemalloc.start()
    try:
        with pytest.raises(UsageError, match="The text"):
            render(template, {}, "The text")
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("inside", SEARCHED)
def test_what_is_looked_through_in_every_round_is_stopped(inside: str) -> None:
    """Given a large text and 9,000 rounds, then they cost what they look through, not one each."""
    template = parse(f"{TEXT}{{% for i in (1..9000) %}}{inside}{{% endfor %}}", "The text", ())
    began = process_time()
    with pytest.raises(UsageError, match="its values become too large"):
        render(template, {}, "The text")
    assert process_time() - began < SECONDS


def test_many_comparisons_of_little_text_cost_little() -> None:
    inside = "{% if i == 7 or 'abc' contains 'x' or i > 1998 %}{% case i %}{% when 7, 1999 %}{{ i }},{% endcase %}{% endif %}"
    template = parse(f"{{% for i in (1..2000) %}}{inside}{{% endfor %}}", "The text", ())
    assert render(template, {}, "The text") == "7,1999,"


@pytest.mark.parametrize("source", RANGES)
def test_long_ranges_are_refused_when_they_are_written(source: str) -> None:
    with pytest.raises(UsageError, match="must be whole numbers, up to 10000"):
        parse(source, "The text", ())


def test_numbers_that_python_refuses_are_told() -> None:
    with pytest.raises(UsageError, match="a number in it becomes too large"):
        render(parse('{{ "1e999" | ceil }}', "The text", ()), {}, "The text")


def test_what_people_write_is_as_it_was() -> None:
    source = (
        "{% assign a = '' %}{% for i in (1..3) %}{{ i }}{% endfor %}{% assign l = 'b,a' | split: ',' | sort %}"
        "{{ l | join: '; ' }}"
        "{{ 'x' | replace: seq: 'x', sub: 'y' }}{% capture c %}z{% endcapture %}{{ c | upcase }}{{ a | append: '!' }}"
    )
    assert render(parse(source, "The text", ()), {}, "The text") == "123a; byZ!"
