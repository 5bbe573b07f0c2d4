"""Taking a mailbox away, with or without the mail that stands on records.

    asked ──(a minute, in which it can be taken back)── begun ── mail goes, chunk by chunk ── removed
      │                                                   │
      syncing stops                                       passwords and grants are the first to go

A job does it (`steps`). It holds the mailbox's lease, so nothing is synced beside it; each chunk is one transaction
that leaves everything in order, so it goes on wherever it was cut off. Mail that another mailbox holds too stays there.
With `keep_mail`, messages on records, tasks and posts keep their place in a mailbox that nobody sees any more, and are
read by whoever could read them before.
"""
