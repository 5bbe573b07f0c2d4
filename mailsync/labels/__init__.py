"""Gmail's labels as folders: a message is stored once, from All Mail, and has a further place in each of its labels.

    All Mail ══ uid 7 ══ \\Inbox, Customers      →  places (All Mail, 7), (INBOX, 7), (Customers, 7)

A label's folder is never opened: its places carry the UIDs of All Mail, and are changed there (`Folder.labels_of_id`).
Labels come with each message, and when they change, with its flags (CONDSTORE). Junk and Trash lie outside All Mail and
are folders like any other.

    names       which folder a label is, and what a message with it is
    comparing   the audit's look at them
    keeping     folders become labels, labels folders again; a label that is new to us is filled
"""
