"""One mail in two mailboxes, in both orders, with every pair of policies; and copies that servers have changed.

What comes of it must not depend on which mailbox is read first: the mailbox that may make more has its way.
"""

ROWS = """
# name                 | policy              | before       | mails                          | Simple               | Classic              | due | tells | why
mode-mode              | -                   | -            | carl carl@ann                  | +deal +contact       | +lead                | due | in  | thread-joins there
mode-contact           | ann:contact         | -            | carl carl@ann                  | +deal +contact       | +lead                | due | in  | there
contact-mode           | ann:contact         | -            | carl@ann carl                  | +deal +contact       | +lead +contact       | due | in  | also-new
mode-nothing           | ann:nothing         | -            | carl carl@ann                  | +deal +contact       | +lead                | due | in  | there
nothing-mode           | ann:nothing         | -            | carl@ann carl                  | +deal +contact       | +lead                | due | in  | new
contact-contact        | contact ann:contact | -            | carl carl@ann                  | +contact             | =                    | due | in  | there
contact-nothing        | contact ann:nothing | -            | carl carl@ann                  | +contact             | =                    | due | in  | there
nothing-contact        | contact ann:nothing | -            | carl@ann carl                  | +contact             | =                    | due | in  | new
nothing-nothing        | nothing ann:nothing | -            | carl carl@ann                  | -                    | =                    | -   | in  | policy
repeat-no-repeat       | ann:no-repeat       | contact      | carl carl@ann                  | +repeat-deal contact | +repeat-lead contact | due | in  | there
no-repeat-repeat       | ann:no-repeat       | contact      | carl@ann carl                  | +repeat-deal contact | +repeat-lead contact | due | in  | repeat
no-repeat-twice        | no-repeat ann:no-repeat | contact  | carl@ann carl                  | contact              | =                    | due | in  | no-repeat there
# News in one mailbox, history in another that was connected later.
new-then-late          | -                   | -            | carl carl@late                 | +deal +contact       | +lead                | due | in  | old there
late-then-new          | -                   | -            | carl@late carl                 | +deal +contact       | +lead                | due | in  | new
new-then-late-known    | -                   | contact      | carl carl@late                 | +repeat-deal contact | +repeat-lead contact | due | in  | old there
late-then-new-known    | -                   | contact      | carl@late carl                 | +repeat-deal contact | +repeat-lead contact | due | in  | repeat
late-then-new-deal     | -                   | contact deal | carl@late carl                 | deal contact         | =                    | due | in  | there
late-only              | -                   | contact      | carl@late                      | contact              | =                    | -   | -   | old not-new
# A second copy does not make again what the first one made, though it is closed or deleted by then.
merged-between         | -                   | contact twin deal | carl !merge carl@ann      | deal contact         | =                    | due | in  | thread-joins there
closed-between         | simple              | -            | carl !close:won carl@ann       | +deal +contact       | =                    | due | in  | done-before there
converted-between      | classic             | -            | carl !convert !close:won carl@ann | deal contact +lead | =                   | due | in  | done-before there
junk-between           | classic             | -            | carl !junk carl@ann            | +lead                | =                    | done | in | done-before there
joined-closed-between  | -                   | contact deal | carl !close:won carl@ann       | deal contact         | =                    | due | in  | on-item there
# A deal that is opened between two copies takes the mail, as it would if they came in the other order.
opened-between         | no-repeat ann:no-repeat | contact  | carl !deal carl@ann            | deal contact         | =                    | due | in  | address-joins moved
# Ours, in Sent of one and in the Inbox of the other.
ours-in-both           | -                   | contact deal | ours ours@ann:inbox            | deal contact         | =                    | -   | out | there
ours-out-mode          | out:mode            | -            | ours@ann ours                  | +deal +contact       | +lead                | -   | out | new
ours-out-mode-first    | out:mode            | -            | ours ours@ann                  | +deal +contact       | +lead                | -   | out | there
# Servers change copies: banners, links, and what they take for spam. One person's copy is enough.
banner                 | -                   | -            | carl carl~banner@ann           | +deal +contact       | +lead                | due | in  | variant there
banner-first           | -                   | -            | carl~banner@ann carl           | +deal +contact       | +lead                | due | in  | variant there
links                  | -                   | contact deal | carl carl~links@ann            | deal contact         | =                    | due | in  | variant there
links-first            | -                   | contact deal | carl~links@ann carl            | deal contact         | =                    | due | in  | variant there
spam-second            | -                   | -            | carl carl~spam@ann             | +deal +contact       | +lead                | due | in  | bulk there
spam-first             | -                   | -            | carl~spam@ann carl             | +deal +contact       | +lead                | due | in  | new
spam-first-known       | no-repeat           | contact      | carl~spam@ann carl             | contact              | =                    | due | in  | there
spam-in-mode-second    | nothing             | -            | carl carl~spam@ann             | -                    | =                    | -   | in  | bulk mass
spam-in-mode-first     | nothing             | -            | carl~spam@ann carl             | -                    | =                    | -   | in  | policy
bulk-first             | -                   | -            | carl~bulk@ann carl             | +deal +contact       | +lead                | due | in  | new
bulk-second            | -                   | -            | carl carl~bulk@ann             | +deal +contact       | +lead                | due | in  | bulk there
# A copy that failed DMARC counts, whichever came first; the others say whose server found it.
failed-second          | ann:dmarc           | contact deal | carl carl~failed@ann           | deal contact         | =                    | due | in  | not-confirmed there
failed-first           | ann:dmarc           | contact deal | carl~failed@ann carl           | deal contact         | =                    | due | in  | not-confirmed-there there
failed-second-stranger | ann:dmarc           | -            | carl carl~failed@ann           | +deal +contact       | +lead                | due | in  | not-confirmed there
# What comes back of our own mail fails, and is ours all the same.
failed-ours            | ann:dmarc           | contact deal | ours ours~failed@ann:inbox     | deal contact         | =                    | -   | out | not-confirmed there
# Nor is what it made, or stood on, made again after it was deleted.
contact-deleted-between | contact ann:contact | -           | carl !delete:+contact carl@ann | +contact             | =                    | due | in  | done-before there
contact-deleted-in-company | contact ann:contact | company  | carl !delete:+contact carl@ann | +contact company     | =                    | due | in  | there
contact-deleted-mode   | ann:contact         | -            | carl@ann !delete:+contact carl | +contact             | =                    | due | in  | done-before there
client-deleted-between | ann:no-repeat       | contact      | carl@ann !delete:contact carl  | contact              | =                    | due | in  | done-before there
"""
