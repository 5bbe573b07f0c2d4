"""How people tell in an out-of-office text when they are back: words before a day, words behind it, and words between.

All languages together: a word counts only where a day stands beside it, so that few of them are mistaken. Lower case;
phrases of several words are parted by blanks, a stem ends in `*`.
"""

UNTIL = (
    "until", "till", "til", "through", "thru", "up to", "bis", "jusqu", "hasta", "até", "ate", "fino", "sino", "tot",
    "t / m", "do", "až do", "до", "по", "till och med", "t . o . m", "til og med", "până", "pana", "pînă", "έως",
    "εως", "μέχρι", "ως", "حتى", "ولغاية", "لغاية", "إلى غاية", "עד", "至", "到", "直到", "截至", "直至", "last day",
    "letzter tag", "dernier jour", "fins",
)  # fmt: skip
"""Before the last day of absence."""
BACK = (
    "back", "return*", "re - open", "re - opens", "re - opening", "reopen*", "resume*", "available again",
    "reachable again", "available from", "in the office again", "zurück", "zurueck", "rückkehr", "rueckkehr",
    "wieder ab", "wieder am", "wieder im büro ab", "wieder erreichbar ab", "wieder da ab", "erst wieder",
    "wieder erreichbar", "wieder im büro", "wieder für sie da", "erreichbar ab", "de retour", "retour", "reviens",
    "reviendr*", "rentre*", "rentrer*", "disponible à partir", "joignable à partir", "regres*", "volver*", "vuelvo",
    "vuelta", "reincorpor*", "retorn*", "volto", "volta", "voltar*", "rientr*", "torno", "torner*", "ritorno",
    "rientro", "di nuovo", "nuovamente", "weer", "terug", "terugkom*", "wracam", "wrócę", "wracamy", "powrót",
    "powrot", "powrócę", "powrotu", "ponownie", "dostępny od", "dostępna od", "будем снова", "снова", "вернусь",
    "вернемся", "вернёмся", "возвращаюсь", "возвращение", "выхожу", "выйду", "буду на рабочем месте", "буду в офисе",
    "буду на работе", "повернуся", "повернусь", "повернемося", "повертаюсь", "повернення", "буду на робочому місці",
    "буду в офісі", "zpět", "zpátky", "vrátím", "vracím", "návrat*", "opět", "späť", "spať", "vrátim", "opäť",
    "znova", "tillbaka", "åter", "återkommer", "tilbage", "tilbake", "igen", "takaisin", "palaan", "palaamme",
    "vissza", "visszatér*", "reven*", "revin", "înapoi", "întorc", "mă întorc", "διαθέσιμος ξανά", "ξανά",
    "επιστρέφω", "επιστρέψω", "επιστροφή", "πίσω", "سأعود", "اعود", "العودة", "عودتي", "أعود", "אחזור", "אשוב",
    "חוזר", "חוזרת", "נחזור", "torn*", "返回", "dönüş*",
)  # fmt: skip
"""Before the first day of being there again."""

UNTIL_BEHIND = (
    "kadar", "dek", "asti", "saakka", "ig", "まで*", "迄*", "까지*", "inclus", "incluse", "incluido", "inclusive",
    "einschließlich", "włącznie", "включительно", "включно", "compris", "compreso", "incluso", "为止*", "止",
)  # fmt: skip
"""Behind the last day of absence."""
BACK_BEHIND = (
    "wieder", "zurück", "zurueck", "weer", "terug", "tillbaka", "åter", "tilbage", "tilbake", "igen", "takaisin",
    "palaan", "vissza", "ismét", "újra", "dön*", "işbaşı*", "zpět", "zpátky", "späť", "ξανά", "снова", "знову",
    "より出社*", "から出社*", "に出社*", "より出勤*", "から出勤*", "に復帰*", "より復帰*", "から復帰*", "より業務*",
    "から業務*", "より通常*", "から通常*", "より平常*", "に戻*", "以降*", "返回*", "回来*", "回來*", "回到*",
    "回公司*", "返岗*", "返崗*", "上班*", "恢复*", "恢復*", "复工*", "복귀*", "정상*", "출근*", "돌아*",
)  # fmt: skip
"""Behind the first day of being there again."""

DENIALS = frozenset(("nicht", "not", "не", "nie", "ne", "non", "niet", "inte", "ikke", "nem"))
"""Before a word for being back."""
CALLED = frozenset(("me", "you", "us", "him", "her", "call", "write"))
"""Before "back": somebody will be called, and is not away."""

BETWEEN = """
on the of by in from at to and work office desk duty my our your next coming only again available including inclusive
incl inkl and including date is planned for around over end close business day
am dem den der die das zum zu einschließlich einschl inklusive und mit kommenden nächsten büro arbeit ab vom erst da für
sie erreichbar haus dienst ins im
au le la les du de des à bureau travail inclus dès est prévu prévue partir mon compter sera
el del al día dia los las a oficina trabajo en será próximo proximo estaré mis labores actividades
o no na minhas meus meu atividades ao aos à escritório trabalho dia próxima próximo em às partir
il lo dell in ufficio lavoro al alla giorno previsto prossimo a disposizione dal dalla operativo
en met de het op kantoor werk aan bereikbaar vanaf aanwezig t m inbegrepen komende
w we dnia dniu pracy biura do dopiero włącznie z dostępny dostępna biurze będę dostepny od
в во на работу офис рабочем месте офисе работе числа включительно из отпуска уже
у до роботи офіс офісі робочому місці включно з відпустки
v ve dne dňa kanceláře kancelář kanceláři kancelárii práce práci budu budem jsem som od včetně vrátane
och med kontoret jobbet den på jobb arbete i tillbaka og den d kl dagen arbejde arbeid fra från igjen nå
töihin toimistolle toimistossa asti viimeistään töissä
az irodába az irodában munkába a
pe la birou data de în serviciu muncă inclusiv
τις την τη στο στις στην γραφείο και από δουλειά εργασία
إلى المكتب يوم في العمل بتاريخ ב ה ל למשרד לעבודה ביום בתאריך וכולל
"""
"""May stand between such a word and its day; parted by blanks."""
BETWEEN_BEHIND = """
bin ich sind wir ben ik zijn wij kehre kehren komme kommen stehe wird gerne dann auch bei im büro in dem ihnen
jag är jeg er vi mi me térek térünk leszek én án jén ján ban ben kor a az
günü tarihine tarihinde tarihi itibariyle ofise işe işime ofiste a e ye ya da de ta te
olen palaan töihin töissä jsem budu budem som opět opäť
bude we will i be am
日 月 火 水 木 金 土 星期 周 周一 에 부터 我 我将 我將 将 將 会 會 再 才 的 я буду
"""
"""May stand between a day and the word behind it."""

RANGES = frozenset(
    ("-", "–", "—", "‐", "‑", "~", "〜", "～", "to", "au", "al", "a", "à", "ao", "as", "às", "i", "po", "إلى", "الى")
)
"""Between two days, or a number and a day, of which the second is the last."""
PAIRS = frozenset(("and", "und", "et", "y", "e", "i", "и", "та", "en", "och", "og", "ja", "és", "ve", "και", "și"))
"""The same, where `BETWEEN_TWO` stands before."""
BETWEEN_TWO = frozenset((
    "between", "zwischen", "entre", "tra", "między", "miedzy", "между", "між", "tussen", "mellan", "mellem", "mellom",
    "între",
))  # fmt: skip

EITHER = frozenset(
    ("or", "oder", "ou", "lub", "или", "або", "nebo", "alebo", "eller", "tai", "vagy", "sau", "veya", "ή")
)
"""Behind a day that is not sure."""
TOMORROW = frozenset((
    "tomorrow", "morgen", "demain", "mañana", "amanhã", "domani", "jutro", "завтра", "zítra", "zajtra", "yarın",
    "imorgon", "imorgen", "huomenna", "holnap", "mâine", "αύριο", "明日", "明天", "내일", "غدا", "غدًا", "מחר",
))  # fmt: skip
ENGLISH = frozenset((
    "until", "till", "til", "through", "thru", "back", "to", "up", "return", "returning", "returns", "reopen", "re",
    "available", "reachable", "in", "resume", "resuming", "last", "returned", "-", "–", "—",
))  # fmt: skip
"""First words after which the language is English, or may be: only there does 03/04 have two meanings."""

HOURS = frozenset((
    "uhr", "h", "hrs", "am", "pm", "hod", "hodin", "ч", "год", "u", "uur", ":", "kl", "klo", "óra", "°", "%", "€",
))  # fmt: skip
"""Behind what looks like a day and is a time or an amount."""
MONTH_FIRST_DOMAINS = frozenset(("us", "gov", "mil", "edu"))
NO_COUNTRY_DOMAINS = frozenset(("ca", "ph", "io", "co", "ai", "me", "tv", "cc", "eu", "ws", "fm", "ly", "gg", "to"))
"""Two letters that tell no country, or one that writes dates both ways."""
