"""What a mail means. Bytes go in, frozen values come out: no I/O, no settings, no clock, and no exception.

A message passes through the rooms from top to bottom; `message.parse_message` leads it.

    bytes ──► mime ········· parts by their boundaries, as offsets; each header block cut into `fields`
                │
              content ······ each part decoded and given its place: one text, one HTML, the files; how it was sealed
                │              charsets   bytes as text, whatever their label says
                │              html       a page as text that reads well, or as HTML that is safe to show
                │              outlook    winmail.dat opened
                │
              fields ······· the envelope: who to whom, when, about what, in answer to what
                │
                ├─ bounce ·········· what it reports of a mail sent earlier, for each recipient
                ├─ reply ··········· what is new in it, what is quoted, the signature
                ├─ kinds ··········· from a person, a list, a machine, somebody who is away and until when
                ├─ forward ········· the message that it passes on
                ├─ calendar ········ what it invites to
                └─ contact_card ···· whose cards it brings, and what a signature tells (asked for by `output`)
                │
              fingerprint ·· one name for all copies of it
                │
              model ········ `ParsedMessage`: the only thing that leaves this package

`phrases` holds the words of some forty languages that the judging rooms look for: data, no code. `limits` bounds what is
read. `output` is the JSON of `mailsync parse`; `threads` puts many messages together by what they cite.
"""
