"""Settings: read from MAILSYNC_* variables, misspelt ones refused by name, secrets never shown."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.config import PREFIX, Settings, load_settings
from core.errors import UsageError


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_defaults_suit_a_laptop(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.data_dir == tmp_path / "mailsync"
    assert (settings.embedded, settings.host, settings.allow_private_hosts) == (True, "127.0.0.1", False)
    assert settings.public_url == "http://127.0.0.1:8025"


def test_batches_are_larger_where_writers_do_not_stand_in_line(monkeypatch: pytest.MonkeyPatch) -> None:
    small = load_settings()
    monkeypatch.setenv("MAILSYNC_DATABASE_URL", "postgresql://host/name")
    large = load_settings()
    assert (large.sync_batch_messages, large.sync_batch_bytes) == (
        2 * small.sync_batch_messages,
        2 * small.sync_batch_bytes,
    )
    monkeypatch.setenv("MAILSYNC_SYNC_BATCH_MESSAGES", "7")
    assert load_settings().sync_batch_messages == 7


def test_variables_are_read_and_overrides_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILSYNC_PORT", "9000")
    monkeypatch.setenv("mailsync_log_level", "debug")
    assert (load_settings().port, load_settings().log_level, load_settings(port=1).port) == (9000, "debug", 1)


@pytest.mark.parametrize("written", ["10.0.0.1, 10.0.0.2:53", "10.0.0.1 10.0.0.2:53", "10.0.0.1,10.0.0.2:53,"])
def test_lists_are_words(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("MAILSYNC_DNS_SERVERS", written)
    assert load_settings().dns_servers == ("10.0.0.1", "10.0.0.2:53")


def test_an_empty_variable_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """compose.yaml and shells hand on what is not set as an empty word; a data directory "" would be the present one."""
    for name in Settings.model_fields:
        monkeypatch.setenv(PREFIX + name.upper(), "")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("MAILSYNC_DATABASE_URI", "Did you mean MAILSYNC_DATABASE_URL?"),
        ("MAILSYNC_DATADIR", "Did you mean MAILSYNC_DATA_DIR?"),
        ("Mailsync_Prot", "Did you mean MAILSYNC_PORT?"),
    ],
)
def test_a_misspelt_setting_is_refused_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch, name: str, hint: str
) -> None:
    monkeypatch.setenv(name, "x")
    with pytest.raises(UsageError, match=rf"There is no setting {name}\. ") as refused:
        load_settings()
    assert str(refused.value).endswith(hint)


def test_what_is_like_no_setting_gets_no_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILSYNC_ZQX", "x")
    with pytest.raises(UsageError) as refused:
        load_settings()
    assert str(refused.value) == "There is no setting MAILSYNC_ZQX."


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("MAILSYNC_PORT", "http", "valid integer"),
        ("MAILSYNC_PORT", "-1", "greater than or equal to 0"),
        ("MAILSYNC_LOG_FORMAT", "xml", "'json' or 'console'"),
        ("MAILSYNC_ALLOW_PRIVATE_HOSTS", "perhaps", "boolean"),
        ("MAILSYNC_DATABASE_URL", "postgres://u:hunter2@h/x", "postgresql://host/name"),
        ("MAILSYNC_DATABASE_URL", "postgresql://u:hunter2@[::1/x", "postgresql://host/name"),
        ("MAILSYNC_REDIS_URL", "hunter2", "redis://host/name"),
    ],
)
def test_a_useless_value_is_told_by_name_and_without_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=name) as refused:
        load_settings()
    assert says in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_secrets_stay_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILSYNC_DATABASE_URL", "postgresql://u:hunter2@h/x")
    monkeypatch.setenv("MAILSYNC_REDIS_URL", "redis://:hunter2@h/0")
    settings = load_settings()
    assert not settings.embedded
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.database_url is not None
    assert "hunter2" in settings.database_url.get_secret_value()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        load_settings().port = 1  # type: ignore[misc]  # That it cannot be set is what is asked.
