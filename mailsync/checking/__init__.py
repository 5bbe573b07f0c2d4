"""The test of a mailbox's servers, step by step, so that each failure is told where it happened and what to do.

running.py    the steps in their order, for new mailboxes and for stored ones
results.py    what a step brought
reading.py    the IMAP half: find, connect, encrypt, sign in, folders
sending.py    the SMTP half: a mail is begun and taken back
"""
