"""Templates: what each person reads, what is escaped, and what is said about mistakes."""

import pytest

from campaigns.links import target
from campaigns.liquid_text import parse
from campaigns.rewriting import Rewritten, Source, rewrite, text_from
from campaigns.template import CompiledTemplate, joined
from campaigns.variables import Person, values_of
from core.errors import UsageError
from crm.records.naming import first_name

BASE = "https://t.example"
OWN = {"click_token": "CT", "unsubscribe_url": f"{BASE}/u/UT"}


def filled(html: str, person: Person, *, text: str = "", subject: str = "s") -> tuple[str, str, str]:
    """Subject, html and text as `person` gets them."""
    template = CompiledTemplate(rewrite(Source(subject, html, text), BASE))
    values = template.fill(values_of(person, "Spring") | OWN)
    return joined(template.subject, values), joined(template.html, values), joined(template.text, values)


def test_values_are_escaped_in_html_and_nowhere_else() -> None:
    mallory = Person('<b>"Mal" & Co</b>', "m@example.org", "A & B")
    subject, html, text = filled(
        "<p title='{{ contact.name }}'>{{ contact.name }} {% if contact.company %}{{ company.name }}{% endif %}</p>",
        mallory,
        text="{{ contact.name }} {{ contact.company | upcase }}",
        subject="For {{ contact.name }}",
    )
    assert html.count("&lt;b&gt;&#34;Mal&#34; &amp; Co&lt;/b&gt;") == 2
    assert "A &amp; B" in html
    assert "<b>" not in html
    assert text.startswith('<b>"Mal" & Co</b> A & B')
    assert subject == 'For <b>"Mal" & Co</b>'


def test_what_is_not_known_gives_way_to_the_default() -> None:
    source = '{{ contact.first_name | default: "you & yours" }}|{% if contact.company %}yes{% else %}no{% endif %}'
    assert filled(source, Person("", "a@example.org"))[1].startswith("you & yours|no")
    assert filled(source, Person("Ana", "a@example.org", "Acme"))[1].startswith("Ana|yes")


def test_logic_reaches_what_follows_it() -> None:
    source = "{% assign who = contact.name | upcase %}<p>{{ who }}</p>{% for n in (1..3) %}{{ n }}{% endfor %}"
    html = filled(source, Person("Ana", "a@example.org"))[1]
    assert "<p>ANA</p>123" in html


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ana Pires", "Ana"), ("Weiss, Jana", "Jana"), ("Dr. Jana Weiss", "Jana"), ("Mr Smith", None),
        ("ana@example.org", None), ("", None), ("李伟", "李伟"), ("  Bo  ", "Bo"), ("Dr.", None),
    ],
)  # fmt: skip
def test_a_first_name_is_found_or_left_out(name: str, first: str | None) -> None:
    assert first_name(name) == first


def test_a_first_name_that_is_noted_is_the_one() -> None:
    assert first_name("Dr. Jana Weiss", " Anna\n Maria ") == "Anna Maria"
    assert first_name("Mr Smith", "John") == "John"
    assert first_name("Jana Weiss", " \n") == first_name("Jana Weiss", None) == "Jana"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "Hi\n\n{{ contact.fist_name }}",
            "line 3: there is no variable contact.fist_name; did you mean contact.first_name?",
        ),
        ("a\n{% if contact.name %}", "{% if %} is never closed by {% endif %}"),
        ("{{ contact.name | upcas }}", "there is no filter “upcas”. Did you mean “upcase”?"),
        ("x\n{% foo %}", "line 2: unexpected tag 'foo'"),
        ("{% assign contact = 1 %}", "is a name of ours"),
        ("{% include 'other' %}", "needs other templates"),
        ("{{ contact.name", "expected '}}'"),
    ],
)
def test_mistakes_are_told_in_words_with_the_line(source: str, words: str) -> None:
    with pytest.raises(UsageError) as error:
        parse(source, "The HTML", html=True)
    assert str(error.value).startswith("The HTML")
    assert words in str(error.value)


def test_links_are_numbered_wherever_they_stand() -> None:
    found = rewrite(
        Source(
            "s",
            '<style>td { color: red }</style><table>{% if contact.name %}<tr><td><a href="https://a.example/?x={{ '
            'contact.email }}&amp;y=1">a</a></td></tr>{% endif %}</table><a href="mailto:a@b.example">m</a>'
            '<a href="{{ unsubscribe_url }}">bye</a>',
            "Look: https://b.example/x{% if contact.name %} and https://b.example/y.{% endif %} {{ unsubscribe_url }}",
        ),
        BASE,
    )
    assert found.links == (
        "https://a.example/?x={{ contact.email }}&y=1", "https://b.example/x", "https://b.example/y",
    )  # fmt: skip
    assert "{% if contact.name %}<tbody><tr>" in found.html, "tags stay where they stood in the table"
    assert 'style="color: red;"' in found.html
    assert "c/{{ click_token }}.2{% if" in found.text
    assert found.html.count("mailto:a@b.example") == 1
    assert found.html.count("/o/{{ click_token }}.gif") == 1


def test_a_link_that_begins_inside_a_tag_is_refused() -> None:
    with pytest.raises(UsageError, match="begins or ends inside"):
        rewrite(Source("s", '<a href="https://a.example/{% if contact.name %}">x</a>{% endif %}', ""), BASE)


def test_nobody_is_written_to_without_a_way_out() -> None:
    found = rewrite(Source("s", "<body><p>Hi</p></body>", "Hi"), BASE)
    assert found.html.index("{{ unsubscribe_url }}") < found.html.index("</body>")
    assert found.text.rstrip().endswith("Unsubscribe: {{ unsubscribe_url }}")
    once = rewrite(Source("s", '<a href="{{ unsubscribe_url }}">bye</a>', ""), BASE)
    assert (once.html.count("unsubscribe_url"), once.text.count("unsubscribe_url")) == (1, 1)


def test_the_text_part_keeps_words_conditions_and_links() -> None:
    html = (
        "<h1>Hello {{ contact.name }}</h1>{% if contact.company %}<p>For {{ contact.company }}</p>{% endif %}"
        '<p><a href="https://a.example/1">First</a> <a href="{{ unsubscribe_url }}">Leave</a></p>'
    )
    text = text_from(html)
    assert "Hello {{ contact.name }}" in text
    assert "{% if contact.company %}" in text
    assert "First <https://a.example/1>" in text
    assert "Leave <{{ unsubscribe_url }}>" in text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/?q={{ contact.name }}", "https://a.example/?q=Ana%20%26%20Co%2F%3F"),
        ("https://a.example/?q={{ contact.name | url_encode }}", "https://a.example/?q=Ana%20%26%20Co%2F%3F"),
        ("https://a.example/{{ contact.position | default: 'none' }}", "https://a.example/none"),
        ("https://a.example/{{ contact.name | divided_by: 0 }}", "https://a.example/"),
        ("https://a.example/x", "https://a.example/x"),
    ],
)
def test_a_link_is_filled_so_that_it_stays_that_link(url: str, expected: str) -> None:
    assert target(url, values_of(Person("Ana & Co/?", "a@example.org"), "")) == expected


def test_equal_variables_share_one_slot() -> None:
    template = CompiledTemplate(Rewritten("{{ contact.name }}", "", "{{ contact.name }} {{ contact.name }}", ()))
    assert len(template.fill(values_of(Person("Ana", "a@example.org"), ""))) == 1


def test_a_text_or_link_that_doubles_itself_is_stopped() -> None:
    doubled = '{% assign a = "x" %}{% for i in (1..30) %}{% assign a = a | append: a %}{% endfor %}{{ a | size }}'
    ann = Person("Ann", "ann@example.org")
    with pytest.raises(UsageError, match="can not be filled"):
        filled("<p>Hello</p>", ann, text=doubled)
    assert target(f"https://x.example/?a={doubled}", values_of(ann, "Spring")) == "https://x.example/?a="
