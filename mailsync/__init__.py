"""Keeping mail servers and the store in step.

    mailbox   connecting → backfilling → live
              beside them: auth_failed · throttled(until) · unreachable(retry_at) · paused · disabled, each with its reason
    folder    initial → live, and → resync → live when UIDVALIDITY changed

A *pass* brings one mailbox up to date: folders are listed, each is asked for its STATUS, and only what moved is opened.
In a folder new UIDs come first, oldest of them first; then a slice of history, newest first; then flags and what vanished.
Every batch is one transaction: places, messages, gaps and marks. A pass can be cut off anywhere and goes on there.
"""
