"""IMAP that does not hang, lose answers or mark mail as read: a hardened client over aioimaplib.

    connection          the client: connect, and everything below in one object
    reading | writing | folders | idle      its commands
    auth                logging in, and what follows
    session             one command at a time, each with a deadline; an error ends the connection
    transport           DNS, TCP, TLS, STARTTLS
    protocol            aioimaplib's protocol, with what loses answers or waits for ever replaced
    deflate             compression, if the server offers it
    scanner → replies → tokens → fetch | events      from bytes to values, without I/O
    failures → errors   from a server's words to what a person can do

The stock library loses untagged answers, recurses once per line, scans long answers in quadratic time and waits for
ever when a connection dies; each remedy has a test that shows the fault first (`tests/integration/imap`).
"""
