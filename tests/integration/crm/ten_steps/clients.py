"""Known people and companies: records in every state, and the six ways in which mail with them comes (steps 7 and 8).

carl      mail that is new        carl:old   history           ours      we write
re        a reply by References   subject    a reply that only its subject tells, and a colleague's (dora)
"""

ROWS = """
# name                     | policy  | before                            | mails | Simple               | Classic              | due | tells | why
both-deal-and-lead         | -       | contact deal lead                 | carl  | deal contact         | =                    | due | in    | address-joins
deleted-company-of-contact | -       | company contact deal -company     | carl  | deal contact         | =                    | due | in    | address-joins
deleted-company-of-deal    | -       | company deal contact -company     | carl  | +repeat-deal contact | +repeat-lead contact | due | in    | repeat
deleted-contact-of-lead    | -       | contact repeat-lead lead -contact | carl  | lead                 | =                    | due | in    | address-joins
domain-contact             | contact | company                           | dora  | +contact company     | =                    | due | in    | new
domain-contact-deal        | contact | company deal                      | dora  | deal company         | =                    | due | in    | domain-joins
"""
