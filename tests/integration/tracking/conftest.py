"""A campaign that was sent, and a tracker that answers for its links without a server in between."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from campaigns.tracking import TrackingDesk
from core.config import Settings, load_settings
from crm.outgoing.receipts.desk import ReceiptDesk
from seeds.campaign import SentCampaign, send_without_server
from storage.store import Store
from web.tracking import Tracker

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path, allow_private_hosts=True, base_url="https://t.example")


@pytest.fixture
def sent(store: Store, settings: Settings) -> SentCampaign:
    """Everybody has got it, except `doubt@example.org`."""
    return send_without_server(store, settings, ["ana@example.org", "ben@example.org", "doubt@example.org"])


@pytest.fixture
async def web(store: Store, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that talks to the tracker; what it did is in the database when `desk.close()` returns."""
    desk, receipts = TrackingDesk(store, settings), ReceiptDesk(store)
    transport = httpx.ASGITransport(app=Tracker(desk, receipts), client=("198.51.100.7", 4000))
    async with httpx.AsyncClient(
        transport=transport, base_url="https://t.example", headers={"user-agent": BROWSER}
    ) as client:
        yield client
    receipts.close()
    desk.close()


@pytest.fixture(autouse=True)
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever clicks waits as long as a busy machine takes; what a slow database does has tests of its own."""
    monkeypatch.setattr("delivery.link_cache.PATIENCE", 30.0)
