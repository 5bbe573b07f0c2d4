"""The ten steps of an incoming message (design §4), each a small function over facts that are in memory already.

A step returns True when nothing more is to be done with the message, and says so on `item.decision`, in words that are
shown to people under "why is this here?".
"""
