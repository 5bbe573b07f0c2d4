"""Known people and companies: records in every state, and the ways in which mail with them comes (steps 7 and 8).

    carl      mail that is new          ours re-ours        we write, he answers
    carl:old  history                   ours subject-ours   the same, and only the subject tells to what he answers
    ours      we write                  dora                a colleague of his, whom nobody knows

Decided here, because the design leaves it open:

- An open deal goes before an active lead, also where both have the address: the deal is further on.
- Of two contacts with one address that one counts for whom something is open, else the older one.
- A deal is its contact's, or its company's as far as it names no contact: a colleague does not join the deal of somebody else.
- Whoever writes from a known company's domain is that client, so it is a repeat deal; the person becomes a contact of the company.
- Merged records are one: mail of either address stands on the survivor.
- What was deleted is not there: its person is nobody, and what stood on it stays readable.
- A lead that was called junk goes on to take its person's mail, which makes nothing and waits for nothing, until the
  person is a contact.
- A converted lead whose client was deleted stands for nobody.
"""

ROWS = """
# name                              | policy | before           | mails             | Simple                         | Classic                        | due   | tells  | why
nobody                              | - | -                     | carl              | +deal +contact                 | +lead                          | due   | in     | unknown new
nobody-old                          | - | -                     | carl:old          | -                              | =                              | -     | -      | unknown
nobody-ours                         | - | -                     | ours              | -                              | =                              | -     | out    | unknown policy
nobody-replies                      | - | -                     | ours re-ours      | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
nobody-by-subject                   | - | -                     | ours subject-ours | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
nobody-colleague                    | - | -                     | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact                             | - | contact               | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
contact-old                         | - | contact               | carl:old          | contact                        | =                              | -     | -      | address
contact-ours                        | - | contact               | ours              | contact                        | =                              | -     | out    | address policy
contact-replies                     | - | contact               | ours re-ours      | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-by-subject                  | - | contact               | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-colleague                   | - | contact               | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-deal                        | - | contact deal          | carl              | deal contact                   | =                              | due   | in     | address-joins
contact-deal-old                    | - | contact deal          | carl:old          | deal contact                   | =                              | -     | -      | address-joins
contact-deal-ours                   | - | contact deal          | ours              | deal contact                   | =                              | -     | out    | address-joins
contact-deal-replies                | - | contact deal          | ours re-ours      | deal contact / "               | =                              | -/due | out in | thread-joins
contact-deal-by-subject             | - | contact deal          | ours subject-ours | deal contact / "               | =                              | -/due | out in | thread-joins
contact-deal-colleague              | - | contact deal          | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-won                         | - | contact won           | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
contact-won-old                     | - | contact won           | carl:old          | contact                        | =                              | -     | -      | address
contact-won-ours                    | - | contact won           | ours              | contact                        | =                              | -     | out    | address policy
contact-won-replies                 | - | contact won           | ours re-ours      | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-won-by-subject              | - | contact won           | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-won-colleague               | - | contact won           | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-lost                        | - | contact lost          | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
contact-lost-old                    | - | contact lost          | carl:old          | contact                        | =                              | -     | -      | address
contact-lost-ours                   | - | contact lost          | ours              | contact                        | =                              | -     | out    | address policy
contact-lost-replies                | - | contact lost          | ours re-ours      | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-lost-by-subject             | - | contact lost          | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-lost-colleague              | - | contact lost          | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-repeat-lead                 | - | contact repeat-lead   | carl              | lead contact                   | =                              | due   | in     | address-joins
contact-repeat-lead-old             | - | contact repeat-lead   | carl:old          | lead contact                   | =                              | -     | -      | address-joins
contact-repeat-lead-ours            | - | contact repeat-lead   | ours              | lead contact                   | =                              | -     | out    | address-joins
contact-repeat-lead-replies         | - | contact repeat-lead   | ours re-ours      | lead contact / "               | =                              | -/due | out in | thread-joins
contact-repeat-lead-by-subject      | - | contact repeat-lead   | ours subject-ours | lead contact / "               | =                              | -/due | out in | thread-joins
contact-repeat-lead-colleague       | - | contact repeat-lead   | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-deal-lead                   | - | contact deal lead     | carl              | deal contact                   | =                              | due   | in     | address-joins
contact-deal-lead-old               | - | contact deal lead     | carl:old          | deal contact                   | =                              | -     | -      | address-joins
contact-deal-lead-ours              | - | contact deal lead     | ours              | deal contact                   | =                              | -     | out    | address-joins
contact-deal-lead-replies           | - | contact deal lead     | ours re-ours      | deal contact / "               | =                              | -/due | out in | thread-joins
contact-deal-lead-by-subject        | - | contact deal lead     | ours subject-ours | deal contact / "               | =                              | -/due | out in | thread-joins
contact-deal-lead-colleague         | - | contact deal lead     | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-twin                        | - | contact twin          | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
contact-twin-old                    | - | contact twin          | carl:old          | contact                        | =                              | -     | -      | address
contact-twin-ours                   | - | contact twin          | ours              | contact                        | =                              | -     | out    | address policy
contact-twin-replies                | - | contact twin          | ours re-ours      | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-twin-by-subject             | - | contact twin          | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-twin-colleague              | - | contact twin          | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-twin-deal                   | - | contact twin deal     | carl              | deal twin                      | =                              | due   | in     | address-joins
contact-twin-deal-old               | - | contact twin deal     | carl:old          | deal twin                      | =                              | -     | -      | address-joins
contact-twin-deal-ours              | - | contact twin deal     | ours              | deal twin                      | =                              | -     | out    | address-joins
contact-twin-deal-replies           | - | contact twin deal     | ours re-ours      | deal twin / "                  | =                              | -/due | out in | thread-joins
contact-twin-deal-by-subject        | - | contact twin deal     | ours subject-ours | deal twin / "                  | =                              | -/due | out in | thread-joins
contact-twin-deal-colleague         | - | contact twin deal     | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-merged                      | - | contact twin merge    | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
contact-merged-old                  | - | contact twin merge    | carl:old          | contact                        | =                              | -     | -      | address
contact-merged-ours                 | - | contact twin merge    | ours              | contact                        | =                              | -     | out    | address policy
contact-merged-replies              | - | contact twin merge    | ours re-ours      | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-merged-by-subject           | - | contact twin merge    | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-merged-colleague            | - | contact twin merge    | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-merged-deal                 | - | contact twin deal merge| carl              | deal contact                   | =                              | due   | in     | address-joins
contact-merged-deal-old             | - | contact twin deal merge| carl:old          | deal contact                   | =                              | -     | -      | address-joins
contact-merged-deal-ours            | - | contact twin deal merge| ours              | deal contact                   | =                              | -     | out    | address-joins
contact-merged-deal-replies         | - | contact twin deal merge| ours re-ours      | deal contact / "               | =                              | -/due | out in | thread-joins
contact-merged-deal-by-subject      | - | contact twin deal merge| ours subject-ours | deal contact / "               | =                              | -/due | out in | thread-joins
contact-merged-deal-colleague       | - | contact twin deal merge| dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
lead                                | - | lead                  | carl              | lead                           | =                              | due   | in     | address-joins
lead-old                            | - | lead                  | carl:old          | lead                           | =                              | -     | -      | address-joins
lead-ours                           | - | lead                  | ours              | lead                           | =                              | -     | out    | address-joins
lead-replies                        | - | lead                  | ours re-ours      | lead / "                       | =                              | -/due | out in | thread-joins
lead-by-subject                     | - | lead                  | ours subject-ours | lead / "                       | =                              | -/due | out in | thread-joins
lead-colleague                      | - | lead                  | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
lead-junk                           | - | lead junk             | carl              | lead                           | =                              | -     | in     | address called-junk
lead-junk-old                       | - | lead junk             | carl:old          | lead                           | =                              | -     | -      | address
lead-junk-ours                      | - | lead junk             | ours              | lead                           | =                              | -     | out    | address policy
lead-junk-replies                   | - | lead junk             | ours re-ours      | lead / "                       | =                              | -/-   | out in | address called-junk
lead-junk-by-subject                | - | lead junk             | ours subject-ours | lead / "                       | =                              | -/-   | out in | address called-junk
lead-junk-colleague                 | - | lead junk             | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
lead-junk-contact                   | - | lead junk contact     | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
lead-junk-contact-old               | - | lead junk contact     | carl:old          | contact                        | =                              | -     | -      | address
lead-junk-contact-ours              | - | lead junk contact     | ours              | contact                        | =                              | -     | out    | address policy
lead-junk-contact-replies           | - | lead junk contact     | ours re-ours      | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
lead-junk-contact-by-subject        | - | lead junk contact     | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
lead-junk-contact-colleague         | - | lead junk contact     | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
lead-convert                        | - | lead convert          | carl              | deal contact                   | =                              | due   | in     | address-joins
lead-convert-old                    | - | lead convert          | carl:old          | deal contact                   | =                              | -     | -      | address-joins
lead-convert-ours                   | - | lead convert          | ours              | deal contact                   | =                              | -     | out    | address-joins
lead-convert-replies                | - | lead convert          | ours re-ours      | deal contact / "               | =                              | -/due | out in | thread-joins
lead-convert-by-subject             | - | lead convert          | ours subject-ours | deal contact / "               | =                              | -/due | out in | thread-joins
lead-convert-colleague              | - | lead convert          | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
lead-convert-close                  | - | lead convert close    | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
lead-convert-close-old              | - | lead convert close    | carl:old          | contact                        | =                              | -     | -      | address
lead-convert-close-ours             | - | lead convert close    | ours              | contact                        | =                              | -     | out    | address policy
lead-convert-close-replies          | - | lead convert close    | ours re-ours      | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
lead-convert-close-by-subject       | - | lead convert close    | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
lead-convert-close-colleague        | - | lead convert close    | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
company                             | - | company               | carl              | +repeat-deal +contact company  | +repeat-lead company           | due   | in     | domain repeat
company-old                         | - | company               | carl:old          | company                        | =                              | -     | -      | domain
company-ours                        | - | company               | ours              | company                        | =                              | -     | out    | domain policy
company-replies                     | - | company               | ours re-ours      | company / +repeat-deal +contact company | company / +repeat-lead company | -/due | out in | domain repeat
company-by-subject                  | - | company               | ours subject-ours | company / +repeat-deal +contact company | company / +repeat-lead company | -/due | out in | domain repeat
company-colleague                   | - | company               | dora              | +repeat-deal +contact company  | +repeat-lead company           | due   | in     | domain repeat
company-deal                        | - | company deal          | carl              | deal company                   | =                              | due   | in     | domain-joins
company-deal-old                    | - | company deal          | carl:old          | deal company                   | =                              | -     | -      | domain-joins
company-deal-ours                   | - | company deal          | ours              | deal company                   | =                              | -     | out    | domain-joins
company-deal-replies                | - | company deal          | ours re-ours      | deal company / "               | =                              | -/due | out in | thread-joins
company-deal-by-subject             | - | company deal          | ours subject-ours | deal company / "               | =                              | -/due | out in | thread-joins
company-deal-colleague              | - | company deal          | dora              | deal company                   | =                              | due   | in     | domain-joins
company-won                         | - | company won           | carl              | +repeat-deal +contact company  | +repeat-lead company           | due   | in     | domain repeat
company-won-old                     | - | company won           | carl:old          | company                        | =                              | -     | -      | domain
company-won-ours                    | - | company won           | ours              | company                        | =                              | -     | out    | domain policy
company-won-replies                 | - | company won           | ours re-ours      | company / +repeat-deal +contact company | company / +repeat-lead company | -/due | out in | domain repeat
company-won-by-subject              | - | company won           | ours subject-ours | company / +repeat-deal +contact company | company / +repeat-lead company | -/due | out in | domain repeat
company-won-colleague               | - | company won           | dora              | +repeat-deal +contact company  | +repeat-lead company           | due   | in     | domain repeat
company-contact                     | - | company contact       | carl              | +repeat-deal company contact   | +repeat-lead company contact   | due   | in     | address repeat
company-contact-old                 | - | company contact       | carl:old          | contact company                | =                              | -     | -      | address
company-contact-ours                | - | company contact       | ours              | contact company                | =                              | -     | out    | address policy
company-contact-replies             | - | company contact       | ours re-ours      | contact company / +repeat-deal company contact | contact company / +repeat-lead company contact | -/due | out in | address repeat
company-contact-by-subject          | - | company contact       | ours subject-ours | contact company / +repeat-deal company contact | contact company / +repeat-lead company contact | -/due | out in | address repeat
company-contact-colleague           | - | company contact       | dora              | +repeat-deal +contact company  | +repeat-lead company           | due   | in     | domain repeat
company-contact-deal                | - | company contact deal  | carl              | deal company contact           | =                              | due   | in     | address-joins
company-contact-deal-old            | - | company contact deal  | carl:old          | deal company contact           | =                              | -     | -      | address-joins
company-contact-deal-ours           | - | company contact deal  | ours              | deal company contact           | =                              | -     | out    | address-joins
company-contact-deal-replies        | - | company contact deal  | ours re-ours      | deal company contact / "       | =                              | -/due | out in | thread-joins
company-contact-deal-by-subject     | - | company contact deal  | ours subject-ours | deal company contact / "       | =                              | -/due | out in | thread-joins
company-contact-deal-colleague      | - | company contact deal  | dora              | +repeat-deal +contact company  | +repeat-lead company           | due   | in     | domain repeat
contact-without-contact             | - | contact -contact      | carl              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-without-contact-old         | - | contact -contact      | carl:old          | -                              | =                              | -     | -      | unknown
contact-without-contact-ours        | - | contact -contact      | ours              | -                              | =                              | -     | out    | unknown policy
contact-without-contact-replies     | - | contact -contact      | ours re-ours      | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
contact-without-contact-by-subject  | - | contact -contact      | ours subject-ours | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
contact-without-contact-colleague   | - | contact -contact      | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-deal-without-deal           | - | contact deal -deal    | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
contact-deal-without-deal-old       | - | contact deal -deal    | carl:old          | contact                        | =                              | -     | -      | address
contact-deal-without-deal-ours      | - | contact deal -deal    | ours              | contact                        | =                              | -     | out    | address policy
contact-deal-without-deal-replies   | - | contact deal -deal    | ours re-ours      | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-deal-without-deal-by-subject | - | contact deal -deal   | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
contact-deal-without-deal-colleague | - | contact deal -deal    | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-deal-without-contact        | - | contact deal -contact | carl              | +deal +contact                 | +lead                          | due   | in     | unknown new
contact-deal-without-contact-old    | - | contact deal -contact | carl:old          | -                              | =                              | -     | -      | unknown
contact-deal-without-contact-ours   | - | contact deal -contact | ours              | -                              | =                              | -     | out    | unknown policy
contact-deal-without-contact-replies | - | contact deal -contact | ours re-ours     | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
contact-deal-without-contact-by-subject | - | contact deal -contact | ours subject-ours | +deal +contact / "         | +lead / "                      | -/due | out in | unknown new
contact-deal-without-contact-colleague | - | contact deal -contact | dora           | +deal +contact                 | +lead                          | due   | in     | unknown new
lead-without-lead                   | - | lead -lead            | carl              | +deal +contact                 | +lead                          | due   | in     | unknown new
lead-without-lead-old               | - | lead -lead            | carl:old          | -                              | =                              | -     | -      | unknown
lead-without-lead-ours              | - | lead -lead            | ours              | -                              | =                              | -     | out    | unknown policy
lead-without-lead-replies           | - | lead -lead            | ours re-ours      | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
lead-without-lead-by-subject        | - | lead -lead            | ours subject-ours | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
lead-without-lead-colleague         | - | lead -lead            | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
lead-convert-without-contact        | - | lead convert -contact | carl              | +deal +contact                 | +lead                          | due   | in     | address client-gone
lead-convert-without-contact-old    | - | lead convert -contact | carl:old          | lead                           | =                              | -     | -      | address
lead-convert-without-contact-ours   | - | lead convert -contact | ours              | lead                           | =                              | -     | out    | address policy
lead-convert-without-contact-replies | - | lead convert -contact | ours re-ours     | lead / +deal +contact          | lead / +lead                   | -/due | out in | address client-gone
lead-convert-without-contact-by-subject | - | lead convert -contact | ours subject-ours | lead / +deal +contact      | lead / +lead                   | -/due | out in | address client-gone
lead-convert-without-contact-colleague | - | lead convert -contact | dora           | +deal +contact                 | +lead                          | due   | in     | unknown new
company-without-company             | - | company -company      | carl              | +deal +contact                 | +lead                          | due   | in     | unknown new
company-without-company-old         | - | company -company      | carl:old          | -                              | =                              | -     | -      | unknown
company-without-company-ours        | - | company -company      | ours              | -                              | =                              | -     | out    | unknown policy
company-without-company-replies     | - | company -company      | ours re-ours      | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
company-without-company-by-subject  | - | company -company      | ours subject-ours | +deal +contact / "             | +lead / "                      | -/due | out in | unknown new
company-without-company-colleague   | - | company -company      | dora              | +deal +contact                 | +lead                          | due   | in     | unknown new
company-contact-without-company     | - | company contact -company | carl           | +repeat-deal contact           | +repeat-lead contact           | due   | in     | address repeat
company-contact-without-company-old | - | company contact -company | carl:old       | contact                        | =                              | -     | -      | address
company-contact-without-company-ours | - | company contact -company | ours          | contact                        | =                              | -     | out    | address policy
company-contact-without-company-replies | - | company contact -company | ours re-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
company-contact-without-company-by-subject | - | company contact -company | ours subject-ours | contact / +repeat-deal contact | contact / +repeat-lead contact | -/due | out in | address repeat
company-contact-without-company-colleague | - | company contact -company | dora     | +deal +contact                 | +lead                          | due   | in     | unknown new
# What else policies and deletions make of it.
deleted-company-of-contact          | - | company contact deal -company | carl      | deal contact                   | =                              | due   | in     | address-joins
deleted-company-of-deal             | - | company deal contact -company | carl      | +repeat-deal contact           | +repeat-lead contact           | due   | in     | repeat
deleted-contact-of-lead             | - | contact repeat-lead lead -contact | carl  | lead                           | =                              | due   | in     | address-joins
domain-contact                      | contact | company         | dora              | +contact company               | =                              | due   | in     | new
domain-contact-deal                 | contact | company deal    | dora              | deal company                   | =                              | due   | in     | domain-joins
contact-only-known                  | contact | contact         | carl              | contact                        | =                              | due   | in     | contact-known
written-to-known                    | out:mode | contact        | ours              | contact                        | =                              | -     | out    | ours-repeats-nothing
written-to-known-contact            | out:contact | contact     | ours              | contact                        | =                              | -     | out    | ours-repeats-nothing
nothing-known                       | nothing | contact         | carl              | contact                        | =                              | due   | in     | address policy
nothing-known-deal                  | nothing | contact deal    | carl              | deal contact                   | =                              | due   | in     | address-joins
no-repeat-known                     | no-repeat | contact       | carl              | contact                        | =                              | due   | in     | no-repeat
no-repeat-domain                    | no-repeat | company       | carl              | company                        | =                              | due   | in     | domain no-repeat
free-mail-known                     | - | gina                  | gina              | +repeat-deal gina              | +repeat-lead gina              | due   | in     | address repeat
both-repeat                         | both | contact            | carl              | +repeat-deal contact           | +repeat-lead contact           | due   | in     | repeat
company-repeat                      | company | company         | carl              | +repeat-deal company           | +repeat-lead company           | due   | in     | domain repeat
"""
