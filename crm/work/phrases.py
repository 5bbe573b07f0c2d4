"""The words by which a mail tells a task's details, in the languages of the console (en, es, pt, pl) and German."""

from typing import Final

from storage.models import Priority

DEADLINE, RESPONSIBLE, PRIORITY, TAGS = "deadline", "responsible", "priority", "tags"

KEYS: Final[dict[str, str]] = {
    **dict.fromkeys(("deadline", "due", "due date", "fecha límite", "vence", "prazo", "termin", "frist"), DEADLINE),
    **dict.fromkeys(("responsible", "assignee", "assigned to", "responsable", "responsável"), RESPONSIBLE),
    **dict.fromkeys(("odpowiedzialny", "odpowiedzialna", "verantwortlich"), RESPONSIBLE),
    **dict.fromkeys(("priority", "prioridad", "prioridade", "priorytet", "priorität"), PRIORITY),
    **dict.fromkeys(("tags", "tag", "project", "etiquetas", "tagi", "projekt", "proyecto", "projeto"), TAGS),
}

PRIORITIES: Final[dict[str, Priority]] = {
    **dict.fromkeys(
        ("high", "urgent", "asap", "alta", "urgente", "wysoki", "pilne", "hoch", "dringend"), Priority.HIGH
    ),
    **dict.fromkeys(("normal", "medium", "media", "média", "normalny"), Priority.NORMAL),
    **dict.fromkeys(("low", "baja", "baixa", "niski", "niedrig"), Priority.LOW),
}

DUE: Final = ("due", "deadline", "vence", "prazo", "termin", "fällig")
"""What may stand before a date in a subject: "Call the Kowalskis, due Friday"."""

TODAY: Final = ("today", "hoy", "hoje", "dziś", "dzisiaj", "heute")
TOMORROW: Final = ("tomorrow", "mañana", "amanhã", "jutro", "morgen")
NEXT: Final = ("next",)

WEEKDAYS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon", "lunes", "segunda", "segunda-feira", "poniedziałek", "montag"),
            ("tuesday", "tue", "martes", "terça", "terça-feira", "wtorek", "dienstag"),
            ("wednesday", "wed", "miércoles", "quarta", "quarta-feira", "środa", "mittwoch"),
            ("thursday", "thu", "jueves", "quinta", "quinta-feira", "czwartek", "donnerstag"),
            ("friday", "fri", "viernes", "sexta", "sexta-feira", "piątek", "freitag"),
            ("saturday", "sat", "sábado", "sobota", "samstag"),
            ("sunday", "sun", "domingo", "niedziela", "sonntag"),
        )
    )
    for name in names
}

MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sep", "sept"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
