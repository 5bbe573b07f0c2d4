"""One row of everything that a route can name, so that a request about it fails for want of a right and of nothing else."""

import io
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.intake.policies.changing import NewRule, add_rules
from crm.intake.revisiting import runs as policy_runs
from crm.office.absences import Away, add_absence
from crm.office.calendar import Holiday
from crm.office.settings import change_office, read_office
from crm.records import lead_runs
from crm.records.bulk.editing import ask_for_edit
from crm.records.importing.uploading import upload
from crm.records.products.catalogue import NewProduct, add_product
from crm.records.products.lines import deal_lines
from crm.records.saved_views import save_view
from crm.stream.feed.commenting import add_comment
from crm.stream.feed.posting import create_post
from crm.stream.files.keeping import Incoming, add_files
from crm.stream.views import NewPost, StoredFile, SubjectType
from integration.web.rights.vault import FINDME, POST, Vault
from storage.models import (
    ApiToken,
    Blob,
    Campaign,
    CampaignState,
    Folder,
    LeadAct,
    LeadStage,
    LeadState,
    Notification,
    Outgoing,
    Quarantine,
    RecordType,
    Segment,
    SenderIdentity,
    SendState,
    Treatment,
)
from storage.sessions import WriteSession
from storage.store import Store

PEOPLE = b"Name,E-mail\nNew,new@people.example\n"
NEVER = NewRule(None, "never@kept-out.example", Treatment.NEVER)


def name_rows(store: Store, vault: Vault) -> None:
    """Put them into the company, all of them the owner's."""
    owner, ids = vault.owner, vault.ids
    note = Incoming("note.txt", "text/plain", io.BytesIO(b"note"), 4)
    ids["file_id"] = add_files(store, owner, (RecordType.CONTACT, ids["contact_id"]), [note])[0]
    ids["run_id"] = upload(store, owner, io.BytesIO(PEOPLE), "people.csv")
    with store.database.unit_of_work() as session:
        _of_records(session, vault, owner)
        _of_mail(session, vault, owner)
        _of_the_company(session, vault, owner)
        _of_the_feed(session, vault, owner)


def _of_records(session: WriteSession, vault: Vault, owner: Viewer) -> None:
    ids = vault.ids
    contact = [ids["contact_id"]]
    ids["edit_id"] = ask_for_edit(session, owner, RecordType.CONTACT, contact, {"position": "taken over"})
    ids["number"] = lead_runs.begin(session, owner, LeadAct.JUNK, [ids["lead_twin"]])
    ids["view_id"] = save_view(session, owner, RecordType.CONTACT, "Mine", "order=name")
    ids["product_id"] = add_product(session, owner, NewProduct("Ponto", 1000))
    stages = select(LeadStage.id).order_by(LeadStage.position)
    ids["lead_stage_id"], ids["next_lead_stage_id"], *_ = session.execute(stages).scalars()
    converted = stages.where(LeadStage.kind == LeadState.CONVERTED).limit(1)
    ids["converted_stage_id"] = session.execute(converted).scalar_one()
    vault.words["lines_version"] = deal_lines(session, owner, ids["deal_id"]).version


def _of_mail(session: WriteSession, vault: Vault, owner: Viewer) -> None:
    ids, now = vault.ids, utcnow()
    box = ids["mailbox_id"]
    ids["rule_id"] = add_rules(session, owner, None, [NEVER])[0]
    ids["box_rule_id"] = add_rules(session, owner, box, [NEVER])[0]
    ids["policy_run"] = policy_runs.begin(session, owner, box)
    folder = session.execute(select(Folder).where(Folder.mailbox_id == box)).scalars().first()
    blob = session.execute(select(Blob.id)).scalars().first()
    assert folder is not None
    assert blob is not None
    quarantined = Quarantine(mailbox_id=box, folder_id=folder.id, uid=99, raw_blob_id=blob, reason="broken", since=now)
    to = [{"name": "", "address": "zq@hidden-client.example"}]
    outgoing = Outgoing(
        kind="new", user_id=owner.user_id, mailbox_id=box, to=to, cc=[], bcc=[], subject="Said", text="Said",
        state=SendState.PENDING, due_at=now + timedelta(days=1), created_at=now,
    )  # fmt: skip
    session.add_all((quarantined, outgoing))
    session.flush()
    ids |= {"quarantine_id": quarantined.id, "outgoing_id": outgoing.id}


def _of_the_company(session: WriteSession, vault: Vault, owner: Viewer) -> None:
    ids, today = vault.ids, utcnow().date()
    draft = session.execute(select(Campaign).where(Campaign.state == CampaignState.DRAFT)).scalars().one()
    ids["campaign_id"] = draft.id
    vault.words["segment"] = session.execute(select(Segment.name)).scalars().first() or ""
    vault.words["sender"] = session.execute(select(SenderIdentity.email)).scalars().first() or ""
    ids["token_id"] = session.execute(select(ApiToken.id).where(ApiToken.name == "none")).scalar_one()
    notice = Notification(user_id=owner.user_id, key="walk", title="Said", link="/tasks", created_at=utcnow())
    session.add(notice)
    session.flush()
    ids["notice_id"] = notice.id
    ids["absence_id"] = add_absence(session, owner, ids["user_id"], Away(today, today + timedelta(days=3)))
    office = read_office(session)
    holiday = today + timedelta(days=30)
    change_office(session, owner, replace(office, holidays=(Holiday(holiday, "Free"),)), before=office)
    vault.words["holiday"] = holiday.isoformat()


def _of_the_feed(session: WriteSession, vault: Vault, owner: Viewer) -> None:
    ids = vault.ids
    blob = session.execute(select(Blob)).scalars().first()
    assert blob
    file = StoredFile("note.txt", "text/plain", 10, blob.id)
    ids["post_id"] = create_post(session, owner, NewPost("Said to all", "Said", files=(file,)))
    only_tom = NewPost(f"{FINDME} {POST} told", f"{POST} told", everyone=False, readers=(ids["user_id"],))
    ids["private_post"] = create_post(session, owner, only_tom)
    ids["comment_id"] = add_comment(session, owner, SubjectType.TASK, ids["task_id"], "Said")
