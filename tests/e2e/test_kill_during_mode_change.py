"""A change of the CRM's mode that is killed again and again: each lead becomes one client and one deal, no process is left."""

import os
import random
import signal
import time
from collections.abc import Callable

import pytest

from core.config import load_settings
from crm.records.leads import create_lead
from crm.records.modes import CrmMode, Mode, write_mode
from e2e.facts import ask
from e2e.installation import Installation, left_over, wait_until
from storage.store import open_store

LEADS = int(os.environ.get("TEST_MODE_LEADS", "800"))
KILLS = int(os.environ.get("TEST_MODE_KILLS", "3"))
CONVERTED = "SELECT count(*) FROM lead WHERE state = 'converted'"


@pytest.mark.slow
@pytest.mark.timeout(300 + 20 * KILLS)
def test_kills_leave_no_trace(install: Callable[..., Installation]) -> None:
    house = install("data")
    store = open_store(load_settings(data_dir=house.data_dir))
    with store.database.unit_of_work() as session:
        write_mode(session, CrmMode(Mode.CLASSIC))
        for number in range(LEADS):
            create_lead(session, f"Lead {number}", emails=[f"p{number}@client{number}.example"])
    store.close()
    assert house.json("crm", "mode", "simple", "--preview") == {"leads": LEADS, "repeat": 0, "mails": 0, "planned": 0}

    for kill in range(KILLS):  # First the command, then the daemon that goes on by itself.
        process = (
            house.start(*("crm", "mode", "simple", "--client", "both")) if kill == 0 else house.start_daemon("jobs")
        )
        goal = (kill + 1) * LEADS // (KILLS + 2)
        wait_until(lambda goal=goal: ask(house.data_dir, CONVERTED)[0][0] >= goal, every=0.02, what=f"lead {goal}")
        time.sleep(random.uniform(0, 0.05))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not left_over(house.data_dir), seconds=10, what="the end of every process")
        assert ask(house.data_dir, CONVERTED)[0][0] < LEADS
    daemon = house.start_daemon("jobs")
    ended = "SELECT count(*) FROM lead_run WHERE ended_at IS NOT NULL"
    wait_until(lambda: ask(house.data_dir, ended) == [(1,)], what="the last lead")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(30) == 0

    for table in ("contact", "company", "deal", "lead"):
        assert ask(house.data_dir, f"SELECT count(*) FROM {table}") == [(LEADS,)], table
    paired = """SELECT count(DISTINCT deal.id) FROM lead JOIN deal ON deal.id = lead.deal_id AND deal.title = lead.title
        AND deal.contact_id = lead.contact_id JOIN channel ON channel.record_type = 'contact'
        AND channel.record_id = deal.contact_id AND channel.key = 'p' || substr(lead.title, 6) || '@client'
        || substr(lead.title, 6) || '.example' WHERE lead.state = 'converted'"""
    assert ask(house.data_dir, paired) == [(LEADS,)]
    told = house.json("crm", "mode")
    assert told["mode"] == "simple"
    assert "Traceback" not in house.log()
