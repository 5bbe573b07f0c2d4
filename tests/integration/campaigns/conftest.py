"""Settings for campaigns that go to servers on loopback."""

from pathlib import Path

import pytest

from core.config import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path, allow_private_hosts=True, base_url="https://t.example")
