"""What mail programs write around a forwarded message besides their usual lines."""

FORWARDED_BY = (
    "forwarded message from", "forwarded by", "weitergeleitet von", "weitergeleitete nachricht von", "transféré par",
    "message transféré de", "reenviado por", "mensaje reenviado de", "inoltrato da", "messaggio inoltrato da",
    "doorgestuurd door", "encaminhado por", "mensagem encaminhada de", "przekazane przez", "przesłane dalej przez",
    "přeposlal", "vidarebefordrat av", "videresendt af", "videresendt av", "переслано", "пересылаемое письмо от",
)  # fmt: skip
"""A line of dashes that begins with one of these forwards: Notes names who does it, mutt and Horde whose message it is."""

FORWARD_ENDS = (
    "end forwarded message", "end of forwarded message", "end of forwarded mail", "end of the forwarded message",
    "ende der weitergeleiteten nachricht", "fin del mensaje reenviado", "fin du message transféré",
    "fine del messaggio inoltrato", "fine messaggio inoltrato", "fim da mensagem encaminhada",
    "einde doorgestuurd bericht", "koniec przekazywanej wiadomości", "koniec przesłanej wiadomości",
    "конец пересылаемого сообщения", "конец пересылаемого письма", "завершение пересылаемого сообщения",
    "конец переадресованного сообщения", "кінець листа, що пересилається", "кінець переадресованого повідомлення",
    "konec přeposlané zprávy", "iletilen iletinin sonu", "slut på vidarebefordrat meddelande",
)  # fmt: skip
"""What stands between the dashes below it, at the start of the words."""

ON_BEHALF_OF = (
    "on behalf of ", "im auftrag von ", "de la part de ", "en nombre de ", "per conto di ", "namens ",
    "em nome de ", "w imieniu ", "от имени ", "від імені ", "jménem ", "v mene ", "adına ", "på vegne af ",
    "på vegne av ", "puolesta ",
)  # fmt: skip
"""Between who sent it and who wrote it, where Outlook tells both."""
