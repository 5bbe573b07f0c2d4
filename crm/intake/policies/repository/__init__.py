"""Rules for senders, and queues, in the database."""
