"""What no person wrote, and mail with ids and addresses that we give out (steps 2, 4 and 5)."""

ROWS = """
# name            | policy | before       | mails      | Simple         | Classic | due | tells  | why
bulk              | -      | -            | bulk       | -              | =       | -   | -      | bulk mass
bulk-known        | -      | contact deal | bulk       | deal contact   | =       | -   | -      | bulk address-joins
bulk-contact      | -      | contact      | bulk       | contact        | =       | -   | -      | bulk address mass
bulk-domain       | -      | company      | bulk       | -              | =       | -   | -      | bulk unknown
bulk-old          | -      | contact deal | bulk:old   | deal contact   | =       | -   | -      | bulk address-joins
list              | -      | -            | list       | -              | =       | -   | -      | list mass
list-known        | -      | contact deal | list       | deal contact   | =       | -   | -      | list address-joins
spam              | -      | -            | spam       | -              | =       | -   | -      | bulk mass
spam-known        | -      | contact deal | spam       | deal contact   | =       | -   | -      | bulk address-joins
auto              | -      | -            | auto       | -              | =       | -   | -      | auto
auto-known        | -      | contact deal | auto       | -              | =       | -   | -      | auto
away              | -      | -            | away       | -              | =       | -   | -      | away
away-known        | -      | contact deal | away       | -              | =       | -   | -      | away
receipt           | -      | -            | receipt    | -              | =       | -   | -      | receipt
receipt-known     | -      | contact deal | receipt    | -              | =       | -   | -      | receipt
bounce            | -      | -            | bounce     | -              | =       | -   | bounce | bounce
bounce-known      | -      | contact company | bounce  | -              | =       | -   | bounce | bounce
bounce-old        | -      | -            | bounce:old | -              | =       | -   | -      | bounce
complaint         | -      | -            | complaint  | -              | =       | -   | bounce | complaint
complaint-known   | -      | company      | complaint  | -              | =       | -   | bounce | complaint
invitation        | -      | -            | invitation | +deal +contact | +lead   | due | in     | new
invitation-known  | -      | contact deal | invitation | deal contact   | =       | due | in     | address-joins
sent-here         | -      | contact deal | sent-here  | deal contact   | =       | -   | out    | signed address-joins
sent-here-unknown | -      | -            | sent-here  | -              | =       | -   | out    | signed policy
signed-by-stranger | -     | contact deal | sent-here signed-by-eve | deal contact / +deal +contact | deal contact / +lead | -/due | out in | new
# Answers to the address that we sign for them join what they answer, whoever writes, as they do by the signed id.
answers-address   | -      | contact deal | sent-here eve-by-address | deal contact / " | = | -/due | out in | thread-joins by-address
answers-address-known | -  | contact deal | sent-here carl-by-address | deal contact / " | = | -/due | out in | thread-joins by-address
answers-address-first | -  | contact deal | eve-by-address sent-here | +deal +contact / +deal +contact contact | +lead / +lead contact | due/- | in out | joined thread-joins
answers-forged    | -      | contact deal | sent-here eve-forged-address | deal contact / +deal +contact | deal contact / +lead | -/due | out in | new
answers-foreign   | -      | contact deal | sent-here eve-foreign-address | deal contact / +deal +contact | deal contact / +lead | -/due | out in | new
answers-removed   | -      | contact deal | sent-here eve-removed-address | deal contact / +deal +contact | deal contact / +lead | -/due | out in | new
secret            | intake | contact deal | secret     | -              | =       | -   | -      | secret
secret-elsewhere  | -      | contact deal | secret     | deal contact   | =       | due | in     | address-joins
"""
