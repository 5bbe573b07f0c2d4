"""Structured logs: a static event name (`noun.verb`), values as keywords, ids instead of objects.

Message bodies, subjects, e-mail addresses and secrets never reach a log; a processor drops the keys that
would carry them, so that a slip shows as `[withheld]` and not as a leak. Tracebacks are told without what a database says
of the rows in hand (`core.safe_traceback`).
"""

import logging
import sys
import threading
from typing import Literal

import structlog
from structlog.typing import EventDict, WrappedLogger

from core.safe_traceback import safe_event, safe_traceback

WITHHELD = frozenset({"address", "email", "body", "subject", "password", "token", "secret", "raw", "username"})
# These print addresses, commands or bodies at INFO and DEBUG; the last two tell of themselves at every start.
NOISY = (
    "aioimaplib",
    "aiosmtplib",
    "pymap",
    "mail.log",
    "httpx",
    "uvicorn.access",
    "sqlalchemy.engine",
    "alembic",
    "dramatiq",
)


def _withhold(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key in WITHHELD & event.keys():
        event[key] = "[withheld]"
    return event


def _without_values(record: logging.LogRecord) -> bool:
    """asyncio writes arguments, results and errors of what failed into the words themselves; the traceback tells where."""
    record.msg, record.args = safe_event(record.getMessage()), ()
    return True


def _tell_of_thread(died: threading.ExceptHookArgs) -> None:
    """Python writes the raw traceback to standard error."""
    if not issubclass(died.exc_type, SystemExit) and died.exc_value is not None:
        name = died.thread.name if died.thread else ""
        get_logger(__name__).error(
            "thread.died", thread=name, exc_info=(died.exc_type, died.exc_value, died.exc_traceback)
        )


def configure_logging(level: str, form: Literal["auto", "json", "console"]) -> None:
    """Send our own and the libraries' logs to standard error; JSON unless a person is watching.

    Errors that end a thread are logged as well, unless somebody else takes them already.
    """
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _withhold,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(safe_traceback),
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger("asyncio").addFilter(_without_values)  # Added twice it is there once.
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _tell_of_thread
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger for one module; call as `log.info("folder.synced", folder_id=3, stored=200)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
