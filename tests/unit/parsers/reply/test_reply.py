"""What is new in an answer: by program, by language, and where the answer stands."""

import pytest

from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of

QUOTE = "> Could you send\n> the offer?"

ATTRIBUTIONS = [
    "On Mon, Mar 2, 2026 at 11:00 AM Ann Smith <ann@a.example> wrote:",
    "On Mon, Mar 2, 2026 at 11:00 AM Ann Smith with a very long name indeed\n<ann@a.example> wrote:",
    "El lun, 2 mar 2026 a las 11:00, Ana (<ana@a.example>) escribió:",
    "Em seg., 2 de mar. de 2026 às 11:00, Ana <ana@a.example> escreveu:",
    "W dniu pon., 2 mar 2026 o 11:00 Anna <anna@a.example> napisał(a):",
    "Am Mo., 2. März 2026 um 11:00 Uhr schrieb Anna <anna@a.example>:",
    "Anna <anna@a.example> schrieb am Mo., 2. März 2026 um 11:00:",
    "Le lun. 2 mars 2026 à 11:00, Anne <anne@a.example> a écrit :",
    "Il giorno lun 2 mar 2026 alle ore 11:00 Anna <anna@a.example> ha scritto:",
    "Op ma 2 mrt 2026 om 11:00 schreef Anna <anna@a.example>:",
    "пн, 2 мар. 2026 г. в 11:00, Анна <anna@a.example>:",
    "2 марта 2026 г., в 11:00, Анна <anna@a.example> написал(а):",
    "Den mån 2 mars 2026 kl 11:00 skrev Anna <anna@a.example>:",
    "Anna <anna@a.example>, 2 Mar 2026 Pzt, 11:00 tarihinde şunu yazdı:",
    "Ann 於 2026年3月2日 週一 上午11:00寫道：",
    "2026-03-02 11:00 GMT+01:00 Ann <ann@a.example>:",
]
HEADER_BLOCKS = [
    "From: Ann <ann@a.example>\nSent: Monday, March 2, 2026 11:00\nTo: Bob\nSubject: Offer",
    "Von: Ann <ann@a.example>\nGesendet: Montag, 2. März 2026 11:00\nAn: Bob\nBetreff: Angebot",
    "De : Anne <anne@a.example>\nEnvoyé : lundi 2 mars 2026 11:00\nÀ : Bob\nObjet : Offre",
    "De: Ana <ana@a.example>\nEnviado el: lunes, 2 de marzo de 2026 11:00\nPara: Bob\nAsunto: Oferta",
    "De: Ana <ana@a.example>\nEnviada em: segunda-feira, 2 de março de 2026 11:00\nPara: Bob\nAssunto: Proposta",
    "Da: Anna <anna@a.example>\nInviato: lunedì 2 marzo 2026 11:00\nA: Bob\nOggetto: Offerta",
    "Van: Anna <anna@a.example>\nVerzonden: maandag 2 maart 2026 11:00\nAan: Bob\nOnderwerp: Offerte",
    "Od: Anna <anna@a.example>\nWysłano: poniedziałek, 2 marca 2026 11:00\nDo: Bob\nTemat: Oferta",
    "От: Анна <anna@a.example>\nОтправлено: 2 марта 2026 г. 11:00\nКому: Боб\nТема: Предложение",
    "*From:* Ann <ann@a.example>\n*Date:* Monday, March 2, 2026\n*To:* Bob\n*Subject:* Offer",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("quote", [QUOTE, "Could you send the offer?"])
def test_the_attribution_and_its_quote_go(attribution, quote):
    reply = reply_of(lines_of(f"Here it is.\n\n{attribution}\n\n{quote}\n"), None)

    assert reply.text == "Here it is."
    assert reply.quoted.startswith(attribution.split("\n")[0])
    assert reply.quoted.endswith("offer?")


@pytest.mark.parametrize("block", HEADER_BLOCKS)
@pytest.mark.parametrize("rule", ["", "________________________________\n", "-----Original Message-----\n"])
def test_copied_headers_end_the_new_text(block, rule):
    reply = reply_of(lines_of(f"Here it is.\n\n{rule}{block}\n\nCould you send the offer?\n"), None)

    assert reply.text == "Here it is."
    assert "send the offer?" in reply.quoted


def test_an_unknown_language_is_told_by_its_form():
    reply = reply_of(lines_of(f"Hello\n\nKlingon 2.3.2026 Ann <ann@a.example> jatlh:\n{QUOTE}"), None)

    assert reply.text == "Hello"


@pytest.mark.parametrize(
    "text",
    [
        "As I wrote on 2.3.2026:\n\nthe price is 5 EUR.",
        "From: Berlin\nTo: Rome\nDate: 2.3.2026\n\nIs there a seat?",
        "Note:\n\nplease call me at 10:30.",
        "Prices:\n- one: 5\n- two: 7",
        "On Monday we met Ann.\nShe wrote a letter.",
        "> quoted first\n\nand my own words",
        "> only a quote",
    ],
)
def test_what_only_looks_like_a_quote_stays(text):
    reply = reply_of(lines_of(text), None)

    assert reply.text == text
    assert reply.quoted == ""


def test_an_answer_below_the_quote_is_the_text():
    reply = reply_of(lines_of(f"On 2/3/2026 11:00, Ann wrote:\n{QUOTE}\n\nYes, attached.\n"), None)

    assert reply.text == "Yes, attached."
    assert reply.quoted.endswith("> the offer?")


def test_answers_between_quotes_keep_the_quotes_they_answer():
    reply = reply_of(lines_of("On 2/3/2026 11:00, Ann wrote:\n> Price?\n\n5 EUR\n\n> When?\n\nMonday\n\n> Bye\n"), None)

    assert reply.text == "> Price?\n\n5 EUR\n\n> When?\n\nMonday"


@pytest.mark.parametrize(
    ("text", "new", "signature"),
    [
        ("Yes.\n\n-- \nAnn\nSales", "Yes.", "-- \nAnn\nSales"),
        ("Yes.\n\nSent from my iPhone", "Yes.", "Sent from my iPhone"),
        ("Ja.\n\nVon meinem iPhone gesendet", "Ja.", "Von meinem iPhone gesendet"),
        ("Yes.\n\nBest regards,\nAnn Smith\nCEO", "Yes.", "Best regards,\nAnn Smith\nCEO"),
        ("Ja.\n\nMit freundlichen Grüßen\nAnna", "Ja.", "Mit freundlichen Grüßen\nAnna"),
        ("Да.\n\nС уважением,\nАнна", "Да.", "С уважением,\nАнна"),
        ("Thanks", "Thanks", ""),
        ("One\n\n-----\n\nTwo", "One\n\n-----\n\nTwo", ""),
    ],
)
def test_signatures_stand_apart(text, new, signature):
    reply = reply_of(lines_of(text), None)

    assert (reply.text, reply.signature.replace("--\n", "-- \n")) == (new, signature)


def test_html_alone_is_split_like_text():
    html = (
        '<div>Sure.</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Mar 2, 2026 Ann &lt;ann@a.example&gt;'
        " wrote:<br></div><blockquote>Could you?</blockquote></div>"
    )

    by_html = reply_of(lines_of("Sure.\n\nsomething that shows no quote"), html)

    assert by_html.text == "Sure."
    assert "Could you?" in by_html.quoted
