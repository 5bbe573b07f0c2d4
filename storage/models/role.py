"""Roles as an installation has them, and departments: who belongs together, and what they may together."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.models.user import Role
from storage.types import Word


class RoleRow(Row):
    """A role: one that every installation has (`built_in`), with the rights that it gives here, or one of its own.

    `rights` is what `crm.access.rights.stored` writes.
    """

    __tablename__ = "role"

    name: Mapped[str] = mapped_column(unique=True)
    built_in: Mapped[Role | None] = mapped_column(Word(Role), unique=True)
    rights: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Department(Row):
    """People who work together, below another department or at the top. Its role adds to what each of them has."""

    __tablename__ = "department"

    name: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(BigId)
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id"))
    created_at: Mapped[datetime]


class DepartmentMember(Row):
    """A person belongs to a department; to several, perhaps."""

    __tablename__ = "department_member"
    constraints = (UniqueConstraint("department_id", "user_id"),)

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)


class DepartmentTurn(Row):
    """Who of a department became responsible last for what was handed to it. Whoever gives out a turn holds the row."""

    __tablename__ = "department_turn"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"), unique=True)
    last_user_id: Mapped[int | None] = mapped_column(BigId)
