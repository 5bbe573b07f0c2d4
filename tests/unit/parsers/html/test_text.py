"""HTML as text that reads well: what mail programs and newsletter tools write, one case each; and hostile pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.steps import steps
from parsers.html.text import text_of_html

LONG = "https://click.news.example/" + "x" * 100
CASES = {
    "Gmail: divs and empty lines": (
        '<div dir="ltr">Hi Ann,<div><br></div><div>see you.</div><div><br></div><div>Bob</div></div>',
        "Hi Ann,\n\nsee you.\n\nBob",
    ),
    "Apple Mail: a break at the end of a line": ("<div>One<br></div><div>Two</div>", "One\nTwo"),
    "Outlook: paragraphs without space": (
        "<p class=MsoNormal>One<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Two</p>",
        "One\n\nTwo",
    ),
    "Outlook on the web: margins say that there is no space": (
        '<p style="margin-top:0px; margin-bottom:0px">One</p><p style="margin: 0px;">Two</p><p>Three</p>',
        "One\nTwo\n\nThree",
    ),
    "Outlook: what is for Outlook only": (
        "a<!--[if mso]><p>mso</p><![endif]--><![if !mso]> b<![endif]><!--[if !mso]><!--> c<!--<![endif]-->",
        "a b c",
    ),
    "Word: a list of paragraphs with symbols": (
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span>"
        "</span>One</p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>o&nbsp; Two</p>"
        "<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'>1.&nbsp;&nbsp; Three</p><p class=MsoNormal>End</p>",
        "- One\n  - Two\n1. Three\nEnd",
    ),
    "headings": ("<h1>Title</h1>Text<h2>Next</h2><p>More</p>", "Title\n\nText\n\nNext\n\nMore"),
    "lists in lists": (
        "<ul><li>one<ul><li>two<br>more</li></ul></li><li><p>three</p><p>four</p></li></ul>end",
        "- one\n  - two\n    more\n- three\n  four\n\nend",
    ),
    "numbers that begin elsewhere": ("<ol start=9><li>nine<li>ten<li value=20>twenty</ol>", "9. nine\n10. ten\n20. twenty"),
    "letters and Roman numbers": (
        "<ol type=a><li>x<li>y</ol><ol type=I start=4><li>x<li>y</ol>",
        "a. x\nb. y\n\nIV. x\nV. y",
    ),
    "counted down": ("<ol reversed start=2><li>x<li>y</ol>", "2. x\n1. y"),
    "an item that says nothing": ("<ul><li></li><li>x</li></ul>", "- x"),
    "an order": (
        "<table border=1><tr><th>Item</th><th>Price</th></tr><tr><td>Garden chair</td><td>80.00</td></tr>"
        "<tr><td>Lamp</td><td>9.50</td></tr></table>Thanks",
        "Item         | Price\nGarden chair | 80.00\nLamp         | 9.50\nThanks",
    ),
    "a table of Word's": (
        "<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>A<o:p></o:p></p></td><td><p class=MsoNormal>B</p></td>"
        "</tr><tr><td><p class=MsoNormal>1</p></td><td><p class=MsoNormal>2</p></td></tr></table>",
        "A | B\n1 | 2",
    ),
    "names and values": (
        "<table><tr><td>Name:</td><td>Ann</td></tr><tr><td>City:</td><td>Porto</td></tr></table>",
        "Name: Ann\nCity: Porto",
    ),
    "a table of data in one for layout": (
        "<table><tr><td><p>Hello</p><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></td></tr></table>",
        "Hello\n\na | b\nc | d",
    ),
    "a table that says it is for layout": (
        '<table role="presentation"><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>',
        "a b\nc d",
    ),
    "columns of text": (
        f"<table><tr><td>{'left ' * 20}</td><td>{'right ' * 20}</td></tr></table>",
        f"{('left ' * 20).strip()}\n{('right ' * 20).strip()}",
    ),
    "a table in a quote": (
        "<blockquote><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></blockquote>",
        "> a | b\n> c | d",
    ),
    "a link around a block": ('<a href="https://a.example/x"><div>Read</div></a>', "Read <https://a.example/x>"),
    "a long link is told once": (
        f'<a href="{LONG}"><img alt="Chair" src=x></a><br><a href="{LONG}">A chair</a>',
        f"Chair <{LONG}>\nA chair",
    ),
    "a link without text": ('a<a href="https://a.example/"><img src="x.png"></a>b', "ab"),
    "a link that a filter has wrapped": (
        '<a href="https://eu.safe.example/?url=https%3A%2F%2Fshop.example%2Fa%3Fb&amp;x=1">https://shop.example/a?b</a>',
        "https://shop.example/a?b",
    ),
    "an address with a subject": ('<a href="mailto:ann@a.example?subject=Hi">write</a>', "write <ann@a.example>"),
    "a link is closed by the next": (
        '<a href="https://a.example/1">one <a href="https://a.example/2">two</a>',
        "one <https://a.example/1> two <https://a.example/2>",
    ),
    "an address left unescaped": ("From: Ann <ann@a.example>", "From: Ann <ann@a.example>"),
    "descriptions of pictures": (
        '<img alt="The new hall"> <img alt="🙂"> <img alt=""> <img alt="image001.png"> <img alt="x" width=1 height=1>',
        "[The new hall] 🙂",
    ),
    "a description that Office made": ('<img alt="A dog on a lawn&#10;&#10;Description automatically generated">x', "x"),
    "a German one": ('<img alt="Ein Bild, das Text enthält. Automatisch generierte Beschreibung">x', "x"),
    "a hidden preheader": (
        '<body><div style="display:none;max-height:0">Sale!<div>more</div></div><div>Seen</div>',
        "Seen",
    ),
    "hidden in capitals": ('<DIV style="DISPLAY: none">no</DIV>yes', "yes"),
    "a preheader of height nothing": ('<div style="max-height:0px;overflow:hidden"><b>no</b></div>yes', "yes"),
    "a preheader of size nothing": ('<span style="font-size:0px;color:#fff">no</span>yes', "yes"),
    "a preheader that can be seen through": ('<div style="opacity:0.00">no</div><div style="opacity:0.5">yes</div>', "yes"),
    "a preheader hidden from Outlook": ('<span style="mso-hide:all">no</span>yes', "yes"),
    "a button for all but Outlook": ('<a href="https://a.example/b" style="mso-hide:all">Buy</a>', "Buy <https://a.example/b>"),
    "columns that are kept close by a size of nothing": (
        '<td style="font-size:0"><div style="font-size:14px">seen</div></td>',
        "seen",
    ),
    "a hidden element that never ends": ('<div style="display:none">shown', "shown"),
    "hidden attribute": ("<p hidden>no</p>yes", "yes"),
    "fillers of a preheader": ("a&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;&#8203;", "a"),
    "joiners of words and emoji": ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"),
    "marks of right-to-left text": ("שלום \u200fabc", "שלום \u200fabc"),
    "soft hyphens": ("Donau&shy;dampf\u00adschiff", "Donaudampfschiff"),
    "ideographic blanks": ("<p>山田　太郎 </p>", "山田　太郎"),
    "code": ("<pre>\nif a:\n    b &lt; <b>c</b>\n</pre>and <code>d</code>", "if a:\n    b < c\n\nand d"),
    "a quote in a quote": (
        "<blockquote>one<blockquote>two</blockquote></blockquote>three",
        "> one\n>\n>> two\n\nthree",
    ),
    "a list in a quote": ("<blockquote><p>a</p><ul><li>b</ul></blockquote>", "> a\n>\n> - b"),
    "a drawn line": ("a<hr>b", "a\n________________________________\nb"),
    "what is no text": (
        "<head><title>t</title><style>a > b {}</style></head><script>if (a<b) x()</script><svg><text>s</text></svg>"
        "<template>t</template><noscript>n</noscript><select><option>o</select>text",
        "text",
    ),
    "an icon that never ends": ("<svg>text", "text"),
    "capitals": ("<DIV>a</DIV><Div>b</dIV><TABLE><TR><TD>c<TD>d</TABLE>", "a\nb\nc d"),
    "angles in attributes": ('<img alt="a > b"><a title="x<y" href="https://a.example/">q</a>', "[a > b]q <https://a.example/>"),
    "verbatim to the end": ("<p>a<plaintext><b>raw</b>", "a\n\n<b>raw</b>"),
    "cut inside a tag": ('text <a href="https://a.exa', "text"),
    "mathematics": ("<math><mi>x</mi><mo>=</mo><mn>2</mn></math>", "x=2"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_text(name):
    html, text = CASES[name]

    assert text_of_html(html) == text


def test_two_hundred_tables_in_each_other():
    assert text_of_html("<table><tr><td>" * 200 + "deep" + "</td></tr></table>" * 200 + "end") == "deep\nend"


PIECES = st.sampled_from(
    ["<p>", "</p>", "<table>", "</table>", "<tr>", "<td>", "<th>", "<ul>", "</ul>", "<ol start=3>", "<li>", "</li>", "<br>",
     "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<a href=http://a.example/>", "</a>", "<img alt=x>",
     "<div style='display:none'>",
     "</div>", "<svg>", "</svg>", "<!--", "-->", "<![if x]>", "<p style='mso-list:l0 level3 lfo1'>", "text", " ", "\n", "&nbsp;",
     "&#0;", "&#xD800;", "\u200c", "\x00", "<", ">", '"', "=", "·  x", "<plaintext>", "<script>", "</script>", "a | b", ":"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=100), st.lists(PIECES, max_size=40).map("".join)))
def test_any_soup_becomes_tidy_text(html):
    text = text_of_html(html)

    text.replace("\ud800", "").encode("utf-8", "surrogatepass")
    assert "\x00" not in text
    assert "\n\n\n" not in text
    assert text == text.strip("\n")


HOSTILE = {
    "rows": lambda n: "<table>" + "<tr><td>a<td>b" * n,
    "tables": lambda n: "<table><tr><td>" * n,
    "tables of data": lambda n: "<table><tr><td>a<td>b<tr><td>c<td>d" * n,
    "lists": lambda n: "<ol><li>" * n,
    "hidden": lambda n: '<div style="display:none">' * n,
    "hidden and closed": lambda n: '<td style="font-size:0">x</td>' * n,
    "icons": lambda n: "<svg>" * n,
    "icons closed before": lambda n: "</svg>" * n + "<svg>" * n,
    "links": lambda n: "<a href=http://a.example/>x" * n,
    "a link around lines": lambda n: "<a href=http://a.example/>" + "x<br>" * n + "</a>",
    "open quotes": lambda n: '<a "b' * n + ">",
    "open tags": lambda n: "<a><b" * n,
    "comments": lambda n: "<!--" * n,
    "entities": lambda n: "&lt;" * n,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_page_is_at_most_twice_the_work_and_the_text_no_larger_than_the_page_by_much(name):
    make = HOSTILE[name]
    steps(lambda: text_of_html(make(10)))

    small, large = make(400), make(800)
    once, twice = steps(lambda: text_of_html(small)), steps(lambda: text_of_html(large))

    assert twice <= 2.2 * once + 500
    assert len(text_of_html(make(1_000))) <= 8 * len(make(1_000))


def test_a_wide_cell_does_not_widen_a_thousand_rows():
    html = f"<table><tr><td>{'x' * 70}<td>y" + "<tr><td>a<td>b" * 1_000

    assert len(text_of_html(html)) < len(html)
