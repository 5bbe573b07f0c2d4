"""How much customers' mail there is, how soon it is answered, and what comes of it: per day, mailbox and person.

    repository.py   mails on records as short rows, deals of a time
    measuring.py    counts and response times of them

Only mail that stands on records counts. A response is the first mail of ours after customers wrote, in the same conversation; the
first response is that to a conversation which a customer began in the time that is looked at. Times are as
the clock ran, nights and weekends too.
"""
