"""What a contact's own mail tells about them and the contact does not: suggestions that a person accepts or declines.

suggesting.py   read from the newest mails, each time somebody looks: nobody is shown what they may not read
settling.py     accepting one, declining one for good
"""
