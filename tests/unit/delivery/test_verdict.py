"""Who opened and who clicked."""

import pytest

from delivery.verdict import Action, Hit, Verdict, judge

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
CUBOT = (
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
OUTLOOK = "Mozilla/4.0 (compatible; ms-office; MSOffice 16)"


@pytest.mark.parametrize(
    ("hit", "verdict", "reason"),
    [
        (Hit(Action.CLICK, CHROME, seconds_since_sent=3600), Verdict.HUMAN, "browser"),
        (Hit(Action.CLICK, CUBOT), Verdict.HUMAN, "browser"),
        (Hit(Action.CLICK, CHROME, seconds_since_sent=1), Verdict.MACHINE, "too_soon"),
        (Hit(Action.CLICK, CHROME, burst=6), Verdict.MACHINE, "every_link_at_once"),
        (Hit(Action.CLICK, CHROME, method="HEAD"), Verdict.MACHINE, "method"),
        (Hit(Action.CLICK, CHROME, prefetch=True), Verdict.MACHINE, "prefetch"),
        (Hit(Action.CLICK, "Barracuda Sentinel (EE)"), Verdict.MACHINE, "security_scanner"),
        (Hit(Action.CLICK, "Mozilla/5.0 (compatible; bingbot/2.0)"), Verdict.MACHINE, "program"),
        (Hit(Action.CLICK, "python-requests/2.32"), Verdict.MACHINE, "program"),
        (Hit(Action.CLICK, GMAIL), Verdict.MACHINE, "picture_proxy"),
        (Hit(Action.CLICK, ""), Verdict.UNKNOWN, "unknown_client"),
        (Hit(Action.CLICK, "Mozilla/5.0"), Verdict.UNKNOWN, "unknown_client"),
        (Hit(Action.OPEN, GMAIL, seconds_since_sent=60), Verdict.HUMAN, "picture_proxy"),
        (Hit(Action.OPEN, GMAIL, seconds_since_sent=0.5), Verdict.MACHINE, "too_soon"),
        (Hit(Action.OPEN, "Mozilla/5.0"), Verdict.MACHINE, "apple_mail_privacy"),
        (Hit(Action.OPEN, CHROME, address="17.58.1.2"), Verdict.MACHINE, "apple_mail_privacy"),
        (Hit(Action.OPEN, OUTLOOK), Verdict.HUMAN, "mail_client"),
        (Hit(Action.OPEN, "", address="not an address"), Verdict.UNKNOWN, "unknown_client"),
    ],
)
def test_each_rule(hit, verdict, reason):
    judgement = judge(hit)
    assert (judgement.verdict, judgement.reason) == (verdict, reason)
