"""What mail programs write in the line above a quote: "On 3 May, Ann wrote:" in the languages of the world.

`VERBS` say that somebody wrote; `STARTS` are words such a line begins with; `WEEKDAYS` are beginnings of a date.
"""

VERBS = (
    "wrote", "writes", "sent", "said", "schrieb", "schreef", "geschreven", "skrev", "skrifaði", "a écrit",
    "a ecrit", "escribió", "escribio", "escribió el", "escreveu", "ha scritto", "scrisse", "ha escrit",
    "a scris", "va escriure", "napisał", "napisała", "napisał(a)", "napisał/a", "pisze", "napsal", "napsala",
    "napsal(a)", "napísal", "napísala", "napísal(a)", "написал", "написала", "написал(а)", "пишет", "писал",
    "писала", "написав", "пише", "написа", "написао", "je napisao", "je napisala", "je napisao/la", "je pisao",
    "je napisal", "piše", "napisao", "napisala", "kirjoitti", "kirjutas", "írta", "ezt írta", "yazdı",
    "şunu yazdı", "tarihinde yazdı", "rašė", "parašė", "rakstīja", "έγραψε", "写道", "寫道", "書き込み",
    "のメール", "작성", "님이 작성", "כתב", "כתבה", "כתב/ה", "كتب", "كتبت", "đã viết", "menulis", "เขียนว่า",
    "escribiu", "idatzi zuen", "yazmış", "yazdi", "je pisala", "je napisal/a", "је написао", "је написао/ла",
    "је написала", "написав(-ла)", "написав(ла)", "napísal/a", "napsal/a", "napisana przez", "نوشت", "쓴 글",
    "に書きました", "は書きました", "isinulat ni", "shkroi", "geschrieben", "schreibt", "meinte", "napisal",
    "napisal(a)", "писав", "píše",
)  # fmt: skip
# Programs that do not say that somebody wrote, but that they quote him; these begin the line.
QUOTING = (
    "quoting", "zitat von", "zitiere", "citando a", "citando", "citat de", "citat från", "citerar", "citace",
    "citaat van", "cytowanie", "cytat", "citation de", "alıntı", "lainaus", "idézet", "idézés", "цитирую",
    "цитата", "quotando", "excerpts from", "missatge de", "message de", "quoted from", "quote from",
    "mensagem de", "nachricht von", "also sprach", "thus spake", "quoth",
)  # fmt: skip
STARTS = (
    "on", "at", "in a message dated", "quoting", "am", "le", "el", "il", "il giorno", "in data", "op", "em",
    "no dia", "a", "dnia", "w dniu", "dne", "dňa", "den", "på", "pe", "la data de", "la", "tarihinde", "στις",
    "на", "в", "во", "dana", "ngày", "pada", "vào", "في", "ב", "בתאריך", "在", "于", "於", "från", "fra", "von",
    "van", "par", "da", "le jour", "dia", "quoted from", "zitat von", "citando", "citando a", "quote from",
    "o dia", "în", "pada tanggal", "noong", "þann", "kuupäev", "у", "дана", "às", "en", "v", "ve", "vo", "po",
    "เมื่อ", "ในวันที่", "در تاریخ", "um", "kl", "o",
)  # fmt: skip
WEEKDAYS = (
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so", "montag",
    "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "lun", "mar", "mer", "jeu", "ven",
    "sam", "dim", "lunedì", "mié", "jue", "vie", "sáb", "dom", "lunes", "martes", "miércoles", "jueves",
    "viernes", "sábado", "domingo", "seg", "ter", "qua", "qui", "sex", "segunda", "terça", "quarta", "quinta",
    "sexta", "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "poniedziałek", "wtorek", "środa", "czwartek",
    "piątek", "sobota", "niedziela", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "понедельник", "вторник",
    "среда", "четверг", "пятница", "суббота", "воскресенье", "нд", "понеділок", "вівторок", "середа", "четвер",
    "пʼятниця", "субота", "неділя", "ma", "ti", "ke", "to", "pe", "la", "su", "maanantai", "tiistai",
    "keskiviikko", "torstai", "perjantai", "man", "tir", "ons", "tor", "tors", "fre", "lør", "søn", "mån",
    "tis", "lör", "sön", "zo", "woe", "don", "vrij", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag",
    "zaterdag", "zondag", "út", "st", "čt", "pá", "ne", "po", "čtvrtek", "pátek", "hétfő", "kedd", "szerda",
    "csütörtök", "péntek", "szombat", "vasárnap", "pzt", "sal", "çar", "per", "cum", "cmt", "paz", "mie", "joi",
    "vin", "sâm", "sri", "čet", "pet", "sub", "ned", "uto", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday",
)  # fmt: skip
# Somebody who speaks of himself is writing, not quoting.
FIRST_PERSON = (
    "i", "we", "ich", "wir", "я", "мы", "ми", "j'ai", "nous", "yo", "ik", "wij", "jag", "vi", "jeg", "io", "eu",
    "ja",
)  # fmt: skip
# A sentence that begins so tells what somebody wrote; no program writes it above a quote.
SUBORDINATE = frozenset({
    "as", "like", "when", "since", "because", "wie", "weil", "als", "comme", "quand", "como", "cuando", "quando", "come", "zoals",
    "omdat", "jak", "как", "як", "som", "kuten", "jako",
})  # fmt: skip
