"""HTML made safe: whatever is written, nothing runs and nothing loads but what the mail itself brings."""

from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.html.sanitize import SanitizedHtml, sanitize_html

HARMLESS = {
    "a", "abbr", "b", "blockquote", "br", "center", "code", "col", "colgroup", "dd", "details", "div", "dl", "dt", "em",
    "font", "h1", "hr", "i", "img", "li", "ol", "p", "pre", "small", "span", "strong", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
LOADING = {"src", "srcset", "background", "poster", "data", "action", "formaction", "xlink:href", "lowsrc", "dynsrc", "cite",
           "longdesc", "usemap", "manifest", "codebase", "archive", "profile", "ping", "imagesrcset", "icon"}  # fmt: skip
OWN = {"/files/7"}
WORD = "<style>.MsoNormal,.MsoNoSpacing{margin:0}.MsoListParagraph{margin:0 0 0 36pt}</style>"


class Reader(HTMLParser):
    """What a second parser, which is none of those that made it, finds in a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.other: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_comment(self, data):
        self.other.append(data)

    def handle_decl(self, decl):
        self.other.append(decl)

    def handle_pi(self, data):
        self.other.append(data)

    def unknown_decl(self, data):
        self.other.append(data)


def safe(html: str, *, allow_remote: bool = False) -> SanitizedHtml:
    return sanitize_html(html, cid_urls={"logo@x": "/files/7"}, allow_remote=allow_remote)


def tags_of(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return [tag for tag, _ in reader.found]


def assert_harmless(html: str) -> None:
    reader = Reader()
    reader.feed(html.removeprefix(WORD))
    reader.close()
    assert not reader.other
    for tag, attributes in reader.found:
        assert tag in HARMLESS, tag
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert name not in {"id", "srcdoc", "is", "slot", "ping", "download"}, name
            if name in LOADING:
                assert value in OWN or value.startswith("data:image/"), (name, value)
            if name == "href":
                assert value.startswith(("http:", "https:", "mailto:", "tel:", "#mail-")), value
                assert attributes["target"] == "_blank"
                assert "noopener" in attributes["rel"]
            if name == "style":
                low = value.lower()
                for word in (
                    "url",
                    "expression",
                    "\\",
                    "@",
                    "position:",
                    "behavior",
                    "-moz-binding",
                    "javascript",
                    "var(",
                    "/*",
                ):
                    assert word not in low, value


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//e.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<script\x00>alert(1)</script>",
    "<script/x>alert(1)</script >",
    "<<script>alert(1)//<</script>",
    "<p onclick=alert(1)>x</p>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img src="x"onerror="alert(1)">',
    "<img src=`x` onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<body onload=alert(1)>x",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><image href="https://e.example/x.svg"/></svg>',
    '<svg><use href="https://e.example/x.svg#a"/></svg>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<svg></p><style><a title="</style><img src=x onerror=alert(1)>">',
    "<svg><title><style><img src=x onerror=alert(1)></style></title></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math href="javascript:alert(1)">x</math>',
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<template><img src=x onerror=alert(1)></template>',
    '<title><p title="</title><img src=x onerror=alert(1)>">',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    '<noembed><p title="</noembed><img src=x onerror=alert(1)>">',
    '<iframe><p title="</iframe><img src=x onerror=alert(1)>">',
    "<plaintext><script>alert(1)</script>",
    "<select><style></select><script>alert(1)</script></style>",
    '<a title="<img src=x onerror=alert(1)>" href="https://a.example">x</a>',
    "<!--><script>alert(1)</script>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><?php echo 1 ?>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#x6A;avascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="//e.example/">x</a>',
    '<a href="blob:https://e.example/1">x</a>',
    '<base href="https://e.example/"><a href="x">x</a><img src="y.png">',
    '<meta http-equiv=refresh content="0;url=https://e.example/">',
    '<link rel=stylesheet href="https://e.example/x.css">',
    '<iframe src="https://e.example/"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="https://e.example/x.swf"></object><embed src="https://e.example/x.swf">',
    '<applet code="x.class" codebase="https://e.example/"></applet>',
    '<form action="https://e.example/"><input name=q><button formaction="javascript:alert(1)">Go</button></form>',
    '<input type=image src="https://e.example/x.png">',
    '<img src="https://e.example/x.png">',
    '<img src="//e.example/x.png">',
    '<img src="\\\\e.example\\x.png">',
    '<img src="https:\\\\e.example/x.png">',
    '<img src="ht\ntps://e.example/x.png">',
    '<img src="https://e.example/x.png" srcset="https://e.example/2.png 2x">',
    '<picture><source srcset="https://e.example/x.png"><img src="https://e.example/y.png"></picture>',
    '<video poster="https://e.example/x.png"><source src="https://e.example/x.mp4"></video>',
    '<audio src="https://e.example/x.mp3" autoplay></audio>',
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    '<img src="data:text/html,x">',
    '<img lowsrc="https://e.example/x.png" dynsrc="https://e.example/x.avi" longdesc="https://e.example/">',
    '<table background="https://e.example/x.png"><tr><td background=" HTTPS://e.example/x.png">x</td></tr></table>',
    '<p style="background:url(https://e.example/x.png)">x</p>',
    "<p style='background:url(\"https://e.example/x.png\")'>x</p>",
    '<p style="background:u\\72l(https://e.example/x.png)">x</p>',
    '<p style="background:\\75rl(https://e.example/x.png)">x</p>',
    '<p style="background:URL (https://e.example/x.png)">x</p>',
    '<p style="background:url/**/(https://e.example/x.png)">x</p>',
    '<p style="background:image-set(\'https://e.example/x.png\' 1x)">x</p>',
    '<p style="background:-webkit-image-set(url(https://e.example/x.png) 1x)">x</p>',
    '<p style="background:src(\'https://e.example/x.png\')">x</p>',
    '<p style="--x:url(https://e.example/x.png);background:var(--x)">x</p>',
    '<p style="list-style:url(https://e.example/x.png)">x</p>',
    '<p style="cursor:url(https://e.example/x.cur),auto;content:url(https://e.example/x)">x</p>',
    '<p style="border-image:url(https://e.example/x.png);mask:url(https://e.example/x)">x</p>',
    '<p style="font-family:\'a;background:url(https://e.example/x)\'">x</p>',
    '<p style="width:expression(alert(1))">x</p>',
    '<p style="width:ｅｘｐｒｅｓｓｉｏｎ(alert(1))">x</p>',
    '<p style="behavior:url(x.htc);-moz-binding:url(x.xml#x)">x</p>',
    '<p style="position:fixed;top:0;left:0;z-index:9999;width:100%">x</p>',
    '<p style="color:red;}</style><script>alert(1)</script>">x</p>',
    '<style>@import "https://e.example/x.css";p{background:url(https://e.example/x)}</style><p>x',
    "<style><!--</style><script>alert(1)//--></script>",
    "<style>@font-face{font-family:a;src:url(https://e.example/a.woff)}</style>",
    '<font face="x" color="red" size=9 style="background:url(javascript:alert(1))">x</font>',
    '<img name=getElementById><form id=x><input name=parentNode></form><a id=body name=cookie>x</a>',
    '<p id=login class=button>x</p>',
    '<p slot=x is=x-y part=z>x</p>',
    '<a href="https://a.example" ping="https://e.example/" download>x</a>',
    '<area href="javascript:alert(1)"><map name=x></map>',
    '<table><td background="javascript:alert(1)">x',
    '<p title="\ue000https://e.example/x" class="\ue001">x</p>',
    '<img src="\ue000javascript:alert(1)">',
    '<img src="&#xE000;https://e.example/x.png" title="&#xE000;x">',
    '<table background="&#xE000;https://e.example/x.png"><tr><td>x</td></tr></table>',
    '<p style="background:&#xE001;(https://e.example/x)">x</p>',
    '<p style="background:&#xE001;(https://e.example/x) url(cid:none)">x</p>',
    '<p style="background:\ue001(https://e.example/x)">x</p>',
    '<img src="https://e.example/<p style="<svg>',
    '<img alt=" style=" src="https://e.example/x.png">',
    '<p title=" style=" style="position:fixed">x</p>',
    '" style="( <p style="background:url(https://e.example/x.png)">x</p>',
    ' style=" &lt;p <p title="&gt;" style="position:fixed;background:url(https://e.example/x.png)">x</p> "',
    '<td background="https://e.example/x.png" title="<td background=">x</td>',
]  # fmt: skip


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_runs_and_nothing_loads(html):
    once = safe(f"<p>before</p>{html}")

    assert_harmless(once.html)
    assert "before" in once.html
    # Read by a browser's rules once more it is the same: nothing hides that a second reading would bring out.
    again = safe(once.html)
    assert_harmless(again.html)
    assert tags_of(again.html) == tags_of(once.html)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<svg>", "</svg>", "<math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<title>", "</title>", "<noscript>",
             "</noscript>", "<template>", "<table>", "<td>", "<form>", "</form>", "<select>", "<!--", "-->", "<![CDATA[",
             "]]>", '<p title="', '">', "'", '"', "<img src=x onerror=alert(1)>", '<img src="https://e.example/', "<a href=",
             "javascript:alert(1)", "<b>", "</b>", "<p>", "</p>", "<xmp>", "<iframe>", "<plaintext>", "&lt;", "\x00", "<a ",
             '<p style="', "background:", "url(", ")", ";", "\\75rl(", "/*", "*/", "cid:logo@x",
             "&#xE000;", "&#xE001;(", "https://e.example/x)", "<foreignObject>", "/>",
             "<annotation-xml encoding=text/html>", "<br>", "text", "\ue000", "\ue001", "\ud800", "=", "<td background="]
        ),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_no_soup_of_dangerous_pieces_runs_or_loads(html):
    found = safe(html)

    assert_harmless(found.html)
    found.html.encode("utf-8")
    assert "\x00" not in found.html


def test_remote_pictures_sleep_with_their_address_until_the_reader_asks():
    html = (
        '<img src="https://p.example/a.png" alt="A"><table background="https://p.example/b.png"><tr><td>x</td></tr></table>'
        '<p style="background:#fff url(https://p.example/c.png) no-repeat;color:red">y</p>'
    )

    asleep = safe(html)
    awake = safe(html, allow_remote=True)

    assert asleep.remote_count == awake.remote_count == 3
    assert 'data-remote="https://p.example/a.png"' in asleep.html
    assert '<table data-remote-background="https://p.example/b.png">' in asleep.html
    assert "c.png" not in asleep.html
    assert "background:#fff" in asleep.html
    assert "no-repeat;color:red" in asleep.html
    assert 'src="https://p.example/a.png"' in awake.html
    assert 'background="https://p.example/b.png"' in awake.html
    assert "url(&quot;https://p.example/c.png&quot;)" in awake.html


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="https://t.example/o.gif" width="1" height="1">',
        '<img src="https://t.example/o.gif" height=0 alt="">',
        '<img style="width:1px;height:1px" src="https://t.example/o.gif">',
        '<img src="https://t.example/o.gif" width="1px">',
    ],
)
def test_a_tracking_pixel_is_counted_apart_and_leaves_nothing_to_wake(picture):
    html = f'Hello{picture}<img src="https://p.example/a.png" width="100" height="11">'

    asleep = safe(html)
    awake = safe(html, allow_remote=True)

    assert asleep.remote_count == awake.remote_count == 2
    assert asleep.tracking_count == awake.tracking_count == 1
    assert "t.example" not in asleep.html
    assert asleep.html.count("data-remote=") == 1
    assert "t.example" not in awake.html, "who asks for pictures wants to see some, not to be seen"
    assert awake.html.count('src="https://') == 1


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("cid:logo@x", "/files/7"),
        ("CID:logo@x", "/files/7"),
        ("cid:logo%40x", "/files/7"),
        ("cid:%3Clogo@x%3E", "/files/7"),
        ("https://p.example/page/logo.png", "/files/8"),
        ("image001.png", "/files/9"),
        ("cid:other", None),
        ("data:image/png;base64,AAAA", "data:image/png;base64,AAAA"),
        ("data:image/png;base64," + "A" * 2_000_001, None),
    ],
)
def test_pictures_of_the_mail_itself(source, shown):
    own = {"logo@x": "/files/7", "https://p.example/page/logo.png": "/files/8", "image001.png": "/files/9"}

    found = sanitize_html(f'<img src="{source}">', cid_urls=own, allow_remote=False)

    assert found.html == (f'<img src="{shown}">' if shown else "<img>")
    assert found.remote_count == 0


def test_a_background_of_the_mail_itself():
    found = safe('<td background="cid:logo@x">a</td><p style="background-image:url(\'cid:logo@x\')">b</p>')

    assert found.html == 'a<p style="background-image:url(&quot;/files/7&quot;)">b</p>'


def test_a_small_page_does_not_become_a_huge_one():
    fonts = "<p>" + "".join(f"<font color=#{number:03x}>" for number in range(900)) + "</p>"

    found = safe(fonts + "<p>x</p>" * 5_000)

    assert found.html.count("<p>x</p>") == 5_000
    assert len(found.html) < 100_000


def test_what_stands_in_a_value_or_a_text_is_never_taken_for_markup():
    # Our own look at attributes cuts what nh3 writes at these signs.
    found = safe("""<p title='< > " style=' style='color:red'>&lt; &gt; "</p>""")

    assert found.html == '<p title="&lt; &gt; &quot; style=" style="color:red">&lt; &gt; "</p>'


def test_pages_that_are_cleaned_at_the_same_time_know_nothing_of_each_other():
    pages = [
        f'<a href="#{number}"><img src="https://p.example/{number}.png" style="width:{number}px"></a>'
        for number in range(200)
    ]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(safe, pages)) == [safe(page) for page in pages]


def test_a_link_without_an_address_is_not_taken_for_what_another_says_behind_its_own():
    page = (
        '<a href="https://a.example/" style="color:red">x</a><a style="color:red">y</a>'
        '<a href="javascript:z" style="color:red">z</a>'
    )

    found = sanitize_html(page, cid_urls={}, allow_remote=False).html

    assert found.count("<a ") == found.count('target="_blank"') == found.count("color:red") == 3
    assert found.count("href") == 1
