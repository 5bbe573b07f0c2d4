"""What people do to mail here acts on the mail server: read, flagged, answered, moved, deleted, and drafts.

    action   waiting ──▶ sent ──▶ done
                │          ├────▶ refused(reason)     no right, no room, no such folder: the store is put back
                │          └────▶ overtaken(reason)   the server changed it later, and the server wins
                └──▶ cancelled                        taken back, or undone by its opposite, before it was sent

The store shows what is wanted at once; the server is told by whoever watches the mailbox, before each pass. Until an
action is settled no pass overwrites the flag it is about. A message that is moved lies in its new folder under a `uid`
of ours (`UNTOLD` less the id of its action) until the server has told its new UID or a pass has found it there.

`sent` is durable before the command leaves, so everything can be killed at any step. STORE and EXPUNGE may be repeated.
Before each, and before a MOVE, the message is asked for its Message-ID: after a restore from backup its UID may be another's.
A MOVE whose UID is gone was done, and a COPY or APPEND is looked for in its folder before it is made again.

    asking     what people want: marks, moves, deletions; undo        drafting   drafts: saved, replaced, discarded
    applying   one mailbox's queue over one connection: flags → moves → appends → removals, a command for many messages
    same_messages whether UIDs still name what the actions are about
    labels     moves between labels of Gmail, where no message moves
    repository the queue, the wanted state, and the server's flags beside it
"""
