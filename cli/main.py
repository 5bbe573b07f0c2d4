"""`mailsync`: one program for everything. A command's module is loaded when the command is called, so help stays fast.

Exit status: 0 done, 1 failed, 2 wrong use. Errors are one plain sentence on standard error; `--debug` before the
command shows tracebacks, as logs have them: without what a database says of the rows in hand.
"""

import errno
import signal
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import version
from types import TracebackType

from core.errors import MailsyncError, UsageError
from core.garbage import not_collecting
from core.safe_traceback import safe_traceback

FAILED, WRONG_USE, INTERRUPTED, TERMINATED = 1, 2, 130, 143


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives, and its one-line help, so that help needs no import of the module."""

    module: str
    help: str


COMMANDS = {
    "run": Entry("cli.commands.run", "Start the daemon: console, API, sync, jobs, sending."),
    "demo": Entry("cli.commands.demo", "Start the daemon on a bundled sample company."),
    "doctor": Entry("cli.commands.doctor", "Check settings, database, Redis, mailboxes and senders."),
    "user": Entry("cli.commands.user", "Add people."),
    "token": Entry("cli.commands.token", "Create API tokens."),
    "mailbox": Entry("cli.commands.mailbox", "Connect, test and audit mailboxes."),
    "sync": Entry("cli.commands.sync", "Bring mailboxes up to date, then exit."),
    "parse": Entry("cli.commands.parse", "Show what messages mean, as JSON."),
    "threads": Entry("cli.commands.threads", "Put the messages of an mbox or folder into threads."),
    "check-address": Entry("cli.commands.check_address", "Tell whether addresses can be written to."),
    "crm": Entry("cli.commands.crm", "Show or switch the CRM mode: simple or classic."),
    "import": Entry("cli.commands.importing", "Import records from CSV, XLSX or vCard files; undo it."),
    "template": Entry("cli.commands.template", "Write texts for single mails."),
    "sender": Entry("cli.commands.sender", "Add addresses that campaigns are sent from."),
    "segment": Entry("cli.commands.segment", "Define and count audiences."),
    "campaign": Entry("cli.commands.campaign", "Create, send and report campaigns."),
    "db": Entry("cli.commands.db", "Upgrade the database."),
}


def run(arguments: list[str] | None = None) -> None:
    """The console script: run one command; our errors become a sentence and an exit status. Always raises SystemExit."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = words[:1] == ["--debug"]
    if debug:
        words.pop(0)
    signal.signal(signal.SIGTERM, _end)
    try:
        sys.exit(_dispatch(words))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # `mailsync parse … | head`: the reader has seen enough.
        sys.stderr.close()
        sys.exit(FAILED)
    except MailsyncError as error:
        if debug:
            raise
        _say(str(error))
        sys.exit(WRONG_USE if isinstance(error, UsageError) else FAILED)
    except OSError as error:
        if debug:
            raise
        _say(_trouble_with_files(error))
        sys.exit(FAILED)
    except Exception as error:
        if debug:
            raise
        _say(f"Something went wrong that should not have ({type(error).__name__}): run it as `mailsync --debug …`.")
        sys.exit(FAILED)
    finally:
        if debug:  # Not before: Typer sets one of its own.
            sys.excepthook = _show


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("--help", "-h", "help"):
        sys.stdout.write(_help())
        return 0
    if words[0] == "--version":
        sys.stdout.write(f"mailsync {version('mailsync-crm')}\n")
        return 0
    name, *rest = words
    entry = COMMANDS.get(name)
    if entry is None:
        near = get_close_matches(name, COMMANDS, n=1)
        raise UsageError(f"There is no command “{name}”." + (f" Did you mean {near[0]}?" if near else " See --help."))
    with not_collecting():
        app = import_module(entry.module).app
    return int(import_module("cli.calling").call(app, f"mailsync {name}", rest))


def _help() -> str:
    width = max(map(len, COMMANDS)) + 2
    lines = [f"  {name:{width}}{entry.help}" for name, entry in COMMANDS.items()]
    return (
        "Usage: mailsync [--debug] COMMAND …\n\n"
        "The e-mail and messaging engine of a company's CRM.\n\nCommands:\n"
        + "\n".join(lines)
        + "\n\nmailsync COMMAND --help tells more. Settings are MAILSYNC_* variables.\n"
    )


def _show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A traceback is pasted into reports of errors: it must not carry anybody's mail."""
    sys.stderr.write(safe_traceback((kind, error, trace)) + "\n")


def _end(*_: object) -> None:
    """At SIGTERM, leave as at Ctrl-C: every `finally` runs, so that leases and locks are given back."""
    sys.exit(TERMINATED)


def _trouble_with_files(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    if error.errno == errno.ENOSPC:
        return "The disk is full: make room on it, then try again."
    where = f"{error.filename} cannot be used" if error.filename else "A file or connection failed"
    return f"{where} ({reason}): put that right, then try again."


def _say(sentence: str) -> None:
    sys.stderr.write(f"mailsync: {sentence}\n")
