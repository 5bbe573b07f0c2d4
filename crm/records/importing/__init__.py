"""Contacts, companies, leads and deals out of files: CSV, XLSX and vCards. What each kind is: `kinds`.

uploading ─▶ rows as they are, a guess which column is which field (headings)
steering  ─▶ what people ask for: trying ─▶ running ─▶ undoing, each a job
values    ─▶ what a row says (cells, stages)
deciding  ─▶ what becomes of it, on a picture of what is known: which record it is about (finding), whose it is (clients)
storing   ─▶ rows
"""
