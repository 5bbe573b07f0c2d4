"""Who writes more than may make something: `few` lets an address make one thing, a domain two, and two mails wait for an answer."""

ROWS = """
# name                  | policy       | before       | mails                              | Simple                              | Classic                | due         | tells    | why
flood-of-sender         | few simple   | -            | carl !close:won carl2              | +deal +contact / +contact           | =                      | due/due     | in in    | address sender-made
flood-of-lead           | few classic  | -            | carl !convert !close:won carl2     | -                                   | deal contact +lead / contact | due/due | in in   | address sender-made
flood-of-domain         | few          | -            | carl dora info                     | +deal +contact / +deal2 +contact2 / - | +lead / +lead2 / -   | due/due/-   | in in    | unknown domain-made
# What makes nothing stands where mail of known ones stands anyway, and comes to whoever is made of them later.
flood-joins             | few          | contact deal | carl carl2 carl3                   | deal contact / " / "                | =                      | due/due/-   | in in    | address-joins no-answer
flood-of-form           | few always-form | -         | wordpress-carl wordpress-carl@ann carl | +deal +contact / "              | +lead / "              | due/due     | in in    | address-joins waits
flood-in-two            | few          | contact deal | carl carl2 carl3 carl3@ann         | deal contact / " / "                | =                      | due/due/-   | in in    | there
# Mail of ours is no flood.
flood-of-ours           | few out:mode | -            | ours ours-info ours-temp           | +deal +contact / +deal2 +contact2 / +deal +contact | +lead / +lead2 / +lead | -/-/- | out out out | address-joins
"""
