"""Files of a record: those that people put there, and those of its mails and messages, as far as somebody may read these.

A file that is put on a record hangs on an entry of its timeline ("Added offer.pdf"), which stands on records as every entry
does: a merge moves it, a conversion hands it over, the recycle bin keeps it, and removal for ever takes it along.
"""
