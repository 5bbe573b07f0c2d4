"""What mail with somebody unknown makes, mailbox by mailbox, and who becomes responsible for it.

policy         what a mailbox says       sender_rules   exceptions, and senders of whom each mail makes a new one
changing       people change it          turns          whose turn it is
"""
