"""Contacts and their companies out of files: CSV, XLSX and vCards.

uploading ─▶ rows as they are, a guess which column is which field (headings)
steering  ─▶ what people ask for: trying ─▶ running ─▶ undoing, each a job
values    ─▶ what a row says     deciding ─▶ what becomes of it, on a picture of who is known     storing ─▶ rows
"""
