"""Texts that people write once and send often, in single mails."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row


class MailTemplate(Row):
    """Subject and text in Liquid. Without `owner_id` it is everybody's; `maker_id` wrote it."""

    __tablename__ = "mail_template"

    name: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
