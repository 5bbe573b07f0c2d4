"""A merge taken back gives back what it left out, too: who waited for a campaign waits again, who declined has declined."""

import pytest
from sqlalchemy import select, update

from campaigns.repository import ledger
from crm_world import NOW, World
from integration.crm.merging.same_people import contact, merged, undone
from recycling_world import add_recipient
from storage.models import Campaign, CampaignState, DeclinedSuggestion, Recipient, SendState

S = SendState


def states(world: World) -> list[tuple[SendState, str, int | None]]:
    return [(row.state, row.reason, row.contact_id) for row in world.all(Recipient)]


@pytest.mark.parametrize(
    ("meanwhile", "then"),
    [(CampaignState.SENDING, True), (CampaignState.PAUSED, True), (CampaignState.FINISHED, False)],
)
def test_who_waited_for_a_campaign_waits_again_while_it_goes_on(
    world: World, meanwhile: CampaignState, then: bool
) -> None:
    anna, twin = contact(world), contact(world, "Ania")
    with world.store.database.unit_of_work() as session:
        add_recipient(session, anna[1])
    [sent] = world.all(Recipient)
    with world.store.database.unit_of_work() as session:
        session.execute(update(Campaign).values(state=CampaignState.SENDING))
        session.add_all(
            Recipient(campaign_id=sent.campaign_id, contact_id=twin[1], address=key, key=key, state=state, due_at=due)
            for key, state, due in (("b@x.example", S.PENDING, None), ("c@x.example", S.RETRY, NOW))
        )
    before = states(world)
    merge_id = merged(world, anna, twin)
    assert states(world)[1:] == [(S.SKIPPED, "duplicate", anna[1])] * 2
    with world.store.database.unit_of_work() as session:
        session.execute(update(Campaign).values(state=meanwhile))

    undone(world, merge_id)

    left_out = [(S.SKIPPED, "duplicate", twin[1])] * 2
    assert states(world) == (before if then else [before[0], *left_out])
    assert world.rows(select(Recipient.due_at).where(Recipient.state == S.RETRY)) == ([NOW] if then else [])
    with world.store.database.unit_of_work() as session:
        assert not ledger.finish(session, sent.campaign_id), "somebody waits, or it has ended"


def test_what_was_declined_of_each_is_declined_of_each_again(world: World) -> None:
    anna, twin = contact(world), contact(world, "Ania")
    with world.store.database.unit_of_work() as session:
        for record, key in ((anna, "both"), (twin, "both"), (twin, "hers")):
            session.add(DeclinedSuggestion(contact_id=record[1], field="position", key=key))

    merge_id = merged(world, anna, twin)
    assert sorted((row.contact_id, row.key) for row in world.all(DeclinedSuggestion)) == [
        (anna[1], "both"),
        (anna[1], "hers"),
    ]
    undone(world, merge_id)

    assert sorted((row.contact_id, row.key) for row in world.all(DeclinedSuggestion)) == [
        (anna[1], "both"),
        (twin[1], "both"),
        (twin[1], "hers"),
    ]
