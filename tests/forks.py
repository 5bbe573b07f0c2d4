"""Processes of a test's own that are forked from one which has loaded the program: loading it takes a second each."""

from multiprocessing import get_context

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["integration.crm.working_apart", "integration.crm_outgoing.posting_apart"])
