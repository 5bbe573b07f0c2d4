"""What lists show as PDF: for the same filter as CSV, for whoever may export, and no longer than anybody prints."""

import io

import pytest
from pypdf import PdfReader

from crm.access.api_tokens import Scope
from crm.access.repository import acts
from crm.access.rights import Act, FieldAccess, Rights
from crm.access.rights import Scope as Reach
from crm.access.roles import keeping
from crm.access.viewer import Viewer
from crm.records.contacts import create_contact
from crm.records.exporting import printing
from crm.records.fields.custom import NewField, create_field
from crm.records.fields.editing import edit_record
from crm.records.repository import reading
from crm.records.saved_views import save_view
from storage.models import FieldKind, RecordType, Role

SYSTEM = Viewer.system()


def read(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)


def test_every_list_as_pdf_with_its_filter_in_words(console, csrf) -> None:
    # given: a contact whose custom field has a value, and a view of somebody's own
    marta, viewer = console.browser("marta"), Viewer(console.seed.people["marta"], Role.MANAGER)
    with console.store.database.unit_of_work() as session:
        field = create_field(session, SYSTEM, NewField(RecordType.CONTACT, "Budget", FieldKind.MONEY))
        one = create_contact(session, "Łukasz Ωmega", emails=["lukasz@omega.example"], tags=["zq"])
        edit_record(session, SYSTEM, (RecordType.CONTACT, one), {f"field_{field}": 1_250_000})
        create_contact(session, "Somebody Else")
        save_view(session, viewer, RecordType.CONTACT, "Greek ones", "tag=zq")

    # when, then: each list is a document of its records, under its name
    for path in ("contacts", "companies", "leads", "deals"):
        assert f'href="/{path}.pdf?words=a"' in marta.get(f"/{path}?words=a").text
        answer = marta.get(f"/{path}.pdf")
        assert answer.headers["content-type"] == "application/pdf", answer.text[:500]
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="{path}-20')
        assert f"\n{path.capitalize()}\n" in read(answer.content)
    with console.store.database.reading() as session:
        deal = reading.deals(session, SYSTEM, printing.RecordFilter(limit=1))[0]
    assert deal.title[:20] in read(marta.get(f"/deals.pdf?pipeline={deal.pipeline_id}").content)
    query = f"tag=zq&from=2026-01-01&to=2099-12-31&order=name&field_{field}_from=100&responsible=nobody"
    shown = read(marta.get(f"/contacts.pdf?{query}").content)
    assert "Łukasz Ωmega" in shown
    assert "12500" in shown
    assert "Somebody Else" not in shown
    assert (
        "Nobody responsible yet, tag zq, added from 01/01/2026, added until 31/12/2099, Budget from 100.00; by name"
        in shown
    )
    assert "1 contact · " in shown
    assert "Marta Nowak" in shown
    assert read(marta.get("/contacts.pdf?tag=zq").content).count("Contacts: Greek ones\n") == 1
    ticked = {"csrf": csrf(marta, "/contacts"), "ids": f"{one},{one + 1}", "form": "pdf"}
    assert "2 that were ticked; newest first" in read(marta.post("/bulk/contact/export", data=ticked).content)
    stage = f"pipeline={deal.pipeline_id}&stage={deal.stage.id}&repeat=false"
    assert f", stage {deal.stage.name}, not from known clients" in read(marta.get(f"/deals.pdf?{stage}").content)
    assert marta.get("/contacts.pdf?from=yesterday").status_code == 422

    # and: a program gets it too, somebody who may not export gets none, and the audit log says who did
    program = console.program("marta", Scope.RECORDS_READ)
    assert "lukasz@omega.example" in read(program.get("/api/v1/contacts.pdf?words=lukasz").content)
    with console.store.database.unit_of_work() as session:
        seen = dict.fromkeys(Act, Reach.NONE) | {Act.SEE: Reach.ALL}
        exporting = Rights(
            {RecordType.CONTACT: seen | {Act.EXPORT: Reach.ALL}, RecordType.DEAL: seen},
            fields={RecordType.CONTACT: {"emails": FieldAccess.HIDDEN, f"field_{field}": FieldAccess.HIDDEN}},
        )
        role = keeping.create_role(session, SYSTEM, "Prints", exporting)
        keeping.give_role(session, SYSTEM, console.seed.people["tom"], role)
    tom = console.browser("tom")
    narrow = read(tom.get("/contacts.pdf?tag=zq").content)
    assert [word in narrow for word in ("Łukasz Ωmega", "omega.example", "E-mail", "12500", "Budget")] == [
        True,
        *[False] * 4,
    ]
    assert tom.get("/deals.pdf").status_code == 403
    with console.store.database.reading() as session:
        assert {"pdf"} == {one.detail.get("format") for one in acts(session, SYSTEM) if one.action == "records.export"}


def test_a_list_that_is_too_long_is_refused_in_a_sentence(console, monkeypatch: pytest.MonkeyPatch) -> None:
    marta, program = console.browser("marta"), console.program("marta", Scope.RECORDS_READ)
    monkeypatch.setattr(printing, "MOST_ROWS", 3)
    refused = marta.get("/contacts.pdf")
    assert refused.status_code == 422
    assert "This list shows more than 3 contacts" in refused.text
    assert program.get("/api/v1/contacts.pdf").json()["detail"].startswith("This list shows more than 3 contacts")
    assert marta.get("/contacts.pdf?words=zq").status_code == 200
