"""Who wrote a forwarded message and to whom, as programs copy them."""

import pytest

from parsers.forward import forwarded_of
from parsers.reply.lines import lines_of

ANN = "Ann Ray <ann@a.example>"
PEOPLE = {
    "several, names with commas": ("Low, Bob <bob@b.example>; Im, Carl <carl@c.example>", ["Low, Bob", "Im, Carl"]),
    "names alone, by semicolons": ("Low, Bob; Im, Carl", ["Low, Bob", "Im, Carl"]),
    "one name alone, with a comma": ("Low, Bob", ["Low, Bob"]),
    "names alone, by commas": ("Bob Low, Carl Im", ["Bob Low", "Carl Im"]),
    "quoted": ('"Low; Bob" <bob@b.example>, carl@c.example', ["Low; Bob", ""]),
    "the address for a name": ("bob@b.example <bob@b.example>", [""]),
    "exchange path for an address": ("Bob </O=B/OU=X/CN=BOB>", ["Bob"]),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_people_as_programs_copy_them(name):
    value, names = PEOPLE[name]
    text = f"From: {ANN}\nSent: Monday, March 2, 2026 11:00 AM\nTo: {value}\nSubject: Offer\n\nHi"

    found = forwarded_of("FW: Offer", lines_of(text))

    assert [address.name for address in found.to] == names


AUTHORS = {
    "Ann Ray [mailto:ann@a.example]": ("Ann Ray", "ann@a.example"),
    "Ray, Ann": ("Ray, Ann", ""),
    "Ray, Ann <ann@a.example>": ("Ray, Ann", "ann@a.example"),
    "ann@a.example": ("", "ann@a.example"),
    "Ann Ray [Acme] <ann@a.example>": ("Ann Ray [Acme]", "ann@a.example"),
    "Ann Ray <ann@a.example> On Behalf Of Eve": ("Ann Ray", "ann@a.example"),
    "list@l.example [mailto:list@l.example]On Behalf Of Eve": ("", "list@l.example"),
    "Desk im Auftrag von Eve <eve@e.example>": ("Eve", "eve@e.example"),
    "'Ann Ray'": ("Ann Ray", ""),
}


@pytest.mark.parametrize("value", AUTHORS)
def test_authors_as_programs_copy_them(value):
    text = f"From: {value}\nSent: Monday, March 2, 2026 11:00 AM\nTo: Bob\nSubject: Offer\n\nHi"

    found = forwarded_of("FW: Offer", lines_of(text))

    assert (found.from_.name, found.from_.address) == AUTHORS[value]


ATTRIBUTIONS = {
    "On Mon, Mar 2, 2026 at 11:00 AM Ann Ray <ann@a.example> wrote:": "Mon, Mar 2, 2026 at 11:00 AM",
    "On 2 Mar 2026, at 11:00, Ann Ray <ann@a.example> wrote:": "2 Mar 2026, at 11:00",
    "Am 02.03.2026 um 11:00 schrieb Ann Ray <ann@a.example>:": "02.03.2026 um 11:00",
    "Ann Ray <ann@a.example> schrieb am Mo., 2. März 2026, 11:00:": "Mo., 2. März 2026, 11:00",
    "El lun, 2 mar 2026 a las 11:00, Ann Ray (<ann@a.example>) escribió:": "lun, 2 mar 2026 a las 11:00",
    "Le lun. 2 mars 2026 à 11:00, Ann Ray <ann@a.example> a écrit :": "lun. 2 mars 2026 à 11:00",
    "pon., 2 mar 2026 o 11:00 Ann Ray <ann@a.example> napisał(a):": "pon., 2 mar 2026 o 11:00",
    "2026-03-02 11:00 GMT+01:00 Ann Ray <ann@a.example>:": "2026-03-02 11:00 GMT+01:00",
    "Op ma 2 mrt 2026 om 11:00 schreef Ann Ray <ann@a.example>:": "ma 2 mrt 2026 om 11:00",
    "пн, 2 мар. 2026 г. в 11:00, Ann Ray <ann@a.example>:": "пн, 2 мар. 2026 г. в 11:00",
    "Ann Ray <ann@a.example> 于2026年3月2日周一 11:00写道：": "2026年3月2日周一 11:00",
    "2026年3月2日(月) 11:00 Ann Ray <ann@a.example>:": "2026年3月2日(月) 11:00",
}


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_who_and_when_by_an_attribution(line):
    found = forwarded_of("Fwd: Offer", lines_of(f"FYI\n\n{line}\n\n> Hi\n"))

    assert (found.from_.name, found.from_.address) == ("Ann Ray", "ann@a.example")
    assert (found.date, found.subject, found.text) == (ATTRIBUTIONS[line], "Offer", "Hi")
