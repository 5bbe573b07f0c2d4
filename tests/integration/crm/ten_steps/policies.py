"""What a mailbox says of senders and strangers: exceptions, senders of whom each mail makes a new deal or lead, strangers only
where one of us wrote first, addresses of a function. Each against every state of a person, and in two mailboxes in both orders.

Decided here, because the design leaves it open:

- An exception makes nothing, also no repeat deals and leads; what is known of the sender goes on to take the mail.
- The most exact rule counts (an address before its domain, a mailbox before all). Where From and who answers have rules of
  both kinds, the exception does: the form makes leads, but not of him.
- "Always a new one" is stronger than anything but an exception: than no-reply, mass mail, junk, our own domain, "nothing". What
  is sent to a list, answers of programs and Junk stay what they are.
- One of us has written first if a letter to the address, or in the conversation, is older than the mail. Drafts and automatic
  answers are no letters.
"""

ROWS = """
# name | policy | before | mails | Simple | Classic | due | tells | why
# Exceptions make nothing, whatever is known of the sender; what stands on records goes on to be put there.
not-nobody                     | not-carl                   | -                        | carl                   | -                            | =                        | -         | in         | exception
not-contact                    | not-carl                   | contact                  | carl                   | contact                      | =                        | due       | in         | address exception
not-contact-deal               | not-carl                   | contact deal             | carl                   | deal contact                 | =                        | due       | in         | address-joins
not-contact-won                | not-carl                   | contact won              | carl                   | contact                      | =                        | due       | in         | address exception
not-contact-lost               | not-carl                   | contact lost             | carl                   | contact                      | =                        | due       | in         | address exception
not-contact-repeat-lead        | not-carl                   | contact repeat-lead      | carl                   | lead contact                 | =                        | due       | in         | address-joins
not-contact-deal-lead          | not-carl                   | contact deal lead        | carl                   | deal contact                 | =                        | due       | in         | address-joins
not-contact-twin               | not-carl                   | contact twin             | carl                   | contact                      | =                        | due       | in         | address exception
not-contact-twin-deal          | not-carl                   | contact twin deal        | carl                   | deal twin                    | =                        | due       | in         | address-joins
not-contact-twin-merge         | not-carl                   | contact twin merge       | carl                   | contact                      | =                        | due       | in         | address exception
not-contact-twin-deal-merge    | not-carl                   | contact twin deal merge  | carl                   | deal contact                 | =                        | due       | in         | address-joins
not-lead                       | not-carl                   | lead                     | carl                   | lead                         | =                        | due       | in         | address-joins
not-lead-junk                  | not-carl                   | lead junk                | carl                   | lead                         | =                        | -         | in         | address exception
not-lead-junk-contact          | not-carl                   | lead junk contact        | carl                   | contact                      | =                        | due       | in         | address exception
not-lead-convert               | not-carl                   | lead convert             | carl                   | deal contact                 | =                        | due       | in         | address-joins
not-lead-convert-close         | not-carl                   | lead convert close       | carl                   | contact                      | =                        | due       | in         | address exception
not-company                    | not-carl                   | company                  | carl                   | company                      | =                        | due       | in         | domain exception
not-company-deal               | not-carl                   | company deal             | carl                   | deal company                 | =                        | due       | in         | domain-joins
not-company-won                | not-carl                   | company won              | carl                   | company                      | =                        | due       | in         | domain exception
not-company-contact            | not-carl                   | company contact          | carl                   | contact company              | =                        | due       | in         | address exception
not-company-contact-deal       | not-carl                   | company contact deal     | carl                   | deal company contact         | =                        | due       | in         | address-joins
not-contact--contact           | not-carl                   | contact -contact         | carl                   | -                            | =                        | -         | in         | exception
not-contact-deal--deal         | not-carl                   | contact deal -deal       | carl                   | contact                      | =                        | due       | in         | address exception
not-contact-deal--contact      | not-carl                   | contact deal -contact    | carl                   | -                            | =                        | -         | in         | exception
not-lead--lead                 | not-carl                   | lead -lead               | carl                   | -                            | =                        | -         | in         | exception
not-lead-convert--contact      | not-carl                   | lead convert -contact    | carl                   | lead                         | =                        | due       | in         | address exception
not-company--company           | not-carl                   | company -company         | carl                   | -                            | =                        | -         | in         | exception
not-company-contact--company   | not-carl                   | company contact -company | carl                   | contact                      | =                        | due       | in         | address exception
not-domain                     | not-client                 | -                        | carl                   | -                            | =                        | -         | in         | exception
not-domain-above               | not-above                  | -                        | carl                   | -                            | =                        | -         | in         | exception
not-domain-colleague           | not-client                 | -                        | dora                   | -                            | =                        | -         | in         | exception
not-other                      | not-carl                   | -                        | dora                   | +deal +contact               | +lead                    | due       | in         | new
not-text-message               | not-phone                  | -                        | by-text                | -                            | =                        | -         | in         | exception
text-message                   | -                          | -                        | by-text                | +deal +contact               | +lead                    | due       | in         | new
not-everywhere                 | all:not-carl               | -                        | carl                   | -                            | =                        | -         | in         | exception
not-out                        | not-carl out:mode          | -                        | ours                   | -                            | =                        | -         | out        | exception
not-out-second                 | not-carl out:mode          | -                        | ours-cc                | +deal +contact               | +lead                    | -         | out        | new
not-for-form                   | not-carl always-form       | -                        | wordpress-carl         | -                            | =                        | -         | in         | exception
not-author-of-form             | not-client                 | -                        | wordpress-carl         | -                            | =                        | -         | in         | exception
not-in-one                     | not-carl                   | -                        | carl carl@ann          | +deal +contact               | +lead                    | due       | in         | new
not-in-one-turned              | not-carl                   | -                        | carl@ann carl          | +deal +contact               | +lead                    | due       | in         | thread-joins there
not-in-one-known               | not-carl                   | contact                  | carl carl@ann          | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat moved
not-in-one-known-turned        | not-carl                   | contact                  | carl@ann carl          | +repeat-deal contact         | +repeat-lead contact     | due       | in         | thread-joins there
not-in-all-but-always          | all:not-client always-carl | -                        | carl                   | +deal +contact               | +lead                    | due       | in         | always
not-reply-joins                | not-carl                   | contact deal             | carl:old re            | deal contact / "             | =                        | -/due     | in         | joined thread-joins
# Senders of whom each mail makes a new deal or lead, also where one is open; an answer stays in its conversation.
always-nobody                  | always-carl                | -                        | carl                   | +deal +contact               | +lead                    | due       | in         | always
always-contact                 | always-carl                | contact                  | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-contact-deal            | always-carl                | contact deal             | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | does-not-join always
always-contact-won             | always-carl                | contact won              | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-contact-lost            | always-carl                | contact lost             | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-contact-repeat-lead     | always-carl                | contact repeat-lead      | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | does-not-join always
always-contact-deal-lead       | always-carl                | contact deal lead        | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | does-not-join always
always-contact-twin            | always-carl                | contact twin             | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-contact-twin-deal       | always-carl                | contact twin deal        | carl                   | +repeat-deal twin            | +repeat-lead twin        | due       | in         | does-not-join always
always-contact-twin-merge      | always-carl                | contact twin merge       | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-contact-twin-deal-merge | always-carl                | contact twin deal merge  | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | does-not-join always
always-lead                    | always-carl                | lead                     | carl                   | +deal +contact               | +lead                    | due       | in         | does-not-join always
always-lead-junk               | always-carl                | lead junk                | carl                   | +deal +contact               | +lead                    | due       | in         | address always
always-lead-junk-contact       | always-carl                | lead junk contact        | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-lead-convert            | always-carl                | lead convert             | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | does-not-join always
always-lead-convert-close      | always-carl                | lead convert close       | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-company                 | always-carl                | company                  | carl                   | +repeat-deal +contact company | +repeat-lead company     | due       | in         | domain always
always-company-deal            | always-carl                | company deal             | carl                   | +repeat-deal +contact company | +repeat-lead company     | due       | in         | always
always-company-won             | always-carl                | company won              | carl                   | +repeat-deal +contact company | +repeat-lead company     | due       | in         | domain always
always-company-contact         | always-carl                | company contact          | carl                   | +repeat-deal company contact | +repeat-lead company contact | due       | in         | address always
always-company-contact-deal    | always-carl                | company contact deal     | carl                   | +repeat-deal company contact | +repeat-lead company contact | due       | in         | does-not-join always
always-contact--contact        | always-carl                | contact -contact         | carl                   | +deal +contact               | +lead                    | due       | in         | always
always-contact-deal--deal      | always-carl                | contact deal -deal       | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-contact-deal--contact   | always-carl                | contact deal -contact    | carl                   | +deal +contact               | +lead                    | due       | in         | always
always-lead--lead              | always-carl                | lead -lead               | carl                   | +deal +contact               | +lead                    | due       | in         | always
always-lead-convert--contact   | always-carl                | lead convert -contact    | carl                   | +deal +contact               | +lead                    | due       | in         | address always
always-company--company        | always-carl                | company -company         | carl                   | +deal +contact               | +lead                    | due       | in         | always
always-company-contact--company | always-carl                | company contact -company | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-in-all-but-not          | all:always-carl not-carl   | -                        | carl                   | -                            | =                        | -         | in         | exception
always-domain                  | always-client              | -                        | carl dora              | +deal +contact / +deal2 +contact2 | +lead / +lead2           | due/due   | in in      | always
always-again                   | always-carl                | -                        | carl carl2             | +deal +contact / +repeat-deal +contact | +lead / +lead2           | due/due   | in in      | does-not-join always
always-answer-joins            | always-carl                | contact deal             | carl:old re            | deal contact / "             | =                        | -/due     | in         | joined thread-joins
always-form                    | always-form                | -                        | wordpress-carl         | +deal +contact               | +lead                    | due       | in         | always
always-form-known              | always-form                | contact deal             | wordpress-carl         | +repeat-deal contact         | +repeat-lead contact     | due       | in         | does-not-join always
always-form-mass               | always-form                | -                        | form-mass              | +deal +contact               | +lead                    | due       | in         | bulk always
always-form-mass-known         | always-form                | contact deal             | form-mass              | +repeat-deal contact         | +repeat-lead contact     | due       | in         | bulk does-not-join always
form-mass                      | -                          | -                        | form-mass              | -                            | =                        | -         | -          | bulk mass
always-robot                   | always-robot               | -                        | no-reply               | +deal +contact               | +lead                    | due       | in         | always
always-robot-again             | always-robot               | robot                    | no-reply               | +repeat-deal robot           | +repeat-lead robot       | due       | in         | address always
always-own-form                | always-temp                | -                        | temp                   | +deal +contact               | +lead                    | due       | in         | always
always-nothing                 | always-carl nothing        | -                        | carl                   | +deal +contact               | +lead                    | due       | in         | always
always-contact-2               | always-carl contact        | -                        | carl                   | +deal +contact               | +lead                    | due       | in         | always
always-no-repeat               | always-carl no-repeat      | contact                  | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address always
always-old                     | always-carl                | contact deal             | carl:old               | deal contact                 | =                        | -         | -          | old address-joins
always-ours                    | always-carl                | contact deal             | ours                   | deal contact                 | =                        | -         | out        | address-joins
always-bulk                    | always-carl                | contact deal             | bulk                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | bulk does-not-join always
always-list                    | always-carl                | -                        | list                   | -                            | =                        | -         | -          | list mass
always-auto                    | always-carl                | contact deal             | auto                   | -                            | =                        | -         | -          | auto
always-junk                    | always-carl                | -                        | carl:junk              | -                            | =                        | -         | -          | junk
always-in-one                  | always-carl                | contact deal             | carl carl@ann          | +repeat-deal contact         | +repeat-lead contact     | due       | in         | thread-joins there
always-in-one-turned           | always-carl                | contact deal             | carl@ann carl          | +repeat-deal contact         | +repeat-lead contact     | due       | in         | always moved
always-in-both                 | all:always-carl            | contact deal             | carl carl@ann          | +repeat-deal contact         | +repeat-lead contact     | due       | in         | thread-joins there
always-in-one-nobody           | always-carl ann:nothing    | -                        | carl carl@ann          | +deal +contact               | +lead                    | due       | in         | thread-joins there
always-in-one-nobody-turned    | always-carl ann:nothing    | -                        | carl@ann carl          | +deal +contact               | +lead                    | due       | in         | always
always-not                     | always-carl ann:not-carl   | contact deal             | carl carl@ann          | +repeat-deal contact         | +repeat-lead contact     | due       | in         | thread-joins there
always-not-turned              | always-carl ann:not-carl   | contact deal             | carl@ann carl          | +repeat-deal contact         | +repeat-lead contact     | due       | in         | always moved
always-contact-ann             | always-carl ann:contact    | -                        | carl carl@ann          | +deal +contact               | +lead                    | due       | in         | thread-joins there
always-contact-ann-turned      | always-carl ann:contact    | -                        | carl@ann carl          | +deal +contact               | +lead +contact           | due       | in         | address always moved
# Strangers only where one of us wrote first: to the address, or in the conversation; in whatever order mail comes.
written-nobody                 | written                    | -                        | carl                   | -                            | =                        | -         | in         | not-written
written-contact                | written                    | contact                  | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-contact-deal           | written                    | contact deal             | carl                   | deal contact                 | =                        | due       | in         | address-joins
written-contact-won            | written                    | contact won              | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-contact-lost           | written                    | contact lost             | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-contact-repeat-lead    | written                    | contact repeat-lead      | carl                   | lead contact                 | =                        | due       | in         | address-joins
written-contact-deal-lead      | written                    | contact deal lead        | carl                   | deal contact                 | =                        | due       | in         | address-joins
written-contact-twin           | written                    | contact twin             | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-contact-twin-deal      | written                    | contact twin deal        | carl                   | deal twin                    | =                        | due       | in         | address-joins
written-contact-twin-merge     | written                    | contact twin merge       | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-contact-twin-deal-merge | written                    | contact twin deal merge  | carl                   | deal contact                 | =                        | due       | in         | address-joins
written-lead                   | written                    | lead                     | carl                   | lead                         | =                        | due       | in         | address-joins
written-lead-junk              | written                    | lead junk                | carl                   | lead                         | =                        | -         | in         | address called-junk
written-lead-junk-contact      | written                    | lead junk contact        | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-lead-convert           | written                    | lead convert             | carl                   | deal contact                 | =                        | due       | in         | address-joins
written-lead-convert-close     | written                    | lead convert close       | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-company                | written                    | company                  | carl                   | +repeat-deal +contact company | +repeat-lead company     | due       | in         | domain repeat
written-company-deal           | written                    | company deal             | carl                   | deal company                 | =                        | due       | in         | domain-joins
written-company-won            | written                    | company won              | carl                   | +repeat-deal +contact company | +repeat-lead company     | due       | in         | domain repeat
written-company-contact        | written                    | company contact          | carl                   | +repeat-deal company contact | +repeat-lead company contact | due       | in         | address repeat
written-company-contact-deal   | written                    | company contact deal     | carl                   | deal company contact         | =                        | due       | in         | address-joins
written-contact--contact       | written                    | contact -contact         | carl                   | -                            | =                        | -         | in         | not-written
written-contact-deal--deal     | written                    | contact deal -deal       | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-contact-deal--contact  | written                    | contact deal -contact    | carl                   | -                            | =                        | -         | in         | not-written
written-lead--lead             | written                    | lead -lead               | carl                   | -                            | =                        | -         | in         | not-written
written-lead-convert--contact  | written                    | lead convert -contact    | carl                   | lead                         | =                        | due       | in         | address not-written
written-company--company       | written                    | company -company         | carl                   | -                            | =                        | -         | in         | not-written
written-company-contact--company | written                    | company contact -company | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-first                  | written                    | -                        | ours re-ours           | +deal +contact / "           | +lead / "                | -/due     | out in     | joined new-written
written-order-turned           | written                    | -                        | re-ours ours           | +deal +contact / "           | +lead / "                | due/-     | in out again | joined policy
written-by-ann                 | written                    | -                        | ours@ann re-ours       | +deal +contact / "           | +lead / "                | -/due     | out in     | joined new-written
written-by-ann-late            | written                    | -                        | re-ours ours@ann       | +deal +contact / "           | +lead / "                | due/-     | in out again | joined policy
written-later-than-he          | written                    | -                        | carl ours              | - / "                        | =                        | -/-       | in out     | policy
written-both-then-again        | written                    | -                        | carl ours re-ours      | +deal +contact / " / "       | +lead / " / "            | due/-/due | in out in  | joined new-written
written-draft-only             | written                    | -                        | ours:drafts re-ours    | - / "                        | =                        | -/-       | in         | alone not-written
written-by-machine             | written                    | -                        | ours-auto carl3        | - / "                        | =                        | -/-       | in         | not-written
written-to-info                | written                    | -                        | ours-info re-info      | +deal +contact / "           | +lead / "                | -/due     | out in     | joined new-written
written-to-info-turned         | written                    | -                        | re-info ours-info      | +deal +contact / "           | +lead / "                | due/-     | in out again | joined policy
written-old-letter             | written                    | -                        | ours:old re-ours       | +deal +contact / "           | +lead / "                | -/due     | in         | joined new-written
written-contact-2              | written contact            | -                        | ours re-ours           | +contact / "                 | =                        | -/due     | out in     | joined new-written
written-contact-turned         | written contact            | -                        | re-ours ours           | +contact / "                 | =                        | due/-     | in out again | joined policy
written-nothing                | written nothing            | -                        | ours re-ours           | - / "                        | =                        | -/-       | out in     | joined policy
written-outgoing-mode          | written out:mode           | -                        | ours                   | +deal +contact               | +lead                    | -         | out        | new
written-known-repeat           | written                    | contact won              | carl                   | +repeat-deal contact         | +repeat-lead contact     | due       | in         | address repeat
written-history                | written                    | -                        | ours re-ours:old       | - / "                        | =                        | -/-       | out        | old joined not-new
written-only-ann               | ann:written                | -                        | carl@ann carl          | +deal +contact               | +lead                    | due       | in         | new
written-only-ann-turned        | ann:written                | -                        | carl carl@ann          | +deal +contact               | +lead                    | due       | in         | thread-joins there
written-both-boxes             | written ann:written        | -                        | carl carl@ann          | -                            | =                        | -         | in         | not-written
written-both-boxes-late        | written ann:written        | -                        | re-ours re-ours@ann ours | +deal +contact / "           | +lead / "                | due/-     | in out again again | joined policy
# Addresses of a function.
role                           | -                          | -                        | info                   | +deal +contact               | +lead                    | due       | in         | new
role-left-out                  | no-roles                   | -                        | info                   | -                            | =                        | -         | in         | role
role-left-out-known            | no-roles                   | company                  | info                   | company                      | =                        | due       | in         | domain role
role-left-out-person           | no-roles                   | -                        | carl                   | +deal +contact               | +lead                    | due       | in         | new
role-in-one                    | no-roles                   | -                        | info info@ann          | +deal +contact               | +lead                    | due       | in         | new
role-in-one-turned             | no-roles                   | -                        | info@ann info          | +deal +contact               | +lead                    | due       | in         | thread-joins there
role-ours                      | no-roles out:mode          | -                        | ours-info              | +deal +contact               | +lead                    | -         | out        | new
"""
