"""How a connected mailbox fares, in numbers and words that a person can act on.

`repository` counts, `views` holds what was found, `quarantine` is about mail that could not be stored, and `auditing`
keeps the result of the last comparison with the server.
"""
