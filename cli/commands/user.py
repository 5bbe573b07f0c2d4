"""`mailsync user`: people who may sign in."""

import getpass
import sys

import typer

from cli.application import command_group, opened
from core.errors import UsageError
from crm.access.people import NewPerson, add_person
from crm.access.viewer import Viewer
from storage.models import Role

app = command_group("People who may sign in.")


@app.callback()
def people() -> None:
    """Keep this a group, so that `user add` stays two words."""


@app.command()
def add(
    email: str,
    role: Role = typer.Option(..., help="What the person may do."),
    name: str = typer.Option("", help="Their name; by default what stands before the @."),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="Read the password from standard input."),
) -> None:
    """Add a person; asks for a password."""
    password = read_password("Password for the new person: ", stdin=password_stdin)
    with opened() as application:
        person = NewPerson(email, name or email.partition("@")[0], role, password)
        user_id = add_person(application.store, Viewer.system(), person)
    typer.echo(f"Added person {user_id} as {role.value}. They can sign in at the console now.")


def read_password(prompt: str, *, stdin: bool) -> str:
    """One line from standard input, or asked for without echo. Raises `UsageError` when there is none."""
    if stdin:
        password = _decoded(sys.stdin.buffer.readline().rstrip(b"\r\n"))
    elif sys.stdin.isatty():
        password = getpass.getpass(prompt)
    else:
        raise UsageError("Give the password on standard input with --password-stdin.")
    if not password:
        raise UsageError("The password is empty.")
    return password


def _decoded(password: bytes) -> str:
    try:
        return password.decode()
    except UnicodeDecodeError:
        raise UsageError("The password on standard input is not UTF-8: write it in that encoding.") from None
