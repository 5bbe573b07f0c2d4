"""Folders of a server without CONDSTORE in which nothing moved, seen by two commands and without asking the store for each.

    EXAMINE   validity, next UID and number of messages are what they were
    FETCH     flags and dates of the newest messages, and the oldest one's date, are those that are stored

Their STATUS is looked at before only where it comes with the list (LIST-STATUS). Where any of it differs, or something is
owed or waits here, the folder is brought up to date like any other.
"""
