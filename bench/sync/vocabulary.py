"""Words of six languages, as often as words are: a full-text index and a compressor are only tested by real ones.

The common words are written here; the rare ones are names of places, languages and currencies from CLDR, which Babel
carries. A dozen words repeated would flatter both by a factor (seen: 10 %).
"""

import random
import re
from functools import cache
from itertools import accumulate

from babel import Locale

SENTENCES = 4000
WORD = re.compile(r"\w{3,}")
COMMON = {
    "en": "the of and to in is you that it for on are with as we be at this have from or by not but what all were when "
    "your can said there please order invoice delivery offer thanks regards question meeting tomorrow price machine",
    "de": "die der und in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch als an nach "
    "wie bitte Rechnung Lieferung Angebot Bestellung Grüße Frage für über möchten können Auftrag Preis Maschine",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont la nous vous avec "
    "facture commande livraison offre merci question réunion demain prix déjà été très après cordialement machine",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más pero sus le ya o este sí "
    "factura pedido entrega oferta gracias pregunta reunión mañana precio también está después saludos máquina",
    "pl": "w i na z się do nie to że jest o jak po co tak za od czy przez dla być może jego tylko już przy będzie oraz "
    "faktura zamówienie dostawa oferta dziękuję pytanie spotkanie jutro cena również więcej także pozdrawiam maszyna",
    "ru": "и в не на я что он с как это по но они мы все она так его за был от меня есть же вы бы о из ему было счёт "
    "заказ доставка предложение спасибо вопрос встреча завтра цена также ещё после уважением машина",
}
LANGUAGES = tuple(COMMON)
SHARE = (40, 25, 12, 10, 7, 6)
"""How many of a hundred mails are in each language."""
LEGACY_CHARSET = {
    "en": "us-ascii",
    "de": "iso-8859-1",
    "fr": "windows-1252",
    "es": "iso-8859-15",
    "pl": "iso-8859-2",
    "ru": "koi8-r",
}


@cache
def sentences(language: str) -> list[str]:
    """A few thousand sentences, the same ones at every call."""
    chance = random.Random(language)
    locale = Locale(language)
    named = [*locale.languages.values(), *locale.territories.values(), *locale.currencies.values()]
    rare = sorted({word for name in named for word in WORD.findall(name)})
    chance.shuffle(rare)
    words = [*COMMON[language].split(), *rare]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    drawn = (chance.choices(words, cum_weights=weights, k=chance.randint(5, 16)) for _ in range(SENTENCES))
    return [f"{' '.join(sentence).capitalize()}." for sentence in drawn]
