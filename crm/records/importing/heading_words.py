"""Words by which spreadsheets and address books of seven languages call what is in a column.

English, German, Polish, Ukrainian, Russian, Spanish, French. A header is compared in lower case, without signs and numbers:
`E-mail 2 Address` is `e mail address`.
"""

from collections.abc import Mapping
from typing import Final

from crm.records.importing.fields import BuiltIn
from storage.models import RecordType

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
        company domain | company's domain | company domain name | url | homepage | website value | company website
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
        assignee | account manager | contact owner | record owner | company owner | lead owner | deal owner | opportunity owner
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
"""What they mean in lists of people. `nombre` beside `apellidos` is a first name, and `nom` beside `prénom` a last name:
`headings` puts those right that stand alone."""
WHOLE: Final[dict[BuiltIn, frozenset[str]]] = {
    BuiltIn.GIVEN: frozenset({"nombre", "имя", "ім'я", "імʼя", "імя", "given", "first"}),
    BuiltIn.FAMILY: frozenset({"nom", "last", "family"}),
}
"""Words for a part of a name that mean all of it where the other part has no column."""
FURTHER_WORDS: Final[dict[str, str]] = {
    "salutation": """
        salutation | prefix | name prefix | honorific | courtesy title | form of address
        anrede | zwrot grzecznościowy | forma grzecznościowa | звертання | обращение | tratamiento | civilité""",
    "birthday": """
        birthday | birth date | date of birth | dob | bday
        geburtstag | geburtsdatum | data urodzenia | urodziny | дата народження | день народження
        дата рождения | день рождения | fecha de nacimiento | cumpleaños | date de naissance | anniversaire""",
    "website": """
        website | web site | web page | webpage | url | homepage | home page | website value | company website
        webseite | internetseite | internet | strona www | strona internetowa | witryna | www
        сайт | вебсайт | веб сайт | веб страница | sitio web | página web | web | site web | site internet | site""",
    "messenger": """
        messenger | im | social | social profile | linkedin | linkedin url | linkedin profile | person linkedin url | skype
        telegram | whatsapp | xing | komunikator | месенджер | мессенджер | messagerie | mensajería""",
    "street": """
        street | street address | address | address line | address street | business street | home street | mailing street
        billing street | postal address | business address | home address
        straße | strasse | straße geschäftlich | straße privat | anschrift | adresse | ulica | adres | вулиця | адреса
        улица | адрес | calle | dirección | domicilio | rue | voie""",
    "postcode": """
        postcode | postal code | zip | zip code | post code | address postal code | address zip | business postal code
        home postal code | mailing zip | billing zip | mailing zip postal code | billing zip postal code
        plz | postleitzahl | kod pocztowy | поштовий індекс | індекс | почтовый индекс | индекс | código postal | cp
        code postal""",
    "city": """
        city | town | locality | address city | business city | home city | mailing city | billing city
        ort | stadt | wohnort | miasto | miejscowość | місто | город | ciudad | localidad | población | ville | commune""",
    "region": """
        region | state | state region | province | county | address region | business state | home state | mailing state
        billing state | mailing state province | billing state province
        bundesland | kanton | województwo | область | регіон | регион | provincia | estado | comunidad autónoma | région
        département""",
    "country": """
        country | country region | address country | business country | home country | business country region
        home country region | mailing country | billing country
        land | kraj | państwo | країна | страна | país | pays""",
    "industry": """
        industry | sector | line of business | business type
        branche | industrie | wirtschaftszweig | branża | sektor | галузь | отрасль | сфера деятельности | sector de actividad
        industria | secteur | secteur d'activité""",
    "employees": """
        employees | number of employees | no of employees | num employees | company size | size | headcount | staff
        mitarbeiter | mitarbeiterzahl | anzahl mitarbeiter | firmengröße | pracownicy | liczba pracowników
        кількість працівників | кількість співробітників | количество сотрудников | сотрудники | empleados
        número de empleados | effectif | effectifs | nombre d'employés | nombre de salariés""",
    "company_name": "company name | organization name | organisation name | firmenname | nazwa firmy | назва компанії",
}
"""The same of the further standard fields, by their keys."""
_COMPANIES: Final[dict[BuiltIn, str]] = {
    BuiltIn.NAME: WORDS[BuiltIn.COMPANY]
    + """
        | name | client | customer | customer name | client name | bezeichnung | kunde | kundenname
        nazwa | klient | nazwa klienta
        назва | клієнт
        название | наименование | клиент
        nombre | cliente | razón social
        nom | client""",
}
_AMOUNT: Final = """
    amount | value | deal value | deal amount | sum | price | revenue
    betrag | wert | summe | auftragswert
    kwota | wartość | suma
    сума | вартість
    сумма | стоимость | бюджет
    importe | valor | monto
    montant | valeur"""
_CURRENCY: Final = """
    currency | currency code | deal currency
    währung
    waluta
    валюта
    moneda | divisa
    devise | monnaie"""
_LEADS: Final[dict[BuiltIn, str]] = {
    BuiltIn.TITLE: """
        lead | title | lead title | lead name | subject | topic | inquiry | enquiry | request
        titel | betreff | anfrage | interessent
        tytuł | temat | zapytanie
        заголовок | тема | запит
        лид | заявка
        título | asunto | consulta
        titre | sujet | objet | demande | piste""",
    BuiltIn.STAGE: """
        stage | lead stage | status | lead status
        stufe | phase
        etap | stan
        етап | статус | стадія
        этап | стадия
        etapa | estado
        étape | statut""",
    BuiltIn.CONTACT: "contact",
    BuiltIn.AMOUNT: _AMOUNT,
    BuiltIn.CURRENCY: _CURRENCY,
    BuiltIn.SINCE: "came | created | create date | created at | created on | known since | erstellt | utworzono | créé le",
}
_DEALS: Final[dict[BuiltIn, str]] = {
    BuiltIn.TITLE: """
        deal | deal name | deal title | title | name | opportunity | opportunity name | subject
        geschäft | titel | name des geschäfts | verkaufschance | bezeichnung | betreff
        transakcja | szansa | szansa sprzedaży | nazwa | nazwa transakcji | tytuł
        угода | назва | назва угоди | заголовок
        сделка | название | название сделки | заголовок
        negocio | oportunidad | título | nombre | nombre del negocio
        affaire | opportunité | transaction | titre | nom | nom de l'affaire""",
    BuiltIn.AMOUNT: _AMOUNT,
    BuiltIn.CURRENCY: _CURRENCY,
    BuiltIn.STAGE: """
        stage | deal stage | status
        phase | stufe | verkaufsphase
        etap | faza
        етап | стадія
        этап | стадия | статус
        etapa | fase
        étape | statut""",
    BuiltIn.PIPELINE: "pipeline | sales pipeline | lejek | воронка | embudo | entonnoir",
    BuiltIn.CONTACT: """
        contact | contact name | contact person | person | customer | client | associated contact
        kontakt | kontaktname | ansprechpartner | ansprechpartnerin | kunde
        osoba | osoba kontaktowa | klient
        контакт | контактна особа | клієнт
        контактное лицо | клиент
        contacto | persona de contacto | cliente
        personne""",
    BuiltIn.EMAIL: WORDS[BuiltIn.EMAIL] + "| contact email | contact e mail",
    BuiltIn.CLOSES: """
        closes on | close date | closing date | expected close date | expected closing date | expected to be won on
        abschlussdatum | abschluss | erwarteter abschluss | abschluss am
        data zamknięcia | przewidywana data zamknięcia
        дата закриття
        дата закрытия | дата завершения
        fecha de cierre | cierre | fecha de cierre prevista
        date de clôture | date de signature""",
    BuiltIn.SINCE: "created | create date | created at | created on | erstellt | utworzono | créé le",
}
OWN_WORDS: Final[Mapping[RecordType, Mapping[BuiltIn, str]]] = {
    RecordType.CONTACT: {},
    RecordType.COMPANY: _COMPANIES,
    RecordType.LEAD: _LEADS,
    RecordType.DEAL: _DEALS,
}
"""What they mean in lists of records of one kind, before what they mean in others."""
