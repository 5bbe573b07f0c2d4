"""Header lines copied above a quote, and the lines drawn above those: by program and language, plain, bold and indented."""

import pytest

from parsers.reply.lines import lines_of
from parsers.reply.splitting import reply_of

# Labels of sender, date, recipient, copy and subject.
LABELS = """
English|From|Sent|To|Cc|Subject
English, dated|From|Date|To|Cc|Subject
German|Von|Gesendet|An|Cc|Betreff
German, dated|Von|Datum|An|Kopie|Betreff
French|De|Envoyé|À|Cc|Objet
French, Envoyé le|De|Envoyé le|À|Copie à|Objet
French, Canada|De|Date|À|Cc|Sujet
Spanish|De|Enviado el|Para|CC|Asunto
Spanish, web|De|Enviado|Para|Cc|Asunto
Spanish, dated|De|Fecha|A|CC|Asunto
Portuguese, Brazil|De|Enviada em|Para|Cc|Assunto
Portuguese, web|De|Enviado|Para|Cc|Assunto
Portuguese, dated|De|Data|Para|Cc|Assunto
Italian|Da|Inviato|A|Cc|Oggetto
Italian, dated|Da|Data|A|Cc|Oggetto
Dutch|Van|Verzonden|Aan|CC|Onderwerp
Dutch, dated|Van|Datum|Aan|Cc|Onderwerp
Polish|Od|Wysłano|Do|DW|Temat
Polish, web|Od|Wysłane|Do|DW|Temat
Polish, dated|Od|Data|Do|Kopia|Temat
Russian|От|Отправлено|Кому|Копия|Тема
Russian, dated|От кого|Дата|Кому|Копия|Тема
Ukrainian|Від|Надіслано|Кому|Копія|Тема
Ukrainian, older|Від|Відправлено|Кому|Копія|Тема
Czech|Od|Odesláno|Komu|Kopie|Předmět
Czech, dated|Od|Datum|Komu|Kopie|Předmět
Slovak|Od|Odoslané|Komu|Kópia|Predmet
Slovak, dated|Od|Dátum|Komu|Kópia|Predmet
Turkish|Kimden|Gönderildi|Kime|Bilgi|Konu
Turkish, older|Kimden|Gönderilen|Kime|Cc|Konu
Turkish, dated|Gönderen|Tarih|Kime|Bilgi|Konu
Swedish|Från|Skickat|Till|Kopia|Ämne
Swedish, dated|Från|Datum|Till|Kopia|Ämne
Danish|Fra|Sendt|Til|Cc|Emne
Danish, dated|Fra|Dato|Til|Cc|Emne
Norwegian|Fra|Sendt|Til|Kopi|Emne
Finnish|Lähettäjä|Lähetetty|Vastaanottaja|Kopio|Aihe
Finnish, dated|Lähettäjä|Päivämäärä|Vastaanottaja|Kopio|Aihe
Chinese|发件人|发送时间|收件人|抄送|主题
Chinese, dated|发件人|日期|收件人|抄送|主题
Chinese, Outlook web|发件人|发送日期|收件人|抄送|主题
Taiwanese|寄件者|寄件日期|收件者|副本|主旨
Taiwanese, dated|寄件人|日期|收件人|副本|主旨
Japanese|差出人|送信日時|宛先|CC|件名
Japanese, dated|差出人|日時|宛先|Cc|件名
Japanese, phone|From|Date|To|Cc|件名
Korean|보낸 사람|보낸 날짜|받는 사람|참조|제목
Korean, dated|보낸 사람|날짜|받는 사람|참조|제목
Korean, Daum|보낸사람|날짜|받는사람|참조|제목
Arabic|من|تاريخ الإرسال|إلى|نسخة|الموضوع
Arabic, dated|من|التاريخ|إلى|نسخة إلى|الموضوع
Hebrew|מאת|נשלח|אל|עותק|נושא
Hebrew, dated|מאת|תאריך|אל|עותק|נושא
Hungarian|Feladó|Elküldve|Címzett|Másolatot kap|Tárgy
Hungarian, dated|Feladó|Dátum|Címzett|Másolat|Tárgy
Romanian|De la|Trimis|Către|Cc|Subiect
Romanian, From|From|Trimis|Către|Cc|Subiect
Romanian, dated|De la|Data|Către|Cc|Subiectul
Greek|Από|Στάλθηκε|Προς|Κοιν.|Θέμα
Greek, web|Από|Αποστολή|Προς|Κοιν.|Θέμα
Greek, dated|Από|Ημερομηνία|Προς|Κοιν|Θέμα
Croatian|Šalje|Poslano|Prima|Kopija|Predmet
Croatian, web|Od|Poslano|Za|Kopija|Predmet
Serbian|Od|Poslato|Za|Cc|Predmet
Serbian, Cyrillic|Од|Послато|За|Копија|Предмет
Bulgarian|От|Изпратено|До|Копие|Относно
Bulgarian, dated|От|Дата|До|Копие|Тема
Catalan|De|Enviat|Per a|A/c|Tema
Catalan, dated|De|Data|A|Cc|Assumpte
Vietnamese|Từ|Đã gửi|Đến|Cc|Chủ đề
Vietnamese, dated|Từ|Ngày|Tới|Cc|Chủ đề
Indonesian|Dari|Dikirim|Kepada|Cc|Subjek
Indonesian, dated|Dari|Tanggal|Ke|Cc|Perihal
Thai|จาก|ส่งเมื่อ|ถึง|สำเนาถึง|เรื่อง
Thai, dated|จาก|วันที่|ถึง|สำเนา|หัวเรื่อง
Slovenian|Od|Poslano|Za|Kp|Zadeva
Estonian|Saatja|Saadetud|Adressaat|Koopia|Teema
Latvian|No|Nosūtīts|Kam|Kopija|Tēma
Lithuanian|Nuo|Išsiųsta|Kam|Kopija|Tema
Persian|از|ارسال شده|به|رونوشت|موضوع
Icelandic|Frá|Sent|Til|Afrit|Efni
"""
# The line above, where the program draws one; the words are those of the same language.
DRAWN = """
Outlook, web|________________________________
Outlook 2010|-----Original Message-----
Outlook, German|-----Ursprüngliche Nachricht-----
Outlook, French|-----Message d'origine-----
Outlook, Spanish|-----Mensaje original-----
Outlook, Portuguese|-----Mensagem original-----
Outlook, Italian|-----Messaggio originale-----
Outlook, Dutch|-----Oorspronkelijk bericht-----
Outlook, Polish|-----Wiadomość oryginalna-----
Outlook, Russian|-----Исходное сообщение-----
Outlook, Ukrainian|-----Вихідне повідомлення-----
Outlook, Czech|-----Původní zpráva-----
Outlook, Slovak|-----Pôvodná správa-----
Outlook, Turkish|-----Özgün İleti-----
Outlook, Swedish|-----Ursprungligt meddelande-----
Outlook, Danish|-----Oprindelig meddelelse-----
Outlook, Norwegian|-----Opprinnelig melding-----
Outlook, Finnish|-----Alkuperäinen viesti-----
Outlook, Chinese|-----邮件原件-----
Outlook, Taiwanese|-----原始郵件-----
Outlook, Korean|-----원본 메시지-----
Outlook, Arabic|-----الرسالة الأصلية-----
Outlook, Hebrew|-----הודעה מקורית-----
Outlook, Hungarian|-----Eredeti üzenet-----
Outlook, Romanian|-----Mesaj original-----
Outlook, Greek|-----Αρχικό μήνυμα-----
Outlook, Croatian|-----Izvorna poruka-----
Outlook, Bulgarian|-----Оригинално съобщение-----
Outlook, Catalan|-----Missatge original-----
Outlook, Slovenian|-----Izvirno sporočilo-----
Outlook, Estonian|-----Algne teade-----
Outlook, Latvian|-----Sākotnējais ziņojums-----
Outlook, Lithuanian|-----Pradinis laiškas-----
Outlook, Vietnamese|-----Thư gốc-----
Outlook, Thai|-----ข้อความต้นฉบับ-----
Zimbra|----- Original Message -----
Zimbra, French|----- Mail original -----
Zimbra, German|----- Ursprüngliche Mail -----
Samsung|-------- Original message --------
Samsung, French|-------- Message d'origine --------
Samsung, Polish|-------- Oryginalna wiadomość --------
Samsung, Dutch|-------- Oorspronkelijk bericht --------
Samsung, Spanish|-------- Mensaje original --------
Samsung, Swedish|-------- Originalmeddelande --------
T-Online|-----Original-Nachricht-----
GMX|Gesendet: Montag, 02. März 2026 um 11:00 Uhr
SquirrelMail|---------------------------- Original Message ----------------------------
SquirrelMail, German|-------------------------- Ursprüngliche Nachricht --------------------------
Proton, older|‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐
QQ|------------------ 原始邮件 ------------------
QQ, English|------------------ Original ------------------
QQ, English, newer|------------------ Original Message ------------------
NetEase phone|---- Replied Message ----
NetEase phone, Chinese|---- 回复的原邮件 ----
Sina|----- 原始邮件 -----
Daum|--------- 원본 메일 ---------
Naver|-----Original Message-----
Docomo|-----元のメッセージ-----
Japanese phone|----- 元のメール -----
BlackBerry 10|  Original Message
BlackBerry 10, German|  Originalnachricht
BlackBerry 10, French|  Message d'origine
BlackBerry 10, Spanish|  Mensaje original
bold|*-----Original Message-----*
em dashes|———— Original Message ————
equal signs|===== Original Message =====
Windows Phone|________________________________
Horde|----- Message from Anna Nowak <anna@harbour.example> ---------
Horde, German|----- Nachricht von Anna Nowak <anna@harbour.example> ---------
Aliyun|------------------------------------------------------------------
"""
VALUES = (
    "Anna Nowak <anna@harbour.example>",
    "2 March 2026 11:00",
    "Bob Stern <bob@ours.example>",
    "Carl <carl@ours.example>",
    "Offer for three boats",
)
QUESTION = "Could you send the offer\nfor the three boats?"


def _table(rows: str) -> list[list[str]]:
    return [row.split("|") for row in rows.strip().split("\n")]


LABELLED = {row[0]: row[1:] for row in _table(LABELS)}
RULES = {row[0]: row[1] for row in _table(DRAWN)}


def _lines(labels: list[str], form: str, order: tuple[int, ...]) -> str:
    return "\n".join(form.format(labels[at], VALUES[at]) for at in order)


FORMS = {
    "plain": "{}: {}",
    "bold": "*{}:* {}",
    "bold before the colon": "*{}*: {}",
    "French blank": "{}\u00a0: {}",
    "wide colon": "{}：{}",
    "indented": "    {}: {}",
    "no blank": "{}:{}",
    "tabulator": "{}:\t{}",
    "right-to-left marks": "\u200f{}: \u200e{}\u200f",
    "quoted": "> {}: {}",
    "row of a table": "| {} | {} |",
}
ORDERS = {
    "Outlook": (0, 1, 2, 4),
    "with copy": (0, 1, 2, 3, 4),
    "Apple": (0, 4, 1, 2),
    "Hotmail": (1, 4, 0, 2),
    "Yahoo": (0, 2, 3, 1, 4),
    "GMX": (1, 0, 2, 4),
    "Notes": (0, 2, 1, 4),
    "to first": (2, 0, 1, 4),
}


@pytest.mark.parametrize("language", LABELLED)
def test_copied_header_lines_end_the_text_in_any_form(language):
    for name, form in FORMS.items():
        block = _lines(LABELLED[language], form, ORDERS["Outlook"])
        question = "> " + QUESTION.replace("\n", "\n> ") if name == "quoted" else QUESTION

        reply = reply_of(lines_of(f"Here it is.\n\n{block}\n\n{question}\n"), None)

        assert reply.text == "Here it is.", name
        assert reply.quoted.endswith(question), name
        assert len(reply.quoted.split("\n")) == len(ORDERS["Outlook"]) + 3, name


@pytest.mark.parametrize("language", LABELLED)
def test_header_lines_stand_in_any_order(language):
    for name, order in ORDERS.items():
        for joint in ("\n", "\n\n"):
            block = _lines(LABELLED[language], "{}: {}", order).replace("\n", joint)

            reply = reply_of(lines_of(f"Here it is.\n\n{block}\n\n{QUESTION}\n"), None)

            assert reply.text == "Here it is.", name
            assert reply.quoted == f"{block}\n\n{QUESTION}", name


@pytest.mark.parametrize("program", RULES)
def test_the_line_drawn_above_goes_with_them(program):
    for language in ("English", "German", "Chinese, dated"):
        block = f"{RULES[program]}\n{_lines(LABELLED[language], '{}: {}', ORDERS['Outlook'])}"

        reply = reply_of(lines_of(f"Here it is.\n\n{block}\n\n{QUESTION}\n"), None)

        assert reply.text == "Here it is.", language
        assert reply.quoted.endswith(QUESTION), language


@pytest.mark.parametrize("program", [name for name in RULES if "riginal" in RULES[name] and "  " not in RULES[name]])
def test_a_drawn_line_is_enough(program):
    reply = reply_of(lines_of(f"Here it is.\n\n{RULES[program]}\n\n{QUESTION}\n"), None)

    assert reply.text == "Here it is."
