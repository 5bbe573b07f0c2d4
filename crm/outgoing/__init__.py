"""Single mails of people: replies, forwards, new mail, sent through their mailbox at most once.

                 cancel ──▶ skipped(cancelled)
                   │
    pending ───────┴─▶ claimed ──▶ attempted ──▶ sent          and the copy for the Sent folder is asked for
       ▲                  ▲             ├──────▶ failed(reason)      a 5xx, or 72 hours of 4xx
       │                  └── retry(at)◀┤                      nothing was taken: a 4xx, a lost connection
       │                                └──────▶ in_doubt      lost after the whole message had left
       └── by hand, from failed, skipped and in_doubt

`claimed`: the bytes are composed and stored; every later try sends the same ones under the same Message-ID.
`attempted` is durable before the first byte leaves. Whoever finds a mail `claimed` whose holder is gone takes it over;
whoever finds it `attempted` puts it in doubt (or, where its copy lies in the mailbox, knows it as sent) and never sends
it again by itself. `fence` grows with each claim, and only its newest holder changes the row.
"""
