"""A process that plays the `send` role until it is killed; settings come from the environment.

Leases are short, so that the next process need not wait for the dead one's.
"""

import asyncio
from datetime import timedelta

from campaigns.outcomes import RetryPolicy
from core.config import load_settings
from storage.store import open_store
from workers import holding, send

if __name__ == "__main__":
    holding.LEASE_FOR, holding.RENEW_AFTER = timedelta(seconds=2), 0.5
    settings = load_settings()
    role = send.SendRole(open_store(settings), settings, RetryPolicy(delays=(0.2,), trouble=(0.2,)))
    asyncio.run(role.run(asyncio.Event()))
