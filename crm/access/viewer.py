"""`Viewer`: on whose behalf something is read, and what they may. Every reading repository function takes one.

It is an argument without a default on purpose: a page or route that forgot about rights does not type-check. What a person may
is worked out once, when they come in (`crm.access.roles.viewers`); nothing else makes a viewer of a person.
"""

from dataclasses import dataclass, field, replace

from core.errors import Forbidden
from crm.access.rights.built_in import BUILT_IN
from crm.access.rights.model import Act, Connecting, FieldAccess, Level, Rights, Scope
from storage.models import RecordType, Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person, a program with a token of theirs, or the program itself (`user_id` None).

    `given` are the rights of their roles (None: as their built-in role begins); `colleagues` the people of their departments
    and those below, with themselves.
    """

    user_id: int | None
    role: Role
    given: Rights | None = field(default=None, compare=False, repr=False)
    colleagues: frozenset[int] = field(default=frozenset(), compare=False, repr=False)

    @classmethod
    def system(cls) -> "Viewer":
        """The program itself: jobs, the command line of whoever owns the data directory."""
        return cls(None, Role.ADMINISTRATOR)

    @property
    def rights(self) -> Rights:
        """What they may; administrators everything, whatever is written of it."""
        return BUILT_IN[self.role] if self.given is None or self.may_administer else self.given

    @property
    def is_system(self) -> bool:
        """Whether no person stands behind it."""
        return self.user_id is None

    # --- records and fields

    def reaches_all(self, kind: RecordType, act: Act = Act.SEE) -> bool:
        """Whether they may do that to all records of a kind."""
        return self.may_administer or self.rights.scopes(kind, act) == {Scope.ALL}

    def may(self, act: Act | str, kind: RecordType | str) -> bool:
        """Whether there can be a record of that kind to which they may do that; templates say both in words."""
        return self.may_administer or self.rights.scopes(RecordType(kind), Act(act)) != {Scope.NONE}

    @property
    def sees_all_records(self) -> bool:
        """Whether no record is kept from them."""
        return self.may_administer or all(self.reaches_all(kind) for kind in RecordType)

    def hides(self, kind: RecordType, key: str) -> bool:
        """Whether a field is kept from them."""
        return not self.may_administer and self.rights.access(kind, key) is FieldAccess.HIDDEN

    def hidden_fields(self, kind: RecordType) -> frozenset[str]:
        """Keys of the fields that are kept from them."""
        fields = {} if self.may_administer else self.rights.fields.get(kind, {})
        return frozenset(key for key, access in fields.items() if access is FieldAccess.HIDDEN)

    def may_edit_field(self, kind: RecordType, key: str) -> bool:
        """Whether they may change a field of a record that they may change."""
        return self.may_administer or self.rights.access(kind, key) is FieldAccess.EDIT

    def may_merge(self, kind: RecordType) -> bool:
        """Whether there can be records of that kind that they may merge, or take apart again: that changes all fields."""
        limited = not self.may_administer and self.rights.fields.get(kind)
        return self.may(Act.EDIT, kind) and self.may(Act.DELETE, kind) and not limited

    def require(self, act: Act, kind: RecordType) -> None:
        """Raises `Forbidden` where there can be no such record to which they may do that."""
        if not self.may(act, kind):
            if act is Act.EXPORT:
                raise Forbidden("Your role may read records here, but not export them.")
            doing = {Act.CREATE: "add", Act.EDIT: "change"}.get(act, act.value)
            raise Forbidden(f"Your role does not let you {doing} any {kind.value}: ask an administrator.")

    def responsible_for_new(self, kind: RecordType, given: int | None) -> int | None:
        """Who is responsible for a record that they add: themselves, where they may not add any for others."""
        return self.user_id if given is None and not self.reaches_all(kind, Act.CREATE) else given

    def exporting(self, kind: RecordType) -> "Viewer":
        """The same person, who sees of that kind only what they may export."""
        self.require(Act.EXPORT, kind)
        if self.rights.scopes(kind, Act.EXPORT) == self.rights.scopes(kind, Act.SEE) == {Scope.ALL}:
            return self
        rights = self.rights
        narrowed = replace(
            rights,
            records={**rights.records, kind: {**rights.records[kind], Act.SEE: rights.scope(kind, Act.EXPORT)}},
            pipelines={
                each: {**reach, Act.SEE: rights.scope(kind, Act.EXPORT, each)} if kind is RecordType.DEAL else reach
                for each, reach in rights.pipelines.items()
            },
        )
        return replace(self, given=narrowed)

    # --- everything else

    @property
    def may_administer(self) -> bool:
        """People, roles, mailboxes of others, the system."""
        return self.role is Role.ADMINISTRATOR

    @property
    def may_configure(self) -> bool:
        """How the CRM works: modes, pipelines, fields, templates of all, receipts."""
        return self.may_administer or (self.may_write and self.rights.settings)

    @property
    def may_write(self) -> bool:
        """Anything but reading."""
        return self.rights.works

    @property
    def may_export(self) -> bool:
        """Taking any records away as files."""
        return any(self.may(Act.EXPORT, kind) for kind in RecordType)

    @property
    def may_oversee(self) -> bool:
        """What all colleagues do, such as their tasks and imports."""
        return self.rights.oversees

    @property
    def may_import(self) -> bool:
        """Whether they import contacts and companies, or anything else."""
        return self.may_import_all(RecordType.CONTACT)

    def may_import_all(self, kind: RecordType) -> bool:
        """An import looks through all contacts and companies and all records of its own kind, and completes them: it is for who
        may change them all."""
        kinds = {RecordType.CONTACT, RecordType.COMPANY, kind}
        reaches = all(self.reaches_all(each, act) for each in kinds for act in (Act.CREATE, Act.EDIT))
        return reaches and not any(self.rights.fields.get(each) for each in kinds)

    @property
    def may_read_campaigns(self) -> bool:
        """A campaign tells of contacts: it is for who sees all of them and all that stands in them."""
        open_to = self.rights.campaigns is not Level.NONE
        return open_to and self.reaches_all(RecordType.CONTACT) and not self.hidden_fields(RecordType.CONTACT)

    @property
    def may_write_campaigns(self) -> bool:
        """Writing to many."""
        return self.may_read_campaigns and self.may_write and self.rights.campaigns is Level.WRITE

    @property
    def may_connect(self) -> bool:
        """Connecting a mailbox of one's own."""
        return self.may_write and self.rights.connects is not Connecting.NONE

    @property
    def may_connect_shared(self) -> bool:
        """Connecting a mailbox that colleagues work in too."""
        return self.may_write and self.rights.connects is Connecting.SHARED

    def require_administrator(self, otherwise: str = "Only an administrator may do this.") -> None:
        """Raises `Forbidden` for everybody else, in the words of `otherwise`."""
        if not self.may_administer:
            raise Forbidden(otherwise)

    def require_settings(
        self, otherwise: str = "Your role does not let you change settings: ask an administrator."
    ) -> None:
        """Raises `Forbidden` for whose role does not let them change how the CRM works."""
        if not self.may_configure:
            raise Forbidden(otherwise)

    def require_write(self) -> None:
        """Raises `Forbidden` for guests."""
        if not self.may_write:
            raise Forbidden("Your role may read here, but not change anything.")

    def require_import(self, kind: RecordType = RecordType.CONTACT) -> None:
        """Raises `Forbidden` for who may not change all contacts and companies, and all records of that kind."""
        self.require_write()
        if not self.may_import_all(kind):
            others = "" if kind in (RecordType.CONTACT, RecordType.COMPANY) else f" and {kind.value}s"
            raise Forbidden(
                f"An import looks through all contacts and companies{others} and completes them, and your role does not let "
                "you change them all: ask a manager to import the file."
            )

    def require_reading_campaigns(self) -> None:
        """Raises `Forbidden` for whom campaigns are closed to."""
        if not self.may_read_campaigns:
            raise Forbidden("Campaigns tell of all contacts, and your role does not show you all of them.")

    def require_writing_campaigns(self) -> None:
        """Raises `Forbidden` for who may only read of campaigns, or not even that."""
        self.require_reading_campaigns()
        self.require_write()
        if not self.may_write_campaigns:
            raise Forbidden("Your role may read of campaigns, but not write any.")

    def require_connecting(self, *, shared: bool = False) -> None:
        """Raises `Forbidden` for who may not connect such a mailbox."""
        if not (self.may_connect_shared if shared else self.may_connect):
            kind = "shared mailbox" if shared else "mailbox"
            raise Forbidden(f"Your role does not let you connect a {kind}: ask an administrator.")
