"""The same mail under another number or name: found again, so that it is neither downloaded twice nor taken for new.

places    the server gave new UIDs to a folder (UIDVALIDITY changed, or it was restored from a backup)
renames   a folder has another name now
keys      what tells that two are the same message
"""
