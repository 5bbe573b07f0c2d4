"""What is sent where names and types of parameters do not say it: so that whoever may do it succeeds.

Words in braces are the numbers of `vault.Vault.ids`, and what `beforehand` has noted.
"""

from collections.abc import Mapping
from typing import Any

API = "/api/v1"
PATHS: Mapping[str, Mapping[str, Any]] = {
    **{
        f"{method} {path}": {"stage_id": "{lead_stage_id}"}
        for method, path in (
            ("POST", "/settings/lead-stages/{stage_id}"),
            ("POST", "/settings/lead-stages/{stage_id}/move"),
            ("POST", "/settings/lead-stages/{stage_id}/remove"),
            ("PUT", f"{API}/lead-stages/{{stage_id}}"),
            ("POST", f"{API}/lead-stages/{{stage_id}}/move"),
            ("DELETE", f"{API}/lead-stages/{{stage_id}}"),
        )
    },
    **{
        f"{method} /settings/lead-stages/{{stage_id}}/conversion": {"stage_id": "{converted_stage_id}"}
        for method in ("GET", "POST")
    },
    **{
        f"{method} {path}": {"message_id": "{draft_id}"}
        for method, path in (
            ("GET", "/mail/messages/{message_id}/draft"),
            ("POST", "/mail/messages/{message_id}/draft/discard"),
            ("PUT", f"{API}/drafts/{{message_id}}"),
            ("DELETE", f"{API}/drafts/{{message_id}}"),
        )
    },
    "POST /settings/mailboxes/{mailbox_id}/customers/senders/{rule_id}/remove": {"rule_id": "{box_rule_id}"},
    "GET /records/{name}/remove": {"name": "contact:{gone}"},
    "POST /records/{name}/remove": {"name": "contact:{gone}"},
    "POST /records/{name}/restore": {"name": "contact:{gone}"},
    f"POST {API}/contacts/{{record_id}}/restore": {"record_id": "{gone}"},
    **{
        f"{method} {path}": {"number": "{policy_run}"}
        for method, path in (
            ("POST", "/settings/mailboxes/{mailbox_id}/customers/run/{number}/undo"),
            ("POST", "/settings/mailboxes/{mailbox_id}/customers/run/{number}/stop"),
            ("GET", f"{API}/mailboxes/{{mailbox_id}}/policy/runs/{{number}}"),
            ("POST", f"{API}/mailboxes/{{mailbox_id}}/policy/runs/{{number}}/undo"),
            ("POST", f"{API}/mailboxes/{{mailbox_id}}/policy/runs/{{number}}/stop"),
        )
    },
    **{
        f"{method} {path}": {"activity_id": "{plan_id}"}
        for method, path in (
            *(
                (method, f"/entries/{{activity_id}}/{act}")
                for method, act in (("GET", "edit"), ("POST", "edit"), ("POST", "delete"))
            ),
            *(
                ("POST", f"{root}/{{activity_id}}/{act}")
                for root in ("/entries", f"{API}/activities")
                for act in ("restore", "reopen")
            ),
            ("PATCH", f"{API}/activities/{{activity_id}}"),
            ("DELETE", f"{API}/activities/{{activity_id}}"),
        )
    },
    "POST /settings/people/{user_id}/{act}": {"act": "deactivate"},
    "POST /settings/products/{product_id}/{act}": {"act": "retire"},
    "POST /settings/fields/{field_id}/{act}": {"act": "remove"},
    "POST /campaigns/{campaign_id}/{act}": {"act": "cancel"},
    "POST /bulk/{kind}/ask/{question}": {"question": "delete"},
    "POST /bulk/{kind}/move": {"kind": "deal"},
    "POST /settings/roles/{role_id}/reset": {"role_id": "{guest_role_id}"},
}
"""What stands in the path of a route."""
QUERIES: Mapping[str, Mapping[str, Any]] = {
    "GET /deals/lane": {"stage": "{open_stage_id}"},
    f"DELETE {API}/deal-stages/{{stage_id}}": {"move_to": "{next_stage_id}"},
    f"DELETE {API}/pipelines/{{pipeline_id}}": {"move_to": "{other_pipeline_id}"},
    f"DELETE {API}/lead-stages/{{stage_id}}": {"move_to": "{next_lead_stage_id}"},
    f"DELETE {API}/roles/{{role_id}}": {"move_to": "{guest_role_id}"},
}
MAIL = {"mailbox": "{shared_box}", "to": "zq@hidden-client.example", "subject": "Said", "text": "Said"}
FORMS: Mapping[str, Mapping[str, Any]] = {
    "POST /edit/{kind}/{record_id}": {"was": '{"notes": "zqrecordxyz"}', "notes": "taken over"},
    "POST /bulk/{kind}": {"id": "{contact_id}"},
    "POST /bulk/{kind}/ask/{question}": {"id": "{contact_id}"},
    "POST /bulk/{kind}/delete": {"ids": "{contact_id}"},
    "POST /bulk/{kind}/move": {"ids": "{deal_id}", "stage": "{open_stage_id}"},
    "POST /bulk/{kind}/export": {"ids": "{contact_id}", "form": "csv"},
    "POST /bulk/{kind}/edit": {"ids": "{contact_id}", "do.position": "set", "position": "taken over"},
    "POST /campaigns/segments/count": {"field0": "name", "op0": "contains", "value0": "{findme}"},
    "POST /campaigns/segments": {"name": "Some", "field0": "name", "op0": "contains", "value0": "{findme}"},
    "POST /campaigns": {
        "name": "New", "segment": "{segment}", "sender": "{sender}", "subject": "New", "html": "<p>New</p>", "text": "New",
    },
    "POST /campaigns/senders": {
        "email": "new@fontelenta.example", "smtp_url": "smtp://127.0.0.1:1025", "name": "New", "vouch": "true",
    },
    "POST /campaigns/{campaign_id}/test": {"address": "nobody@fontelenta.example"},
    "POST /campaigns/{campaign_id}/start": {"at": ""},
    "POST /comments/{comment_id}/edit": {"text": "Said otherwise"},
    "POST /contacts": {"name": "New One"},
    "POST /companies": {"name": "New One"},
    "POST /deals": {"title": "New one"},
    "POST /leads": {"title": "New one"},
    "POST /deals/{deal_id}/products": {
        "version": "{lines_version}", "name": "Ponto", "quantity": "1", "unit": "", "price": "10", "discount": "0", "product": "",
    },
    "POST /entries": {"kind": "comment", "record": "contact:{contact_id}", "text": "Said"},
    "POST /entries/{activity_id}/edit": {"title": "Moved", "deadline": "2030-05-06T10:00", "minutes": "30", "remind": "15"},
    "POST /feed": {"text": "Said"},
    "POST /feed/{post_id}/edit": {"text": "Said otherwise"},
    "POST /files/{file_id}/rename": {"filename": "note.txt"},
    "POST /leads/many": {"act": "junk", "id": "{lead_id}"},
    "POST /leads/{lead_id}/stage": {"stage": "{lead_stage_id}"},
    "POST /mail/acts": {"wish": "read", "thread": "{thread_id}"},
    "POST /mail/drafts": MAIL,
    "POST /outgoing": MAIL,
    "POST /mail/threads/{thread_id}/merge": {"other": "{other_thread_id}"},
    "POST /settings/absences": {"person": "{user_id}", "first": "{day}", "last": "{day}"},
    "POST /settings/absences/{absence_id}/remove": {"person": "{user_id}"},
    "POST /settings/account/password": {"password": "another long password"},
    "POST /settings/company": {
        "time_zone": "Europe/Lisbon", "phone_country": "PT", "begin": ["09:00"] * 7, "end": ["17:00"] * 7,
    },
    "POST /settings/company/formats": {"dates": "31.12.2026", "currency": "PLN"},
    "POST /settings/company/holidays": {"day": "{day}", "name": "Free"},
    "POST /settings/company/holidays/remove": {"day": "{holiday}"},
    "POST /settings/deal-stages/{stage_id}/remove": {"move_to": "{next_stage_id}"},
    "POST /settings/pipelines/{pipeline_id}/remove": {"move_to": "{other_pipeline_id}"},
    "POST /settings/lead-stages/{stage_id}": {"name": "Renamed"},
    "POST /settings/lead-stages/{stage_id}/remove": {"move_to": "{next_lead_stage_id}"},
    "POST /settings/departments": {"name": "New"},
    "POST /settings/departments/{department_id}": {"name": "Renamed"},
    "POST /settings/kept-out/limits": {
        "made_of_address": 4, "made_of_domain": 5, "made_of_form": 6, "waiting_of_address": 7, "waiting_of_domain": 8,
    },
    "POST /settings/kept-out/senders": {"values": "new@kept-out.example", "treatment": "never"},
    "POST /settings/mailboxes/{mailbox_id}/customers/senders": {"values": "new@kept-out.example", "treatment": "never"},
    "POST /settings/mailboxes/new/servers": {"email": "new@[127.0.0.1]"},
    "POST /settings/people": {"email": "new@fontelenta.example", "name": "New", "password": "another long password"},
    "POST /settings/people/{user_id}/hand-over": {
        "what": "deal", "responsible": "department:{department_id}:round_robin",
    },
    "POST /settings/products/{product_id}": {"name": "Renamed", "price": "10"},
    "POST /settings/roles": {"name": "New", "begin": "read"},
    "POST /settings/roles/{role_id}": {"name": "Any", "works": "true"},
    "POST /settings/roles/{role_id}/remove": {"move_to": "{guest_role_id}"},
    "POST /settings/templates": {"name": "New", "subject": "New", "text": "New"},
    "POST /settings/templates/{template_id}": {"name": "Renamed", "subject": "New", "text": "New"},
    "POST /settings/tokens": {"name": "new", "scopes": "records:read"},
    "POST /tasks": {"title": "To do", "responsible": "{user_id}"},
    "POST /stream/posts": {"to": "all", "text": "Said"},
    "POST /views": {"kind": "contact", "name": "Mine", "query": "order=name"},
    "POST /contacts/{contact_id}/suggestions": {"field": "position", "value": "director", "wish": "accept"},
    "POST /{records}/import/{run_id}/try": {"field": ["name", "email"], "known": "skip"},
    "POST /leads/{lead_id}/convert": {"contact": "new", "deal": "true", "contact_name": "New One"},
    "POST /records/duplicates/dismiss": {"kind": "contact", "record": ["{contact_id}", "{twin}"]},
    "POST /records/{name}/merge": {"survivor": "{contact_id}", "record": ["{contact_id}", "{twin}"]},
    "POST /login": {"email": "{login}", "password": "{login_password}", "next": "/"},
}  # fmt: skip
"""What a form holds."""
HOURS = {"begin": "09:00", "end": "17:00"}
BODIES: Mapping[str, Any] = {
    f"POST {API}/contacts": {"first_name": "New", "last_name": "Client"},
    f"POST {API}/contacts/{{record_id}}/merge": {"others": ["{twin}"]},
    f"POST {API}/companies/{{record_id}}/merge": {"others": ["{company_twin}"]},
    f"POST {API}/leads/{{record_id}}/merge": {"others": ["{lead_twin}"]},
    f"POST {API}/contacts/duplicates/dismiss": {"ids": ["{contact_id}", "{twin}"]},
    f"POST {API}/companies/duplicates/dismiss": {"ids": ["{company_id}", "{company_twin}"]},
    f"POST {API}/leads/duplicates/dismiss": {"ids": ["{lead_id}", "{lead_twin}"]},
    f"POST {API}/leads/{{lead_id}}/client": {"contact_id": None},
    f"POST {API}/activities": {
        "kind": "comment",
        "record_type": "contact",
        "record_id": "{contact_id}",
        "text": "said",
    },
    f"PATCH {API}/activities/{{activity_id}}": {"title": "Moved", "at": "2030-05-06T10:00:00Z"},
    f"POST {API}/acts": {"wish": "read", "thread_ids": ["{thread_id}"]},
    f"POST {API}/tasks": {"title": "To do", "responsible_id": "{user_id}", "records": []},
    f"POST {API}/contacts/{{contact_id}}/suggestions": {"field": "position", "value": "director", "wish": "accept"},
    f"POST {API}/bulk-edits": {
        "record_type": "contact",
        "records": ["{contact_id}"],
        "set": {"position": "taken over"},
    },
    f"POST {API}/lead-runs": {"act": "junk", "leads": ["{lead_id}"]},
    f"POST {API}/leads/{{lead_id}}/stage": {"stage_id": "{lead_stage_id}"},
    f"POST {API}/outgoing": {
        "mailbox_id": "{shared_box}",
        "to": [{"address": "zq@hidden-client.example"}],
        "text": "Said",
    },
    f"POST {API}/drafts": {
        "mailbox_id": "{shared_box}",
        "to": [{"address": "zq@hidden-client.example"}],
        "text": "Said",
    },
    f"PUT {API}/drafts/{{message_id}}": {"mailbox_id": "{mailbox_id}", "to": [], "subject": "Said", "text": "Said"},
    f"POST {API}/people/{{user_id}}/hand-over": {"what": ["deal"], "team": {"department_id": "{department_id}"}},
    f"POST {API}/people/{{user_id}}/absences": {"first_day": "{day}", "last_day": "{day}"},
    f"POST {API}/threads/{{thread_id}}/merge": {"thread_id": "{other_thread_id}"},
    f"POST {API}/threads/{{thread_id}}/records": {"add": [{"type": "contact", "id": "{twin}"}]},
    f"PATCH {API}/intake-limits": {"made_of_address": 5},
    f"PATCH {API}/address-lists": {"free_mail": {"added": ["free.example"], "removed": []}},
    f"PUT {API}/company": {"time_zone": "Europe/Lisbon", "week": [HOURS] * 7},
    f"PUT {API}/deals/{{deal_id}}/products": {
        "version": "{lines_version}",
        "lines": [{"name": "Ponto", "quantity": 1, "price": 1000}],
    },
    f"POST {API}/mailboxes": {
        "email": "new@fontelenta.example",
        "password": "secret",
        "imap_host": "127.0.0.1",
        "test": False,
    },
    f"POST {API}/mailboxes/test": {
        "email": "new@fontelenta.example",
        "password": "x",
        "imap_host": "127.0.0.1",
        "imap_port": 1,
    },
    f"POST {API}/comments/{{subject}}/{{subject_id}}": {"text": "Said"},
    f"PATCH {API}/tasks/{{task_id}}": {"title": "Renamed"},
    f"POST {API}/tasks/{{task_id}}/records": {"records": [{"type": "contact", "id": "{twin}"}]},
    f"POST {API}/views": {"record_type": "contact", "name": "Mine", "query": "order=name"},
    f"PATCH {API}/views/{{view_id}}": {"name": "Renamed"},
    f"POST {API}/notifications/read": {},
}
"""What a program sends."""
