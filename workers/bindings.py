"""Which use case does which job: the only place that knows both names.

Every name of `storage.jobs` must be bound; a test holds it.
"""

from collections.abc import Callable, Mapping
from functools import partial

from campaigns.audience import prepare_campaign
from campaigns.bounces import settle_bounce
from crm.intake.revisiting.late_letters import judge_again_in_job
from crm.intake.revisiting.runs import go_on_in_job as apply_policy_in_job
from crm.intake.revisiting.runs import leave_in_job as leave_policy_in_job
from crm.outgoing.sending import send_outgoing
from crm.records.bulk.editing import edit_in_job
from crm.records.bulk.stopping import leave_in_job as leave_edit_in_job
from crm.records.bulk.undoing import undo_in_job
from crm.records.importing.forgetting import forget_in_job
from crm.records.importing.running import run_in_job
from crm.records.importing.stopping import leave_in_job
from crm.records.importing.trying import try_in_job
from crm.records.importing.undoing import undo_in_job as undo_import_in_job
from crm.records.lead_runs import go_on_in_job
from crm.records.lead_runs import leave_in_job as leave_leads_in_job
from crm.records.merge_jobs import finish_in_job
from crm.records.merge_jobs import leave_in_job as leave_merge_in_job
from crm.records.renumbering import renumber_in_job
from crm.stream.from_mail import post_from_mail
from crm.stream.notifying import notify
from crm.work.from_mail import task_from_mail
from crm.work.handing_over.doing import hand_over_in_job
from crm.work.handing_over.undoing import undo_hand_over_in_job
from mailsync.health.auditing import audit_in_job
from mailsync.oauth.tokens import access_token_now
from mailsync.removal.steps import remove_in_job
from mailsync.sent_copy import store_in_sent
from storage import jobs
from storage.running import JobRun
from workers.arrivals import message_received

Handler = Callable[[JobRun], None]

HANDLERS: Mapping[str, Handler] = {
    jobs.MESSAGE_RECEIVED.name: message_received,
    jobs.MESSAGE_SENT.name: notify,
    jobs.JUDGE_AGAIN.name: judge_again_in_job,
    jobs.TASK_FROM_MAIL.name: task_from_mail,
    jobs.POST_FROM_MAIL.name: post_from_mail,
    jobs.SEND_OUTGOING.name: partial(send_outgoing, access_tokens=access_token_now),
    jobs.STORE_IN_SENT.name: store_in_sent,
    jobs.AUDIT_MAILBOX.name: audit_in_job,
    jobs.REMOVE_MAILBOX.name: remove_in_job,
    jobs.FINISH_MERGE.name: finish_in_job,
    jobs.LEAVE_MERGE.name: leave_merge_in_job,
    jobs.EDIT_MANY.name: edit_in_job,
    jobs.UNDO_EDIT_OF_MANY.name: undo_in_job,
    jobs.LEAVE_EDIT.name: leave_edit_in_job,
    jobs.HAND_OVER.name: hand_over_in_job,
    jobs.UNDO_HAND_OVER.name: undo_hand_over_in_job,
    jobs.APPLY_POLICY.name: apply_policy_in_job,
    jobs.LEAVE_POLICY.name: leave_policy_in_job,
    jobs.CONVERT_LEADS.name: go_on_in_job,
    jobs.LEAVE_LEADS.name: leave_leads_in_job,
    jobs.RENUMBER_PHONES.name: renumber_in_job,
    jobs.TRY_IMPORT.name: try_in_job,
    jobs.RUN_IMPORT.name: run_in_job,
    jobs.UNDO_IMPORT.name: undo_import_in_job,
    jobs.FORGET_IMPORT.name: forget_in_job,
    jobs.LEAVE_IMPORT.name: leave_in_job,
    jobs.CAMPAIGN_PREPARE.name: prepare_campaign,
    jobs.CAMPAIGN_BOUNCE.name: settle_bounce,
}
