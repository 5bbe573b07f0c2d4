"""A message in the stream: to colleagues, and by mail to contacts and leads, about records.

    post ──┬─▶ its entry on the pages of its records         (crm.stream)
           └─▶ one mail to each contact or lead it is to     (crm.outgoing), under the author's own sender

All of it is one unit of work, so there is never the one without the other; what is sent later is sent at most once. The copy
of such a mail and the answers to it stand on the post's records (`crm.intake`).
"""
