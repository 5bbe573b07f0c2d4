"""Known people and companies: records in every state, and the six ways in which mail with them comes (steps 7 and 8).

carl      mail that is new        carl:old   history           ours      we write
re        a reply by References   subject    a reply that only its subject tells, and a colleague's (dora)
"""

ROWS = """
# name | policy | before | mails | Simple | Classic | due | tells | why
"""
