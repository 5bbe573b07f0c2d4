"""What is done to many leads, some at a time: by a change of the CRM's mode to all, by a person to those they chose."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import BigId, Row
from storage.types import Word


class LeadAct(StrEnum):
    """What is done: to all active leads when the mode changes, or to chosen ones."""

    CHANGE_MODE = "change_mode"
    CONVERT = "convert"
    JUNK = "junk"
    TAKE_UP = "take_up"


class LeadRun(Row):
    """How far it is: `after` is the last lead that was looked at, `refused` what could not be done to which and why.

    `before` is what undoing needs of each lead that was called junk: its stage, and its mails that waited for an answer.
    """

    __tablename__ = "lead_run"

    act: Mapped[LeadAct] = mapped_column(Word(LeadAct), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    choices: Mapped[dict[str, Any]]
    chosen: Mapped[list[int]]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    after: Mapped[int] = mapped_column(BigId, default=0)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    before: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    handed: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """How many of them each person became responsible for, by the person's id: whoever it is hears of it once."""
    undoes: Mapped[int | None] = mapped_column(BigId)
    """The run that this one takes back."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    stopped: Mapped[str] = mapped_column(default="", server_default="")
    """Why it ended before the last lead; empty where it did not."""
