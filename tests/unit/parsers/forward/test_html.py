"""Forwarded messages in mails that have only HTML, as the programs mark them up."""

import pytest

from parsers.message import parse_message

# Program: the subject, the page. Each passes on what Ann Ray wrote to Bob, Carl in copy.
PAGES = {
    "outlook desktop": (
        "FW: Offer",
        "<div class=WordSection1><p class=MsoNormal>See below.<o:p></o:p></p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><div>"
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        "<p class=MsoNormal><b>From:</b> Ann Ray &lt;ann@a.example&gt; <br><b>Sent:</b>"
        " Monday, March 2, 2026 11:00 AM<br><b>To:</b> Bob Low &lt;bob@b.example&gt;<br><b>Cc:</b>"
        " Carl &lt;carl@c.example&gt;<br><b>Subject:</b> Offer<o:p></o:p></p></div></div>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Please call me.<o:p></o:p></p></div>"
    ),
    "outlook web": (
        "Fw: Offer",
        '<div>See below</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        '<font face="Calibri"><b>From:</b> Ann Ray &lt;ann@a.example&gt;<br><b>Sent:</b>'
        " Monday, March 2, 2026 11:00 AM<br><b>To:</b> Bob Low &lt;bob@b.example&gt;<br><b>Cc:</b>"
        " Carl &lt;carl@c.example&gt;<br><b>Subject:</b> Offer</font><div>&nbsp;</div></div><div>"
        "Please call me.</div>",
    ),
    "gmail": (
        "Fwd: Offer",
        '<div dir="ltr">See below<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        '---------- Forwarded message ---------<br>From: <strong class="gmail_sendername" dir="auto">'
        'Ann Ray</strong> <span dir="auto">&lt;<a href="mailto:ann@a.example">ann@a.example</a>'
        "&gt;</span><br>Date: Mon, Mar 2, 2026 at 11:00 AM<br>Subject: Offer<br>"
        'To:  &lt;<a href="mailto:bob@b.example">bob@b.example</a>&gt;<br>'
        'Cc: Carl &lt;<a href="mailto:carl@c.example">carl@c.example</a>&gt;<br></div><br><br>'
        '<div dir="ltr">Please call me.</div></div></div>',
    ),
    "apple": (
        "Fwd: Offer",
        'See below<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div>'
        '<br><div style="margin:0"><span><b>From: </b></span><span>'
        'Ann Ray &lt;<a href="mailto:ann@a.example">ann@a.example</a>&gt;<br></span></div>'
        '<div style="margin:0"><span><b>Subject: </b></span><span><b>Offer</b><br></span></div>'
        '<div style="margin:0"><span><b>Date: </b></span><span>March 2, 2026 at 11:00:00 AM GMT+1<br>'
        '</span></div><div style="margin:0"><span><b>To: </b></span><span>'
        'Bob Low &lt;<a href="mailto:bob@b.example">bob@b.example</a>&gt;<br></span></div>'
        '<div style="margin:0"><span><b>Cc: </b></span><span>Carl &lt;<a href="mailto:carl@c.example">'
        "carl@c.example</a>&gt;<br></span></div><br><div>Please call me.</div></blockquote></div></body>"
        "</html>",
    ),
    "thunderbird": (
        "Fwd: Offer",
        '<p>See below</p><div class="moz-forward-container">'
        '-------- Forwarded Message --------<table class="moz-email-headers-table" cellspacing="0">'
        '<tbody><tr><th valign="BASELINE" nowrap align="RIGHT">Subject: </th><td>Offer</td></tr><tr><th>'
        "Date: </th><td>Mon, 2 Mar 2026 11:00:00 +0100</td></tr><tr><th>From: </th><td>"
        'Ann Ray <a href="mailto:ann@a.example">&lt;ann@a.example&gt;</a></td></tr><tr><th>To: </th><td>'
        'Bob Low <a href="mailto:bob@b.example">&lt;bob@b.example&gt;</a></td></tr><tr><th>CC: </th><td>'
        'Carl <a href="mailto:carl@c.example">&lt;carl@c.example&gt;</a></td></tr></tbody></table><br>'
        "<br><p>Please call me.</p></div>",
    ),
    "yahoo": (
        "Fw: Offer",
        '<div class="yahoo-style-wrap"><div>See below</div>'
        '<div id="yahoo_quoted_1" class="yahoo_quoted"><div><div>----- Forwarded Message -----</div><div>'
        "<b>From:</b> Ann Ray &lt;ann@a.example&gt;</div><div><b>To:</b>"
        " &quot;Bob Low&quot; &lt;bob@b.example&gt;</div><div><b>Cc:</b>"
        " Carl &lt;carl@c.example&gt;</div><div><b>Sent:</b>"
        " Monday, March 2, 2026, 11:00:00 AM GMT+1</div><div><b>Subject:</b> Offer</div><div><br></div>"
        "<div>Please call me.</div></div></div></div>",
    ),
    "proton": (
        "Fw: Offer",
        '<div>See below</div><div class="protonmail_quote">------- Forwarded Message -------<br>'
        "From: Ann Ray &lt;ann@a.example&gt;<br>Date: On Monday, March 2nd, 2026 at 11:00 AM<br>"
        "Subject: Offer<br>To: Bob Low &lt;bob@b.example&gt;<br>CC: Carl &lt;carl@c.example&gt;<br><br>"
        '<blockquote class="protonmail_quote" type="cite">Please call me.</blockquote></div>',
    ),
    "gmx": (
        "Fwd: Offer",
        '<div style="font-family: Verdana"><div>See below</div>'
        '<div name="quote" style="border-left: 2px solid #C3D9E5"><div style="margin:0 0 10px 0;"><b>'
        "Gesendet:</b>&nbsp;Montag, 02. M&auml;rz 2026 um 11:00 Uhr<br/><b>Von:</b>"
        "&nbsp;&quot;Ann Ray&quot; &lt;ann@a.example&gt;<br/><b>An:</b>&nbsp;bob@b.example<br/><b>Cc:</b>"
        '&nbsp;carl@c.example<br/><b>Betreff:</b>&nbsp;Offer</div><div name="quoted-content">'
        "Please call me.</div></div></div>",
    ),
    "qq": (
        "转发：Offer",
        '<div>See below</div><div style="font-size: 12px;">'
        '------------------&nbsp;原始邮件&nbsp;------------------</div><div style="background:#efefef;"><div>'
        '<b>发件人:</b>&nbsp;"Ann Ray"&lt;ann@a.example&gt;;</div><div><b>发送时间:</b>'
        '&nbsp;2026年3月2日(星期一) 中午11:00</div><div><b>收件人:</b>&nbsp;"bob"&lt;bob@b.example&gt;;</div><div>'
        '<b>抄送:</b>&nbsp;"Carl"&lt;carl@c.example&gt;;</div><div><b>主题:</b>&nbsp;Offer</div></div><div>'
        "<br></div><div>Please call me.</div>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_programs(name):
    subject, page = PAGES[name]
    head = f"From: bob@b.example\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"

    parsed = parse_message(f"{head}<html><body>{page}</body></html>".encode())

    found = parsed.forwarded
    assert (found.from_.name, found.from_.address) == ("Ann Ray", "ann@a.example")
    assert [address.address for address in (*found.to, *found.cc)] == ["bob@b.example", "carl@c.example"]
    assert (found.subject, found.text) == ("Offer", "Please call me.")
    assert "2026" in found.date
    assert parsed.reply.text.rstrip(".") == "See below"
