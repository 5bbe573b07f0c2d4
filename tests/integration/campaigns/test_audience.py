"""Freezing on both databases: every kind of rule, in small chunks, with a crash in between."""

import pytest

from campaigns import audience, commands
from campaigns.repository import audience as repository
from campaigns.repository import campaigns
from core.config import Settings
from core.errors import UsageError
from seeds.campaign import NAME, SYSTEM, add_contacts, report_of, seed_campaign
from storage.models import CampaignState
from storage.store import Store

EVERY_RULE = {
    "all": [
        {"field": "tag", "op": "is", "value": "NEWS"},
        {"field": "tag", "op": "not_empty"},
        {"field": "email", "op": "ends_with", "value": "@example.org"},
        {"field": "name", "op": "contains", "value": "person"},
        {"field": "position", "op": "empty"},
        {"field": "created", "op": "within_days", "value": 3},
        {"field": "created", "op": "after", "value": "2020-01-01T00:00:00+02:00"},
        {"not": [{"field": "company", "op": "is", "value": "Acme"}, {"field": "won_deal"}, {"field": "open_deal"}]},
        {"any": [{"field": "email", "op": "starts_with", "value": "p"}, {"field": "tag", "op": "empty"}]},
    ]
}


class PowerCut(RuntimeError):
    """Stands for the end of the process."""


def test_every_kind_of_rule_counts_and_freezes_the_same(store: Store, settings: Settings) -> None:
    add_contacts(store, ["p1@example.org", "p2@example.org", "q@example.org", "p3@elsewhere.example"])
    assert commands.count_rules(store, SYSTEM, EVERY_RULE).contacts == 2
    with store.database.reading() as session:
        found = repository.addresses(session, SYSTEM, audience.read_rules(EVERY_RULE), 0, 10_000)
    assert [address for _, address in found] == ["p1@example.org", "p2@example.org"]


def test_a_crash_in_between_doubles_nobody_and_forgets_nobody(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [f"p{n % 40}@example.org" for n in range(50)]
    draft = seed_campaign(store, settings, 25, addresses)
    commands.start(store, settings, SYSTEM, NAME)
    monkeypatch.setattr(audience, "CHUNK", 7)
    freeze_chunk, calls = repository.freeze_chunk, []

    def dying(session, *arguments):
        calls.append(arguments)
        frozen = freeze_chunk(session, *arguments)
        if len(calls) == 4:
            raise PowerCut  # After its rows were written, before they were committed.
        return frozen

    monkeypatch.setattr(repository, "freeze_chunk", dying)
    with pytest.raises(PowerCut):
        audience.prepare(store, settings, draft.campaign_id)
    assert report_of(store, NAME).audience == 21
    audience.prepare(store, settings, draft.campaign_id)
    audience.prepare(store, settings, draft.campaign_id)

    found = report_of(store, NAME)
    assert (found.state, found.audience, found.pending) == ("sending", 50, 40)
    assert found.skipped_reasons == {"duplicate": 10}


def test_a_campaign_waits_for_its_time_and_may_be_cancelled_before(store: Store, settings: Settings) -> None:
    draft = seed_campaign(store, settings, 25, ["a@example.org"])
    with pytest.raises(UsageError):
        commands.create_segment(store, SYSTEM, "bad", {"field": "x"})
    with store.database.unit_of_work() as session:
        later = {"scheduled_at": campaigns.utcnow().replace(year=2100)}
        campaigns.move(session, draft.campaign_id, [CampaignState.DRAFT], CampaignState.SCHEDULED, **later)
    audience.prepare(store, settings, draft.campaign_id)
    assert report_of(store, NAME).state == "scheduled"
    with store.database.reading() as session:
        assert campaigns.to_be_worked_on(session) == []
    commands.cancel(store, SYSTEM, NAME)
    assert (report_of(store, NAME).state, report_of(store, NAME).audience) == ("cancelled", 0)
