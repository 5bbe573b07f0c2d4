"""`mailsync sender add` as a person types it."""

from pathlib import Path

import pytest

from cli.main import run


@pytest.mark.parametrize("typed", ["j\u00f6rg@example.com", "jo\u0308rg@example.com"])
def test_an_address_is_the_same_however_its_letters_are_composed(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAILSYNC_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MAILSYNC_ALLOW_PRIVATE_HOSTS", "true")
    with pytest.raises(SystemExit) as ended:
        run(["sender", "add", typed, "--smtp", "smtp://localhost:25", "--vouch"])
    assert (ended.value.code, capsys.readouterr().out) == (0, "Sender 1 is ready.\n")
