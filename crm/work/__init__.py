"""Tasks: set, done, taken up again, listed by one's part in them; made by hand, from a stored mail, or by mail.

A task that is bound to a record has an activity on that record's timeline, and both are completed together. A task
bound to none stays out of the CRM stream.
"""
