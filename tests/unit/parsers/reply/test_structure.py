"""Where the answer stands: above, below, between; quotes in quotes, without marks; and what people write that is no quote."""

import pytest

from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of

ON = "On Mon, 2 Mar 2026 at 11:00, Anna Nowak <anna@harbour.example> wrote:"
AM = "Am 02.03.2026 um 11:00 schrieb Anna Nowak <anna@harbour.example>:"
BLOCK = "From: Anna Nowak <anna@harbour.example>\nSent: Monday, 2 March 2026 11:00\nTo: Bob\nSubject: Offer"


def _split(text: str) -> tuple[str, str, str]:
    reply = reply_of(lines_of(text), None)
    return reply.text, reply.quoted, reply.signature


@pytest.mark.parametrize(
    ("text", "new"),
    [
        pytest.param(f"Yes.\n\n{ON}\n\n> Do you sell?\n> Anna\n", "Yes.", id="above"),
        pytest.param(f"{ON}\n> Do you sell?\n\nYes.\n", "Yes.", id="below"),
        pytest.param(f"{ON}\n> Do you sell?\nYes.\n", "Yes.", id="below, no blank line"),
        pytest.param(f"Hello Anna,\n\n{ON}\n> Do you sell?\n\nYes.\n", "Hello Anna,\n\nYes.", id="greeting above"),
        pytest.param(
            f"{ON}\n> Price?\n\n5 EUR\n\n> When?\n\nMonday\n", "> Price?\n\n5 EUR\n\n> When?\n\nMonday", id="between"
        ),
        pytest.param(
            f"Answers below.\n\n{ON}\n> Price?\n\n5 EUR\n\n> When?\n\nMonday\n\n> Thanks\n> Anna\n",
            "Answers below.\n\n> Price?\n\n5 EUR\n\n> When?\n\nMonday",
            id="between, with a word above",
        ),
        pytest.param(f"{ON}\n\n> Do you sell?\n", "", id="nothing new"),
        pytest.param(f"\n{BLOCK}\n\nDo you sell?\n", "", id="nothing new, headers"),
        pytest.param(f"Sent from my iPhone\n\n{ON}\n\n> Do you sell?\n", "", id="nothing but the phone"),
        pytest.param(
            f"Yes.\n\n{ON}\n\n> Ok.\n>\n> {AM}\n>\n>> And now?\n>>\n>> On 1 Mar 2026, Bob wrote:\n>>> Hm.\n",
            "Yes.",
            id="three levels",
        ),
        pytest.param(f"Yes.\n\n{ON}\n\nDo you sell?\n\n{AM}\n\nHello?\n", "Yes.", id="two levels, no marks"),
        pytest.param(f"Yes.\n\n{BLOCK}\n\nFine.\n\n{BLOCK}\n\nHello?\n", "Yes.", id="two blocks"),
        pytest.param(f"Oui.\n\n{AM}\n\n> Verkaufen Sie?\n", "Oui.", id="another language"),
        pytest.param(f"Yes.\n{ON}\n> Do you sell?", "Yes.", id="no blank lines"),
        pytest.param(f"Yes.\n\n\n\n{ON}\n\n\n\n> Do you sell?", "Yes.", id="many blank lines"),
        pytest.param(f"Yes.\n\n {ON}\n\n > Do you sell?\n > Anna", "Yes.", id="indented quote"),
        pytest.param(f"Yes.\n\n{ON}\n\n| Do you sell?\n| Anna", "Yes.", id="bars below an attribution"),
        pytest.param("Yes.\n\nOn 2 March 2026, you wrote:\n\nAN> Do you sell?\nAN> Boats\n", "Yes.", id="initials"),
        pytest.param("Monday, 2 March 2026, you wrote:\n\nAN> Do you sell?\n\nYes.\n", "Yes.", id="initials, below"),
        pytest.param(
            f"Yes.\n\n{ON}\n\n> Do you sell boats for a village that is known for its families of more than\nten?\n",
            "Yes.",
            id="wrapped",
        ),
        pytest.param(
            f"Yes.\n\n{ON}\n> See\n>\n <https://boats.example/a/b/c> >\n> for more.\n",
            "Yes.",
            id="a link breaks the marks",
        ),
        pytest.param(
            "  | From: Anna <anna@harbour.example>\n  | Date: Mon, 2 Mar 2026\n  |\n  | Do you sell?\n\nYes.",
            "Yes.",
            id="bars",
        ),
        pytest.param(f"Yes.\n\n---\n\n{ON}\n> Do you sell?\n", "Yes.", id="a rule above"),
        pytest.param(f"Yes.\n\n--\nBob\n\n{BLOCK}\n\nDo you sell?\n", "Yes.", id="signature, headers"),
        pytest.param(f"Yes.\n\n{ON}\n> Do you sell?\n\n-- \nBob\n", "Yes.", id="signature below the quote"),
        pytest.param("Ann wrote:\n> Do you sell?\n\nYes.", "Yes.", id="a name alone"),
        pytest.param("Yes.\n\nAnn <ann@a.example> wrote:\n> Do you sell?", "Yes.", id="name and address"),
        pytest.param("Yes.\n\nann@a.example wrote:\n> Do you sell?", "Yes.", id="address alone"),
        pytest.param(
            f"Yes.\n\n{ON}\n\n> ##- Please type your reply above this line -##\n>\n> Do you sell?", "Yes.", id="Zendesk"
        ),
        pytest.param(
            "Yes.\n\n##- Please type your reply above this line -##\nYour request (12) has been received.",
            "Yes.",
            id="Zendesk, no attribution",
        ),
        pytest.param(
            "Ja.\n\n##- Bitte geben Sie Ihre Antwort über dieser Zeile ein. -##\nIhre Anfrage (12) ist eingegangen.",
            "Ja.",
            id="Zendesk, German",
        ),
        pytest.param(
            "Oui.\n\n##- Saisissez votre réponse au-dessus de cette ligne -##\nVotre demande (12) a été reçue.",
            "Oui.",
            id="Zendesk, French",
        ),
        pytest.param("Yes.\n\n--- Reply above this line ---\nBob commented.", "Yes.", id="ticket tool"),
        pytest.param("Yes.\n\n—-—-—-—\nReply above this line.\n\nBob commented.", "Yes.", id="Jira"),
        pytest.param(
            "Yes.\n\n-- Reply ABOVE THIS LINE to add a comment to this message --\nBob said", "Yes.", id="Basecamp"
        ),
        pytest.param(
            "Yes.\n\nBegin forwarded message:\n\n" + BLOCK + "\n\nDo you sell?", "Yes.", id="forwarded, Apple"
        ),
        pytest.param("OK\n\n-----Original Appointment-----\n" + BLOCK + "\n\nMeeting", "OK", id="appointment"),
        pytest.param("OK\n\n" + BLOCK.replace("\n", "\n\n") + "\n\nDo you sell?", "OK", id="blank lines in the block"),
        pytest.param(
            "OK\n\nFrom: Anna Nowak <anna@harbour.example> Sent: Monday, 2 March 2026 11:00 To: Bob Subject: Offer\n\nHi",
            "OK",
            id="block in one line",
        ),
        pytest.param(
            "OK\n\nFrom:\nAnna Nowak <anna@harbour.example>\nTo:\nBob <bob@ours.example>\n"
            "Date:\n02/03/2026 11:00\nSubject:\nOffer\n\nHi",
            "OK",
            id="Notes, values below",
        ),
    ],
)
def test_the_new_text_is_found(text, new):
    assert _split(text)[0] == new


@pytest.mark.parametrize(
    "text",
    [
        "As I wrote on 2.3.2026:\n\nthe price is 5 EUR.",
        "I think, as Anna <anna@harbour.example> wrote on Monday, 2 March 2026:\n\nthe boats are fine.",
        "Three boats are enough, as\nAnna <anna@harbour.example> wrote on 2.3.2026:\n\nthe boats are fine.",
        "We met in Oslo.\nAs Anna <anna@harbour.example> wrote on 2.3.2026:\n\nthe boats are fine.",
        "Ich denke, wie Anna <anna@harbour.example> am 2.3.2026 schrieb:\n\ndrei genügen.",
        "Je crois, comme Anna <anna@harbour.example> a écrit le 2 mars 2026 :\n\ntrois suffisent.",
        "I met Anna on Monday, and she wrote:\n\nwe take three boats.",
        "My colleague wrote:\n\nwe take three boats.",
        "On Monday Anna wrote:\nwe take it. And I think she is right.",
        "This is what the law says:\n\n> 90 % of the boats float.\n\nWhat do you think?",
        "We need\n> 90 % of them by Monday\nor we lose the season.",
        "From: Berlin\nTo: Rome\nDate: 2.3.2026\n\nIs there a seat?",
        "From: Hamburg\nTo: Gdynia\nSubject: a boat\n\nCan you bring it?",
        "Please fill in:\n\nName: Anna Nowak\nDate: 2 March 2026\nSubject: boats\n",
        "To: do\n- call Anna\n- paint the boat",
        "Date: 2 March 2026\nPlace: Hamburg\nTo bring: a coat",
        "Note:\n\nplease call me at 10:30.",
        "Sent: yes\nPaid: no",
        "Prices:\n- one: 5\n- two: 7",
        "Part one\n\n----------\n\nPart two\n\n----------\n\nPart three",
        "=== Offer ===\n\nthree boats\n\n=== Price ===\n\n5 EUR",
        "*** Important ***\n\nThe harbour is closed.",
        "1. red\n2. blue\n3. green\n\nWhich one?",
        "Call\n\n    for boat in boats:\n        print(boat)\n\nand tell me what it says:\n\nTraceback",
        "diff --git a/boat.py b/boat.py\n--- a/boat.py\n+++ b/boat.py\n@@ -1,2 +1,2 @@\n-red\n+blue",
        "a -> b\nb --> c\nc ==> d",
        "$ cat boats\n-----\nred\nblue",
        "The original message was lost. Please send it again.",
        "I forwarded the message to Bob:\nhe will call you.",
        "Bob (bob@ours.example) wrote a letter on 2.3.2026.\nIt came today.",
        "We spoke on Mon, 2 Mar 2026 at 11:00 with Anna <anna@harbour.example>.\nShe agrees.",
        "Send it to: bob@ours.example\n\nThen call me.",
        "My addresses are:\nanna@harbour.example\nanna@boats.example\n\nand the date is 2.3.2026",
        "Termin: 2.3.2026, 11:00 Uhr\nOrt: Hamburg\nBitte kommen Sie pünktlich.",
        "Wir treffen uns am 2.3.2026 um 11:00 Uhr:\n\nbitte pünktlich.",
        "Le 2 mars 2026 à 11:00, nous avons écrit au client :\n\nil attend.",
        "El lunes nos escribió Ana:\n\nquiere tres barcos.",
        "W dniu 2.03.2026 pisze się o nas w gazecie:\n\nwarto przeczytać.",
        "2.3.2026 11:00: Anna came\n2.3.2026 12:00: Bob came",
        "[11:00] Anna: hello\n[11:01] Bob: hello",
        "> only a quote",
        "> quoted first\n\nand my own words",
        "Re: the boats\n\nYes.",
        "P.S. On Tuesday, Bob wrote to me; I said no.",
        "The client (max@boats.example) wrote on 2.3.2026 that he wants three boats:\n\nred, blue, green.",
        "In the file stands:\n\nfrom: a@boats.example\nto: b@boats.example\nsubject: alert\n\nIs it right?",
        "Von: Hamburg\nNach: Oslo\nDatum: 2.3.2026\nUhrzeit: 11:00\n\nBitte buchen.",
        "SMTP says:\nMAIL FROM:<a@boats.example>\nRCPT TO:<b@boats.example>\nDATA\n\nWhat is wrong?",
        "PS: On Mon, 2 Mar 2026 we close.\nPPS: bring a@boats.example along",
        "No: that is not so.\nTo: the point, then.",
        "Von Hamburg an Rostock: 2 Stunden\nAn Bord: 20 Leute\nDatum: offen",
    ],
)
def test_what_a_person_writes_stays(text):
    assert _split(text)[:2] == (text.strip(), "")


def test_a_long_text_of_little_marks_costs_little():
    text = "\n".join(["From: x", "> y:", "On 2.3.2026 wrote", "-----", "a <b:"] * 4_000)

    assert _split(text)[0]
