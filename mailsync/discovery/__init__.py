"""A mailbox's servers found from its address alone. No password is needed, and none is sent anywhere.

proposals.py    what may be found, and what a person should know before trusting it
finding.py      all sources at once, the best answer within a few seconds
autoconfig.py   the files that Thunderbird reads
records.py      DNS: SRV (RFC 6186, RFC 8314), and MX to a provider that is known
guessing.py     usual names, tried by connecting
"""
