"""Stored mail judged anew by what a mailbox says of strangers.

stored         mail of the store as the steps want it      judging   the steps that decide what is made, over it
late_letters   what our letter, come late, changes         trial     what another policy would have made
runs, undoing  a policy applied to mail that came before it, and that taken back
"""
