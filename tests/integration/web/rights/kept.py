"""What of the company only some may change: compared after each request, whoever sent it and whether it was let in or not."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from integration.web.rights.undoing import Undoing
from integration.web.rights.vault import Vault

_FOLDERS = "folder_id IN (SELECT id FROM folder WHERE mailbox_id = :mailbox_id)"
_KIND = "record_type = '{kind}' AND record_id = :{kind}_id"
KEPT: Mapping[str, tuple[frozenset[str], str]] = {
    name: (frozenset(words.split()), sql)
    for name, words, sql in (
        ("contact", "edit-contact delete-contact", "SELECT * FROM contact WHERE id IN (:contact_id, :twin, :gone)"),
        ("company", "edit-company delete-company", "SELECT * FROM company WHERE id IN (:company_id, :company_twin)"),
        ("lead", "edit-lead delete-lead", "SELECT * FROM lead WHERE id IN (:lead_id, :lead_twin)"),
        ("deal", "edit-deal delete-deal", "SELECT * FROM deal WHERE id = :deal_id"),
        ("lines", "edit-deal", "SELECT * FROM deal_line WHERE deal_id = :deal_id"),
        ("hidden fields", "whole", "SELECT notes, position FROM contact WHERE id = :contact_id"),
        ("custom values", "whole", "SELECT * FROM field_value WHERE record_id = :contact_id"),
        ("channels", "edit-contact", f"SELECT * FROM channel WHERE {_KIND.format(kind='contact')}"),
        ("tags", "edit-contact", f"SELECT * FROM record_term WHERE {_KIND.format(kind='contact')}"),
        ("merges", "edit-contact edit-company edit-lead", "SELECT * FROM record_merge"),
        ("pairs", "edit-contact", "SELECT * FROM duplicate_pair"),
        ("on the contact", "see-contact", f"SELECT activity_id FROM activity_binding WHERE {_KIND.format(kind='contact')}"),
        ("on the deal", "see-deal", f"SELECT activity_id FROM activity_binding WHERE {_KIND.format(kind='deal')}"),
        ("tied to the contact", "see-contact", "SELECT id FROM deal WHERE contact_id = :contact_id"),
        ("tied to the company", "see-company", "SELECT id FROM deal WHERE company_id = :company_id"),
        ("people of the company", "see-company", "SELECT id FROM contact WHERE company_id = :company_id"),
        ("task", "oversees", "SELECT * FROM task WHERE id = :task_id"),
        ("said on the task", "see-contact", "SELECT * FROM comment WHERE subject_type = 'task' AND subject_id = :task_id"),
        ("comment", "theirs", "SELECT * FROM comment WHERE id = :comment_id"),
        ("post", "oversees", "SELECT * FROM post WHERE id = :post_id"),
        ("private post", "theirs", "SELECT * FROM post WHERE id = :private_post"),
        ("template", "settings", "SELECT * FROM mail_template WHERE id = :template_id"),
        ("roles", "admin", "SELECT * FROM role"),
        ("departments", "admin", "SELECT * FROM department"),
        ("members", "admin", "SELECT * FROM department_member"),
        ("people", "admin", "SELECT id, email, name, role, role_id, active FROM user"),
        ("tokens", "admin", "SELECT id, revoked_at, scopes FROM api_token WHERE user_id = :user_id"),
        ("absences", "admin", "SELECT * FROM absence WHERE user_id = :user_id"),
        ("settings", "settings", "SELECT * FROM setting"),
        ("stages", "settings", "SELECT * FROM stage"),
        ("pipelines", "settings", "SELECT * FROM pipeline"),
        ("lead stages", "settings", "SELECT * FROM lead_stage"),
        ("fields", "settings", "SELECT * FROM custom_field"),
        ("senders", "settings mailbox", "SELECT * FROM sender_rule"),
        ("products", "oversees", "SELECT * FROM product"),
        ("campaigns", "write", "SELECT * FROM campaign"),
        ("mailbox", "mailbox", "SELECT * FROM mailbox WHERE id = :mailbox_id"),
        ("quarantine", "mailbox", "SELECT * FROM quarantine"),
        ("places", "mailbox", f"SELECT * FROM place WHERE {_FOLDERS}"),
        ("mail", "theirs", f"SELECT * FROM message WHERE id IN (SELECT message_id FROM place WHERE {_FOLDERS})"),
        ("acts", "theirs", "SELECT * FROM mail_action WHERE mailbox_id = :mailbox_id"),
        ("outgoing", "theirs", "SELECT * FROM outgoing WHERE mailbox_id = :mailbox_id"),
        ("changes by hand", "theirs", "SELECT * FROM thread_change"),
        ("views", "theirs", "SELECT * FROM saved_view WHERE id = :view_id"),
        ("import", "oversees theirs", "SELECT * FROM import_run WHERE id = :run_id"),
        ("edit", "oversees theirs", "SELECT * FROM bulk_edit WHERE id = :edit_id"),
        ("run", "oversees theirs", "SELECT * FROM lead_run WHERE id = :number"),
        ("notices", "theirs", "SELECT * FROM notification WHERE id = :notice_id"),
    )
}  # fmt: skip
"""By a name: who may change it (whoever has one of the words of `expected.py`), and what it is."""


def kept_rows(undoing: Undoing, vault: Vault) -> dict[str, Any]:
    """All of it as it is now."""
    return {name: undoing.rows(sql, vault.ids) for name, (_, sql) in KEPT.items()}


def touched(before: Mapping[str, Any], after: Mapping[str, Any], words: Set[str]) -> Iterator[str]:
    """What is not as it was, though somebody with those words has to leave it so."""
    return (name for name, (may, _) in KEPT.items() if not may & words and before[name] != after[name])
