import pytest

from crm.intake.authenticity import verdict_of_copies


@pytest.mark.parametrize(
    ("known", "copy", "same_body", "verdict"),
    [
        # A forger sends to a mailbox whose server says nothing, too.
        (None, False, True, False),
        (None, False, False, False),
        # The domain has vouched for these words, for no others.
        (True, False, True, True),
        (True, False, False, False),
        # What is stored is what the forger wrote: a genuine copy vouches for its own.
        (False, True, True, False),
        (False, True, False, False),
        (False, None, True, False),
        (None, True, True, None),
        (True, None, False, True),
    ],
)
def test_a_copy_that_failed_counts_and_nothing_makes_it_good(
    known: bool | None, copy: bool | None, same_body: bool, verdict: bool | None
) -> None:
    assert verdict_of_copies(known, copy, is_ours=False, is_same_body=same_body) is verdict


@pytest.mark.parametrize("known", [None, True, False])
@pytest.mark.parametrize("same_body", [True, False])
def test_whoever_sends_our_own_mail_back_does_not_part_us_from_it(known: bool | None, same_body: bool) -> None:
    assert verdict_of_copies(known, False, is_ours=True, is_same_body=same_body) is known
