"""What the people of a mailbox choose about it after it is connected: folders, depth, pace, names, privacy, who works in it."""
