"""Providers that bound by the day how much goes over IMAP (Gmail): what went is counted, and a pass waits in time.

Nobody says when the provider's day begins, so ours is every 24 hours: whatever part of them is the provider's day, it
holds no more than that. Hours are counted whole, and one leaves the day when its last minute is 24 hours old.

    day         what of a day is used, and who waits until when: history first, then new mail, and what is appended
    metering    the bytes of one connection, counted into the store with whatever is written there anyway
    repository  the rows, one an hour
"""
