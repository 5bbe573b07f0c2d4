"""Where it lies and when it came (step 0): Junk, Trash and Drafts until it is moved, history, copies in one mailbox."""

ROWS = """
# name                | policy | before       | mails                  | Simple             | Classic   | due   | tells | why
junk                  | -      | -            | carl:junk              | -                  | =         | -     | -     | junk
junk-known            | -      | contact deal | carl:junk              | -                  | =         | -     | -     | junk
junk-then-moved       | -      | -            | carl:junk carl         | +deal +contact     | +lead     | due   | in    | new
junk-then-moved-known | -      | contact deal | carl:junk carl         | deal contact       | =         | due   | in    | address-joins
junk-then-archived    | -      | -            | carl:junk carl:archive | +deal +contact     | +lead     | due   | in    | new
junk-then-trash       | -      | -            | carl:junk carl:trash   | -                  | =         | -     | -     | trash
junk-moved-much-later | -      | -            | carl:old:junk carl:old | -                  | =         | -     | -     | old
junk-elsewhere        | -      | -            | carl:junk carl@ann     | +deal +contact     | +lead     | due   | in    | new
moved-to-junk         | -      | -            | carl carl:junk         | +deal +contact     | +lead     | due   | in    | junk
moved-to-junk-and-back | -     | -            | carl carl:junk carl:archive | +deal +contact | +lead    | due   | in    | had-before
trash                 | -      | -            | carl:trash             | -                  | =         | -     | -     | trash
trash-then-moved      | -      | -            | carl:trash carl        | +deal +contact     | +lead     | due   | in    | new
drafts                | out:mode | contact deal | ours:drafts          | -                  | =         | -     | -     | drafts
draft-then-sent       | -      | contact deal | ours:drafts ours       | deal contact       | =         | -     | out   | address-joins
archived              | -      | -            | carl carl:archive      | +deal +contact     | +lead     | due   | in    | had-before
# What a stranger in Junk cites or is cited by counts for nothing until it is moved.
junk-cited            | -      | -            | carl:junk re           | - / +deal +contact | - / +lead | -/due | in    | new alone
junk-cited-then-moved | -      | -            | carl:junk re carl      | +deal +contact / " | +lead / " | due/due | in in | joined
old                   | -      | contact deal | carl:old               | deal contact       | =         | -     | -     | old address-joins
old-both-ways         | -      | contact deal | carl:old ours-re:old   | deal contact / "   | =         | -/-   | -     | old thread-joins
old-then-reply        | -      | contact deal | carl:old re            | deal contact / "   | =         | -/due | in    | joined
"""
