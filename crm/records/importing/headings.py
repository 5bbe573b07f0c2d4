"""What headers of columns mean, as spreadsheets and address books of seven languages write them.

A header is compared in lower case, without signs and numbers: `E-mail 2 Address` is `e mail address`.
"""

import re
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Final

from crm.records.importing.fields import BuiltIn, CustomFields, Meaning
from parsers.tables.several import emails_in, is_address

WORDS: Final[dict[BuiltIn, str]] = {
    BuiltIn.NAME: """
        name | full name | fullname | display name | contact | contact name | customer | customer name
        person | client name | fn
        vollständiger name | anzeigename | kontakt | kontaktname
        ansprechpartner | ansprechpartnerin | kunde | kundenname
        imię i nazwisko | nazwisko i imię | nazwa wyświetlana | kontakt
        osoba | osoba kontaktowa | klient | nazwa kontaktu
        ім'я та прізвище | прізвище та ім'я | прізвище ім'я | прізвище ім'я по батькові
        піб | контакт | контактна особа | клієнт
        имя и фамилия | фамилия и имя | фамилия имя | фамилия имя отчество
        фио | контактное лицо | клиент | полное имя | имя контакта
        nombre completo | nombre y apellidos | nombre y apellido | contacto | persona de contacto | cliente
        nom complet | nom et prénom | prénom et nom | nom prénom | prénom nom | contact | personne | client""",
    BuiltIn.GIVEN: """
        first name | firstname | given name | given | forename | first
        vorname | rufname
        imię | imiona
        ім'я | імʼя | імя
        имя
        nombre | nombres | nombre de pila | primer nombre
        prénom | prénoms | prenom""",
    BuiltIn.FAMILY: """
        last name | lastname | surname | family name | family | last
        nachname | familienname | zuname
        nazwisko | nazwiska
        прізвище
        фамилия
        apellido | apellidos
        nom | nom de famille | patronyme""",
    BuiltIn.EMAIL: """
        email | e mail | mail | email address | e mail address
        e mails | emails | mail address | e mail value | email value
        work email | business email | private email | personal email
        home email | other email | primary email | secondary email
        e mail adresse | mailadresse | emailadresse | e mail geschäftlich | e mail privat
        adres e mail | adres email | poczta | poczta elektroniczna | e mail służbowy | e mail prywatny
        електронна пошта | ел пошта | пошта | електронна адреса | адреса електронної пошти | імейл | емейл
        электронная почта | эл почта | почта | электронный адрес | адрес электронной почты | имейл | емейл
        correo | correo electrónico | correo electronico | dirección de correo | dirección de correo electrónico
        courriel | adresse e mail | adresse email | adresse électronique | adresse mail | mél | mel""",
    BuiltIn.PHONE: """
        phone | telephone | tel | phone number | telephone number
        phones | mobile | mobile phone | cell | cell phone | cellphone
        mobile number | business phone | work phone | home phone
        office phone | company main phone | primary phone | other phone
        car phone | phone value | direct phone
        telefon | telefonnummer | tel nr | telefon geschäftlich
        telefon privat | telefon mobil | handy | handynummer | mobil
        mobiltelefon | mobilnummer | rufnummer | festnetz | weiteres telefon
        numer telefonu | nr telefonu | telefon komórkowy
        komórka | telefon służbowy | telefon domowy | telefon stacjonarny
        телефон | номер телефону | мобільний | мобільний телефон | робочий телефон | телефони | домашній телефон
        номер телефона | мобильный | мобильный телефон | рабочий телефон | телефоны | домашний телефон | моб телефон
        teléfono | telefono | número de teléfono | móvil
        movil | teléfono móvil | celular | teléfono del trabajo | teléfonos
        téléphone | numéro de téléphone | portable | mobile | téléphone portable | téléphone mobile | téléphone fixe
        téléphone professionnel | tél | gsm""",
    BuiltIn.POSITION: """
        position | job title | title | job | role | function | organization title | occupation
        stellung | funktion | beruf | berufsbezeichnung | stellenbezeichnung | rolle
        stanowisko | funkcja | rola
        посада
        должность
        cargo | puesto | función
        poste | fonction | titre""",
    BuiltIn.COMPANY: """
        company | company name | organization | organisation | organization name | organisation name | account
        account name | employer | org
        firma | firmenname | unternehmen | arbeitgeber
        nazwa firmy | przedsiębiorstwo | organizacja | pracodawca
        компанія | назва компанії | організація | фірма | підприємство
        компания | название компании | организация | фирма | предприятие
        empresa | nombre de la empresa | compañía | organización | sociedad
        société | entreprise | nom de la société | nom de l'entreprise | raison sociale""",
    BuiltIn.DOMAIN: """
        website | web site | web page | webpage | domain
        company domain | company's domain | url | homepage | website value | company website
        webseite | internetseite | domäne
        strona www | strona internetowa | witryna | domena | www
        сайт | вебсайт | веб сайт | домен
        веб страница
        sitio web | página web | dominio
        site web | site internet | site | domaine""",
    BuiltIn.TAGS: """
        tags | tag | labels | label | categories | category | groups | group | group membership | keywords
        schlagwörter | schlagworte | kategorie | kategorien | gruppe | gruppen | etiketten
        tagi | etykiety | kategorie | kategoria | grupa | grupy
        теги | мітки | категорія | категорії | група | групи
        метки | категория | категории | группа | группы
        etiquetas | categoría | categorías | grupo | grupos
        étiquettes | catégorie | catégories | groupe | groupes | mots clés""",
    BuiltIn.RESPONSIBLE: """
        responsible | owner | assigned to | responsible email
        assignee | account manager | contact owner | record owner
        verantwortlich | verantwortlicher | verantwortliche | zuständig | betreuer | besitzer | bearbeiter
        odpowiedzialny | osoba odpowiedzialna | opiekun | właściciel
        відповідальний | відповідальна особа | менеджер
        ответственный | ответственное лицо | менеджер
        responsable | asignado a | propietario
        propriétaire | assigné à""",
    BuiltIn.SOURCE: """
        source | lead source | origin
        quelle | herkunft
        źródło | pochodzenie
        джерело
        источник
        fuente | origen
        origine | provenance""",
    BuiltIn.NOTES: """
        notes | note | comment | comments | remarks | description
        notiz | notizen | bemerkung | bemerkungen | kommentar | anmerkungen
        notatki | uwagi | komentarz
        нотатки | примітки | коментар
        заметки | примечания | примечание | комментарий
        notas | nota | comentario | comentarios | observaciones
        remarques | commentaire | commentaires""",
    BuiltIn.SINCE: "known since | bekannt seit",
    BuiltIn.ID: "mailsync id",
}
"""By language: English, German, Polish, Ukrainian, Russian, Spanish, French. `nombre` beside `apellidos` is a first name, and
`nom` beside `prénom` a last name: `whole_names` puts those right that stand alone."""
WHOLE: Final[dict[BuiltIn, frozenset[str]]] = {
    BuiltIn.GIVEN: frozenset({"nombre", "имя", "ім'я", "імʼя", "імя", "given", "first"}),
    BuiltIn.FAMILY: frozenset({"nom", "last", "family"}),
}
"""Words for a part of a name that mean all of it where the other part has no column."""
SEVERAL: Final = frozenset({BuiltIn.EMAIL, BuiltIn.PHONE, BuiltIn.TAGS})
"""Fields that more than one column may give."""
SAMPLE: Final = 50
_SIGNS = re.compile(r"[^\w']+|[\d_]+")
_NUMBER = re.compile(r" \(\d+\)$")
"""By which columns of one name are told apart (`parsers/tables/opening.py`)."""
_SEPARATOR = re.compile(r"\s*[|\n]\s*")
_MEANING: Final = {word: field for field in reversed(WORDS) for word in _SEPARATOR.split(WORDS[field]) if word}


def guess_mapping(
    header: Sequence[str], sample: Iterable[Sequence[str]] = (), custom: CustomFields = MappingProxyType({})
) -> list[Meaning]:
    """A field for each column; a custom one by its name, which counts more than what the word means to everybody else.

    Where a name comes twice, the first column is what everybody calls so: files that were exported here end with custom fields.
    Where no header says e-mail, the column of `sample` that holds the most addresses does.
    """
    words = [plain(name) for name in header]
    fields = [
        _own(name, header, custom) or _MEANING.get(word) or _alike(word, custom)
        for name, word in zip(header, words, strict=True)
    ]
    fields = _each_once(_whole_names(fields, words))
    if BuiltIn.EMAIL not in fields:
        place = _column_of_addresses(list(sample)[:SAMPLE], fields)
        if place is not None:
            fields[place] = BuiltIn.EMAIL
    return fields


def plain(name: str) -> str:
    """A header without signs, numbers and capitals."""
    return " ".join(_SIGNS.sub(" ", name.lower().replace("’", "'")).split())


def _own(name: str, header: Sequence[str], custom: CustomFields) -> Meaning | None:
    """The custom field that is called exactly so."""
    called = {field.name.casefold(): key for key, field in custom.items()}
    numbered = _NUMBER.sub("", name)
    is_second = numbered != name and numbered in header
    if is_second and name.casefold() not in called:
        return called.get(numbered.casefold())
    comes_again = any(_NUMBER.sub("", other) == name for other in header if other != name)
    return None if comes_again and plain(name) in _MEANING else called.get(name.casefold())


def _alike(word: str, custom: CustomFields) -> Meaning:
    """The custom field that is called so but for signs and numbers."""
    return next((key for key, field in custom.items() if plain(field.name) == word), BuiltIn.SKIP)


def _whole_names(fields: list[Meaning], words: list[str]) -> list[Meaning]:
    for part, other in ((BuiltIn.GIVEN, BuiltIn.FAMILY), (BuiltIn.FAMILY, BuiltIn.GIVEN)):
        if part in fields and other not in fields and BuiltIn.NAME not in fields:
            place = fields.index(part)
            if words[place] in WHOLE[part]:
                fields[place] = BuiltIn.NAME
    return fields


def _each_once(fields: list[Meaning]) -> list[Meaning]:
    """Of a field that has one value, the first column counts."""
    return [
        BuiltIn.SKIP if field not in SEVERAL and field in fields[:place] else field
        for place, field in enumerate(fields)
    ]


def _column_of_addresses(sample: list[Sequence[str]], fields: list[Meaning]) -> int | None:
    counts = {
        place: sum(all(map(is_address, found)) for row in sample if (found := emails_in(row[place])))
        for place, field in enumerate(fields)
        if field == BuiltIn.SKIP
    }
    best = max(counts, key=lambda place: counts[place], default=None)
    return best if best is not None and counts[best] else None
