"""Entries as they are read and made: the timeline of a record, the stream of all, what is planned."""
