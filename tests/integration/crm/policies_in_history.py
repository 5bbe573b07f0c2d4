"""What mailboxes say of strangers, drawn and changed in the midst of a history. See `test_any_history.py`."""

from dataclasses import dataclass
from typing import Any

from crm.intake.policies.changing import NewRule, add_rules, remove_rule
from crm_world import Box
from integration.crm.merges_in_history import SYSTEM, Merges
from integration.crm.what_holds import Ids, Key
from storage.models import OnUnknown, QueueMethod, RecordType, Treatment

ITEMS = (RecordType.DEAL, RecordType.LEAD)


@dataclass
class Said:
    """What one mailbox says by now: its columns, and the rules of addresses with their ids."""

    columns: dict[str, Any]
    rules: dict[str, tuple[int, Treatment]]


class Policies(Merges):
    """Policies of the `boxes`; `people` are those who may write, `sellers` those who may stand in queues."""

    boxes: tuple[Box, Box]
    people: list[str]
    sellers: list[int]
    said: dict[int, Said]

    def begin_policies(self) -> None:
        """Both mailboxes say something."""
        self.said = {}
        for box in self.boxes:
            self._say(box)

    def policy_changes(self) -> str:
        box = self.random.choice(self.boxes)
        self._say(box)
        columns = self.said[box.id].columns
        return f"{box.email} says {columns['on_unknown_incoming'].value}, {columns['on_unknown_outgoing'].value}"

    def sender_gets_a_rule(self) -> str:
        """Or loses the one that there is."""
        box, address = self.random.choice(self.boxes), self.random.choice(self.people)
        rules = self.said[box.id].rules
        with self.world.store.database.unit_of_work() as session:
            if address in rules:
                remove_rule(session, SYSTEM, rules.pop(address)[0])
                return f"{box.email} has no rule for {address}"
            treatment = self.random.choice(list(Treatment))
            [rule_id] = add_rules(session, SYSTEM, box.id, [NewRule(None, address, treatment)])
        rules[address] = rule_id, treatment
        return f"{box.email}: {address} {treatment.value}"

    def _say(self, box: Box) -> None:
        chance = self.random
        queue = chance.sample(self.sellers, chance.randrange(len(self.sellers) + 1))
        columns = {
            "on_unknown_incoming": chance.choice([OnUnknown.MODE, *OnUnknown]),
            "on_unknown_outgoing": chance.choice([OnUnknown.NOTHING, *OnUnknown]),
            "only_written_to": chance.random() < 0.2,
            "makes_from_roles": chance.random() < 0.8,
            "repeat_items": chance.random() < 0.8,
            "record_source": chance.choice(["", "web"]),
            "queue": queue,
            "queue_method": chance.choice(list(QueueMethod)),
            "queue_at_work": chance.random() < 0.5,
        }
        self.world.change(box, **columns)
        self.said.setdefault(box.id, Said({}, {})).columns = columns

    def treated(self, box: Box, author: str) -> Treatment | None:
        """What the mailbox says of that sender."""
        rule = self.said[box.id].rules.get(author)
        return rule[1] if rule else None

    def look_at_made(self, box: Box, author: str, seen: Ids, made: list[Key], *, alone: bool, is_news: bool) -> None:
        """What mail of `author`, who began a conversation where it is `alone`, has made is what its mailbox says."""
        said, treated = self.said[box.id].columns, self.treated(box, author)
        items = [key for key in made if key[0] in ITEMS]
        if treated is Treatment.NEVER:
            self.met["mail of an exception"] += 1
            assert not made, f"Its sender is an exception, and it made {made}."
        for key in items if is_news else ():
            row = self.row(key)
            assert row.source == (said["record_source"] or "email"), f"{key} came by {row.source!r}."
        if not (is_news and alone) or self.is_known(author, seen) or treated is Treatment.NEVER:
            return
        says = OnUnknown.MODE if treated is Treatment.ALWAYS_NEW else said["on_unknown_incoming"]
        if says is OnUnknown.NOTHING:
            self.met["mail of a stranger that makes nothing"] += 1
            assert not made, f"The mailbox makes nothing, and it made {made}."
        if says is OnUnknown.CONTACT:
            assert not items, f"The mailbox makes contacts only, and it made {made}."
        if says is OnUnknown.MODE and not said["only_written_to"]:
            self.met["mail of a stranger"] += 1
            assert len(items) == 1, "A stranger made nothing."
            if said["queue"] and not said["queue_at_work"]:
                self.met["mail of a stranger for a queue"] += 1
                assert self.row(items[0]).responsible_id in said["queue"], "Nobody of the queue is responsible."
