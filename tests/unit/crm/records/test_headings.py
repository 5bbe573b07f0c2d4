"""Which column is which field, by headers as programs and people of seven languages write them."""

import pytest

from core.errors import UsageError
from crm.records.exporting.columns import COMPANY, DEAL
from crm.records.fields import standard
from crm.records.importing.choices import remapped
from crm.records.importing.fields import BuiltIn
from crm.records.importing.headings import guess_mapping
from crm.records.importing.kinds import COMPANIES, DEALS, LEADS, Kind

WELL_KNOWN = ["given_name", "family_name", "email", "phone", "company", "position"]

PLACED = ["street", "postcode", "city", "country", "birthday", "website"]
PLACES = (
    "Business Street|Business Postal Code|Business City|Business Country/Region|Birthday|Web Page",
    "Address 1 - Street|Address 1 - Postal Code|Address 1 - City|Address 1 - Country|Birthday|Website 1 - Value",
    "Straße|PLZ|Ort|Land|Geburtsdatum|Webseite",
    "Ulica|Kod pocztowy|Miasto|Kraj|Data urodzenia|Strona www",
    "Вулиця|Індекс|Місто|Країна|Дата народження|Сайт",
    "Улица|Почтовый индекс|Город|Страна|День рождения|Сайт",
    "Calle|Código postal|Ciudad|País|Fecha de nacimiento|Sitio web",
    "Rue|Code postal|Ville|Pays|Date de naissance|Site web",
)


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("First Name|Last Name|E-mail Address|Mobile Phone|Company|Job Title", WELL_KNOWN),
        ("Vorname|Nachname|E-Mail-Adresse|Handy|Firma|Funktion", WELL_KNOWN),
        ("Imię|Nazwisko|Adres e-mail|Nr telefonu|Nazwa firmy|Stanowisko", WELL_KNOWN),
        ("Ім’я|Прізвище|Ел. пошта|Мобільний телефон|Компанія|Посада", WELL_KNOWN),
        ("Имя|Фамилия|Эл. почта|Моб. телефон|Компания|Должность", WELL_KNOWN),
        ("Nombre|Apellidos|Correo electrónico|Móvil|Empresa|Cargo", WELL_KNOWN),
        ("Prénom|Nom|Adresse e-mail|Téléphone portable|Société|Fonction", WELL_KNOWN),
        ("NAME|Tags|Owner|Source|Website|Notes", ["name", "tags", "responsible", "source", "website", "notes"]),
        ("Nom|Courriel", ["name", "email"]),
        *((f"Name|{header}", ["name", *PLACED]) for header in PLACES),
        ("Nombre|Correo", ["name", "email"]),
        ("ФИО|Почта", ["name", "email"]),
        ("E-mail 1 - Label|E-mail 1 - Value|E-mail 2 - Value|Phone 1 - Value", ["", "email", "email", "phone"]),
        ("E-mail Type|Name|Full name", ["", "name", ""]),
    ],
)
def test_headers(header: str, fields: list[str]) -> None:
    assert guess_mapping(header.split("|")) == fields


@pytest.mark.parametrize(
    ("kind", "header", "fields"),
    [
        (
            COMPANIES,
            "Company name|Contact|Company Domain Name|Website|Phone|Company owner",
            "name||company_domain|website|phone|responsible",
        ),
        (COMPANIES, "Firma|E-Mail|Telefon|Betreuer|Ansprechpartner", "name|email|phone|responsible|"),
        (COMPANIES, "|".join(COMPANY), "name|company_domain|responsible|known_since|email|phone|tags|source|notes|id"),
        (COMPANIES, "Name|Branche|Anzahl Mitarbeiter|Domain", "name|industry|employees|company_domain"),
        (LEADS, "Lead|Company name|State|Revenue|Job title", "title|company_name|region|amount|position"),
        (LEADS, "Lead|Name|Status|E-mail|Lead source|Lead owner", "title|name|stage|email|source|responsible"),
        (
            DEALS,
            "Deal Name|Deal Stage|Close Date|Deal owner|Amount|Pipeline",
            "title|stage|closes_on|responsible|amount|pipeline",
        ),
        (DEALS, "Название|Сумма|Валюта|Этап|Контакт|Компания", "title|amount|currency|stage|contact|company"),
        (DEALS, "Nombre|Importe|Etapa|Fecha de cierre|Cliente", "title|amount|stage|closes_on|contact"),
        (
            DEALS,
            "|".join(DEAL),
            "title|stage|amount|currency|contact|company|responsible||pipeline||tags|source|notes|known_since|closes_on||id||",
        ),
    ],
)
def test_headers_mean_what_they_mean_in_such_lists(kind: Kind, header: str, fields: str) -> None:
    assert "|".join(guess_mapping(header.split("|"), kind=kind)) == fields


def test_of_deals_no_column_is_taken_for_addresses_that_is_not_called_so() -> None:
    rows = [("Website", "bob@ours.example")] * 3
    assert guess_mapping(["Deal", "Seller"], rows, kind=DEALS) == [BuiltIn.TITLE, BuiltIn.SKIP]
    assert guess_mapping(["Lead", "Reach"], rows, kind=LEADS) == [BuiltIn.TITLE, BuiltIn.EMAIL]


def test_a_column_of_addresses_is_known_by_what_is_in_it() -> None:
    rows = [("Ann", "x", "ann@x.example"), ("Bob", "b@x.example", "bob@x.example; b@x.example")]
    assert guess_mapping(["Name", "Info", "Reach"], rows) == [BuiltIn.NAME, BuiltIn.SKIP, BuiltIn.EMAIL]
    assert guess_mapping(["Name", "E-mail", "Reach"], rows) == [BuiltIn.NAME, BuiltIn.EMAIL, BuiltIn.SKIP]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Name|Role|website|Shoe size", ["name", "field_1", "field_2", "field_3"]),
        ("Name|Position|Source|Role|Source (2)", ["name", "position", "source", "field_1", "field_4"]),
        ("Name|Source", ["name", "field_4"]),
        ("Name|Role (2)|SHOE-SIZE", ["name", "position", "field_3"]),
        ("Name|E-mail|E-mail (2)|Tags|Tags (2)", ["name", "email", "email", "tags", "tags"]),
    ],
)
def test_a_custom_field_counts_more_than_what_its_name_means_elsewhere(header: str, fields: list[str]) -> None:
    names = ("Role", "Website", "Shoe size", "Source")
    custom = {
        f"field_{number}": standard.Field(f"field_{number}", name, standard.ValueKind.TEXT, custom_id=number)
        for number, name in enumerate(names, start=1)
    }
    assert guess_mapping(header.split("|"), custom=custom) == fields


def test_what_a_person_says_counts_more_than_the_guess() -> None:
    header = ["Name", "Firma", "Wer"]
    guessed = guess_mapping(header)
    assert remapped(header, guessed, ["firma=", "Wer=position"]) == (BuiltIn.NAME, BuiltIn.SKIP, BuiltIn.POSITION)
    assert remapped(header, guessed, ["3=company"]) == (BuiltIn.NAME, BuiltIn.SKIP, BuiltIn.COMPANY)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ("Firma", "A column is mapped as COLUMN=FIELD"),
        ("Branche=company", "has no column 'Branche'; it has: Name, Firma"),
        ("Firma=compny", "did you mean company?"),
        ("9=phone", "has no column '9'"),
        ("Name=", "No column holds names or e-mail addresses"),
    ],
)
def test_a_wrong_wish_is_told(wish: str, sentence: str) -> None:
    with pytest.raises(UsageError) as told:
        remapped(["Name", "Firma"], [BuiltIn.NAME, BuiltIn.COMPANY], [wish])
    assert sentence in str(told.value)
