"""Read receipts of single mails: a picture that tells when a mail was opened, and links that tell when they were followed.

Off at first. Switched for the installation, for a mailbox, and for each mail where it is written.

    switching.py    whether a mail is to have them
    linking.py      its HTML with the picture and the numbered links
    desk.py         what answers for both over HTTP
    recording.py    what happened, written once a second; tells the author of the first time
    telling.py      mails with what is known of their readers
    repository.py   what is written of it; read by `crm/access/receipts`

Machines (mail programs that load every picture, scanners that follow every link) are told apart from people and counted apart.
"""
