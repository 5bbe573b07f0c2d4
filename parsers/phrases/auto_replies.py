"""How machines answer for people: subjects of automatic replies, and the words that say what they are about.

Lower case. Subjects count at the beginning and only in the machine's own form, which closes them with a colon, a bracket,
a dash or the end.
"""

ANSWERS = (
    "automatic reply", "automatic response", "automated reply", "automated response", "auto reply", "auto-reply",
    "autoreply", "auto response", "auto-response", "autoresponse", "autoresponder", "auto-responder",
    "auto responder", "autoresponder reply", "vacation auto-reply", "vacation reply", "vacation message",
    "vacation response", "vacation autoreply", "automatische antwort", "automatische antwoord",
    "automatisches antworten", "automatische rückantwort", "autoantwort", "auto-antwort", "automatisch antwoord",
    "automatisch bericht", "automatische beantwoording", "respuesta automática", "respuesta automatica",
    "contestación automática", "resposta automática", "resposta automatica", "réponse automatique",
    "reponse automatique", "réponse automatisée", "message automatique", "risposta automatica",
    "risponditore automatico", "messaggio automatico", "odpowiedź automatyczna", "odpowiedz automatyczna",
    "automatyczna odpowiedź", "automatyczna odpowiedz", "autoodpowiedź", "autoresponder wiadomość", "автоответ",
    "автоматический ответ", "автоответчик", "автоматична відповідь", "автоматичний відповідь", "автовідповідь",
    "автовідповідач", "автоматичен отговор", "automatiskt svar", "autosvar", "automatisk svar",
    "automaattinen vastaus", "automaattivastaus", "automatická odpověď", "automatická odpoveď", "automatikus válasz",
    "otomatik yanıt", "otomatik cevap", "răspuns automat", "raspuns automat", "automatski odgovor",
    "samodejni odgovor", "αυτόματη απάντηση", "自动回复", "自动答复", "自動回覆", "自動回復", "自動応答", "自動返信",
    "자동 회신", "자동 응답", "자동회신", "자동응답", "תשובה אוטומטית", "מענה אוטומטי", "מענה אוטומאטי", "رد تلقائي",
    "الرد التلقائي", "trả lời tự động", "automatinis atsakymas", "automātiskā atbilde", "automaatvastus",
    "resposta automàtica", "balasan otomatis", "out of office autoreply", "out of office reply",
    "out of office auto-reply", "out of office auto reply", "out of office notification", "out of office response",
    "out of office automatic reply", "out of office message", "away from my mail", "abwesenheitsnotiz",
    "abwesenheitsnachricht", "abwesenheitsmeldung", "abwesenheitsbenachrichtigung", "abwesenheitsassistent",
    "abwesenheitshinweis", "urlaubsbenachrichtigung", "urlaubsnotiz", "afwezigheidsbericht", "afwezigheidsassistent",
    "avis d'absence", "message d'absence", "informacja o nieobecności", "frånvaromeddelande", "fraværsmelding",
    "poissaoloilmoitus", "不在通知",
)  # fmt: skip
"""Unmistakable."""
ABSENCES = (
    "out of office", "out-of-office", "out of the office", "ooo", "ooto", "away", "away from mail",
    "away from office", "on vacation", "vacation", "on holiday", "on leave", "on annual leave", "abwesenheit",
    "abwesend", "nicht im büro", "afwezig", "afwezigheid", "niet aanwezig", "fuera de la oficina", "fuera de oficina",
    "ausente", "ausencia", "ausente de la oficina", "fora do escritório", "fora de escritório", "ausência",
    "ausência temporária", "absence du bureau", "absent du bureau", "absent(e)", "absent(e) du bureau", "absence",
    "absent", "fuori sede", "fuori ufficio", "assenza", "assente", "poza biurem", "nieobecność",
    "nieobecność w biurze", "вне офиса", "нет на месте", "отсутствие", "отсутствие на рабочем месте", "в отпуске",
    "поза офісом", "відсутність", "відсутність на робочому місці", "frånvaro", "frånvarande", "inte på kontoret",
    "fravær", "ikke på kontoret", "ikke til stede", "ikke tilstede", "poissa", "poissaolo", "poissa toimistosta",
    "mimo kancelář", "nepřítomnost", "nepřítomen", "neprítomnosť", "mimo kancelárie", "házon kívül", "távollét",
    "irodán kívül", "ofis dışında", "ofis dışı", "absent din birou", "εκτός γραφείου", "απουσία", "外出", "外出中",
    "不在", "休假", "부재중", "부재 중", "מחוץ למשרד", "לא במשרד", "خارج المكتب",
)  # fmt: skip
"""Said by people too, so that without a colon another sign of a machine must stand beside."""
NOTES = ("auto", "réponse auto", "auto reply from")
"""Notes writes `AUTO: Ann is out of the office`; but the word is a car in half of Europe."""
IS_AWAY = (
    "is out of the office", "is out of office", "is away", "is on vacation", "ist außer haus", "ist ausser haus",
    "ist nicht im büro", "ist abwesend", "ist im urlaub", "est absent", "est en congé", "está fuera de la oficina",
    "está ausente", "está fora do escritório", "está fora", "è fuori ufficio", "è assente", "è fuori sede",
    "is afwezig", "is niet aanwezig", "is niet op kantoor", "jest poza biurem", "jest nieobecn",
    "är inte på kontoret", "är frånvarande", "er ikke på kontoret", "er ikke til stede", "on poissa",
    "není v kanceláři", "nie je v kancelárii", "ofis dışında", "nincs az irodában", "は不在です", "отсутствует",
    "вне офиса",
)  # fmt: skip
"""Old Notes puts these behind the name: `Ann Customer is out of the office.`"""

AWAY = (
    "out of office", "out of the office", "out-of-office", "ooo", "not in the office", "not be in the office",
    "vacation", "on holiday", "on holidays", "annual leave", "on leave", "on pto", "away from", "i am away",
    "i'm away", "will be away", "currently away", "away until", "away on", "be traveling", "be travelling",
    "am traveling", "am travelling", "maternity", "paternity", "parental leave", "sick leave", "sabbatical",
    "business trip", "not available until", "unavailable until", "office is closed", "offices are closed",
    "office will be closed", "we are closed", "return to the office", "back in the office", "be back on",
    "limited access to", "no access to my", "intermittent access", "abwesend", "abwesenheit", "nicht im büro",
    "nicht im hause", "nicht im haus", "im urlaub", "auf urlaub", "in urlaub", "urlaub vom", "urlaubs",
    "nicht erreichbar", "außer haus", "ausser haus", "wieder erreichbar", "wieder im büro", "wieder für sie da",
    "elternzeit", "mutterschutz", "betriebsferien", "dienstreise", "geschäftsreise", "krankheitsbedingt",
    "unser büro ist geschlossen", "büro geschlossen", "fuera de la oficina", "fuera de oficina", "vacaciones",
    "estaré ausente", "ausente", "ausencia", "de baja", "permiso de maternidad", "regresaré", "de viaje",
    "fora do escritório", "fora de escritório", "férias", "ausência", "estarei fora", "estou fora", "licença",
    "feriado", "em viagem", "je suis absent", "absent", "absence", "en congé", "congés", "en vacances", "vacances",
    "de retour le", "en déplacement", "congé maternité", "actuellement indisponible", "fuori sede", "fuori ufficio",
    "assente", "assenza", "in ferie", "ferie", "in viaggio", "rientrerò", "chiusura estiva", "uffici chiusi",
    "uffici sono chiusi", "maternità", "niet aanwezig", "afwezig", "vakantie", "niet op kantoor",
    "zwangerschapsverlof", "met verlof", "ouderschapsverlof", "afwezigheid", "poza biurem", "nieobecn", "urlop",
    "delegacji", "zwolnieniu lekarskim", "nie ma mnie w biurze", "отпуск", "отсутств", "вне офиса", "в командировке",
    "командировк", "на больничном", "меня не будет", "не буду в офисе", "відпуст", "відсутн", "поза офісом",
    "у відрядженні", "відрядженн", "мене не буде", "semester", "frånvaro", "frånvarande", "inte på kontoret",
    "föräldraledig", "ledig till", "är ledig", "tjänsteresa", "fravær", "på ferie", "jeg har ferie", "holder ferie",
    "ikke på kontoret", "ikke til stede", "permisjon", "orlov", "avspaser", "lomalla", "poissa", "vuosilom",
    "äitiyslom", "virkamatka", "toimisto on suljettu", "dovolen", "mimo kancelář", "nepřítom", "neprítom",
    "nejsem v kanceláři", "nie som v kancelárii", "mimo kancelárie", "služební cest", "služobnej ceste", "mateřské",
    "szabadság", "házon kívül", "távol vagyok", "távollét", "irodán kívül", "nem vagyok az irodában", "izin",
    "izinde", "yıllık izin", "ofis dışı", "ofiste değil", "tatilde", "concediu", "absent din birou",
    "în afara biroului", "nu sunt la birou", "vacanță", "άδεια", "εκτός γραφείου", "θα λείπω", "λείπω", "απουσι",
    "διακοπές",
)  # fmt: skip
"""Beginnings of words, in the answer of a machine: it is out of office and no mere acknowledgement."""
AWAY_UNSPACED = (
    "休假", "外出", "出差", "不在办公室", "不在辦公室", "放假", "年假", "产假", "不在", "休暇", "お休み", "休業",
    "休みを", "夏季休業", "年末年始", "부재", "휴가", "출장", "휴직", "חופשה", "חופש", "מחוץ למשרד", "לא במשרד",
    "איני במשרד", "אינני במשרד", "חופשת לידה", "בחו\"ל", "إجازة", "اجازة", "أجازة", "خارج المكتب", "عطلة",
)  # fmt: skip
"""The same where words have no blanks before them, or carry others glued on."""
LEFT = (
    "no longer work", "no longer with", "no longer employed", "no longer at", "left the company", "has left",
    "have left", "no longer in use", "no longer monitored", "not monitored", "unmonitored", "nicht mehr bei",
    "nicht mehr für", "nicht mehr im unternehmen", "nicht mehr in unserem", "nicht mehr tätig",
    "unternehmen verlassen", "nicht mehr aktiv", "ya no trabaj", "ya no forma parte", "não trabalha mais",
    "não trabalho mais", "já não trabalh", "não faz mais parte", "ne travaille plus", "ne fait plus partie",
    "quitté la société", "quitté l'entreprise", "quitté l’entreprise", "non lavora più", "non lavoro più",
    "non fa più parte", "werkt niet meer", "niet meer werkzaam", "niet langer werkzaam", "uit dienst", "nie pracuj",
    "już nie pracuj", "zakończył", "больше не работа", "уволил", "більше не працю", "slutat", "arbetar inte längre",
    "jobbar inte längre", "arbejder ikke længere", "jobber ikke lenger", "sluttet", "ei ole enää",
    "ei työskentele enää", "již nepracuj", "už nepracuj", "nem dolgoz", "artık çalışm", "nu mai lucr",
    "δεν εργάζεται πλέον", "已离职", "已離職", "退職", "퇴사", "אינו עובד", "כבר לא עובד", "لم يعد يعمل",
    "لم أعد أعمل",
)  # fmt: skip
"""Somebody is away for good, which is not what out of office means."""
RECEIVED = (
    "we have received your ticket", "we received your ticket", "have received your message",
    "have received your e-mail", "have received your email", "have received your request",
    "have received your inquiry", "have received your enquiry", "received your support request",
    "your request has been received", "your message has been received", "your email has been received",
    "your e-mail has been received", "a ticket has been", "ticket has been created", "ticket has been opened",
    "case has been created", "request has been logged", "has been assigned the ticket", "automatic reply",
    "automatic response", "automated response", "automated message", "automated reply", "automatically generated",
    "auto-generated", "autogenerated", "auto-reply", "do not reply", "please don't reply", "not monitored",
    "haben ihre nachricht erhalten", "haben ihre anfrage erhalten", "haben ihre e-mail erhalten",
    "anfrage ist bei uns eingegangen", "nachricht ist bei uns eingegangen", "automatisch generiert",
    "automatisch erstellt", "automatische antwort", "hemos recibido su", "hemos recibido tu", "respuesta automática",
    "mensaje automático", "recebemos sua", "recebemos a sua", "recebemos o seu", "recebemos seu",
    "mensagem automática", "resposta automática", "avons bien reçu votre", "bien reçu votre",
    "nous accusons réception", "réponse automatique", "message automatique", "abbiamo ricevuto la",
    "abbiamo ricevuto il", "risposta automatica", "messaggio automatico", "hebben uw bericht", "hebben uw e-mail",
    "hebben je bericht", "wij hebben uw", "automatisch bericht", "automatisch gegenereerd", "otrzymaliśmy",
    "wiadomość wygenerowana automatycznie", "automatyczna odpowiedź", "ваше письмо получено", "получили ваше",
    "автоматическ", "отримали ваш", "автоматичн", "automatiskt svar", "automatisk svar", "automatisk besked",
    "olemme vastaanottaneet", "automaattinen", "obdrželi jsme", "přijali jsme", "automatická odpověď",
    "automaticky vygenerov", "dostali sme", "prijali sme", "megkaptuk", "automatikus", "otomatik", "am primit",
    "am primit solicitarea", "mesaj automat", "λάβαμε", "αυτόματο", "αυτόματη", "已收到您的", "已經收到", "自动回复",
    "自動回覆", "系统自动", "自動送信", "自動返信", "自動的に送信", "受け付けました", "접수되었습니다", "자동 발송",
    "קיבלנו את", "הודעה אוטומטית", "تلقينا رسالتك", "رسالة تلقائية", "استلمنا",
)  # fmt: skip
"""An acknowledgement; people write these too, so that they count only beside signs of a machine."""
THANKS = (
    "thank you for contacting", "thanks for contacting", "thank you for your email", "thank you for your e-mail",
    "thank you for your message", "thanks for your email", "thanks for reaching out", "thank you for reaching out",
    "vielen dank für ihre nachricht", "vielen dank für ihre e-mail", "vielen dank für ihre anfrage",
    "gracias por contactar", "gracias por su mensaje", "obrigado por entrar em contato", "grazie per averci",
    "dziękujemy za kontakt", "dziękujemy za wiadomość", "ваше обращение", "ваш запрос", "ваше звернення",
    "tack för att du kontakt", "kiitos viestistäsi", "kiitos yhteydenotostasi", "děkujeme za", "ďakujeme za",
    "köszönjük megkeresés", "talebiniz", "mesajınız", "mulțumim pentru", "お問い合わせいただき", "문의해 주셔서",
    "פנייתך", "support ticket", "new case", "har mottagit", "har tagit emot", "har modtaget", "har mottatt",
)  # fmt: skip
"""The same as people of a help desk begin their answers, too."""
CHALLENGES = (
    "please confirm that you", "confirm your message", "confirm your email to", "confirmation required",
    "click the link below to deliver", "verify that you sent", "verification required", "is protected by spam",
    "spamarrest", "boxbe", "qconfirm", "tmda", "challenge/response", "approved senders list", "whitelist request",
    "antispam uol", "bestätigen sie ihre nachricht", "confirme seu e-mail", "you must click",
)  # fmt: skip
"""Asked before a mail is let through (challenge and response)."""

HEADERS = frozenset({
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-auto-reply-from", "x-autoreply-from",
    "x-mail-autoreply", "x-autogenerated-reply", "x-vacation", "x-kopano-vacation", "x-zarafa-vacation",
    "x-fc-machinegenerated", "x-amazon-auto-reply", "x-autoresponse", "x-auto-response",
})  # fmt: skip
"""Only automatic answers carry them: BoxTrapper, cPanel, Gmail, DTC, FirstClass, Kopano and others."""
VALUES = {
    "x-autogenerated": ("reply",),
    "x-apple-action": ("vacation",),
    "delivered-to": ("autoresponder",),
    "x-post-messageclass": ("9; autoresponder",),
    "x-smartermail-messagetype": ("autoresponder",),
    "x-precedence": ("auto_reply", "auto-reply", "autoreply"),
    "precedence": ("auto_reply", "auto-reply", "autoreply", "auto reply"),
    "preference": ("auto_reply",),
    "x-mailer": ("vacation", "autoresponder", "autoreply", "auto-responder", "mail::vacation"),
    "auto-submit": ("yes",),
}
"""What fields that others carry too begin with in an automatic answer: CommuniGate, Apple, qmail, Mailtraq and others."""
CHALLENGERS = frozenset({"spamarrest.com", "boxbe.com", "bluebottle.com", "antispam.uol.com.br", "sendio.com"})
"""Domains that only ask whether the sender is a person."""
