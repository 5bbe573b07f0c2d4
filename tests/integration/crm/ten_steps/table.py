"""How the table of the ten steps is written and read: one line a case, a column for each mode of the CRM.

Its columns:

    name      of the case
    policy    of the mailbox `sales`, where it is not as installed: for mail that comes in, `out:` for what goes out, `ann:` for
              the other mailbox; `both`, `company`: what stands beside a deal; `no-repeat`, `dmarc`, `intake`: its switches;
              `poland`: where the company's phones are; `few`: limits that are reached at once; `written`: strangers only where we wrote first; `no-roles`; `not-…`, `always-…`: what is said of a sender
              (`conftest.RULES`), in `sales`, `ann:` or `all:` mailboxes; `simple`, `classic`: only in that mode
    before    records that stand there; `-deal` deletes one that was named
    mails     what comes (`written.MAILS`): `@ann` in the other mailbox, `@late` in one that was connected after it came,
              `:junk` in that folder, `:old` before the mailboxes were connected, `~spam` as a server changed it; `!close:won`
              is what people do in between
    Simple,   what each mail stands on, its owner first, in the order in which mails came first; `"` is as the one before,
    Classic   `+` was made from mail. Nothing else was made. `=` is as in Simple
    due       of each mail: `due`, it waits for an answer; `done`, it was answered
    tells     events in the outbox: `in` message.received, `out` message.sent, `bounce` campaigns.bounce
    why       which sentences "why is this here?" shows for the place that came last (`WHY`: how they begin)
"""

from collections.abc import Iterable
from dataclasses import dataclass

from crm.records.modes import Mode

COLUMNS = 9


@dataclass(frozen=True)
class Case:
    """One line."""

    name: str
    policy: tuple[str, ...]
    before: tuple[str, ...]
    mails: tuple[str, ...]
    simple: tuple[tuple[str, ...], ...]
    classic: tuple[tuple[str, ...], ...]
    due: tuple[str, ...]
    tells: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def modes(self) -> list[Mode]:
        """In which it is run."""
        return [mode for mode in Mode if mode in self.policy] or list(Mode)


def read(lines: str) -> list[Case]:
    """The cases of a text with `|` between columns; lines with a `#` in front are for readers."""
    return [_case(line) for line in lines.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _case(line: str) -> Case:
    columns = [column.strip() for column in line.split("|")]
    if len(columns) != COLUMNS:
        raise ValueError(f"A line has {COLUMNS} columns: {line.strip()}")
    name, policy, before, mails, simple, classic, due, tells, why = columns
    return Case(
        name,
        *(_words(column) for column in (policy, before, mails)),
        _per_mail(simple),
        _per_mail(simple if classic == "=" else classic),
        tuple("" if each.strip() == "-" else each.strip() for each in due.split("/")),
        _words(tells),
        _words(why),
    )


def _words(column: str) -> tuple[str, ...]:
    return () if column == "-" else tuple(column.split())


def _per_mail(column: str) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[str, ...]] = []
    for each in column.split("/"):
        found.append(found[-1] if each.strip() == '"' else _words(each.strip()))
    return tuple(found)


def named(records: Iterable[str]) -> list[str]:
    """Bindings in the order in which they are compared: the owner, then the others by name."""
    owner, *others = [*records] or [""]
    return [owner, *sorted(others)] if owner else []


WHY = {
    "new": ("create", "Nobody knew this address."),
    "repeat": ("create", "A known client without open deal or lead wrote again."),
    "address": ("match", "The address is known. There is no open deal or lead."),
    "address-joins": ("match", "The address is known. It joins the open"),
    "phone": ("match", "The phone number is known. There is no open deal or lead."),
    "phone-joins": ("match", "The phone number is known. It joins the open"),
    "domain": ("match", "The company is known by its domain. There is no open deal or lead."),
    "domain-joins": ("match", "The company is known by its domain. It joins the open"),
    "thread": ("match", "Its thread stands on this record. There is no open deal or lead."),
    "thread-joins": ("match", "Its thread stands on this record. It joins the open"),
    "unknown": ("match", "No record has this address or domain."),
    "policy": ("create", "This mailbox is set to create nothing."),
    "not-new": ("create", "Only new mail creates records."),
    "client-gone": ("create", "Its lead was converted, and the client is not there any more."),
    "also-new": ("create", "Another mailbox made only a contact from this mail."),
    "on-item": ("create", "Another copy of this mail stands on a deal or lead."),
    "our-domain": ("create", "It is with people of our own domain only."),
    "called-junk": ("create", "It stands on a lead that was called junk."),
    "ours-repeats-nothing": ("create", "Mail of ours makes no repeat deals or leads."),
    "contact-known": ("create", "This mailbox makes contacts only, and this one is known."),
    "moved": ("timeline", "Another copy put it on the client: the deal or lead takes it now."),
    "no-repeat": ("create", "Repeat deals and leads are switched off here."),
    "done-before": ("create", "This mail has done so before."),
    "exception": ("create", "An exception: no record is made of this sender."),
    "always": ("create", "Each mail of this sender makes a new one."),
    "does-not-join": ("match", "The address is known. It does not join the open"),
    "not-written": ("create", "Nobody of us wrote first, as this mailbox asks for."),
    "new-written": ("create", "Nobody knew this address, and one of us wrote first."),
    "role": ("create", "This mailbox makes no records of info@ and the like."),
    "sender-made": ("create", "Mail of this sender has made as much as it may within two hours."),
    "domain-made": ("create", "Mail of this sender's domain has made as much as it may within two hours."),
    "no-answer": ("timeline", "So much mail of this sender, or of their domain, came within two hours"),
    "waits": ("timeline", "It waits for an answer."),
    "there": ("timeline", "Another copy of this mail put it there."),
    "junk": ("folder", "It lies in junk: nothing is done until it is moved."),
    "trash": ("folder", "It lies in the trash: nothing is done until it is moved."),
    "drafts": ("folder", "It lies in the drafts: nothing is done until it is moved."),
    "old": ("folder", "It is older than the connection of this mailbox."),
    "had-before": ("folder", "This mailbox has had it before."),
    "variant": ("identity", "Its content differs here: a server has changed it."),
    "internal": ("people", "Everybody in it is one of us."),
    "false": ("sender", "It says to be from us, and the mailbox's server found that it is not."),
    "not-confirmed": ("sender", "The mailbox's server found that it is not from whom it says to be."),
    "not-confirmed-there": ("sender", "Another mailbox's server found that it is not from whom it says to be."),
    "no-reply": ("create", "Nobody reads what is sent to this address."),
    "bulk": ("class", "It went to many people, or the server took it for spam: it creates nothing."),
    "mass": ("create", "Mass mail creates no records."),
    "list": ("class", "It came by a mailing list: it creates nothing."),
    "auto": ("class", "A program answered, not a person."),
    "away": ("class", "The other side is away."),
    "receipt": ("class", "It only tells that a mail was read or delivered."),
    "bounce": ("class", "It reports that a mail could not be delivered."),
    "complaint": ("class", "It reports a complaint about a mail of ours."),
    "signed": ("own mail", "It carries the id that we gave it."),
    "secret": ("secret address", "There is no such secret address."),
    "joined": ("thread", "It cites, or is cited by, mail of people who take part in both."),
    "by-subject": ("thread", "Its Gmail thread, or its subject and people, are those of other mail."),
    "by-address": ("thread", "It was sent to the address that we signed for answers to this conversation."),
    "alone": ("thread", "What it cites is not here, or was among other people."),
}
