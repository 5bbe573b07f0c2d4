"""Processes of a test's own that are forked from one which has loaded the program: loading it takes a second each."""

from multiprocessing import get_context

from cli.main import COMMANDS

FORKS = get_context("forkserver")
# There is one server for all: what it loads is told here alone, or whoever came last would take away what the others told.
FORKS.set_forkserver_preload(
    [
        "forked",
        "integration.crm.working_apart",
        "integration.crm_outgoing.posting_apart",
        "integration.oauth.refreshing_process",
        "cli.calling",
        "cli.daemon",
        "cli.web_role",
        *(entry.module for entry in COMMANDS.values()),
    ]
)
