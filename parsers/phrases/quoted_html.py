"""What mail programs name or draw the HTML element with that holds a quote; read letter by letter, they never vary.

Programs that pass a quote on put `x_` and the like before the names, so these are looked for anywhere inside a tag.
"""

# The element holds the attribution, and the quote as a blockquote: an answer may follow below.
BLOCKQUOTES = (
    "gmail_quote", "gmail_attr", "moz-cite-prefix", "protonmail_quote", "zmail_extra", "tutanota_quote",
    "missive_quote", "front-blockquote", "hey-quote", "messageReplySection", "reply-intro", '="cite', "='cite",
    "=cite", '="CITE', "=CITE", "isReplyContent", "mail-quote-collapse", "skiff_quote",
)  # fmt: skip
# From this element on all is quoted.
REST = (
    "yahoo_quoted", "RplyFwdMsg", "appendonsend", "OLK_SRC_BODY", "stopSpelling",
    "ms-outlook-mobile-reference-message", "mail-editor-reference-message", "history-quote-wrapper",
    'name="quote"', "ntes_not_fresh_mail", "ntes-pcmail-quote", "<includetail", "originalMessage -->", '"zwchr"',
    "__QUOTED_TEXT__", "moz-forward-container", "__aliyun_previous",
)  # fmt: skip
# Lines that others draw too: they count with header lines below.
BORDERS = (
    "solid #E1E1E1", "solid #B5C4DF", "#b5c4df 1pt solid", "#B5C4DF 1pt solid", "solid windowtext 1.0pt",
    "align=center tabindex=-1>", 'align="center" tabindex="-1">', '<hr tabindex="-1"', "solid rgb(225",
)  # fmt: skip
