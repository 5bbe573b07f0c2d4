"""What somebody may: the rights that their roles give, worked out once a request, and asked in one place.

roles of a person and of their departments ──(crm.access.roles)──▶ Rights ──▶ Viewer
Viewer ──▶ `repository.within`: a condition of the query · `repository.require`: may this person do that to this record?
"""

from crm.access.rights.built_in import BUILT_IN, EVERYTHING, NOTHING
from crm.access.rights.model import Act, Connecting, FieldAccess, Level, Rights, Scope

__all__ = ["BUILT_IN", "EVERYTHING", "NOTHING", "Act", "Connecting", "FieldAccess", "Level", "Rights", "Scope"]
