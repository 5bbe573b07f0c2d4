"""A small company with its people, customers and mail, so that Mailsync can be tried without anybody's real mailbox.

Fonte Lenta builds lever espresso machines in Porto. Everything about it stands in TOML and `.eml` sources beside this
file; the same `now` and tokens always give the same bytes.
"""

import hashlib
import tomllib
from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any

from cli.demo.company.messages import Setting, load_messages
from cli.demo.company.model import (
    Campaign,
    Client,
    Company,
    Contact,
    Deal,
    Folder,
    Lead,
    Mailbox,
    Person,
    Readers,
    SampleMessage,
    Segment,
    Stage,
)
from cli.demo.company.moments import Moments
from core.clock import utcnow

__all__ = ["Company", "SampleMessage", "load_company"]

TOKEN_KINDS = ("task", "feed", "reply")


def load_company(now: datetime | None = None, tokens: Mapping[str, str] | None = None) -> Company:
    """The company as it stands at `now` (by default the present moment).

    `tokens` are the secret address tokens to write into the mail (`task:marta`, `feed:marta`, `reply:marta`); those
    that are missing get a value of their own that belongs to nobody. Keep `now` when a demo is started again on its
    old data: the messages' dates follow it, and with them their identity.
    """
    now = now or utcnow()
    about, moments = _table("company"), Moments(now, _table("company")["time_zone"])
    people = tuple(Person(**row) for row in about["people"])
    folders = tuple(Folder(**row) for row in about["folders"])
    mailboxes = tuple(_mailbox(row, folders) for row in about["mailboxes"])
    all_tokens = {f"{kind}:{person.key}": _token(f"{kind}:{person.key}") for person in people for kind in TOKEN_KINDS}
    all_tokens |= tokens or {}
    setting = Setting(now, about["time_zone"], about["authserv_id"], all_tokens, {box.key: box for box in mailboxes})
    return Company(
        name=about["name"],
        domain=about["domain"],
        time_zone=about["time_zone"],
        authserv_id=about["authserv_id"],
        intake_mailbox=about["intake_mailbox"],
        people=people,
        mailboxes=mailboxes,
        tokens=all_tokens,
        messages=load_messages(setting),
        **_customers(moments),
        **_newsletter(),
    )


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))


def _mailbox(row: dict[str, Any], folders: tuple[Folder, ...]) -> Mailbox:
    own = tuple(folder for folder in folders if folder.key in row["folders"])
    return Mailbox(**row | {"folders": own, "members": tuple(row["members"])})


def _token(name: str) -> str:
    return b32encode(hashlib.sha256(name.encode()).digest()[:15]).decode().lower()


def _customers(moments: Moments) -> dict[str, Any]:
    clients, sales = _table("clients"), _table("sales")
    contacts = [
        {"client": "", "phone": "", "position": "", "suppressed": "", "tags": []} | row for row in clients["contacts"]
    ]
    for row in sales["deals"] + sales["leads"]:
        row["created_at"] = moments.at(row["created_at"])
    return {
        "clients": tuple(Client(**row) for row in clients["clients"]),
        "contacts": tuple(Contact(**row | {"tags": tuple(row["tags"])}) for row in contacts),
        "pipeline": sales["pipeline"],
        "stages": tuple(Stage(**row) for row in sales["stages"]),
        "deals": tuple(Deal(**row | {"products": tuple(row["products"])}) for row in sales["deals"]),
        "leads": tuple(Lead(**row) for row in sales["leads"]),
    }


def _newsletter() -> dict[str, Any]:
    about = _table("newsletter")
    folder = resources.files(__package__)
    html = folder.joinpath("newsletter.html").read_text("utf-8")
    text = folder.joinpath("newsletter.txt").read_text("utf-8")
    return {
        "segment": Segment(about["segment"]["name"], tuple(about["segment"]["tags"])),
        "campaign": Campaign(**about["campaign"], html=html, text=text),
        "readers": Readers(**{key: tuple(values) for key, values in about["readers"].items()}),
    }
