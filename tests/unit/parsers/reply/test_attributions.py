"""The line above a quote as mail programs write it, by program and language, in every shape that lines get on their way."""

import textwrap

import pytest

from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of

ADDRESS = "anna.nowak@harbour.example"
GMAIL = """
en|On Mon, Mar 2, 2026 at 11:00 AM Anna Nowak <@> wrote:
en-GB|On Mon, 2 Mar 2026 at 11:00, Anna Nowak <@> wrote:
es|El lun, 2 mar 2026 a las 11:00, Anna Nowak (<@>) escribió:
pt-BR|Em seg., 2 de mar. de 2026 às 11:00, Anna Nowak <@> escreveu:
pt-PT|Anna Nowak <@> escreveu (segunda, 2/03/2026 à(s) 11:00):
pt-PT|Anna Nowak <@> escreveu no dia segunda, 2/03/2026 à(s) 11:00:
pl|pon., 2 mar 2026 o 11:00 Anna Nowak <@> napisał(a):
de|Am Mo., 2. März 2026 um 11:00 Uhr schrieb Anna Nowak <@>:
de|Anna Nowak <@> schrieb am Mo., 2. März 2026, 11:00:
fr|Le lun. 2 mars 2026 à 11:00, Anna Nowak <@> a écrit :
it|Il giorno lun 2 mar 2026 alle ore 11:00 Anna Nowak <@> ha scritto:
nl|Op ma 2 mrt 2026 om 11:00 schreef Anna Nowak <@>:
ru|пн, 2 мар. 2026 г. в 11:00, Анна Новак <@>:
ru|2 марта 2026 г., 11:00 пользователь Анна Новак <@> написал:
uk|пн, 2 бер. 2026 р. о 11:00 Анна Новак <@> пише:
cs|po 2. 3. 2026 v 11:00 odesílatel Anna Nováková <@> napsal:
sk|po 2. 3. 2026 o 11:00 Anna Nováková <@> napísal(a):
tr|Anna Nowak <@>, 2 Mar 2026 Pzt, 11:00 tarihinde şunu yazdı:
sv|Den mån 2 mars 2026 kl 11:00 skrev Anna Nowak <@>:
da|Den man. 2. mar. 2026 kl. 11.00 skrev Anna Nowak <@>:
no|man. 2. mars 2026 kl. 11:00 skrev Anna Nowak <@>:
fi|ma 2. maalisk. 2026 klo 11.00 Anna Nowak (@) kirjoitti:
zh-CN|Anna Nowak <@> 于2026年3月2日周一 11:00写道：
zh-TW|Anna Nowak <@> 於 2026年3月2日 週一 上午11:00寫道：
ja|2026年3月2日(月) 11:00 Anna Nowak <@>:
ko|2026년 3월 2일 (월) 오전 11:00, Anna Nowak <@>님이 작성:
ar|في الاثنين، 2 مارس 2026 في 11:00 ص تمت كتابة ما يلي بواسطة ‪Anna Nowak‬‏ <‪@‬‏>:‬
he|‫בתאריך יום ב׳, 2 במרץ 2026 ב-11:00 מאת ‪Anna Nowak‬‏ <‪@‬‏>:‬
hu|Anna Nowak <@> ezt írta (időpont: 2026. márc. 2., H, 11:00):
ro|În lun., 2 mar. 2026 la 11:00, Anna Nowak <@> a scris:
el|Στις Δευ 2 Μαρ 2026 στις 11:00 π.μ., ο χρήστης Anna Nowak <@> έγραψε:
hr|pon, 2. ožu 2026. u 11:00 Anna Nowak <@> napisao je:
sr|пон, 2. мар 2026. у 11:00 Anna Nowak <@> је написао/ла:
bg|На пн, 2.03.2026 г. в 11:00 Анна Новак <@> написа:
ca|Missatge de Anna Nowak <@> del dia dl., 2 de març 2026 a les 11:00:
vi|Vào Th 2, 2 thg 3, 2026 vào lúc 11:00 Anna Nowak <@> đã viết:
id|Pada tanggal Sen, 2 Mar 2026 pukul 11.00 Anna Nowak <@> menulis:
th|ในวันที่ จ. 2 มี.ค. 2026 เวลา 11:00 Anna Nowak <@> เขียนว่า:
lt|2026-03-02, pr, 11:00 Anna Nowak <@> rašė:
lv|pirmd., 2026. g. 2. marts, plkst. 11:00 — lietotājs Anna Nowak (<@>) rakstīja:
et|Kuupäev E, 2. märts 2026 kell 11:00 kirjutas Anna Nowak <@>:
sl|V V pon., 2. mar. 2026 ob 11:00 je oseba Anna Nowak <@> napisala:
is|Þann mán., 2. mar. 2026 kl. 11:00 skrifaði Anna Nowak <@>:
fa|در تاریخ دوشنبه ۲ مارس ۲۰۲۶،‏ ۱۱:۰۰ Anna Nowak <@> نوشت:
eu|Anna Nowak <@> igorleak hau idatzi zuen (2026 mar. 2(e)an, al. (11:00)):
gl|O luns, 2 mar 2026 ás 11:00, Anna Nowak (<@>) escribiu:
fil|Noong Lun, Mar 2, 2026 nang 11:00 AM, isinulat ni Anna Nowak <@>:
old|2026-03-02 11:00 GMT+01:00 Anna Nowak <@>:
"""
APPLE = """
en|On 2 Mar 2026, at 11:00, Anna Nowak <@> wrote:
en-US|On Mar 2, 2026, at 11:00 AM, Anna Nowak <@> wrote:
de|Am 02.03.2026 um 11:00 schrieb Anna Nowak <@>:
fr|Le 2 mars 2026 à 11:00, Anna Nowak <@> a écrit :
es|El 2 mar 2026, a las 11:00, Anna Nowak <@> escribió:
pt-BR|Em 2 de mar. de 2026, à(s) 11:00, Anna Nowak <@> escreveu:
pt-PT|No dia 02/03/2026, às 11:00, Anna Nowak <@> escreveu:
it|Il giorno 2 mar 2026, alle ore 11:00, Anna Nowak <@> ha scritto:
nl|Op 2 mrt 2026, om 11:00 heeft Anna Nowak <@> het volgende geschreven:
pl|Wiadomość napisana przez Anna Nowak <@> w dniu 2 mar 2026, o godz. 11:00:
pl|Dnia 2 mar 2026 o godz. 11:00 Anna Nowak <@> napisał(a):
ru|2 марта 2026 г., в 11:00, Анна Новак <@> написал(а):
uk|2 бер. 2026 р. о 11:00 Анна Новак <@> написав(-ла):
cs|2. 3. 2026 v 11:00, Anna Nováková <@>:
sk|2. 3. 2026 o 11:00, Anna Nováková <@> napísal(a):
tr|Anna Nowak <@> şunları yazdı (2 Mar 2026 11:00):
sv|2 mars 2026 kl. 11:00 skrev Anna Nowak <@>:
da|Den 2. mar. 2026 kl. 11.00 skrev Anna Nowak <@>:
no|Den 2. mar. 2026 kl. 11:00 skrev Anna Nowak <@>:
fi|Anna Nowak <@> kirjoitti 2.3.2026 kello 11.00:
zh-CN|在 2026年3月2日，11:00，Anna Nowak <@> 写道：
zh-CN|2026年3月2日 11:00，Anna Nowak <@> 写道：
zh-TW|Anna Nowak <@> 於 2026年3月2日 上午11:00 寫道：
ja|2026/03/02 11:00、Anna Nowak <@>のメール:
ko|2026. 3. 2. 오전 11:00, Anna Nowak <@> 작성:
ko|Anna Nowak <@> 2026. 3. 2. 오전 11:00 작성:
ar|في ٢ مارس ٢٠٢٦، الساعة ١١:٠٠ ص، كتب/كتبت Anna Nowak <@>:
he|ב-2 במרץ 2026, בשעה 11:00, Anna Nowak <@> כתב/ה:
hu|2026. márc. 2. dátummal, 11:00 időpontban Anna Nowak <@> írta:
ro|Pe 2 mar. 2026, la 11:00, Anna Nowak <@> a scris:
el|Στις 2 Μαρ 2026, στις 11:00, ο/η Anna Nowak <@> έγραψε:
hr|Dana 2. ožu 2026., u 11:00, korisnik Anna Nowak <@> napisao/la je:
hr|Anna Nowak <@> je 2. ožu. 2026. u 11:00 napisao/la:
ca|El dia 2 març 2026, a les 11:00, Anna Nowak <@> va escriure:
vi|Vào 11:00, 2 thg 3, 2026, Anna Nowak <@> đã viết:
id|Pada 2 Mar 2026, pukul 11.00, Anna Nowak <@> menulis:
th|เมื่อ 2 มี.ค. 2569 เวลา 11:00 Anna Nowak <@> เขียนว่า:
"""
THUNDERBIRD = """
en|On 3/2/2026 11:00 AM, Anna Nowak wrote:
en|On 02/03/2026 11:00, Anna Nowak via Boats wrote:
de|Am 02.03.26 um 11:00 schrieb Anna Nowak:
fr|Le 02/03/2026 à 11:00, Anna Nowak a écrit :
es|El 2/3/26 a las 11:00, Anna Nowak escribió:
pt-BR|Em 02/03/2026 11:00, Anna Nowak escreveu:
pt-PT|Às 11:00 de 02/03/26, Anna Nowak escreveu:
it|Il 02/03/2026 11:00, Anna Nowak ha scritto:
nl|Op 02-03-2026 om 11:00 schreef Anna Nowak:
pl|W dniu 2.03.2026 o 11:00, Anna Nowak pisze:
ru|02.03.2026 11:00, Анна Новак пишет:
uk|02.03.26 11:00, Анна Новак пише:
cs|Dne 02. 03. 26 v 11:00 Anna Nováková napsal(a):
sk|Dňa 2. 3. 2026 o 11:00 Anna Nováková napísal(a):
tr|2.03.2026 11:00 tarihinde Anna Nowak yazdı:
sv|Den 2026-03-02 kl. 11:00, skrev Anna Nowak:
da|Den 02.03.2026 kl. 11.00 skrev Anna Nowak:
no|Den 02.03.2026 11:00, skrev Anna Nowak:
fi|Anna Nowak kirjoitti 2.3.2026 klo 11.00:
zh-CN|在 2026/3/2 11:00, Anna Nowak 写道:
zh-TW|Anna Nowak 於 2026/3/2 上午 11:00 寫道:
ja|(2026/03/02 11:00), Anna Nowak wrote:
ko|2026-03-02 오전 11:00에 Anna Nowak 이(가) 쓴 글:
he|בתאריך 02/03/2026 11:00, Anna Nowak כתב:
ar|في 02‏/03‏/2026 11:00 ص، كتب Anna Nowak:
hu|2026. 03. 02. 11:00 keltezéssel, Anna Nowak írta:
ro|Pe 02.03.2026 11:00, Anna Nowak a scris:
el|Στις 02/03/2026 11:00, ο/η Anna Nowak έγραψε:
hr|Dana 2.3.2026. u 11:00, Anna Nowak je napisao/la:
sr|Дана 2.3.2026. у 11:00, Анна Новак је написао/ла:
bg|На 2.03.26 г. в 11:00, Анна Новак написа:
ca|El 2/3/26 a les 11:00, Anna Nowak ha escrit:
vi|Vào 02/03/2026 11:00, Anna Nowak đã viết:
et|Anna Nowak kirjutas 02.03.2026 11:00:
sl|Dne 2. 03. 26 ob 11:00 je Anna Nowak napisal(a):
lt|2026-03-02 11:00, Anna Nowak rašė:
is|Þann 2.3.2026 11:00, skrifaði Anna Nowak:
gl|O 02/03/26 ás 11:00, Anna Nowak escribiu:
eu|2026/03/02 11:00(e)an, Anna Nowak igorleak idatzi zuen:
"""
OTHERS = """
Yahoo, classic|--- On Mon, 3/2/26, Anna Nowak <@> wrote:
Yahoo|On Monday, March 2, 2026, 11:00:00 AM EST, Anna Nowak <@> wrote:
Yahoo, Android|On Mon, Mar 2, 2026 at 11:00 AM, Anna Nowak<@> wrote:
Yahoo, German|Am Montag, 2. März 2026 um 11:00:00 MEZ hat Anna Nowak <@> Folgendes geschrieben:
Yahoo, classic, German|--- Anna Nowak <@> schrieb am Mo, 2.3.2026:
Yahoo, Spanish|En lunes, 2 de marzo de 2026, 11:00:00 CET, Anna Nowak <@> escribió:
Yahoo, Brazil|Em segunda-feira, 2 de março de 2026 11:00:00 BRT, Anna Nowak <@> escreveu:
Yahoo, Taiwan|在 2026年3月2日星期一 上午11:00:00 [GMT+8]， Anna Nowak<@>寫道：
Yahoo, Finnish|maanantai 2. maaliskuuta 2026 klo 11.00.00 UTC+2, Anna Nowak <@> kirjoitti:
Yahoo, Polish|W dniu poniedziałek, 2 marca 2026 11:00:00 CET użytkownik Anna Nowak <@> napisał:
Yahoo, Romanian|În luni, 2 martie 2026 la 11:00:00 EET, Anna Nowak <@> a scris:
Yahoo, Turkish|2 Mart 2026 Pazartesi 11:00:00 TSİ tarihinde, Anna Nowak <@> şunu yazdı:
Yahoo, Vietnamese|Vào 11:00:00 GMT+7 Thứ Hai, 2 tháng 3, 2026, Anna Nowak <@> đã viết:
Proton|On Monday, March 2nd, 2026 at 11:00 AM, Anna Nowak <@> wrote:
Proton, German|Anna Nowak <@> schrieb am Montag, 2. März 2026 um 11:00:
Open-Xchange, German|Anna Nowak <@> hat am 02.03.2026 11:00 geschrieben:
Open-Xchange, German, newer|Am 02.03.2026 11:00 CET schrieb Anna Nowak <@>:
Open-Xchange|On 03/02/2026 11:00 AM CET Anna Nowak <@> wrote:
Open-Xchange, Italian|Il 02/03/2026 11:00 CET Anna Nowak <@> ha scritto:
WEB.DE app|Am 02.03.26, 11:00, Anna Nowak <@> schrieb:
Yandex|02.03.2026, 11:00, "Анна Новак" <@>:
Yandex, newer|11:00, 2 марта 2026 г., Анна Новак <@>:
Mail.ru|Понедельник, 2 марта 2026, 11:00 +03:00 от Анна Новак <@>:
Mail.ru, English|Monday, March 2, 2026 11:00 AM +03:00 from Anna Nowak <@>:
163|At 2026-03-02 11:00:00, "Anna Nowak" <@> wrote:
163, Chinese|在 2026-03-02 11:00:00，"Anna Nowak" <@> 写道：
Notes|Anna Nowak/Harbour wrote on 03/02/2026 11:00:00 AM:
Notes, German|Anna Nowak/Harbour schrieb am 02.03.2026 11:00:00:
Notes web|-----Anna Nowak/Harbour wrote: -----
Notes web, address|-----"Anna Nowak" <@> wrote: -----
Spark|On 2 Mar 2026, 11:00 +0100, Anna Nowak <@>, wrote:
Spark, German|Am 2. März 2026, 11:00 +0100 schrieb Anna Nowak <@>:
K-9|On 2 March 2026 11:00:00 CET, Anna Nowak <@> wrote:
K-9, German|Am 2. März 2026 11:00:00 MEZ schrieb Anna Nowak <@>:
K-9, Russian|2 марта 2026 г. 11:00:00 GMT+03:00, Анна Новак <@> пишет:
Zoho|---- On Mon, 02 Mar 2026 11:00:00 +0100 Anna Nowak <@> wrote ----
Zoho, French|---- Le lun., 02 mars 2026 11:00:00 +0100 Anna Nowak <@> a écrit ----
Zoho, German|---- Am Mo., 02 März 2026 11:00:00 +0100 Anna Nowak <@> schrieb ----
Zoho, Spanish|---- El lun, 02 mar 2026 11:00:00 +0100 Anna Nowak <@> escribió ----
Fastmail|On Mon, 2 Mar 2026, at 11:00, Anna Nowak wrote:
Fastmail, US|On Mon, Mar 2, 2026, at 11:00 AM, Anna Nowak wrote:
Roundcube|On 2026-03-02 11:00, Anna Nowak wrote:
Roundcube, German|Am 02.03.2026 11:00, schrieb Anna Nowak:
Roundcube, Dutch|Anna Nowak schreef op 2026-03-02 11:00:
Roundcube, Russian|Анна Новак писал(а) 2026-03-02 11:00:
Roundcube, Ukrainian|Анна Новак писав 2026-03-02 11:00:
Roundcube, Hungarian|2026-03-02 11:00 időpontban Anna Nowak ezt írta:
Roundcube, Turkish|2026-03-02 11:00, Anna Nowak yazmış:
Roundcube, Finnish|Anna Nowak kirjoitti 2026-03-02 11:00:
Roundcube, Japanese|Anna Nowak さんは 2026-03-02 11:00 に書きました:
Roundcube, Slovenian|Dne 2026-03-02 11:00 je Anna Nowak napisal/a:
Horde, German|Zitat von Anna Nowak <@>:
Horde|Quoting Anna Nowak <@>:
Horde, Spanish|Citando a Anna Nowak <@>:
Horde, French|Anna Nowak <@> a écrit :
Horde, Italian|Anna Nowak <@> ha scritto:
SquirrelMail|On Mon, March 2, 2026 11:00 am, Anna Nowak wrote:
KMail|On Monday, 2 March 2026 11:00:00 CET Anna Nowak wrote:
KMail, German|Am Montag, 2. März 2026, 11:00:00 CET schrieb Anna Nowak:
Evolution|On Mon, 2026-03-02 at 11:00 +0100, Anna Nowak wrote:
Evolution, German|Am Montag, dem 02.03.2026 um 11:00 +0100 schrieb Anna Nowak:
Evolution, French|Le lundi 02 mars 2026 à 11:00 +0100, Anna Nowak a écrit :
Evolution, Spanish|El lun, 02-03-2026 a las 11:00 +0100, Anna Nowak escribió:
Evolution, Russian|В Пн, 02/03/2026 в 11:00 +0300, Анна Новак пишет:
Evolution, Czech|Anna Nováková píše v Po 02. 03. 2026 v 11:00 +0100:
Evolution, Polish|Dnia 2026-03-02, pon o godzinie 11:00 +0100, Anna Nowak pisze:
Evolution, Swedish|mån 2026-03-02 klockan 11:00 +0100 skrev Anna Nowak:
Evolution, Dutch|Op ma 02-03-2026 om 11:00 [+0100], schreef Anna Nowak:
Evolution, Finnish|ma, 2026-03-02 kello 11:00 +0200, Anna Nowak kirjoitti:
Evolution, Hungarian|2026. 03. 2, hétfő keltezéssel 11.00-kor Anna Nowak ezt írta:
Evolution, Turkish|Pzt, 2026-03-02 tarihinde 11:00 +0300 saatinde, Anna Nowak yazdı:
Evolution, Greek|Στις 02-03-2026, ημέρα Δευ, και ώρα 11:00 +0200, ο/η Anna Nowak έγραψε:
Evolution, Chinese|在 2026-03-02一的 11:00 +0800，Anna Nowak写道：
Evolution, Japanese|2026-03-02 (月) の 11:00 +0900 に Anna Nowak さんは書きました:
Evolution, Ukrainian|У пн, 2026-03-02 у 11:00 +0200, Анна Новак пише:
Evolution, Catalan|El dl. 02 de 03 de 2026 a les 11:00 +0100, en/na Anna Nowak va escriure:
mutt|On Mon, Mar 02, 2026 at 11:00:00AM +0100, Anna Nowak wrote:
mutt, bracketed date|* Anna Nowak <@> [2026-03-02 11:00:00 +0100]:
notmuch|Anna Nowak <@> writes:
mu4e|On Mon, Mar 02 2026, Anna Nowak wrote:
sup|Excerpts from Anna Nowak's message of 2026-03-02 11:00:00 +0100:
Pine|On Mon, 2 Mar 2026, Anna Nowak wrote:
The Bat!|Monday, March 2, 2026, 11:00:00 AM, you wrote:
Zimbra|----- On Mar 2, 2026, at 11:00 AM, Anna Nowak @ wrote:
Zimbra, French|----- Le 2 Mar 26, à 11:00, Anna Nowak @ a écrit :
Zimbra, German|----- Am 2. Mrz 2026 um 11:00 schrieb Anna Nowak @:
Front|On March 2, 2026 at 11:00 AM GMT+1, @ wrote:
Superhuman|On Mon, Mar 02, 2026 at 11:00 AM, Anna Nowak < @ > wrote:
AOL|In a message dated 3/2/2026 11:00:00 AM Eastern Standard Time, @ writes:
Freshdesk|On Mon, 2 Mar, 2026 at 11:00 AM , Anna Nowak <@> wrote:
Jira|On Mon, Mar 2, 2026 at 11:00 AM, Anna Nowak (JIRA) <@> wrote:
Google Groups|On Monday, March 2, 2026 at 11:00:00 AM UTC+1 Anna Nowak wrote:
Google Groups, German|Am Montag, 2. März 2026 um 11:00:00 UTC+1 schrieb Anna Nowak:
Google Calendar mobile|On Mon, 2 Mar 2026 11:00 Anna Nowak, <@> wrote:
Mailbox|On Mon, Mar 2, 2026 at 11:00 AM, Anna Nowak <@>="" wrote:
Airmail|On 2 March 2026 at 11:00:00, Anna Nowak (@) wrote:
Airmail, German|Am 2. März 2026 um 11:00:00, Anna Nowak (@) schrieb:
Newton|On Mon, Mar 02, 2026 at 11:00am, Anna Nowak < @ [@] > wrote:
Polymail|On Mon, Mar 2, 2026 at 11:00 AM Anna Nowak <mailto:Anna Nowak <@> > wrote:
"""
PARAGRAPHS = "Could you send the offer\nfor the three boats?"
QUOTED = "> Could you send the offer\n> for the three boats?"


def _rows() -> list[tuple[str, str]]:
    rows = []
    for program, lines in (("Gmail", GMAIL), ("Apple", APPLE), ("Thunderbird", THUNDERBIRD), ("", OTHERS)):
        for line in lines.strip().split("\n"):
            name, _, attribution = line.partition("|")
            rows.append((f"{program} {name}".strip(), attribution.replace("@", ADDRESS)))
    return rows


ROWS = _rows()
NAMES = [f"{number} {name}" for number, (name, _) in enumerate(ROWS)]
LINES = [line for _, line in ROWS]


def _wrapped(line: str, width: int) -> str:
    return "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False))


SHAPES = {
    "one line": lambda line: line,
    "narrow blanks": lambda line: line.replace("11:00 AM", "11:00\u202fAM").replace(" :", "\u00a0:"),
    "wrapped at 72": lambda line: _wrapped(line, 72),
    "wrapped at 60": lambda line: _wrapped(line, 60),
    "wrapped behind <": lambda line: line.replace("<" + ADDRESS, "<\n" + ADDRESS),
    "wrapped before <": lambda line: line.replace(" <" + ADDRESS, "\n<" + ADDRESS),
}


def _split(shaped: str, below: str) -> tuple[str, str]:
    reply = reply_of(lines_of(f"Here it is.\n\n{shaped}\n\n{below}\n"), None)
    return reply.text, reply.quoted.replace("\n", " ")


@pytest.mark.parametrize("attribution", LINES, ids=NAMES)
def test_an_attribution_goes_with_the_quote_below_it_in_any_shape(attribution):
    for shape, shaped_by in SHAPES.items():
        text, quoted = _split(shaped_by(attribution), QUOTED)

        assert text == "Here it is.", shape
        assert quoted.endswith(QUOTED.replace("\n", " ")), shape


@pytest.mark.parametrize("attribution", LINES, ids=NAMES)
def test_an_attribution_of_a_quote_without_marks_ends_the_text(attribution):
    text, quoted = _split(attribution, PARAGRAPHS)

    assert text == "Here it is."
    assert quoted == f"{attribution}  {PARAGRAPHS}".replace("\n", " ").replace("\u00a0", " ")
