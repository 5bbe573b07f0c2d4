"""What of HTML and CSS may be shown of a mail: what makes it look right and can neither run, load nor leave its box."""

import nh3

TAGS = {
    "a", "abbr", "address", "b", "bdi", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "time", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
WITH_CONTENT = {
    "script", "style", "title", "iframe", "object", "embed", "applet", "noscript", "noembed", "noframes", "template", "svg",
    "math", "select", "datalist", "textarea", "audio", "video", "canvas", "frameset",
}  # fmt: skip
"""Tags that go with all that is in them; of others that are not allowed, forms among them, the content stays."""
ATTRIBUTES = {
    "*": {"align", "background", "bgcolor", "dir", "height", "lang", "style", "title", "valign", "width"},
    "a": {"href", "name"},
    "img": {"alt", "border", "hspace", "src", "vspace"},
    "font": {"color", "face", "size"},
    "table": {"border", "bordercolor", "cellpadding", "cellspacing", "frame", "rules", "role", "summary"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "ol": {"start", "type", "reversed"},
    "ul": {"type"},
    "li": {"type", "value"},
    "hr": {"color", "noshade", "size"},
    "br": {"clear"},
    "blockquote": {"type"},
    "col": {"span"},
    "colgroup": {"span"},
}
SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}

SIDES = ("top", "right", "bottom", "left")
# No position or z-index, and nothing that names another resource but a background, which is looked at.
CSS = {
    "background", "background-color", "background-image", "background-position", "background-repeat", "background-size",
    "border", "border-collapse", "border-color", "border-radius", "border-spacing", "border-style", "border-width",
    "box-sizing", "caption-side", "clear", "color", "direction", "display", "empty-cells", "float", "font", "font-family",
    "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style",
    "list-style-position", "list-style-type", "margin", "max-height", "max-width", "min-height", "min-width", "opacity",
    "overflow", "overflow-wrap", "padding", "table-layout", "text-align", "text-decoration", "text-indent", "text-transform",
    "vertical-align", "visibility", "white-space", "width", "word-break", "word-spacing", "word-wrap",
    *(f"{box}-{side}" for box in ("border", "margin", "padding") for side in SIDES),
    *(f"border-{side}-{what}" for side in SIDES for what in ("color", "style", "width")),
    *(f"border-{corner}-radius" for corner in ("top-left", "top-right", "bottom-left", "bottom-right")),
}  # fmt: skip
FUNCTIONS = frozenset(
    {"", "rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp", "linear-gradient", "radial-gradient"}
)
"""What may stand before a bracket in CSS, besides `url` in a background."""
BACKGROUNDS = frozenset({"background", "background-image"})

CLASSES = dict.fromkeys(("p", "li", "div"), frozenset({"MsoNormal", "MsoListParagraph", "MsoNoSpacing"}))
WORD_STYLE = "<style>.MsoNormal,.MsoNoSpacing{margin:0}.MsoListParagraph{margin:0 0 0 36pt}</style>"
"""Word says only in its style sheet, which goes, that paragraphs have no space between them."""

CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=WITH_CONTENT,
    attributes=ATTRIBUTES,
    link_rel=None,
    url_schemes=SCHEMES,
    allowed_classes=CLASSES,
)
"""Holds a page to these tags and attributes. It knows nothing of pages; several threads may ask it at a time."""
