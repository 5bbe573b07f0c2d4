"""How mail programs label the header lines that they copy above a quoted or forwarded message.

Compared without case, `*`, blanks before the colon, and what stands in brackets ("Kopie (CC)").
"""

LABELS: dict[str, tuple[str, ...]] = {
    "from": (
        "from", "von", "de", "da", "od", "van", "от", "от кого", "отправитель", "від", "від кого", "fra",
        "från", "lähettäjä", "feladó", "kimden", "gönderen", "de la", "expeditor", "šalje", "mittente",
        "avsändare", "afsender", "avsender", "remitente", "remetente", "expéditeur", "absender", "nadawca",
        "odesílatel", "odesilatel", "odosielateľ", "από", "发件人", "寄件者", "寄件人", "差出人", "送信者",
        "보낸 사람", "보낸사람", "من", "מאת", "จาก", "frá", "saatja", "no", "nuo", "dari", "từ", "afzender",
        "od koho", "pošiljatelj", "пошиљалац", "подател", "auteur",
        "шаље", "од", "ผู้ส่ง", "보낸이", "tác giả",
    ),
    "date": (
        "date", "sent", "datum", "gesendet", "data", "fecha", "enviado", "enviado el", "enviada em",
        "enviado em", "envoyé", "envoyé le", "inviato", "data invio", "verzonden", "wysłano", "data wysłania",
        "отправлено", "дата", "відправлено", "надіслано", "dato", "sendt", "skickat", "päivämäärä", "päiväys",
        "lähetetty", "dátum", "elküldve", "küldve", "tarih", "gönderilen", "gönderildi", "gönderme tarihi",
        "trimis", "odesláno", "odoslané", "poslano", "ημερομηνία", "στάλθηκε", "日期", "发送时间", "發送時間",
        "時間", "寄件日期", "傳送日期", "日時", "送信日時", "送信", "날짜", "보낸 날짜", "التاريخ", "تاريخ",
        "תאריך", "נשלח", "วันที่", "enviada", "gesendet am", "saadetud", "datums", "tanggal", "ngày",
        "verzonden op", "изпратено", "изпратен", "poslat", "послато", "enviat", "data trimiterii",
        "dátum odoslania",
        "تاريخ الإرسال", "αποστολή", "日付", "发送日期", "đã gửi", "gửi", "dată", "wysłane", "inviata",
        "датум", "תאריך שליחה", "ngày gửi", "gönderim tarihi",
    ),
    "to": (
        "to", "an", "para", "a", "à", "do", "aan", "кому", "til", "till", "vastaanottaja", "címzett", "kime",
        "alıcı", "către", "prima", "komu", "pre", "destinatario", "destinatário", "destinataire", "empfänger",
        "mottagare", "modtager", "mottaker", "adresat", "odbiorca", "získal", "προς", "收件人", "收件者",
        "宛先", "받는 사람", "받는사람", "إلى", "אל", "ถึง", "za", "pro", "per", "kam", "kellele", "kepada",
        "đến", "получател", "получатель", "la", "príjemca", "ai", "naar",
        "pour", "до", "per a", "tới", "прима", "за", "받는이", "للمستلم",
    ),
    "cc": (
        "cc", "kopie", "kopia", "kopi", "kopio", "copie", "copia", "cópia", "dw", "do wiadomości", "копия",
        "копія", "másolat", "másolatot kap", "bilgi", "kópia", "抄送", "副本", "참조", "نسخة", "עותק",
        "cópia para", "per conoscenza", "kopie an", "copie à", "con copia", "kopija", "κοιν", "κοινοποίηση",
        "สำเนา", "копие",
        "κοιν.", "копија", "a/c", "نسخة كربونية", "másolatot kapnak",
    ),
    "bcc": ("bcc", "cci", "cco", "ccn", "udw", "密送", "숨은 참조", "skrytá kopie", "dold kopia"),
    "subject": (
        "subject", "betreff", "asunto", "assunto", "objet", "oggetto", "onderwerp", "temat", "тема", "emne",
        "ämne", "aihe", "tárgy", "konu", "subiect", "subiectul", "predmet", "předmět", "θέμα", "主题", "主題",
        "主旨", "件名", "제목", "الموضوع", "נושא", "เรื่อง", "teema", "tēma", "tema", "perihal", "chủ đề",
        "относно", "предмет", "assumpte", "efni", "sujet", "zadeva",
        "наслов", "tiêu đề",
    ),
    "reply_to": (
        "reply-to", "antwort an", "responder a", "répondre à", "risposta", "rispondi a", "antwoord naar",
        "odpowiedź do", "svar til", "svara till", "ответить", "кому ответить", "回复", "返信先", "yanıt",
        "vastaus", "odpovědět", "reply to",
    ),
    "message_id": ("message-id", "nachrichten-id", "id de mensaje", "identyfikator wiadomości"),
    "other": (
        "importance", "attachments", "priority", "wichtigkeit", "anlagen", "priorität", "importancia",
        "datos adjuntos", "organization", "organisation", "newsgroups", "pièces jointes", "allegati",
        "priorità", "bijlagen", "вложения", "załączniki", "liitteet", "priorytet", "mailed-by", "signed-by",
        "anexos", "prioridade", "bilagor", "user-agent", "x-mailer", "mime-version", "content-type",
        "content-transfer-encoding", "return-path", "x-priority", "list-id",
    ),
}  # fmt: skip
