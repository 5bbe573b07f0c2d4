"""What people do between two mails: deals are closed, leads converted, called junk and taken up, records deleted."""

ROWS = """
# name                        | policy    | before       | mails                               | Simple                              | Classic                             | due      | tells  | why
won-then-reply                | -         | contact deal | carl !close:won re                  | deal contact / +repeat-deal contact | deal contact / +repeat-lead contact | due/due  | in in  | repeat
lost-then-new                 | -         | contact deal | carl !close:lost carl2              | deal contact / +repeat-deal contact | deal contact / +repeat-lead contact | due/due  | in in  | repeat
won-then-ours                 | -         | contact deal | carl !close:won ours-re             | deal contact / contact              | =                                   | done/-   | in out | address
answered                      | -         | contact deal | carl ours-re                        | deal contact / "                    | =                                   | done/-   | in out | joined
answered-by-subject           | -         | contact deal | carl ours-subject                   | deal contact / "                    | =                                   | done/-   | in out | by-subject
answered-again                | -         | contact deal | carl ours-re again                  | deal contact / " / "                | =                                   | done/-/due | in out in | joined
answered-elsewhere            | -         | contact deal | carl bob-ours                       | deal contact / "                    | =                                   | due/-    | in out | address-joins
converted-then-reply          | -         | lead         | carl !convert re                    | deal contact lead / deal contact    | =                                   | due/due  | in in  | thread-joins
converted-then-new            | -         | lead         | carl !convert carl2                 | deal contact lead / deal contact    | =                                   | due/due  | in in  | address-joins
converted-then-colleague      | -         | lead         | carl !convert dora-re               | deal contact lead / deal contact    | =                                   | due/due  | in in  | thread-joins
converted-won-then-reply      | no-repeat | lead         | carl !convert !close:won re         | deal contact lead / contact         | =                                   | due/due  | in in  | address
converted-won-colleague       | no-repeat | lead         | carl !convert !close:won dora-re    | deal contact lead / contact         | =                                   | due/due  | in in  | thread
junk-then-new                 | -         | lead         | carl !junk carl2                    | lead / "                            | =                                   | done/-   | in in  | called-junk
junk-then-colleague           | -         | lead         | carl !junk dora-re                  | lead / "                            | =                                   | done/-   | in in  | called-junk
junk-taken-up                 | -         | lead         | carl !junk !take-up carl2           | lead / "                            | =                                   | done/due | in in  | address-joins
junk-then-contact             | -         | lead         | carl !junk !contact carl2           | lead / +repeat-deal contact         | lead / +repeat-lead contact         | done/due | in in  | repeat
deleted-deal-then-reply       | -         | contact deal | carl !delete:deal re                | deal contact / +repeat-deal contact | deal contact / +repeat-lead contact | due/due  | in in  | repeat
deleted-contact-then-reply    | -         | contact deal | carl !delete:contact re             | deal contact / deal                 | =                                   | due/due  | in in  | thread-joins
deleted-contact-then-new      | -         | contact deal | carl !delete:contact carl2          | deal contact / +deal +contact       | deal contact / +lead                | due/due  | in in  | new
deleted-lead-then-reply       | -         | lead         | carl !delete:lead re                | lead / +deal +contact               | lead / +lead                        | due/due  | in in  | new
contact-made-later            | -         | -            | carl:old !contact ours-re           | contact / "                         | =                                   | -/-      | out    | address
# Whose client was deleted after the conversion is nobody any more.
converted-client-deleted      | -         | lead         | carl !convert !delete:contact carl2 | deal contact lead / +deal +contact  | deal contact lead / +lead           | due/due  | in in  | client-gone
converted-client-deleted-reply | -        | lead         | carl !convert !delete:contact re    | deal contact lead / deal            | =                                   | due/due  | in in  | thread-joins
converted-all-deleted-nothing | nothing   | lead         | carl !convert !delete:contact !delete:deal re | deal contact lead / lead  | =                                   | due/due  | in in  | policy
"""
