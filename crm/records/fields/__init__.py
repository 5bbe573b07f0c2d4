"""The fields of records: which there are, what may stand in them, and changing them.

standard.py   the fields that every installation has, by kind of record
custom.py     those that an installation adds
values.py     what is typed or sent, in the one form in which it is stored and compared
editing.py    changing a record: what somebody else changed meanwhile is never overwritten unseen
history.py    what was changed, by whom, in words
"""
