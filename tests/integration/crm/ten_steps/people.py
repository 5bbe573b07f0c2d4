"""Who it is with: colleagues and third persons in a conversation, our own people, and who writes for somebody else."""

ROWS = """
# name                 | policy    | before           | mails             | Simple                          | Classic              | due     | tells | why
# A colleague, a third person: who shares nothing with a conversation begins one of his own, whatever he cites.
colleague-replies      | -         | -                | carl dora-re      | +deal +contact / "              | +lead / "            | due/due | in in | thread-joins joined
colleague-by-subject   | -         | -                | carl dora-subject | +deal +contact / +deal2 +contact2 | +lead / +lead2     | due/due | in in | new
colleague-replies-known | -        | contact deal dora | carl dora-re     | deal contact / deal contact dora | =                   | due/due | in in | thread-joins
colleague-forgotten    | -         | contact dora deal | carl:old !deal2 dora-re | deal contact / deal contact dora | =            | -/due   | in    | thread-joins
colleague-of-won       | no-repeat | contact won      | carl dora-re      | contact / "                     | =                    | due/due | in in | thread no-repeat
colleague-of-won-again | -         | contact won      | carl:old dora-re  | contact / +repeat-deal contact  | contact / +repeat-lead contact | -/due | in | repeat
# The deal that the conversation stood on is closed, another one of the client is open: that takes it.
colleague-other-deal   | -         | contact deal     | carl:old !close:won !deal2 dora-re | deal contact / deal2 contact | =      | -/due   | in    | thread-joins
stranger-forwards      | -         | contact deal     | carl eve-fwd      | deal contact / +deal +contact   | deal contact / +lead | due/due | in in | new alone
stranger-cites         | -         | contact deal     | carl eve-re       | deal contact / +deal +contact   | deal contact / +lead | due/due | in in | new alone
stranger-by-subject    | -         | contact deal     | carl eve-subject  | deal contact / +deal +contact   | deal contact / +lead | due/due | in in | new
known-one-forwards     | -         | contact deal eve | carl eve-fwd      | deal contact / +repeat-deal eve | deal contact / +repeat-lead eve | due/due | in in | repeat alone
cited-before-it-comes  | -         | contact deal     | eve-re carl       | +deal +contact / deal contact   | +lead / deal contact | due/due | in in | address-joins
# Somebody whom a client names in Cc takes part: his answer is of the conversation.
named-in-cc            | -         | contact deal     | carl eve-cc       | deal contact / "                | =                    | due/due | in in | thread-joins joined
# Our mail to several: the conversation's deal takes it, whoever is named first.
ours-to-several        | -         | contact deal     | carl:old !deal2 ours-both | deal contact / "        | =                    | -/-     | out   | thread-joins
ours-cc-known          | -         | contact deal     | ours-cc           | deal contact                    | =                    | -       | out   | address-joins
ours-to-third          | -         | contact deal     | carl ours-eve     | deal contact / "                | =                    | due/-   | in out | thread-joins
# Our own people.
from-us                | -         | -                | bob               | -                               | =                    | -       | -     | internal
from-us-plus           | -         | -                | bob-plus          | -                               | =                    | -       | -     | internal
from-own-mailbox       | -         | -                | from-box          | -                               | =                    | -       | -     | internal
we-forward-inside      | -         | contact deal     | carl bob-fwd      | deal contact / -                | =                    | due/-   | in    | internal joined
forged-as-us           | dmarc out:mode | -           | forged            | -                               | =                    | -       | -     | false
# Mail that says to be a client's and failed DMARC is put where the client's mail stands, and says so.
forged-client          | dmarc     | contact deal     | carl-forged       | deal contact                    | =                    | due     | in    | not-confirmed address-joins
forged-stranger        | dmarc     | -                | carl-forged       | +deal +contact                  | +lead                | due     | in    | not-confirmed new
# Somebody at our own domain whom no one gave a way in is one of us, too: he makes nothing.
own-domain             | -         | -                | temp              | -                               | =                    | -       | in    | our-domain
own-domain-old         | -         | -                | temp:old          | -                               | =                    | -       | -     | not-new
own-domain-as-contact  | no-repeat | temp             | temp              | temp                            | =                    | due     | in    | address
own-domain-to-stranger | out:mode  | -                | ours-temp         | +deal +contact                  | +lead                | -       | out   | new
# Reply-To tells who wrote where From is ours, a form, no-reply or of the same organisation.
form-of-ours           | -         | contact deal     | form              | deal contact                    | =                    | due     | in    | address-joins
form-of-ours-new       | -         | -                | form              | +deal +contact                  | +lead                | due     | in    | new
form-at-our-domain     | -         | contact deal     | temp-form         | deal contact                    | =                    | due     | in    | address-joins
form-at-our-domain-new | -         | -                | temp-form         | +deal +contact                  | +lead                | due     | in    | new
no-reply-for           | -         | contact deal     | no-reply-carl     | deal contact                    | =                    | due     | in    | address-joins
no-reply-for-new       | -         | -                | no-reply-carl     | +deal +contact                  | +lead                | due     | in    | new
form-for               | -         | contact deal     | wordpress-carl    | deal contact                    | =                    | due     | in    | address-joins
form-for-new           | -         | -                | wordpress-carl    | +deal +contact                  | +lead                | due     | in    | new
same-organisation      | -         | contact deal dora | dora-carl        | deal contact                    | =                    | due     | in    | address-joins
same-organisation-new  | -         | -                | dora-carl         | +deal +contact                  | +lead                | due     | in    | new
# A colleague who is known and has answers sent to somebody unknown: it is her mail.
same-organisation-author | no-repeat | dora           | dora-carl         | dora                            | =                    | due     | in    | address
other-organisation     | -         | contact deal     | eve-carl          | +deal +contact                  | +lead                | due     | in    | new
other-organisation-known | no-repeat | contact deal eve | eve-carl        | eve                             | =                    | due     | in    | address
free-mail-for-another  | -         | gina             | gina-gina2        | +repeat-deal gina               | +repeat-lead gina    | due     | in    | repeat
answers-to-us          | -         | contact deal     | carl-ours         | deal contact                    | =                    | due     | in    | address-joins
list-for               | -         | contact deal     | list-carl         | deal contact                    | =                    | -       | -     | list address-joins
list-for-new           | -         | -                | list-carl         | -                               | =                    | -       | -     | list mass
# Nobody reads no-reply, and it wants no answer.
no-reply               | -         | -                | no-reply          | -                               | =                    | -       | in    | no-reply
no-reply-known         | -         | robot            | no-reply          | robot                           | =                    | -       | in    | no-reply
# A third person's own mail, beside a conversation.
third-person           | -         | contact deal eve | carl eve          | deal contact / +repeat-deal eve | deal contact / +repeat-lead eve | due/due | in in | address repeat
# Gateways of text messages name their senders by phone: whoever has that phone, however it was typed, writes.
by-phone               | -         | caller           | by-text           | +repeat-deal contact            | +repeat-lead contact | due     | in    | phone repeat
by-phone-joins         | -         | caller deal      | by-text           | deal contact                    | =                    | due     | in    | phone-joins waits
by-phone-at-home       | poland    | home-caller deal | by-text           | deal contact                    | =                    | due     | in    | phone-joins
by-phone-in-no-country | -         | home-caller deal | by-text           | +deal +contact                  | +lead                | due     | in    | new
by-phone-no-repeat     | no-repeat | caller           | by-text           | contact                         | =                    | due     | in    | phone no-repeat
by-phone-second        | -         | caller           | by-text by-call   | +repeat-deal contact / "        | +repeat-lead contact / " | due/due | in in | phone-joins
# At providers of free mail a name of digits is no phone.
by-number              | -         | caller deal      | by-number         | +deal +contact                  | +lead                | due     | in    | new
# A colleague who can not sign in writes to a customer, with us in copy: we only see his mail, it is with nobody outside for us.
own-domain-to-customer | -         | dora             | temp-dora         | -                               | =                    | -       | in    | our-domain
"""
