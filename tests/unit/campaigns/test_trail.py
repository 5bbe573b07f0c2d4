"""What a dead sender's trail tells, and when it is not believed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaigns import trail
from campaigns.repository.ledger import Settled
from campaigns.trail import FOLDER, Trail, left_trails
from storage.models import SendState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SENT = Settled(1, SendState.SENT, "", "250 queued", None, NOW, None)
AGAIN = Settled(2, SendState.RETRY, "greylisted – später", "451", NOW, None, None, untried=True)


def leave_trail(data_dir: Path) -> None:
    """A sender hands over three mails, learns of two, and dies."""
    written = Trail(data_dir, 7, 5)
    for recipient in (1, 2, 3):
        written.handed(recipient)
    written.ended(SENT)
    written.ended(AGAIN)
    written.close(complete=False)
    with (data_dir / FOLDER / "7-5").open("ab") as file:
        file.write(b"44")  # Torn in the middle of a number.


def test_it_tells_what_was_handed_over_and_how_it_ended(tmp_path: Path) -> None:
    leave_trail(tmp_path)
    with left_trails(tmp_path, 7) as (found,):
        assert (found.fence, found.handed) == (5, {1, 2, 3})
        assert found.ended == {1: SENT, 2: AGAIN}
    with left_trails(tmp_path, 7) as found_again:
        assert found_again == [], "it is told once"


def test_it_stays_when_what_it_told_could_not_be_kept(tmp_path: Path) -> None:
    leave_trail(tmp_path)
    with pytest.raises(RuntimeError), left_trails(tmp_path, 7):
        raise RuntimeError
    with left_trails(tmp_path, 7) as found:
        assert len(found) == 1


def test_a_living_writer_and_another_boot_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Trail(tmp_path, 7, 6)
    with left_trails(tmp_path, 7) as found:
        assert found == []
    writer.close(complete=True)
    assert list((tmp_path / FOLDER).iterdir()) == []

    leave_trail(tmp_path)
    monkeypatch.setattr(trail, "_boot", lambda: "another")
    with left_trails(tmp_path, 7) as found:
        assert found == [], "the machine went down: what was not synced may be missing"
    with left_trails(tmp_path, 8) as found:
        assert found == []
