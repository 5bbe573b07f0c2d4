"""What happens to a message that comes in: stored once, threaded, put on records, and nothing of it done twice.

    arrival ──▶ preparing ──▶ taking ──▶ pipeline ──▶ repository
    bytes       no lock       one unit   ten steps    one statement a table

Mailboxes, the gateway and imports all enter by `preparing.prepare` and `taking.take_in_safely`. Steps decide in memory,
over facts that were loaded for the whole batch; rows are written at the end. The outcome does not depend on where
batches are cut, nor, as far as it can, on the order in which mail arrives.
"""
