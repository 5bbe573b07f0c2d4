"""Rows, blobs and jobs: what survives a power cut.

One writer at a time. `Database.unit_of_work()` is the only place that commits; a job enqueued in it becomes visible
with the rows it speaks of, or not at all. Readers have connections of their own that can not write.

A job (a row of `outbox`) lives so:

    due ──claimed by a relay──▶ handed(until) ──taken by an actor──▶ running(fence, until) ──▶ done
     ▲                              │ `until` passed                      │ Transient: due again, later
     └──────────────────────────────┴─────────────────────────────────────┤
                                                                           └ Permanent, tries used up ──▶ dead(reason)

The process that runs a job moves its `until` on as long as it lives, however long the job takes.
"""
