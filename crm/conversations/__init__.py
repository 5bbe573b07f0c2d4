"""Mail as it is read: which conversations a person may see, what stands in them, and why it stands there.

Nothing here changes mail, apart from the local read mark. What a message says is parsed from its raw bytes at the moment
it is shown, so that a better parser reads old mail better too.
"""
