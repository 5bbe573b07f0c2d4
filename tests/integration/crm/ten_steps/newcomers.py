"""Somebody writes, or is written to, whom nobody knows: what each policy makes of it (design §4, step 8)."""

ROWS = """
# name              | policy        | before | mails      | Simple                  | Classic   | due   | tells | why
stranger            | -             | -    | carl         | +deal +contact          | +lead     | due   | in    | new waits
stranger-contact    | contact       | -    | carl         | +contact                | =         | due   | in    | new
stranger-nothing    | nothing       | -    | carl         | -                       | =         | -     | in    | unknown policy
stranger-both       | both          | -    | carl         | +deal +contact +company | +lead     | due   | in    | new
stranger-company    | company       | -    | carl         | +deal +company          | +lead     | due   | in    | new
stranger-no-repeat  | no-repeat     | -    | carl         | +deal +contact          | +lead     | due   | in    | new
free-mail           | -             | -    | gina         | +deal +contact          | +lead     | due   | in    | new
free-mail-contact   | contact       | -    | gina         | +contact                | =         | due   | in    | new
free-mail-nothing   | nothing       | -    | gina         | -                       | =         | -     | in    | unknown policy
# Nobody's company is known by a domain where anybody can have a mailbox: the contact stands for it.
free-mail-both      | both          | -    | gina         | +deal +contact          | +lead     | due   | in    | new
free-mail-company   | company       | -    | gina         | +deal +contact          | +lead     | due   | in    | new
free-mail-neighbour | nothing       | gina | gina2        | -                       | =         | -     | in    | unknown policy
stranger-old        | -             | -    | carl:old     | -                       | =         | -     | -     | old not-new
stranger-old-then-new | -           | -    | carl:old carl2 | +deal +contact / "    | +lead / " | -/due | in    | new
stranger-twice      | -             | -    | carl carl2   | +deal +contact / "      | +lead / " | due/due | in in | address-joins
stranger-reply      | -             | -    | re           | +deal +contact          | +lead     | due   | in    | new alone
stranger-subject    | -             | -    | subject      | +deal +contact          | +lead     | due   | in    | new
# Mail of ours makes nothing, unless the mailbox is set to: then its first recipient outside is who is new.
written-to          | -             | -    | ours         | -                       | =         | -     | out   | unknown policy
written-to-mode     | out:mode      | -    | ours         | +deal +contact          | +lead     | -     | out   | new
written-to-contact  | out:contact   | -    | ours         | +contact                | =         | -     | out   | new
written-to-nothing  | mode out:nothing | - | ours         | -                       | =         | -     | out   | policy
written-to-old      | out:mode      | -    | ours:old     | -                       | =         | -     | -     | not-new
written-to-both     | out:mode both | -    | ours         | +deal +contact +company | +lead     | -     | out   | new
written-to-two      | out:mode      | -    | ours-cc      | +deal +contact          | +lead     | -     | out   | new
written-to-by-bob   | out:mode      | -    | bob-ours     | +deal +contact          | +lead     | -     | out   | new
# An answer to what we wrote brings what we wrote with it.
answers-us          | -             | -    | ours re-ours | +deal +contact / "      | +lead / " | -/due | out in | new joined
"""
