"""Lists of people as files: CSV, XLSX and vCards, all read as one table of text, row by row.

`opening.open_table` tells by the bytes what a file is. What no table can be made of is refused in one plain sentence.
"""
