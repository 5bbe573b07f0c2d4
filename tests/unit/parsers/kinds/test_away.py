"""The day of return that an out-of-office text names, in the words people write; expectations stood before the code."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.kinds.away import returns_on
from parsers.message import parse_message
from parsers.model import Kind

MONDAY = "Mon, 02 Mar 2026 11:00:00 +0100"
JULY = "Mon, 27 Jul 2026 09:00:00 +0200"
CHRISTMAS = "Mon, 21 Dec 2026 09:00:00 +0100"
NEW_YORK = "Mon, 02 Mar 2026 09:00:00 -0500"
LONDON = "Mon, 02 Mar 2026 09:00:00 +0000"


@pytest.mark.parametrize(
    ("text", "sent", "expected"),
    [
        # English
        ("I am out of the office until 5 March.", MONDAY, date(2026, 3, 5)),
        ("I will be out of office through Friday, March 13th, 2026.", MONDAY, date(2026, 3, 13)),
        ("I'm away and will be back on Monday, 14 Sept.", JULY, date(2026, 9, 14)),
        ("I am on annual leave, returning Tuesday.", MONDAY, date(2026, 3, 3)),
        ("I am on leave and will return to the office on Monday 9th March.", MONDAY, date(2026, 3, 9)),
        ("Out of office from 2 March to 13 March. Back in the office on 16 March.", MONDAY, date(2026, 3, 16)),
        ("I will be traveling for work on July 10-31.", "Wed, 15 Jul 2026 10:00:00 -0700", date(2026, 7, 31)),
        ("I'm on vacation August 3 - August 14 with no access to mail.", "Tue, 04 Aug 2026 10:00:00 -0400",
         date(2026, 8, 14)),
        ("I am out of the office from the 3rd until the 17th of August.", JULY, date(2026, 8, 17)),
        ("Office closed for Christmas; we re-open on January 4th.", CHRISTMAS, date(2027, 1, 4)),
        ("I am away until 2026-03-12.", LONDON, date(2026, 3, 12)),
        ("I am out until 03/13/2026.", LONDON, date(2026, 3, 13)),
        ("I am out until 13/03/2026.", NEW_YORK, date(2026, 3, 13)),
        ("I am out until 3/9/26 with limited access.", NEW_YORK, date(2026, 3, 9)),
        ("I am out of the office from 02/03/2026 to 09/03/2026.", LONDON, date(2026, 3, 9)),
        ("I'll be back tomorrow.", MONDAY, date(2026, 3, 3)),
        ("I am away until next Wednesday.", MONDAY, date(2026, 3, 4)),
        ("I will be on parental leave until 1 December 2026.", MONDAY, date(2026, 12, 1)),
        ("Please note I will not be back in the office until Thursday, March 5.", MONDAY, date(2026, 3, 5)),
        ("I am currently out of the office and will be returning on the 9th of March 2026.", MONDAY, date(2026, 3, 9)),
        ("I have no access to my e-mails until Monday (9 March).", MONDAY, date(2026, 3, 9)),
        # German
        ("Ich bin bis einschließlich 12.08.2026 nicht im Büro.", JULY, date(2026, 8, 12)),
        ("Ich bin vom 3. bis 14. August im Urlaub.", JULY, date(2026, 8, 14)),
        ("Ich bin ab dem 9. März wieder erreichbar.", MONDAY, date(2026, 3, 9)),
        ("Ich bin bis zum 06.03. außer Haus und ab Montag, 09.03., wieder für Sie da.", MONDAY, date(2026, 3, 9)),
        ("Am Donnerstag, den 5. März 2026 bin ich wieder im Büro.", MONDAY, date(2026, 3, 5)),
        ("Ich kehre am 16.3.2026 zurück.", MONDAY, date(2026, 3, 16)),
        ("Ich bin erst am Mittwoch wieder da.", MONDAY, date(2026, 3, 4)),
        ("Vielen Dank für Ihre Nachricht. Ich bin vom 27.07. - 14.08.2026 abwesend.", JULY, date(2026, 8, 14)),
        ("Ich bin bis 5. Jänner auf Urlaub.", CHRISTMAS, date(2027, 1, 5)),
        ("Ich bin morgen wieder im Büro.", MONDAY, date(2026, 3, 3)),
        # French
        ("Je suis absent du 3 au 17 août.", JULY, date(2026, 8, 17)),
        ("Je suis en congés jusqu'au 5 mars 2026 inclus.", MONDAY, date(2026, 3, 5)),
        ("Je serai de retour le lundi 9 mars.", MONDAY, date(2026, 3, 9)),
        ("Absente du 27/07/2026 au 14/08/2026, je n'ai pas accès à mes courriels.", JULY, date(2026, 8, 14)),
        ("Je serai de retour au bureau jeudi.", MONDAY, date(2026, 3, 5)),
        ("Je serai absente jusqu’au 1er avril.", MONDAY, date(2026, 4, 1)),
        ("Mon retour est prévu le 09/03/2026.", MONDAY, date(2026, 3, 9)),
        # Spanish
        ("Estaré fuera de la oficina hasta el 5 de marzo.", MONDAY, date(2026, 3, 5)),
        ("Estoy de vacaciones del 3 al 17 de agosto de 2026.", JULY, date(2026, 8, 17)),
        ("Regreso el lunes 9 de marzo.", MONDAY, date(2026, 3, 9)),
        ("Volveré a la oficina el martes.", MONDAY, date(2026, 3, 3)),
        ("Me encuentro ausente hasta el día 13/03/2026 inclusive.", MONDAY, date(2026, 3, 13)),
        # Portuguese
        ("Estou de férias até 5 de março.", MONDAY, date(2026, 3, 5)),
        ("Estarei ausente de 3 a 17 de agosto, sem acesso ao e-mail.", JULY, date(2026, 8, 17)),
        ("Retorno no dia 09/03/2026.", MONDAY, date(2026, 3, 9)),
        ("Estarei de volta na segunda-feira, 9 de março.", MONDAY, date(2026, 3, 9)),
        ("Volto ao escritório na quinta-feira.", MONDAY, date(2026, 3, 5)),
        # Italian
        ("Sono fuori ufficio fino al 5 marzo.", MONDAY, date(2026, 3, 5)),
        ("Sarò assente dal 3 al 17 agosto 2026.", JULY, date(2026, 8, 17)),
        ("Rientrerò in ufficio lunedì 9 marzo.", MONDAY, date(2026, 3, 9)),
        ("Sarò di nuovo in ufficio il 09/03/2026.", MONDAY, date(2026, 3, 9)),
        # Dutch
        ("Ik ben afwezig tot en met 5 maart.", MONDAY, date(2026, 3, 5)),
        ("Ik ben op vakantie van 3 t/m 14 augustus.", JULY, date(2026, 8, 14)),
        ("Vanaf maandag 9 maart ben ik weer bereikbaar.", MONDAY, date(2026, 3, 9)),
        ("Ik ben donderdag weer aanwezig.", MONDAY, date(2026, 3, 5)),
        # Polish
        ("Jestem na urlopie do 5 marca włącznie.", MONDAY, date(2026, 3, 5)),
        ("Przebywam na urlopie od 3 do 17 sierpnia.", JULY, date(2026, 8, 17)),
        ("Wracam do pracy 9 marca 2026 r.", MONDAY, date(2026, 3, 9)),
        ("Jestem nieobecna w dniach 27.07-14.08.2026.", JULY, date(2026, 8, 14)),
        ("Będę ponownie dostępny w poniedziałek 9.03.2026.", MONDAY, date(2026, 3, 9)),
        # Russian, Ukrainian
        ("Я в отпуске с 1 по 14 августа.", JULY, date(2026, 8, 14)),
        ("Меня не будет в офисе до 5 марта 2026 г.", MONDAY, date(2026, 3, 5)),
        ("Вернусь на работу 9 марта.", MONDAY, date(2026, 3, 9)),
        ("Буду на рабочем месте в понедельник.", "Tue, 03 Mar 2026 11:00:00 +0300", date(2026, 3, 9)),
        ("Я у відпустці до 5 березня включно.", MONDAY, date(2026, 3, 5)),
        ("Повернуся до роботи 9 березня.", MONDAY, date(2026, 3, 9)),
        # Czech, Slovak
        ("Jsem mimo kancelář do 5. března.", MONDAY, date(2026, 3, 5)),
        ("Od 3. do 14. srpna čerpám dovolenou.", JULY, date(2026, 8, 14)),
        ("Budu zpět v pondělí 9. března 2026.", MONDAY, date(2026, 3, 9)),
        ("Som na dovolenke do 13. 3. 2026.", MONDAY, date(2026, 3, 13)),
        ("Späť v kancelárii budem 9. marca.", MONDAY, date(2026, 3, 9)),
        # Turkish
        ("5 Mart 2026 tarihine kadar ofis dışında olacağım.", MONDAY, date(2026, 3, 5)),
        ("9 Mart Pazartesi günü ofise döneceğim.", MONDAY, date(2026, 3, 9)),
        ("3 - 14 Ağustos tarihleri arasında izinliyim.", JULY, date(2026, 8, 14)),
        # The north
        ("Jag är på semester till och med 5 mars.", MONDAY, date(2026, 3, 5)),
        ("Jag är tillbaka på kontoret måndagen den 9 mars.", MONDAY, date(2026, 3, 9)),
        ("Jeg er på ferie til og med 5. marts.", MONDAY, date(2026, 3, 5)),
        ("Jeg er tilbage på kontoret mandag den 9. marts.", MONDAY, date(2026, 3, 9)),
        ("Jeg har ferie fra 3. til 14. august.", JULY, date(2026, 8, 14)),
        ("Jeg er tilbake på jobb 9. mars.", MONDAY, date(2026, 3, 9)),
        ("Olen lomalla 5.3. asti.", MONDAY, date(2026, 3, 5)),
        ("Palaan töihin 9. maaliskuuta.", MONDAY, date(2026, 3, 9)),
        ("Olen poissa 27.7.-14.8.2026.", JULY, date(2026, 8, 14)),
        # East Asia
        ("8月12日まで休暇をいただいております。", JULY, date(2026, 8, 12)),
        ("2026年8月3日から8月14日まで不在にしております。", JULY, date(2026, 8, 14)),
        ("3月9日(月)より出社いたします。", MONDAY, date(2026, 3, 9)),
        ("我正在休假，将于3月9日返回。", MONDAY, date(2026, 3, 9)),
        ("本人自2026年3月2日至2026年3月6日休假。", MONDAY, date(2026, 3, 6)),
        ("我將於3月9日回到辦公室。", MONDAY, date(2026, 3, 9)),
        ("3월 5일까지 휴가입니다.", MONDAY, date(2026, 3, 5)),
        ("3월 9일에 복귀합니다.", MONDAY, date(2026, 3, 9)),
        # Arabic, Hebrew
        ("أنا خارج المكتب حتى 5 مارس.", MONDAY, date(2026, 3, 5)),
        ("سأعود إلى المكتب يوم ٩ مارس ٢٠٢٦.", MONDAY, date(2026, 3, 9)),
        ("אני בחופשה עד ה-5 במרץ.", MONDAY, date(2026, 3, 5)),
        ("אחזור למשרד ב-9 במרץ 2026.", MONDAY, date(2026, 3, 9)),
        # Hungarian, Romanian, Greek
        ("Szabadságon vagyok március 5-ig.", MONDAY, date(2026, 3, 5)),
        ("2026. március 9-én térek vissza az irodába.", MONDAY, date(2026, 3, 9)),
        ("Sunt în concediu până pe 5 martie.", MONDAY, date(2026, 3, 5)),
        ("Voi reveni la birou luni, 9 martie.", MONDAY, date(2026, 3, 9)),
        ("Θα λείπω έως τις 5 Μαρτίου.", MONDAY, date(2026, 3, 5)),
        ("Θα επιστρέψω στο γραφείο τη Δευτέρα 9 Μαρτίου.", MONDAY, date(2026, 3, 9)),
        # Two languages in one answer
        ("Ich bin bis 05.03.2026 abwesend. / I am out of the office until 5 March 2026.", MONDAY, date(2026, 3, 5)),
    ],
)  # fmt: skip
def test_a_day_that_is_told(text, sent, expected):
    assert returns_on("", text, sent) == expected


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("I am out of the office and will answer as soon as I can.", MONDAY),
        ("I am out until 03/04/2026.", LONDON),  # Third of April or fourth of March.
        ("I am out until the end of March.", MONDAY),
        ("I am out of the office until next week.", MONDAY),
        ("I will get back to you on Thursday.", MONDAY),
        ("We are open Monday to Friday, 9 to 17.", MONDAY),
        ("We are open Monday through Friday.", MONDAY),
        ("Our office hours are 9.00 - 17.30.", MONDAY),
        ("Call me back on 05 03 12 until 17.00.", MONDAY),
        ("I am out of the office from 3 March on.", MONDAY),
        ("Until 5 March ask Bob. Until 9 March ask Carl.", MONDAY),
        ("I was away until 5 January 2024.", MONDAY),
        ("I am out until 31 February.", MONDAY),
        ("I am back until 99/99/9999.", MONDAY),
        ("I am away until 25 February.", MONDAY),  # Forgotten to be switched off: not in a year's time.
        ("Our price list of 5 March is attached.", MONDAY),
        ("Version 9.3.2026 was released; build 12.08.2026.1 too.", MONDAY),
        ("Tel. 05.03.12.08.26", MONDAY),
        ("Ich bin bis Ende August im Urlaub.", JULY),
        ("Wir sind Montag bis Freitag für Sie da.", MONDAY),
        ("Lundi au vendredi de 9 h à 17 h.", MONDAY),
        ("Bin bis 17.00 Uhr in einer Besprechung.", MONDAY),
        ("Please return the form before 5 March.", MONDAY),
        ("", MONDAY),
    ],
)
def test_no_day_rather_than_a_wrong_one(text, sent):
    assert returns_on("", text, sent) is None


def test_the_subject_of_notes_tells_the_day_too():
    subject = "AUTO: Ann Customer ist außer Haus (Rückkehr am 09.03.2026)"

    assert returns_on(subject, "Ich antworte nach meiner Rückkehr.", MONDAY) == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("ann@client.co.uk", date(2026, 4, 3)),
        ("ann@client.com.au", date(2026, 4, 3)),
        ("ann@office.gov", date(2026, 3, 4)),
        ("ann@client.example", None),
    ],
)
def test_day_and_month_by_the_country_of_the_sender(sender, expected):
    assert returns_on("", "I am out until 03/04/2026.", LONDON, sender) == expected


def test_without_a_date_of_its_own_only_a_whole_day_is_understood():
    assert returns_on("", "I am away until 5 March 2026.", None) == date(2026, 3, 5)
    assert returns_on("", "I am away until 5 March.", None) is None
    assert returns_on("", "I am away until Friday.", "no date") is None
    assert returns_on("", "I am away until Friday.", "Fri, 31 Dec 9999 23:59:59 +0000") is None


def test_a_message_tells_when_its_author_is_back_only_if_it_is_an_out_of_office_reply(mail):
    text = "I am out of the office until 5 March."

    away = parse_message(mail(text, subject="Automatic reply: Offer", auto_submitted="auto-replied"))
    person = parse_message(mail(text, subject="Re: Offer"))

    assert (away.kind, away.returns_on) == (Kind.OUT_OF_OFFICE, date(2026, 3, 5))
    assert (person.kind, person.returns_on) == (Kind.NORMAL, None)


WORDS = ("until", "back on", "bis", "zurück am", "from", "to", "-", "Monday", "5", "March", "03/04", "12.3.", "2027-05-06",
         "31.12.2099", "30 February", "まで", "3月5日", ",", "\n", "2026", "0", "99")  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_whatever_is_written_the_day_is_one_that_somebody_may_come_back_on(text):
    found = returns_on(text, text, MONDAY)

    assert found is None or date(2026, 3, 1) <= found <= date(2028, 3, 8)
