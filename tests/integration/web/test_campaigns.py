import re

from crm.access.api_tokens import Scope


def test_a_report_says_the_same_to_people_and_programs(console) -> None:
    program, ines = console.program("ines", Scope.CAMPAIGNS_READ), console.browser("ines")
    sent = next(one for one in program.get("/api/v1/campaigns").json()["items"] if one["state"] == "finished")

    told = program.get(f"/api/v1/campaigns/{sent['id']}/report").json()
    page = ines.get(f"/campaigns/{sent['id']}").text

    assert told["audience"] == told["sent"] + told["failed"] + told["skipped"] + told["in_doubt"] + told["pending"]
    assert f"<b>{told['sent']}</b><span>sent of {told['audience']}</span>" in page
    assert f"<b>{told['bounced']}</b><span>bounced</span>" in page
    assert f"({told['opened']['human']} surely people)" in page


def test_a_draft_is_checked_before_it_may_leave_and_then_scheduled(console, csrf) -> None:
    ines = console.browser("ines")
    draft = re.search(r'href="(/campaigns/\d+)">Spring fair', ines.get("/campaigns").text).group(1)
    page = ines.get(draft)
    assert "The sender is verified." in page.text
    form = {"csrf": csrf(ines, draft), "at": "2030-01-01T09:00"}

    started = ines.post(f"{draft}/start", data=form)

    assert "Scheduled" in started.text
    assert ines.post(f"{draft}/start", data=form).status_code == 409
    assert "Cancelled" in ines.post(f"{draft}/cancel", data=form).text


def test_what_is_wrong_with_a_draft_is_said_and_nothing_typed_is_lost(console, csrf) -> None:
    ines = console.browser("ines")
    form = {"csrf": csrf(ines, "/campaigns/new"), "name": "Broken", "segment": "Newsletter readers", "subject": "Hi"}
    form |= {"sender": console.seed.company.campaign.sender, "html": "<p>{{ contact.name | nonsense", "text": ""}

    answer = ines.post("/campaigns", data=form)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "{{ contact.name | nonsense" in answer.text


def test_a_test_mail_that_can_not_go_is_told_above_the_address_that_was_typed(console, csrf) -> None:
    ines = console.browser("ines")
    draft = re.search(r'href="(/campaigns/\d+)">Spring fair', ines.get("/campaigns").text).group(1)
    given = {"csrf": csrf(ines, draft), "address": "somebody@else@fontelenta.example"}

    answer = ines.post(f"{draft}/test", data=given)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "The test can not be sent" in answer.text
    assert f'value="{given["address"]}"' in answer.text
    assert "Send campaign" in answer.text
    assert 'role="alert"' not in ines.get(draft).text


def test_a_segment_is_counted_before_it_is_saved(console, csrf) -> None:
    ines = console.browser("ines")
    rules = {
        "field0": "tag",
        "op0": "is",
        "value0": "newsletter",
        "joined": "all",
        "csrf": csrf(ines, "/campaigns/new"),
    }

    counted = ines.post("/campaigns/segments/count", data=rules, headers={"hx-request": "true"})

    assert re.search(r"<b>\d+ contacts</b>", counted.text)
    assert ines.post("/campaigns/segments", data={**rules, "name": "Readers"}).url.path == "/campaigns"
    assert "Readers" in ines.get("/campaigns").text


def test_a_sender_goes_through_a_mailbox_and_what_is_wrong_with_it_is_said_above_what_was_typed(console, csrf) -> None:
    """Given an address that is not the mailbox's, then the form comes back; as its own it is taken, to be vouched for."""
    boss = console.browser(next(iter(console.seed.people)))
    form = boss.get("/campaigns/senders/new").text
    mailbox_id, email = re.findall(r'<option value="(\d+)">through the mailbox ([^,]+),', form)[0]
    given = {"csrf": csrf(boss, "/campaigns/senders/new"), "mailbox_id": mailbox_id, "name": "The workshop"}

    refused = boss.post("/campaigns/senders", data={**given, "email": "else@fontelenta.example", "vouch": "true"})

    assert refused.status_code == 422
    assert "add it to the mailbox&#39;s other addresses" in refused.text
    for kept in (
        'value="else@fontelenta.example"',
        'value="The workshop"',
        f'value="{mailbox_id}" selected',
        "checked",
    ):
        assert kept in refused.text
    taken = boss.post("/campaigns/senders", data={**given, "email": email})
    assert taken.url.path == "/campaigns"
    assert email in boss.get("/campaigns/new").text
    assert console.browser("marta").get("/campaigns/senders/new").status_code == 403
