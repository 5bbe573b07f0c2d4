"""Step 5: mail to a secret address, who may send it, and that its token is shown to nobody."""

from collections.abc import Callable
from functools import reduce
from operator import add

import pytest
from sqlalchemy import select, text

from core.errors import NotFound
from crm.access.viewer import Viewer
from crm.intake.addresses import create_intake_address, own_addresses, revoke_intake_address
from crm_world import HISTORY, World, mail
from storage.models import (
    Contact,
    Deal,
    FolderRole,
    IntakeAddress,
    IntakeDelivery,
    IntakeState,
    MessageAddress,
    MessageText,
    OnUnknown,
    Purpose,
    Role,
)
from storage.search.index import COLUMNS

PASS = "mx.ours.example; spf=pass smtp.mailfrom=ours.example; dmarc=pass (p=REJECT) header.from=ours.example"
HOP = (
    "from mx.ours.example (mx.ours.example [192.0.2.1]) by imap.ours.example with LMTP; Mon, 2 Mar 2026 12:00:00 +0000"
)
FOREIGN = "from laptop by mail.evil.example with ESMTPS; Mon, 2 Mar 2026 12:00:00 +0000"
SALES = "sales@ours.example"


@pytest.fixture
def intake(world: World) -> World:
    world.change(world.sales, receives_intake=True, authserv_id="mx.ours.example", on_unknown_incoming=OnUnknown.MODE)
    return world


def address(world: World, purpose: Purpose = Purpose.TASK) -> str:
    with world.store.database.unit_of_work() as session:
        token = create_intake_address(session, world.store.keys, world.ann, purpose)
    return f"{purpose.value}+{token}@ours.example"


def deliver(world: World, to: str, *, sender: str = "ann@ours.example", results: str = PASS, **options: object) -> int:
    return world.deliver(mail(sender, to, "Buy milk", message_id="t@ours", Authentication_Results=results), **options)


@pytest.mark.parametrize(
    ("purpose", "job"), [(Purpose.TASK, "work.task_from_mail"), (Purpose.FEED, "stream.post_from_mail")]
)
@pytest.mark.parametrize("spell", [str, str.upper])
def test_the_owner_is_accepted_once(intake: World, purpose: Purpose, job: str, spell: Callable[[str], str]) -> None:
    to = spell(address(intake, purpose))

    message_id = deliver(intake, to)
    deliver(intake, to, role=FolderRole.ARCHIVE)

    (delivery,) = intake.all(IntakeDelivery)
    assert (delivery.state, delivery.message_id) == (IntakeState.ACCEPTED, message_id)
    assert intake.jobs() == [job]
    assert intake.all(Deal) == []


@pytest.mark.parametrize(
    "to", ["{secret}@evil.example", "{secret}@evil.example, bob@ours.example", "{secret}@ours.example.evil.example"]
)
def test_an_alias_at_a_foreign_domain_is_none_of_ours(intake: World, to: str) -> None:
    """odoo PR 38459: what stands before the @ was compared alone, so mail to other companies' aliases made records here."""
    secret = address(intake).partition("@")[0]

    deliver(intake, to.format(secret=secret))
    intake.deliver(
        mail(
            "ann@ours.example", f"{secret}@evil.example", message_id="d@ours", Authentication_Results=PASS,
            Delivered_To=f"{secret}@evil.example",
        )
    )  # fmt: skip

    assert intake.all(IntakeDelivery) == []
    assert intake.jobs() == []


HELD = {
    "another sender": {"sender": "eve@ours.example"},
    "a stranger": {"sender": "eve@evil.example", "results": PASS.replace("ours.example", "evil.example")},
    "no word of the server": {"results": "mx.other.example; dmarc=pass header.from=ours.example"},
    "failed": {"results": PASS.replace("dmarc=pass", "dmarc=fail")},
    "no check": {"results": "mx.ours.example; none"},
    "passed for another domain": {"results": PASS.replace("header.from=ours", "header.from=evil")},
    "written in a comment": {"results": "mx.ours.example; spf=none (; dmarc=pass header.from=ours.example)"},
}


@pytest.mark.parametrize("case", HELD)
def test_all_others_are_held_with_a_reason(intake: World, case: str) -> None:
    deliver(intake, address(intake), **HELD[case])

    (delivery,) = intake.all(IntakeDelivery)
    assert (delivery.state, intake.jobs()) == (IntakeState.HELD, [])
    assert delivery.reason.endswith(".")


def test_without_a_trusted_server_everything_is_held(intake: World) -> None:
    intake.change(intake.sales, authserv_id=None)
    deliver(intake, address(intake))

    assert [delivery.state for delivery in intake.all(IntakeDelivery)] == [IntakeState.HELD]


@pytest.mark.parametrize(
    ("head", "state"),
    [
        ([("Received", HOP), ("Authentication-Results", PASS), ("Received", FOREIGN)], IntakeState.ACCEPTED),
        ([("Received", FOREIGN), ("Authentication-Results", PASS)], IntakeState.HELD),
        (
            [("Authentication-Results", PASS.replace("=pass (p", "=fail (p")), ("Authentication-Results", PASS)],
            IntakeState.HELD,
        ),
        (
            [("Received", HOP), ("Received", FOREIGN), ("Received", HOP), ("Authentication-Results", PASS)],
            IntakeState.HELD,
        ),
    ],
)
def test_only_what_stands_above_the_first_foreign_server_counts(
    intake: World, head: list[tuple[str, str]], state: IntakeState
) -> None:
    trace = "".join(f"{name}: {value}\r\n" for name, value in head).encode()

    intake.deliver(trace + mail("ann@ours.example", address(intake), message_id="t@ours"))

    assert [delivery.state for delivery in intake.all(IntakeDelivery)] == [state]


def test_the_address_that_the_server_wrote_comes_first(intake: World) -> None:
    task, feed = address(intake), address(intake, Purpose.FEED)

    raw = mail("ann@ours.example", feed, message_id="t@ours", Delivered_To=task, Authentication_Results=PASS)
    intake.deliver(raw)

    assert intake.jobs() == ["work.task_from_mail"]


@pytest.mark.parametrize("why", ["sent copy", "another mailbox", "history", "unknown token"])
def test_what_is_no_delivery(intake: World, why: str) -> None:
    to = address(intake)
    private = intake.add_mailbox("ann@ours.example", owner_id=intake.ann)
    if why == "sent copy":
        deliver(intake, to, role=FolderRole.SENT)
    elif why == "another mailbox":
        deliver(intake, to, box=private)
    elif why == "history":
        deliver(intake, to, internal_date=HISTORY)
    else:
        deliver(intake, f"task+{'a' * 32}@ours.example")

    assert (intake.all(IntakeDelivery), intake.all(Deal), intake.all(Contact)) == ([], [], [])
    assert intake.jobs() == []


def test_a_sent_copy_seen_first_does_not_swallow_the_delivery(intake: World) -> None:
    to = address(intake)
    private = intake.add_mailbox("ann@ours.example", owner_id=intake.ann)

    deliver(intake, to, box=private, role=FolderRole.SENT)
    deliver(intake, to)

    assert intake.jobs() == ["work.task_from_mail"]


def test_a_revoked_address_refuses(intake: World) -> None:
    to, viewer = address(intake), Viewer(intake.ann, Role.SELLER)
    stranger = Viewer(intake.bob, Role.ADMINISTRATOR)
    with intake.store.database.unit_of_work() as session:
        (own,) = own_addresses(session, intake.store.keys, viewer)
        assert own.at(SALES) == to
        assert own_addresses(session, intake.store.keys, stranger) == []
        with pytest.raises(NotFound):
            revoke_intake_address(session, stranger, own.id)
        revoke_intake_address(session, viewer, own.id)
        assert own_addresses(session, intake.store.keys, viewer) == []

    deliver(intake, to)

    assert [delivery.state for delivery in intake.all(IntakeDelivery)] == [IntakeState.REFUSED]
    assert intake.jobs() == []


def test_a_token_is_stored_nowhere_in_plain(intake: World) -> None:
    to = address(intake)
    token = to.partition("+")[2].partition("@")[0]
    body = f"Please always write to {to}, thanks.\n"

    message_id = intake.deliver(mail("ann@ours.example", to, f"About {to}", text=body, message_id="t@ours"))

    assert intake.rows(select(MessageAddress.key).where(MessageAddress.role == "to")) == ["task+…@ours.example"]
    fields = (getattr(MessageText, name) for name in COLUMNS)
    texts = intake.rows(select(reduce(add, fields)))
    message = intake.message(message_id)
    assert not any(token in value for value in [*texts, message.subject, message.snippet])
    with intake.store.database.reading() as session:
        # Raw mail is kept as it came; the index of words can not be read whole, but the tables that it is made of can.
        tables = text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('blob', 'message_search')")
        for table in session.execute(tables).scalars().all():
            for row in session.execute(text(f'SELECT * FROM "{table}"')):
                assert token not in repr(tuple(row))
    (row,) = intake.all(IntakeAddress)
    assert intake.store.keys.decrypt("intake", row.token_encrypted) == token
