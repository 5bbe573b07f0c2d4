"""Which folders a mailbox has, and which of them are looked into.

finding       each pass: what is listed, renamed, gone; and the STATUS of what is followed
refusing      a folder that the server will not let us look into waits, with the reason, and does not hold up the others
"""
