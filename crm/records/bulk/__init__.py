"""The same change to many records at once, by a job that can be stopped at any point, and that can be undone.

    asked ──▶ running, some records a unit of work ──▶ ended ── undo, for 30 days ──▶ undoing ──▶ undone
                │        ▲                                                             │     ▲
                └ killed ┘  whoever comes next goes on behind the last                 └─────┘

A record that can not be changed is left as it is and named. An undo puts back what still stands as the edit left it.
"""
