"""The same to many records at once, by a job that can be stopped at any point, and that can be undone.

    asked ──▶ running, some records a unit of work ──▶ ended ── undo, for 30 days ──▶ undoing ──▶ undone
                │        ▲                               ▲                              │     ▲
                ├ killed ┘  whoever comes next goes on   │                              └─────┘
                └ stopped by somebody, as far as it is ──┘

Fields are set (`editing`), records put into the recycle bin or into another stage (`acts`). One to which it can not be done is
left as it is and named. An undo puts back what still stands as the act left it.
"""
