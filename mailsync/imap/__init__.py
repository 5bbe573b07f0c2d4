"""IMAP that does not hang, lose answers or mark mail as read: a hardened client over aioimaplib.

Start at `connection.ImapConnection`. The stock library loses untagged answers, recurses once per line, scans long
answers in quadratic time and waits for ever when a connection dies; `protocol.py` replaces those parts, and each
remedy has a test that shows the fault first (`tests/integration/imap`).
"""
