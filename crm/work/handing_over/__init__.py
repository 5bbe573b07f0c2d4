"""Everything of a person who leaves, or does something else from now on, handed to others by a job.

    asked ──▶ counted ──▶ records, kind by kind ──▶ open tasks ──▶ places in queues, shared views ──▶ ended ── undo ──▶ undone
                          some in a unit of work, the newest last; stopped or killed, it goes on or ends where it is

It is an act on many records (`crm.records.bulk`): the same row, progress, Stop and Undo. Unlike the others it keeps no list of
what it is for: it takes what is the person's when it comes there (`repository`), so that nothing is done twice, and little of
what is new is left behind. What is undone of records is told by their history; what has none is noted in parts (`undoing`).
"""
