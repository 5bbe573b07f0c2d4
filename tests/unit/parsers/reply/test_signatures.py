"""What stands below a letter and is none of it: cards, formulas, and what phones and apps write."""

import pytest

from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of

SENT_FROM = """
Apple|Sent from my iPhone
Apple|Sent from my iPad
Apple, German|Von meinem iPhone gesendet
Apple, French|Envoyé de mon iPhone
Apple, Spanish|Enviado desde mi iPhone
Apple, Portuguese|Enviado do meu iPhone
Apple, Italian|Inviato da iPhone
Apple, Dutch|Verstuurd vanaf mijn iPhone
Apple, Polish|Wysłane z iPhone'a
Apple, Russian|Отправлено с iPhone
Apple, Ukrainian|Надіслано з iPhone
Apple, Czech|Odesláno z iPhonu
Apple, Slovak|Odoslané z iPhonu
Apple, Turkish|iPhone'umdan gönderildi
Apple, Turkish, curly|iPhone’umdan gönderildi
Apple, Swedish|Skickat från min iPhone
Apple, Danish|Sendt fra min iPhone
Apple, Finnish|Lähetetty iPhonesta
Apple, Chinese|发自我的 iPhone
Apple, Taiwanese|從我的 iPhone 傳送
Apple, Japanese|iPhoneから送信
Apple, Korean|나의 iPhone에서 보냄
Apple, Arabic|أُرسلت من الـ iPhone
Apple, Arabic, newer|تم الإرسال من الـ iPhone
Apple, Hebrew|נשלח מה-iPhone שלי
Apple, Hungarian|Az iPhone-omról küldve
Apple, Hungarian, newer|iPhone-ról küldve
Apple, Romanian|Trimis de pe iPhone
Apple, Greek|Στάλθηκε από το iPhone μου
Apple, Croatian|Poslano s mojeg iPhonea
Apple, Serbian|Poslato sa iPhone-a
Apple, Bulgarian|Изпратено от моя iPhone
Apple, Catalan|Enviat des del meu iPhone
Apple, Vietnamese|Đã gửi từ iPhone của tôi
Apple, Indonesian|Dikirim dari iPhone saya
Apple, Malay|Dihantar daripada iPhone saya
Apple, Thai|ส่งจาก iPhone ของฉัน
Apple, Slovenian|Poslano iz iPhona
Outlook|Get Outlook for iOS<https://aka.ms/o0ukef>
Outlook, bracketed|Get [Outlook for Android](https://aka.ms/AAb9ysg)
Outlook, German|Outlook für iOS<https://aka.ms/o0ukef> beziehen
Outlook, German, newer|Holen Sie sich Outlook für iOS<https://aka.ms/o0ukef>
Outlook, French|Télécharger Outlook pour iOS<https://aka.ms/o0ukef>
Outlook, French, older|Obtenir Outlook pour iOS<https://aka.ms/o0ukef>
Outlook, Spanish|Obtener Outlook para iOS<https://aka.ms/o0ukef>
Outlook, Spanish, newer|Descargar Outlook para Android<https://aka.ms/AAb9ysg>
Outlook, Portuguese|Obter o Outlook para iOS<https://aka.ms/o0ukef>
Outlook, Brazil|Obtenha o Outlook para Android<https://aka.ms/AAb9ysg>
Outlook, Italian|Ottieni Outlook per Android<https://aka.ms/AAb9ysg>
Outlook, Dutch|Outlook voor Android<https://aka.ms/AAb9ysg> downloaden
Outlook, Polish|Pobierz aplikację Outlook dla systemu iOS<https://aka.ms/o0ukef>
Outlook, Russian|Получить Outlook для iOS<https://aka.ms/o0ukef>
Outlook, Ukrainian|Отримати Outlook для iOS<https://aka.ms/o0ukef>
Outlook, Czech|Získat Outlook pro iOS<https://aka.ms/o0ukef>
Outlook, Slovak|Získať Outlook pre iOS<https://aka.ms/o0ukef>
Outlook, Turkish|iOS için Outlook'u edinin<https://aka.ms/o0ukef>
Outlook, Swedish|Hämta Outlook för iOS<https://aka.ms/o0ukef>
Outlook, Danish|Hent Outlook til iOS<https://aka.ms/o0ukef>
Outlook, Norwegian|Skaff deg Outlook for iOS<https://aka.ms/o0ukef>
Outlook, Finnish|Hanki Outlook for iOS<https://aka.ms/o0ukef>
Outlook, Chinese|获取 Outlook for iOS<https://aka.ms/o0ukef>
Outlook, Chinese, newer|下载适用于 iOS 的 Outlook<https://aka.ms/o0ukef>
Outlook, Taiwanese|取得 iOS 版 Outlook<https://aka.ms/o0ukef>
Outlook, Japanese|Outlook for iOS<https://aka.ms/o0ukef> を入手する
Outlook, Korean|iOS용 Outlook 다운로드<https://aka.ms/o0ukef>
Outlook, Arabic|الحصول على Outlook لـ iOS<https://aka.ms/o0ukef>
Outlook, Hebrew|קבל את Outlook עבור iOS<https://aka.ms/o0ukef>
Outlook, Hungarian|Az iOS-es Outlook beszerzése<https://aka.ms/o0ukef>
Outlook, Romanian|Obțineți Outlook pentru iOS<https://aka.ms/o0ukef>
Outlook, Greek|Λήψη του Outlook για iOS<https://aka.ms/o0ukef>
Outlook, Croatian|Nabavi Outlook za iOS<https://aka.ms/o0ukef>
Outlook, Bulgarian|Изтегляне на Outlook за Android<https://aka.ms/AAb9ysg>
Outlook, Vietnamese|Tải Outlook cho iOS<https://aka.ms/o0ukef>
Outlook, Indonesian|Dapatkan Outlook untuk iOS<https://aka.ms/o0ukef>
Outlook, Thai|รับ Outlook for iOS<https://aka.ms/o0ukef>
Windows|Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows
Windows, German|Gesendet von Mail<https://go.microsoft.com/fwlink/?LinkId=550986> für Windows
Windows, French|Provenance : Courrier<https://go.microsoft.com/fwlink/?LinkId=550986> pour Windows
Windows, Spanish|Enviado desde Correo<https://go.microsoft.com/fwlink/?LinkId=550986> para Windows
Windows, Italian|Inviato da Posta<https://go.microsoft.com/fwlink/?LinkId=550986> per Windows
Windows, Dutch|Verzonden vanuit Mail voor Windows
Windows, Polish|Wysłane z aplikacji Poczta dla Windows
Windows, Russian|Отправлено из Почты для Windows
Windows, Swedish|Skickades från E-post för Windows
Windows, Norwegian|Sendt fra E-post for Windows
Windows, Turkish|Windows için Posta ile gönderildi
Windows, Japanese|Windows 版のメールから送信
Windows, Chinese|从 Windows 版邮件发送
Windows Phone|Sent from my Windows Phone
Windows Phone, German|Gesendet von meinem Windows Phone
Samsung|Sent from my Galaxy
Samsung, older|Sent from my Samsung Galaxy smartphone.
Samsung, German|Von meinem Samsung Galaxy Smartphone gesendet.
Samsung, French|Envoyé depuis mon appareil Galaxy
Samsung, Italian|Inviato dal mio Galaxy
Samsung, Dutch|Verzonden vanaf mijn Galaxy
Samsung, Korean|나의 Galaxy에서 보냄
Samsung, Polish|Wysłane z mojego Galaxy
BlackBerry|Sent from my BlackBerry 10 smartphone on the Rogers network.
BlackBerry, wireless|Sent via BlackBerry by AT&T
Yahoo|Sent from Yahoo Mail on Android
Yahoo, German|Gesendet von Yahoo Mail auf Android
Yahoo, French|Envoyé à partir de Yahoo Mail pour Android
Yahoo, Spanish|Enviado desde Yahoo Mail para iPhone
Yahoo, slogan|Yahoo Mail: Search, Organize, Conquer
GMX|Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.
WEB.DE|Gesendet mit der WEB.DE Mail App
Telekom|Gesendet mit der Telekom Mail App
K-9|Sent from my Android device with K-9 Mail. Please excuse my brevity.
K-9, German|Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.
Proton|Sent with Proton Mail secure email.
Proton, French|Envoyé avec la messagerie sécurisée Proton Mail.
Mail.ru|Отправлено из Mail.ru для Android
Yandex|Отправлено из мобильной Яндекс.Почты
Spark|Sent via Spark
myMail|Sent from myMail for Android
Huawei|Sent from my HUAWEI P30
Xiaomi|Sent from my Xiaomi
Superhuman|Sent via Superhuman iOS
TypeApp|Sent from TypeApp
Nine|Sent from Nine
Mobile, in brackets|(sent from my mobile)
Excuse|Sent from my mobile, please excuse typos
Notes|Sent from HCL Verse
HEY|Sent from HEY
"""
CLOSINGS = """
English|Best regards,
English|Kind regards
English|Thanks,
English|Thanks in advance for your help,
English|Many thanks and best wishes,
English|Have a great day,
English|Best,
English|Cheers!
English|Warmly,
English|With kindest regards,
English|Thank you very much,
English|Looking forward to hearing from you,
German|Mit freundlichen Grüßen
German|Mit freundlichen Grüßen / Best regards
German|Viele Grüße aus Hamburg
German|Freundliche Grüsse
German|Herzliche Grüße,
German|Beste Grüße
German|Liebe Grüße
German|Ganz liebe Grüße
German|MfG
German|Mit besten Grüßen aus dem Norden
French|Cordialement,
French|Bien cordialement,
French|Sincères salutations
French|Bien à vous,
French|Merci d'avance
Spanish|Saludos,
Spanish|Un saludo,
Spanish|Saludos cordiales,
Spanish|Atentamente,
Spanish|Quedo a la espera, saludos
Spanish|Un fuerte abrazo,
Portuguese|Atenciosamente,
Portuguese|Com os melhores cumprimentos,
Portuguese|Cumprimentos,
Portuguese|Abraço,
Italian|Cordiali saluti
Italian|Distinti saluti,
Italian|Un caro saluto,
Italian|Grazie e buona giornata
Dutch|Met vriendelijke groet,
Dutch|Hartelijke groeten,
Dutch|Met vriendelijke groeten,
Polish|Pozdrawiam,
Polish|Z poważaniem
Polish|Pozdrawiam serdecznie
Russian|С уважением,
Russian|С наилучшими пожеланиями
Ukrainian|З повагою,
Czech|S pozdravem
Czech|Hezký den
Slovak|S pozdravom
Turkish|Saygılarımla,
Turkish|İyi çalışmalar,
Swedish|Med vänliga hälsningar
Swedish|Vänliga hälsningar,
Danish|Med venlig hilsen
Danish|De bedste hilsner
Norwegian|Med vennlig hilsen
Norwegian|Hilsen
Finnish|Ystävällisin terveisin
Finnish|Terveisin,
Hungarian|Üdvözlettel,
Romanian|Cu stimă,
Greek|Με εκτίμηση,
Croatian|Srdačan pozdrav,
Serbian|Срдачан поздрав,
Bulgarian|С уважение,
Catalan|Salutacions cordials,
Slovenian|Lep pozdrav,
Estonian|Lugupidamisega
Lithuanian|Pagarbiai,
Latvian|Ar cieņu,
Vietnamese|Trân trọng,
Indonesian|Hormat kami,
Chinese|此致
Chinese|祝好
Japanese|よろしくお願いいたします。
Korean|감사합니다.
Arabic|مع أطيب التحيات،
Hebrew|בברכה,
Thai|ขอแสดงความนับถือ
"""
QUOTE = "On Mon, 2 Mar 2026 at 11:00, Anna Nowak <anna@harbour.example> wrote:\n> Could you send the offer?"


def _rows(table: str) -> list[str]:
    return [row.partition("|")[2] for row in table.strip().split("\n")]


@pytest.mark.parametrize("line", _rows(SENT_FROM))
def test_what_a_phone_or_an_app_adds_is_apart(line):
    for quote in ("", QUOTE):
        reply = reply_of(lines_of(f"Here it is.\n\n{line}\n\n{quote}"), None)

        assert (reply.text, reply.signature) == ("Here it is.", line)


@pytest.mark.parametrize("closing", _rows(CLOSINGS))
def test_a_closing_formula_begins_the_signature(closing):
    for card in ("Anna", "Anna Nowak\nHarbour Ltd\n+48 22 555 01 01"):
        for quote in ("", QUOTE):
            reply = reply_of(lines_of(f"Here it is.\n\n{closing}\n\n{card}\n\n{quote}"), None)

            assert (reply.text, reply.signature) == ("Here it is.", f"{closing}\n\n{card}")


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Yes.\n\n-- \nAnna\nSales", "Yes."),
        ("Yes.\n\n--\nAnna", "Yes."),
        ("Yes.\n\n—\nAnna", "Yes."),
        ("Yes.\n\n-- \nAnna\n\nSent from my iPhone", "Yes."),
        ("Yes.\n\n- - -\nAnna Nowak\nHarbour Ltd", "Yes."),
        ("Yes.\n\n_______________\nAnna Nowak\nHarbour Ltd", "Yes."),
        ("Yes.\n\n---\nAnna Nowak\nTel. +48 22 555 01 01", "Yes."),
        ("Yes.\n\n-----\nAnna Nowak\nanna@harbour.example", "Yes."),
        ("Yes.\n\n-- Anna", "Yes."),
        ("Yes.\n\n--Anna Nowak", "Yes."),
        ("Yes.\n\n_______________________________________________\nboats mailing list\nboats@lists.example", "Yes."),
        ("Yes.\n\n-- \nYou received this message because you are subscribed to the Google Groups group.", "Yes."),
        ("Yes.\n\n--\nTo unsubscribe from this list: send the line unsubscribe", "Yes."),
        ("Yes.\n\nAnna Nowak\nHarbour Ltd\nTel: +48 22 555 01 01\nwww.harbour.example", "Yes."),
        ("Yes.\n\nAnna Nowak | Sales | Harbour Ltd\nM +48 555 010 101", "Yes."),
    ],
)
def test_a_mark_or_a_card_ends_the_text(text, new):
    reply = reply_of(lines_of(text), None)

    assert reply.text == new
    assert reply.signature


@pytest.mark.parametrize(
    "text",
    [
        "Thanks",
        "Thank you for the offer.\nWe take it.",
        "Thanks,\nbut the price is too high for us this year, and my colleagues think so too.",
        "One\n\n-----\n\nTwo",
        "Shall I send it from my iPhone? It was sent from the office.",
        "The parcel was sent from Hamburg on Monday.\nIt comes by ship.",
        "Please call:\n+48 22 555 01 01",
        "The numbers are:\n\nAnna +48 22 555 01 01\nBob +48 22 555 01 02",
        "Please help. Thanks.\n\nEverything is lost",
        "We looked at both:\n\nDomain Name, Expiry Date\nboats.example, 2026-03-02",
        "What we need:\n-- a boat\n-- a crew\n-- good weather",
        "- one\n- two",
        "Options:\n---\nred\n---\nblue\n---\ngreen, which is what I should take, as it suits the harbour best of all.",
    ],
)
def test_what_only_looks_like_a_signature_stays(text):
    reply = reply_of(lines_of(text), None)

    assert (reply.text, reply.signature) == (text, "")
