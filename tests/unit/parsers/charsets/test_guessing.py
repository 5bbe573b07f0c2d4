"""Text that no charset was told for: read as its language is written, and never by a neighbour's letters."""

import pytest

from parsers.charsets.decoding import decode
from parsers.charsets.guessing import guessed

WRITTEN = [
    ("cp1252", "Bonjour, j’ai été très heureux de vous rencontrer à la fête. Où êtes-vous allés ? Ma sœur a créé ça…"),
    (
        "cp1252",
        "Olá, não sei se você já viu a situação. As informações estão à disposição, às três. Amanhã há reuniões.",
    ),
    (
        "cp1252",
        "Grüße aus München! Wir können übermorgen früh kommen. Die Straße ist größer, als wir dachten. Äpfel, Öl.",
    ),
    ("cp1252", "¿Qué tal? Mañana estaré en España. La señora Núñez habló con el niño. ¡Feliz año! El nº 5 está vacío."),
    ("cp1252", "Perché non è più così? La città è bella, sarà lì lunedì. Può essere. Ciò che c’è, né tu né io."),
    ("cp1252", "Hyvää päivää! Tässä on pyytämänne selvitys. Käyttäjää ei löytynyt. Ystävällisin terveisin"),
    ("cp1252", "Hej, jeg er på kontoret på mandag. Vi spiser rødgrød med fløde på Ærø."),
    ("cp1252", "Góðan daginn, ég er í fríi fram á þriðjudag. Það er svo gott veður. Kær kveðja, Þórður."),
    ("cp1250", "Dzień dobry, dziękuję za wiadomość. Gdyby ktoś chciał, byłoby miło się spotkać."),
    ("iso-8859-2", "Dzień dobry, dziękuję za wiadomość. Gdyby ktoś chciał, byłoby miło się spotkać."),
    ("cp1250", "Dobrý den, děkuji za Vaši zprávu. Příští týden jsem na dovolené, ozvu se, až se vrátím."),
    ("cp1250", "Jó napot kívánok, köszönöm a levelét. Hétfőn leszek újra az irodában. Kérjük, erősítse meg."),
    ("cp1250", "Bună ziua, vă mulţumesc pentru mesaj. Sunt plecat până luni. Aş dori să vă întâlnesc."),
    ("cp1254", "Merhaba, iletiniz için teşekkür ederim. Şu anda ofiste değilim, pazartesi günü döneceğim."),
    ("cp1257", "Laba diena, ačiū už laišką. Šiuo metu atostogauju, grįšiu pirmadienį. Pagarbiai, Jūratė."),
    ("cp1251", "Добрый день, спасибо за письмо. Я в отпуске до понедельника."),
    ("koi8-r", "Добрый день, спасибо за письмо. Я в отпуске до понедельника."),
    ("cp1251", "ПРИВЕТ ВСЕМ, СРОЧНОЕ СООБЩЕНИЕ"),
    ("koi8-r", "ПРИВЕТ ВСЕМ, СРОЧНОЕ СООБЩЕНИЕ"),
    ("cp1251", "Добрий день, дякую за лист, я у відпустці"),
    ("cp1253", "Καλημέρα, ευχαριστώ για το μήνυμα. Θα επιστρέψω τη Δευτέρα."),
    ("cp1255", "שלום רב, תודה על ההודעה. אני בחופשה עד יום שני."),
    ("gb18030", "您好，谢谢您的来信。我正在休假，星期一回来。此致敬礼，王伟。"),
    ("euc-jp", "お世話になっております。メールありがとうございます。月曜日まで休暇をいただいております。"),
    ("cp949", "안녕하세요. 메일 감사합니다. 월요일까지 휴가입니다."),
]


@pytest.mark.parametrize(("charset", "text"), WRITTEN)
def test_each_language_is_read_by_its_own_letters(charset, text):
    assert decode(text.encode(charset)) == text


@pytest.mark.parametrize(
    "text", ["Promoção", "Re: Müller", "Über uns", "£100,000", "© 2003", "créée", "Blöödhag", "“Hi…”", "50 °C ± 2"]
)
def test_where_little_is_told_the_sender_is_western(text):
    assert decode(text.encode("cp1252")) == text


def test_utf_8_that_was_cut_or_damaged_is_still_utf_8():
    grussen = "Grüße und schöne Öfen".encode()

    assert guessed(grussen[:3]) == "cp1252"
    assert guessed(grussen + "ü".encode()[:1]) == "utf-8"
