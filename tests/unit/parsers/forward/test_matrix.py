"""Forwarded messages by program and language, each as the program writes it in that language."""

import pytest

from parsers.forward import forwarded_of
from parsers.reply.lines import lines_of

ORIGINAL = "Please call me.\n\nAnn\nSales"
FROM, TO, CC = "Ann Ray <ann@a.example>", "Bob Low <bob@b.example>", "Carl Im <carl@c.example>, dora@d.example"
SUBJECT = "Offer 7: paper & ink"

# Outlook, by language: prefix of the subject; labels of From, Sent, To, Cc and Subject; the date.
OUTLOOK = """
en    | FW  | From | Sent | To | Cc | Subject | Monday, March 2, 2026 11:00 AM
es    | RV  | De | Enviado el | Para | CC | Asunto | lunes, 2 de marzo de 2026 11:00
pt    | FW  | De | Enviado | Para | Cc | Assunto | 2 de março de 2026 11:00
pt-BR | ENC | De | Enviada em | Para | Cc | Assunto | segunda-feira, 2 de março de 2026 11:00
pl    | PD  | Od | Wysłano | Do | DW | Temat | poniedziałek, 2 marca 2026 11:00
de    | WG  | Von | Gesendet | An | Cc | Betreff | Montag, 2. März 2026 11:00
fr    | TR  | De | Envoyé | À | Cc | Objet | lundi 2 mars 2026 11:00
it    | I   | Da | Inviato | A | Cc | Oggetto | lunedì 2 marzo 2026 11:00
nl    | FW  | Van | Verzonden | Aan | CC | Onderwerp | maandag 2 maart 2026 11:00
ru    | FW  | От | Отправлено | Кому | Копия | Тема | 2 марта 2026 г. 11:00
uk    | FW  | Від | Надіслано | Кому | Копія | Тема | 2 березня 2026 р. 11:00
cs    | FW  | Od | Odesláno | Komu | Kopie | Předmět | pondělí 2. března 2026 11:00
sk    | FW  | Od | Odoslané | Komu | Kópia | Predmet | pondelok 2. marca 2026 11:00
tr    | İLT | Kimden | Gönderildi | Kime | Bilgi | Konu | 2 Mart 2026 Pazartesi 11:00
sv    | VB  | Från | Skickat | Till | Kopia | Ämne | den 2 mars 2026 11:00
da    | VS  | Fra | Sendt | Til | Cc | Emne | 2. marts 2026 11:00
no    | VS  | Fra | Sendt | Til | Kopi | Emne | mandag 2. mars 2026 11:00
fi    | VL  | Lähettäjä | Lähetetty | Vastaanottaja | Kopio | Aihe | maanantai 2. maaliskuuta 2026 11.00
zh-CN | 转发 | 发件人 | 发送时间 | 收件人 | 抄送 | 主题 | 2026年3月2日 11:00
zh-TW | 轉寄 | 寄件者 | 寄件日期 | 收件者 | 副本 | 主旨 | 2026年3月2日 上午 11:00
ja    | FW  | 差出人 | 送信日時 | 宛先 | CC | 件名 | 2026年3月2日 11:00
ko    | FW  | 보낸 사람 | 보낸 날짜 | 받는 사람 | 참조 | 제목 | 2026년 3월 2일 월요일 오전 11:00
ar    | FW  | من | تاريخ الإرسال | إلى | نسخة | الموضوع | 02/مارس/2026 11:00 ص
he    | FW  | מאת | נשלח | אל | עותק | נושא | יום שני 2 מרץ 2026 11:00
hu    | FW  | Feladó | Elküldve | Címzett | Másolatot kap | Tárgy | 2026. március 2., hétfő 11:00
ro    | FW  | De la | Trimis | Către | Cc | Subiect | luni, 2 martie 2026 11:00
el    | ΠΡΘ | Από | Αποστολή | Προς | Κοιν. | Θέμα | Δευτέρα, 2 Μαρτίου 2026 11:00 πμ
hr    | Prosl | Šalje | Poslano | Prima | Kopija | Predmet | 2. ožujka 2026. 11:00
sr    | FW  | Од | Послато | За | Копија | Предмет | понедељак, 2. март 2026. 11:00
bg    | FW  | От | Изпратено | До | Копие | Относно | понеделник, 2 март 2026 г. 11:00
ca    | RV  | De | Enviat | Per a | A/c | Assumpte | dilluns, 2 de març de 2026 11:00
vi    | FW  | Từ | Đã gửi | Tới | Cc | Chủ đề | 02 Tháng Ba 2026 11:00 SA
"""

# Apple Mail: the line above; labels of From, Subject, Date, To and Cc; the date.
APPLE = """
en    | Begin forwarded message: | From | Subject | Date | To | Cc | March 2, 2026 at 11:00:00 AM GMT+1
es    | Inicio del mensaje reenviado: | De | Asunto | Fecha | Para | Cc | 2 de marzo de 2026, 11:00:00 CET
pt    | Início da mensagem reencaminhada: | De | Assunto | Data | Para | Cc | 2 de março de 2026, 11:00:00 CET
pt-BR | Início da mensagem encaminhada: | De | Assunto | Data | Para | Cc | 2 de março de 2026 11:00:00 CET
pl    | Początek przekazywanej wiadomości: | Od | Temat | Data | Do | DW | 2 marca 2026 o 11:00:00 CET
de    | Anfang der weitergeleiteten Nachricht: | Von | Betreff | Datum | An | Kopie | 2. März 2026 um 11:00:00 MEZ
fr    | Début du message transféré : | De | Objet | Date | À | Cc | 2 mars 2026 à 11:00:00 UTC+1
it    | Inizio messaggio inoltrato: | Da | Oggetto | Data | A | Cc | 2 marzo 2026 alle ore 11:00:00 CET
nl    | Begin doorgestuurd bericht: | Van | Onderwerp | Datum | Aan | Kopie | 2 maart 2026 om 11:00:00 CET
ru    | Начало переадресованного сообщения: | От | Тема | Дата | Кому | Копия | 2 марта 2026 г. в 11:00:00 GMT+1
uk    | Початок листа, що пересилається: | Від | Тема | Дата | Кому | Копія | 2 березня 2026 р. о 11:00:00 GMT+1
cs    | Začátek přeposílané zprávy: | Od | Předmět | Datum | Komu | Kopie | 2. března 2026 v 11:00:00 SEČ
sk    | Začiatok preposlanej správy: | Od | Predmet | Dátum | Komu | Kópia | 2. marca 2026 o 11:00:00 SEČ
tr    | İletilen ileti başlangıcı: | Kimden | Konu | Tarih | Kime | Bilgi | 2 Mart 2026 11:00:00 GMT+1
sv    | Vidarebefordrat brev: | Från | Ämne | Datum | Till | Kopia | 2 mars 2026 11:00:00 CET
da    | Start på videresendt besked: | Fra | Emne | Dato | Til | Cc | 2. marts 2026 kl. 11.00.00 CET
no    | Videresendt melding: | Fra | Emne | Dato | Til | Kopi | 2. mars 2026 kl. 11:00:00 CET
fi    | Välitetty viesti alkaa: | Lähettäjä | Aihe | Päivämäärä | Vastaanottaja | Kopio | 2. maaliskuuta 2026 klo 11.00.00 UTC+1
zh-CN | 下面是被转发的邮件： | 发件人 | 主题 | 日期 | 收件人 | 抄送 | 2026年3月2日 GMT+1 11:00:00
zh-TW | 開始轉寄郵件： | 寄件人 | 主旨 | 日期 | 收件人 | 副本 | 2026年3月2日 上午11:00:00 [GMT+1]
ja    | 転送されたメッセージ： | 差出人 | 件名 | 日付 | 宛先 | Cc | 2026年3月2日 11:00:00 GMT+1
ko    | 전달된 메시지: | 보낸 사람 | 제목 | 날짜 | 받는 사람 | 참조 | 2026년 3월 2일 오전 11:00:00 GMT+1
ar    | بدء الرسالة المعاد توجيهها: | من | الموضوع | التاريخ | إلى | نسخة | 2 مارس 2026 في 11:00:00 ص غرينتش+1
he    | תחילת ההודעה שהועברה: | מאת | נושא | תאריך | אל | עותק | 2 במרץ 2026 בשעה 11:00:00 GMT+1
hu    | A továbbított levél kezdete: | Feladó | Tárgy | Dátum | Címzett | Másolat | 2026. március 2. 11:00:00 CET
ro    | Începe mesajul redirecționat: | De la | Subiect | Dată | Către | Cc | 2 martie 2026 la 11:00:00 EET
el    | Έναρξη προωθημένου μηνύματος: | Από | Θέμα | Ημερομηνία | Προς | Κοιν. | 2 Μαρτίου 2026 στις 11:00:00 π.μ. EET
hr    | Započni proslijeđenu poruku: | Šalje | Predmet | Datum | Prima | Cc | 2. ožujka 2026. u 11:00:00 CET
ca    | Inici del missatge reenviat: | De | Assumpte | Data | Per a | A/c | 2 de març del 2026, a les 11:00:00 CET
vi    | Bắt đầu thư được chuyển tiếp: | Từ | Chủ đề | Ngày | Đến | Cc | lúc 11:00:00 GMT+1, 2 tháng 3, 2026
"""

# Thunderbird: the words between the dashes; labels of Subject, Date, From, To and Cc. The date is the header's.
THUNDERBIRD = """
en    | Forwarded Message | Subject | Date | From | To | CC
es    | Mensaje reenviado | Asunto | Fecha | De | Para | CC
pt    | Mensagem reencaminhada | Assunto | Data | De | Para | CC
pt-BR | Mensagem encaminhada | Assunto | Data | De | Para | CC
pl    | Przekazana wiadomość | Temat | Data | Nadawca | Adresat | DW
de    | Weitergeleitete Nachricht | Betreff | Datum | Von | An | Kopie (CC)
fr    | Message transféré | Sujet | Date | De | Pour | Copie à
it    | Messaggio inoltrato | Oggetto | Data | Mittente | A | CC
nl    | Doorgestuurd bericht | Onderwerp | Datum | Van | Aan | CC
ru    | Перенаправленное сообщение | Тема | Дата | От | Кому | Копия
uk    | Перенаправлене повідомлення | Тема | Дата | Від | Кому | Копія
cs    | Přeposlaná zpráva | Předmět | Datum | Od | Komu | Kopie
sk    | Preposlaná správa | Predmet | Dátum | Od | Komu | Kópia
tr    | Yönlendirilmiş İleti | Konu | Tarih | Kimden | Kime | CC
sv    | Vidarebefordrat meddelande | Ämne | Datum | Från | Till | Kopia
da    | Videresendt meddelelse | Emne | Dato | Fra | Til | CC
no    | Videresendt melding | Emne | Dato | Fra | Til | Kopi
fi    | Välitetty viesti | Aihe | Päiväys | Lähettäjä | Vastaanottaja | Kopio
zh-CN | 转发的消息 | 主题 | 日期 | 发件人 | 收件人 | 抄送
zh-TW | 轉寄郵件 | 主旨 | 日期 | 寄件者 | 收件者 | 副本
ja    | 転送メッセージ | 件名 | 日付 | 差出人 | 宛先 | CC
ko    | 전달된 메시지 | 제목 | 날짜 | 보낸 사람 | 받는 사람 | 참조
ar    | الرسالة المُمررة | الموضوع | التاريخ | من | إلى | نسخة كربونية
he    | הודעה מועברת | נושא | תאריך | מאת | אל | עותק
hu    | Továbbított üzenet | Tárgy | Dátum | Feladó | Címzett | Másolat
ro    | Mesaj înaintat | Subiect | Data | De la | Către | CC
el    | Προωθημένο μήνυμα | Θέμα | Ημερομηνία | Από | Προς | Κοιν.
hr    | Proslijeđena poruka | Predmet | Datum | Šalje | Prima | CC
sr    | Прослеђена порука | Наслов | Датум | Шаље | Прима | Копија
bg    | Препратено съобщение | Относно | Дата | От | До | Копие
ca    | Missatge reenviat | Assumpte | Data | De | A | A/c
vi    | Thư được chuyển tiếp | Chủ đề | Ngày | Từ | Đến | CC
"""

# Gmail leaves Date, Subject and To in English: the label of From; the date.
GMAIL = """
en    | From | Mon, Mar 2, 2026 at 11:00 AM
es    | De | lun, 2 mar 2026 a las 11:00
pt    | De | segunda, 2/03/2026 à(s) 11:00
pt-BR | De | seg., 2 de mar. de 2026 às 11:00
pl    | Od | pon., 2 mar 2026 o 11:00
de    | Von | Mo., 2. März 2026 um 11:00 Uhr
fr    | De | lun. 2 mars 2026 à 11:00
it    | Da | lun 2 mar 2026 alle ore 11:00
nl    | Van | ma 2 mrt 2026 om 11:00
ru    | От | пн, 2 мар. 2026 г. в 11:00
uk    | Від | пн, 2 бер. 2026 р. о 11:00
cs    | Od | po 2. 3. 2026 v 11:00
sk    | Od | po 2. 3. 2026 o 11:00
tr    | Gönderen | 2 Mar 2026 Pzt, 11:00
sv    | Från | mån 2 mars 2026 kl 11:00
da    | Fra | man. 2. mar. 2026 kl. 11.00
no    | Fra | man. 2. mars 2026 kl. 11:00
fi    | Lähettäjä | ma 2. maalisk. 2026 klo 11.00
zh-CN | 发件人 | 2026年3月2日周一 11:00
zh-TW | 寄件者 | 2026年3月2日 週一 上午11:00
ja    | 差出人 | 2026年3月2日(月) 11:00
ko    | 보낸사람 | 2026년 3월 2일 (월) 오전 11:00
ar    | من | الاثنين، 2 مارس 2026 في 11:00 ص
he    | מאת | יום ב׳, 2 במרץ 2026 ב-11:00
hu    | Feladó | 2026. márc. 2., H, 11:00
ro    | De la | lun., 2 mar. 2026 la 11:00
el    | Από | Δευ 2 Μαρ 2026 στις 11:00 π.μ.
hr    | Od | pon, 2. ožu 2026. u 11:00
sr    | Од | пон, 2. мар 2026. у 11:00
bg    | От | пн, 2.03.2026 г. в 11:00
ca    | De | dl., 2 de març 2026 a les 11:00
vi    | Từ | Th 2, 2 thg 3, 2026 vào lúc 11:00
"""


def rows(table: str) -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return {language: values for language, *values in cells}


def block(*fields: tuple[str, str]) -> str:
    return "\n".join(f"{label}: {value}" for label, value in fields)


def outlook(prefix: str, from_: str, sent: str, to: str, cc: str, subject: str, date: str) -> tuple[str, str]:
    head = block((from_, FROM), (sent, date), (to, TO), (cc, CC.replace(",", ";")), (subject, SUBJECT))
    return f"{prefix}: {SUBJECT}", f"FYI\n\n{head}\n\n{ORIGINAL}\n"


def outlook_bold(prefix: str, from_: str, sent: str, to: str, cc: str, subject: str, date: str) -> tuple[str, str]:
    values = ((from_, FROM), (sent, date), (to, TO), (cc, CC.replace(",", ";")), (subject, SUBJECT))
    head = "\n".join(f"*{label}:* {value}" for label, value in values)
    return f"{prefix}: {SUBJECT}", f"{'_' * 32}\n{head}\n\n\n{ORIGINAL}\n"


def outlook_mailto(prefix: str, from_: str, sent: str, to: str, cc: str, subject: str, date: str) -> tuple[str, str]:
    head = block(
        (from_, "Ann Ray [mailto:ann@a.example]"),
        (sent, date),
        (to, TO),
        (cc, CC.replace(",", ";")),
        (subject, SUBJECT),
    )
    return f"{prefix}: {SUBJECT}", f"Bob, yours?\nCarl\n\n-----Original Message-----\n{head}\n\n{ORIGINAL}"


def apple(above: str, from_: str, subject: str, date: str, to: str, cc: str, when: str) -> tuple[str, str]:
    head = block((from_, FROM), (subject, SUBJECT), (date, when), (to, TO), (cc, CC))
    return f"Fwd: {SUBJECT}", f"FYI\n\n{above}\n\n{head}\n\n{ORIGINAL}\n"


def apple_quoted(above: str, from_: str, subject: str, date: str, to: str, cc: str, when: str) -> tuple[str, str]:
    subject_line, text = apple(above, from_, subject, date, to, cc, when)
    note, _, rest = text.partition("\n\n")
    quoted = "\n".join(f"> {line}".rstrip() for line in rest.rstrip().split("\n"))
    return subject_line, f"{note}\n\n{quoted}\n"


def apple_bold(above: str, from_: str, subject: str, date: str, to: str, cc: str, when: str) -> tuple[str, str]:
    values = ((from_, FROM), (subject, SUBJECT), (date, when), (to, TO), (cc, CC))
    head = "\n".join(f"*{label}: *{value}" for label, value in values)
    return "", f"{above}\n\n{head}\n\n{ORIGINAL}\n"


def thunderbird(above: str, subject: str, date: str, from_: str, to: str, cc: str) -> tuple[str, str]:
    values = ((subject, SUBJECT), (date, "Mon, 2 Mar 2026 11:00:00 +0100"), (from_, FROM), (to, TO), (cc, CC))
    head = "\n".join(f"{label}: \t{value}" for label, value in values)
    return f"Fwd: {SUBJECT}", f"\n\n\n-------- {above} --------\n{head}\n\n\n\n{ORIGINAL}\n"


def gmail(from_: str, date: str) -> tuple[str, str]:
    head = block((from_, FROM), ("Date", date), ("Subject", SUBJECT), ("To", TO), ("Cc", CC))
    return f"Fwd: {SUBJECT}", f"See below\n\n---------- Forwarded message ---------\n{head}\n\n\n{ORIGINAL}\n"


LAYOUTS = [
    (outlook, OUTLOOK), (outlook_bold, OUTLOOK), (outlook_mailto, OUTLOOK), (apple, APPLE), (apple_quoted, APPLE),
    (apple_bold, APPLE), (thunderbird, THUNDERBIRD), (gmail, GMAIL),
]  # fmt: skip
CASES = {
    f"{layout.__name__} {language}": layout(*cells)
    for layout, table in LAYOUTS
    for language, cells in rows(table).items()
}


@pytest.mark.parametrize("name", CASES)
def test_each_program_in_each_language(name):
    subject, text = CASES[name]

    found = forwarded_of(subject, lines_of(text))

    assert found is not None
    assert (found.from_.name, found.from_.address) == ("Ann Ray", "ann@a.example")
    assert [address.address for address in found.to] == ["bob@b.example"]
    assert [address.address for address in found.cc] == ["carl@c.example", "dora@d.example"]
    assert (found.subject, found.text) == (SUBJECT, ORIGINAL)
    assert "2026" in found.date
