"""What each role of the walk may do, in the words of `expected.py`, and which secrets it may see."""

from integration.web.rights.vault import ANONYMOUS, FIELD, PIPELINE, PRIVATE, RECORD, SHARED

_KINDS = ("contact", "company", "lead", "deal")
_SEES = {f"see-{kind}" for kind in _KINDS}
_CHANGES = {f"{act}-{kind}" for act in ("edit", "delete") for kind in _KINDS}
_COLLEAGUE = {"open", "self", "any", "works", "connect", "boxes"}
_BEFORE = {*_COLLEAGUE, *_SEES, *_CHANGES, "export-any", "import", "read", "write", "whole"}
"""What sellers and consultants may before anybody changes their roles."""
LET_IN = {
    "anonymous": {"open"},
    "none": {"open", "self"},
    "guest": {"open", "self", "any", "read", *_SEES},
    "seller": {*_COLLEAGUE, "export-any", "whole"},
    "consultant": _BEFORE,
    "manager": {*_BEFORE, "oversees"},
    "administrator": {*_BEFORE, "oversees", "settings", "admin", "mailbox"},
    "field": _BEFORE - {"import", "read", "write", "whole"},
    "pipeline": _BEFORE - {"see-deal", "edit-deal", "delete-deal"},
}
SECRETS = {RECORD, FIELD, PIPELINE, PRIVATE, SHARED}
SEEN = {
    ANONYMOUS: set(),
    "none": set(),
    "guest": {RECORD, FIELD, PIPELINE, SHARED},
    "seller": {FIELD},
    "consultant": {RECORD, FIELD, PIPELINE, SHARED},
    "manager": {RECORD, FIELD, PIPELINE, SHARED},
    "administrator": {RECORD, FIELD, PIPELINE, SHARED},
    "field": {RECORD, PIPELINE, SHARED},
    "pipeline": {RECORD, FIELD, SHARED},
}
"""The secrets that each role may see: of the private mailbox nobody here, administrators neither."""
