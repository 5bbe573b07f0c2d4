"""How machines answer for people: subjects of automatic replies, and the words that say "I am away"."""

SUBJECTS = (
    "auto:", "autoreply", "auto-reply", "auto reply", "auto response", "autoresponse", "auto-response",
    "automatic reply", "automatic response", "automated reply", "automated response", "autoresponder",
    "auto responder", "out of office", "out-of-office", "out of the office", "ooo:", "away from",
    "on vacation", "vacation", "on holiday", "on leave", "on annual leave", "automatische antwort",
    "automatische antwoord", "automatisches antworten", "abwesenheit", "abwesend", "nicht im büro",
    "automatisch antwoord", "afwezig", "automatisch bericht", "respuesta automática", "respuesta automatica",
    "fuera de la oficina", "ausencia", "ausente", "resposta automática", "resposta automatica",
    "fora do escritório", "ausência", "réponse automatique", "reponse automatique", "absence du bureau",
    "absent du bureau", "absent(e)", "message automatique", "risposta automatica", "fuori sede",
    "fuori ufficio", "assenza", "odpowiedź automatyczna", "automatyczna odpowiedź", "autoodpowiedź",
    "poza biurem", "nieobecność", "автоответ", "автоматический ответ", "автоматичний відповідь",
    "автоматична відповідь", "вне офиса", "отсутств", "automatiskt svar", "frånvaro", "automatisk svar",
    "fravær", "ikke på kontoret", "automaattinen vastaus", "poissa", "automatická odpověď",
    "automatická odpoveď", "mimo kancelář", "automatikus válasz", "házon kívül", "otomatik yanıt",
    "ofis dışında", "răspuns automat", "automatski odgovor", "samodejni odgovor", "αυτόματη απάντηση",
    "自动回复", "自動回覆", "自動応答", "自動返信", "자동 회신", "부재중", "תשובה אוטומטית", "מענה אוטומטי",
    "رد تلقائي", "trả lời tự động",
)  # fmt: skip
AWAY = (
    "out of office", "out of the office", "out-of-office", "ooo", "vacation", "holiday", "annual leave",
    "on leave", "away from", "i am away", "i'm away", "currently away", "maternity", "parental leave",
    "sick leave", "abwesen", "nicht im büro", "urlaub", "nicht erreichbar", "außer haus", "wieder erreichbar",
    "wieder im büro", "fuera de la oficina", "vacaciones", "ausencia", "ausente", "fora do escritório",
    "férias", "ausência", "absent", "absence", "congé", "vacances", "de retour", "fuori sede", "fuori ufficio",
    "assente", "assenza", "ferie", "niet aanwezig", "afwezig", "vakantie", "poza biurem", "nieobecn", "urlop",
    "отпуск", "отсутств", "вне офиса", "відпуст", "відсутн", "semester", "frånvaro", "fravær", "kontoret",
    "lomalla", "poissa", "dovolen", "mimo kancelář", "szabadság", "házon kívül", "izin", "ofis dışı", "休假",
    "外出", "出差", "不在", "休暇", "부재", "휴가", "חופשה", "إجازة",
)  # fmt: skip
