"""x"""

ROWS = """
# name | policy | before | mails | Simple | Classic | due | tells | why
"""
