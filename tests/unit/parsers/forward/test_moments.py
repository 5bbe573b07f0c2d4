"""The moments that copied date lines name."""

import pytest

from parsers.forward.moments import moment_of

# All of them name 2026-03-02 10:00 UTC.
ZONED = [
    "Mon, 2 Mar 2026 11:00:00 +0100",
    "2 Mar 2026, 11:00 +0100",
    "March 2, 2026 at 11:00:00 AM GMT+1",
    "2 March 2026 at 11:00:00 CET",
    "Monday, March 2, 2026, 05:00:00 AM EST",
    "Monday, March 2, 2026, 02:00:00 AM PST",
    "2026-03-02T11:00:00+01:00",
    "2026-03-02 10:00:00Z",
    "2026-03-02 11:00 GMT+01:00",
    "2 de marzo de 2026, 11:00:00 CET",
    "2 de març del 2026, a les 11:00:00 CET",
    "2 de março de 2026 07:00:00 BRT",
    "2 marca 2026 o 11:00:00 CET",
    "2. März 2026 um 11:00:00 MEZ",
    "2 mars 2026 à 11:00:00 UTC+1",
    "2 mars 2026 à 11 h 00 HNEC",
    "2 marzo 2026 alle ore 11:00:00 CET",
    "2 maart 2026 om 11:00:00 CET",
    "2 марта 2026 г. в 11:00:00 GMT+1",
    "Понедельник, 2 марта 2026, 13:00 +03:00",
    "2 березня 2026 р. о 12:00:00 EET",
    "2. března 2026 v 11:00:00 SEČ",
    "2. marca 2026 o 11:00:00 SEČ",
    "2 Mart 2026 13:00:00 GMT+3",
    "2 mars 2026 kl. 11:00:00 CET",
    "2. marts 2026 kl. 11.00.00 CET",
    "2. maaliskuuta 2026 klo 11.00.00 UTC+1",
    "2026年3月2日 GMT+8 18:00:00",
    "2026年3月2日 下午6:00:00 [GMT+8]",
    "2026/3/2 19:00:00 JST",
    "2026년 3월 2일 오후 7:00:00 GMT+9",
    "2 مارس 2026 في 1:00:00 م غرينتش+3",
    "2 במרץ 2026 בשעה 12:00:00 GMT+2",
    "2026. március 2. 11:00:00 CET",
    "2 martie 2026 la 12:00:00 EET",
    "2 Μαρτίου 2026 στις 12:00:00 μ.μ. EET",
    "2. ožujka 2026. u 11:00:00 CET",
    "2 март 2026 г. 12:00:00 EET",
    "lúc 17:00:00 GMT+7, 2 tháng 3, 2026",
    "02.03.2026 11:00 CET",
    "\u200e2 March 2026 at 11:00:00\u202fCET",
]


@pytest.mark.parametrize("written", ZONED)
def test_date_time_and_zone_make_a_moment(written):
    assert moment_of(written).isoformat() == "2026-03-02T10:00:00+00:00"


UNSURE = [
    None, "", "yesterday", "Mon, Mar 2, 2026 at 11:00 AM", "02.03.2026 11:00", "2026-03-02 11:00:00",
    "poniedziałek, 2 marca 2026 11:00", "2026年3月2日 11:00", "2 March 2026 CET", "11:00 CET", "31 February 2026 11:00 CET",
    "3/4/2026 11:00 (GMT+01:00)", "2. listopada 2026 11:00 CET", "2 March 2026 11:00 GMT+44", "2 Marmelade 2026 11:00 CET",
    "9999-12-31 23:59 GMT-12",
]  # fmt: skip


@pytest.mark.parametrize("written", UNSURE)
def test_without_zone_or_with_two_readings_there_is_none(written):
    assert moment_of(written) is None


def test_midnight_noon_and_the_month_that_two_languages_share():
    assert moment_of("2 March 2026 12:00 AM UTC").hour == 0
    assert moment_of("2 March 2026 12:00 PM UTC").hour == 12
    assert moment_of("2 listopada 2026 11:00 CET").month == 11
    assert moment_of("13/4/2026 11:00 UTC").month == 4
    assert moment_of("4/4/2026 11:00 UTC").day == 4
