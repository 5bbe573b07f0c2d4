"""The world's mail programs in their languages, as data: what they write around replies, forwards and refusals.

A new language or program is a line here, not code.
"""
