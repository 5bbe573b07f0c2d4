"""Letters beyond ASCII by language, by which text without a charset is told apart; with them the charsets of old mail.

Of each language: the letters that any page of it has, and those that are rarer. Letters that a language shares with all
its neighbours tell nothing but that they fit; what is not listed speaks against it.
"""

_SIGNS = "£¤¥§©®°±²³µ¶¹º¼½¾×÷¡¿ªºœæÿ"
_RUSSIAN = ("оеаинтсрвлкмдпу", "яыьгзбчйхжшюцщэфъё")

ALPHABETS: tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    (("cp1252",), (
        ("äöüß", _SIGNS), ("éèàêçâôîïëùû", _SIGNS + "äöü"), ("ãçáéíóõâêúàô", _SIGNS + "ü"), ("áéíóñú", _SIGNS + "ü"),
        ("àèéìòù", _SIGNS), ("åäöé", _SIGNS), ("åæøé", _SIGNS + "öäü"), ("áéíóúýþðæö", _SIGNS), ("éëïöü", _SIGNS + "èê"),
        ("àçèéíïòóúü", _SIGNS + "·"), ("", _SIGNS + "àáâãäåçèéêëìíîïñòóôõöøùúûüß"),
    )),
    (("cp1250", "iso-8859-2"), (
        ("ąćęłńóśźż", ""), ("áčďéěíňóřšťúůýž", ""), ("áäčďéíľňóôšťúýž", ""), ("áéíóöőúüű", ""), ("čćđšž", ""),
        ("ăâîşţ", ""),
    )),
    (("cp1254",), (("çğıöşü", "âî"),)),
    (("cp1257",), (("ąčęėįšųūž", ""), ("āčēģīķļņšūž", ""), ("äöõü", "šž"))),
    (("cp1251", "koi8-u"), (_RUSSIAN, ("оаиніетврслкдпу", "ямзьбгчхцїюйжщєшфґ"), ("аоеинјрсвтуклдпм", "збчгњцшћжљхђфџ"))),
    (("cp1253",), (("αοιετνησςρπκμλυίάόέή", "θγδχφωύώβξζψϊϋΐΰ"),)),
    (("cp1255",), (("יוהלאמרתשבנ", "דכחפקעגםטןסזצךףץ"),)),
)  # fmt: skip
"""Charsets, the likeliest first, with the languages that are written in them."""
