"""What follows from new mail, beyond the records it stands on: a campaign's answer is counted, people hear of it."""

from campaigns.replies import count_reply
from crm.stream.notifying import notify
from storage.running import JobRun


def message_received(run: JobRun) -> None:
    """Handler of `message.received`; both halves may be done again and change nothing more."""
    count_reply(run.store, run.args.message_id)
    notify(run)
