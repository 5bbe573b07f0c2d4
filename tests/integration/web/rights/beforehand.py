"""What has to have happened before a route can do what it is for: done by the owner, and taken back after all have tried."""

from collections.abc import Callable, Mapping

from core.clock import utcnow
from crm.access.viewer import Viewer
from crm.records import lead_runs
from crm.records.bulk.editing import edit_all
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_to_run
from crm.records.importing.stopping import ask_to_stop
from storage.models import Outgoing, PolicyRun, PolicyRunRecord, RecordType, SendState
from storage.store import Store

Ids = Mapping[str, int]
Step = Callable[[Store, Ids], None]
API = "/api/v1"
SENT: Mapping[str, str] = {
    f"POST {API}/companies/{{record_id}}/restore": f"DELETE {API}/companies/{{record_id}}",
    f"POST {API}/leads/{{record_id}}/restore": f"DELETE {API}/leads/{{record_id}}",
    f"POST {API}/deals/{{record_id}}/restore": f"DELETE {API}/deals/{{record_id}}",
    f"POST {API}/leads/{{lead_id}}/take-up": f"POST {API}/leads/{{lead_id}}/junk",
    "POST /leads/{lead_id}/take-up": f"POST {API}/leads/{{lead_id}}/junk",
    "POST /settings/mailboxes/{mailbox_id}/keep": "POST /settings/mailboxes/{mailbox_id}/remove",
    f"POST {API}/mailboxes/{{mailbox_id}}/keep": "POST /settings/mailboxes/{mailbox_id}/remove",
    "POST /{records}/import/{run_id}/stop": f"POST {API}/imports/{{run_id}}/run",
    f"POST {API}/imports/{{run_id}}/stop": f"POST {API}/imports/{{run_id}}/run",
    "POST /comments/{comment_id}/restore": f"DELETE {API}/comments/{{comment_id}}",
    f"PUT {API}/comments/{{comment_id}}/restored": f"DELETE {API}/comments/{{comment_id}}",
    "POST /files/{file_id}/restore": f"DELETE {API}/files/{{file_id}}",
    f"POST {API}/files/{{file_id}}/restore": f"DELETE {API}/files/{{file_id}}",
    "POST /tasks/{task_id}/restore": f"DELETE {API}/tasks/{{task_id}}",
    f"POST {API}/tasks/{{task_id}}/restore": f"DELETE {API}/tasks/{{task_id}}",
    "POST /feed/{post_id}/restore": f"DELETE {API}/posts/{{post_id}}",
    f"POST {API}/posts/{{post_id}}/restore": f"DELETE {API}/posts/{{post_id}}",
    f"GET {API}/acts/{{name}}": f"POST {API}/acts",
    f"POST {API}/acts/{{name}}/undo": f"POST {API}/acts",
    "POST /mail/acts/{name}/undo": f"POST {API}/acts",
    f"POST {API}/thread-changes/{{change_id}}/undo": f"POST {API}/threads/{{thread_id}}/merge",
    "POST /mail/changes/{change_id}/undo": f"POST {API}/threads/{{thread_id}}/merge",
}
"""A route, and the one that is asked for as the owner before it."""
NOTED: Mapping[str, tuple[str, str]] = {
    f"POST {API}/acts": ("name", "act"),
    f"POST {API}/threads/{{thread_id}}/merge": ("change_id", "id"),
}
"""What of the answer of such a request is the number that the next names: the parameter, and the key of the answer."""


def _of_outgoing(state: SendState) -> Step:
    def settle(store: Store, ids: Ids) -> None:
        with store.database.unit_of_work() as session:
            session.get_one(Outgoing, ids["outgoing_id"]).state = state

    return settle


def _end_policy_run(store: Store, ids: Ids) -> None:
    with store.database.unit_of_work() as session:
        session.get_one(PolicyRun, ids["policy_run"]).ended_at = utcnow()
        made = {"message_id": ids["message_id"], "record_type": RecordType.CONTACT, "record_id": ids["contact_id"]}
        session.add(PolicyRunRecord(run_id=ids["policy_run"], **made))


def _import(store: Store, ids: Ids) -> None:
    with store.database.unit_of_work() as session:
        ask_to_run(session, Viewer.system(), ids["run_id"])
    run_all(store, ids["run_id"])


def _stop_import(store: Store, ids: Ids) -> None:
    with store.database.unit_of_work() as session:
        ask_to_run(session, Viewer.system(), ids["run_id"])
    with store.database.unit_of_work() as session:
        ask_to_stop(session, Viewer.system(), ids["run_id"])


def _edit(store: Store, ids: Ids) -> None:
    edit_all(store, ids["edit_id"])


def _call_junk(store: Store, ids: Ids) -> None:
    lead_runs.go_on(store, ids["number"])


DONE: Mapping[str, Step] = {
    "POST /{records}/import/{run_id}/undo": _import,
    f"POST {API}/imports/{{run_id}}/undo": _import,
    "POST /{records}/import/{run_id}/go-on": _stop_import,
    f"POST {API}/imports/{{run_id}}/go-on": _stop_import,
    "POST /bulk/{edit_id}/undo": _edit,
    f"POST {API}/bulk-edits/{{edit_id}}/undo": _edit,
    "POST /leads/runs/{number}/undo": _call_junk,
    f"POST {API}/lead-runs/{{number}}/undo": _call_junk,
    "POST /outgoing/{outgoing_id}/again": _of_outgoing(SendState.FAILED),
    "POST /outgoing/{outgoing_id}/arrived": _of_outgoing(SendState.IN_DOUBT),
    "POST /settings/mailboxes/{mailbox_id}/customers/run/{number}/undo": _end_policy_run,
    f"POST {API}/mailboxes/{{mailbox_id}}/policy/runs/{{number}}/undo": _end_policy_run,
    "POST /settings/mailboxes/{mailbox_id}/customers/run": _end_policy_run,
    f"POST {API}/mailboxes/{{mailbox_id}}/policy/runs": _end_policy_run,
}
"""What a job has done by then."""
