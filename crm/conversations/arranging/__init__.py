"""Conversations arranged by hand: split at a message, merged, put on other records, taken off; each can be taken back.

What people decide is kept as rows (`storage.models.by_hand`) that intake reads with each batch, so later mail follows it.
"""
