"""Whole replies as single programs write them: older ones, help desks, lists, lines that are joined or broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.reply.lines import lines_of
from parsers.reply.quoted_html import MARK
from parsers.reply.splitting import reply_of

ON = "On Mon, Mar 2, 2026 at 11:00 AM, Ann <ann@a.example> wrote:"
WHOLE = {
    "GroupWise": '>>> "Ann" <ann@a.example> 3/2/2026 11:00 AM >>>\nHello',
    "GroupWise, quoting": ">>> On 3/2/2026 at 11:00 AM, in message\n<4BC@a.example>, Ann <ann@a.example> wrote:\n> Hello",
    "Supercite": '>>>>> "Ann" == Ann Smith <ann@a.example> writes:\n\n    Ann> Hello\n    Ann> there',
    "XFMail": '[In the message "Re: boats" on Mar 2, 11:00, Ann wrote:]\n> Hello',
    "news reader": "In article <123@a.example>, ann@a.example (Ann) writes:\n> Hello",
    "poetic": "Thus spake Ann Smith (ann@a.example) on Mon, 2 Mar 2026 11:00:00:\n> Hello",
    "sup": "Quoting Ann (2026-03-02 11:00:00)\n> Hello",
    "slrn": "* Ann <ann@a.example> [260302 11:00]:\n> Hello",
    "elm": f"{ON}\n| Hello\n| there",
    "Claws": "On Mon, 2 Mar 2026 11:00:00 +0100\nAnn <ann@a.example> wrote:\n\n> Hello",
    "Notes": "From:\tAnn\nTo:\tBob/Harbour@Harbour\nCc:\nDate:\t02/03/2026 11:00 AM\nSubject:\tRe: boats\n\nHello",
    "Notes web": '-----"Ann" <ann@a.example> wrote: -----\nTo: bob@b.example\nFrom: Ann\nDate: 2026\nSubject: x\n\nHello',
    "Seznam": "---------- Původní e-mail ----------\nOd: Ann <ann@a.example>\nKomu: b@b.example\nPředmět: x\n\nAhoj",
    "Verizon": "-------- Original message --------\nFrom: Ann\n\nHello",
    "MSN": "________________________________\n> Date: Mon, 2 Mar 2026 11:00:00\n> From: ann@a.example\n> Subject: x\n>\n> Hi",
    "Yahoo": ">________________________________\n> From: Ann <ann@a.example>\n>To: b\n>Sent: Monday, March 2, 2026\n>\n>Hello",
    "Android": "---- Ann Smith wrote ----\n\nHello",
    "RFC date, Russian": "Mon, 02 Mar 2026 11:00:51 +0400 от Ann <ann@a.example>:\n\n   Hello!",
    "bars": "| From: Ann <ann@a.example>\n| Sent: Monday, March 2, 2026 11:00 AM\n| To: b\n|\n| Hello",
    "Markdown": "**From:** Ann <ann@a.example>\n**Sent:** Monday\n**To:** b\n**Subject:** x\n\nHello",
    "quote goes on in its line": "On Mon, Mar 2, 2026 at 11:00 AM Ann <ann@a.example> wrote: > Hello\n> there",
    "text goes on in its line": "On Mon, Mar 2, 2026 at 11:00 AM Ann <ann@a.example> wrote: Hello there, how are you?",
    "five lines": "On Mon, Mar 2, 2026 at 11:00 AM,\nAnn Of Long Name\nFrom Department\n<ann@a.example>\nwrote:\n\n> Hello",
    "GitHub": f"{ON}\n> Hello\n>\n> —\n> Reply to this email directly or view it on GitHub\n> <https://code.example/x/y/1>.\n>",
    "advertisement": "____________________________________________________________\nFREE SCREENSAVER - Watch the Earth!",
    "list": f"{ON}\n> Hello\n\n_______________________________________________\nboats mailing list\nboats@l.example",
    "list, rule of dashes": f"{ON}\n> Hello\n\n{'-' * 60}\nTo unsubscribe, e-mail: dev-unsubscribe@x.example",
    "group": f'{ON}\n> Hello\n\n--\nYou received this message because you are subscribed to the "boats" group.',
    "scanner": "---\nThis message has been scanned for viruses.",
    "help desk": "### Reply above this line ###\n\nTicket 1",
    "help desk, drawn": "=-=-= Please reply above this line =-=-=\n\nTicket 1",
}


@pytest.mark.parametrize("program", WHOLE)
def test_what_programs_add_is_no_text(program):
    for signature in ("", "\n\nRegards\n\nBob Stern", "\n\n-- \nBob Stern\nBoats Ltd", "\n\nSent from my iPhone"):
        reply = reply_of(lines_of(f"Here it is.\nTake it.{signature}\n\n{WHOLE[program]}\n"), None)

        assert reply.text in ("Here it is.\nTake it.", f"Here it is.\nTake it.{signature}"), signature


@pytest.mark.parametrize(
    ("text", "new"),
    [
        pytest.param(f"Here it is. {ON}\n> Hello", "Here it is.", id="the answer shares its line"),
        pytest.param(f"Hi,\n\n{ON}\n> Hello\n\nHere it is.", "Hi,\n\nHere it is.", id="greeting above, answer below"),
        pytest.param(
            "See:\n\n```\n> no quote\nFrom: x@y.example\nTo: z@y.example\n--\n```\n\nThe end.",
            "See:\n\n```\n> no quote\nFrom: x@y.example\nTo: z@y.example\n--\n```\n\nThe end.",
            id="a block of code",
        ),
        pytest.param(f"Here it is.\n\n/Bob\n\n{ON}\n> Hello", "Here it is.\n\n/Bob", id="a slash and a name"),
        pytest.param(
            f"{ON}\n>> deeper\n> Hello\n\nHere it is.\n\nP.S. more", "Here it is.\n\nP.S. more", id="two levels, below"
        ),
        pytest.param(
            "Hi Ann,\nplease see https://boats.example/a>b\nand answer.",
            "Hi Ann,\nplease see https://boats.example/a>b\nand answer.",
            id="a link with a mark",
        ),
    ],
)
def test_where_lines_are_joined_or_only_look_alike(text, new):
    assert reply_of(lines_of(text), None).text == new


LINES = st.sampled_from(
    [
        ON, "> Hello", ">", "", "Here it is.", "From: Ann <ann@a.example>", "To: b", "Date: 2026", "-- ", "---",
        "```", "Regards", "Bob", "Sent from my iPhone", "-----Original Message-----", ">>> a >>>", "AN> x", "a <",
        "ann@a.example> wrote:", "This e-mail is confidential", "\u202bבתאריך 2.3.2026\u202c:", "| From | Ann |",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=14))
def test_nothing_is_told_twice(lines):
    text = "\n".join(lines)

    reply = reply_of(lines_of(text), None)
    by_html = reply_of(lines_of(""), f"<p>{text}</p><blockquote type='cite'>{text}</blockquote>")

    told = f"{reply.text}{reply.quoted}{reply.signature}"
    assert len("".join(told.split())) <= len("".join(text.split()))
    assert MARK not in f"{by_html.text}{by_html.quoted}{by_html.signature}"
