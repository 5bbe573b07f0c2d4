"""`mailsync template`: texts for single mails."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import typer

from cli.application import Application, command_group, opened
from core.addresses import address_key
from core.errors import NotFound, UsageError
from crm.access import repository as people
from crm.access.roles.viewers import require_viewer
from crm.access.viewer import Viewer
from crm.outgoing.templates import keeping, repository
from crm.outgoing.templates.filling import fill
from crm.outgoing.templates.keeping import TemplateText

app = command_group("Texts for single mails, written once and sent often.")
OWNER = typer.Option(None, "--owner", help="The address of the person whose own it is; without it, it is everybody's.")
TEXT = typer.Option(None, "--text", help="A file with the text; - reads standard input.")


@app.command("list")
def show_all(owner: str | None = OWNER, as_json: bool = typer.Option(False, "--json")) -> None:
    """List templates: all, or those that a person sees."""
    with opened() as application, application.store.database.reading() as session:
        rows = repository.templates(session, _viewer(application, owner))
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], default=str, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row.id:>5}  {'shared' if row.shared else 'own':<7} {row.name}")


@app.command()
def add(
    name: str,
    text: str | None = TEXT,
    subject: str = typer.Option("", help="May hold placeholders too."),
    owner: str | None = OWNER,
) -> None:
    """Add a template; its text may hold {{ contact.first_name }} and more, see docs/writing-mail.md."""
    with opened() as application:
        viewer = _viewer(application, owner)
        with application.store.database.unit_of_work() as session:
            made = keeping.add_template(session, viewer, TemplateText(name, subject, _read(text), shared=owner is None))
    typer.echo(f"Template {made} is kept.")


@app.command()
def change(
    template_id: int,
    name: str | None = typer.Option(None),
    subject: str | None = typer.Option(None),
    text: str | None = TEXT,
    owner: str | None = OWNER,
) -> None:
    """Change what is given of a template; the rest stays as it is."""
    with opened() as application:
        viewer = _viewer(application, owner)
        with application.store.database.unit_of_work() as session:
            before = repository.template(session, viewer, template_id)
            written = TemplateText(
                before.name if name is None else name,
                before.subject if subject is None else subject,
                before.text if text is None else _read(text),
                before.shared,
            )
            keeping.change_template(session, viewer, template_id, written)
    typer.echo("Changed.")


@app.command()
def remove(template_id: int, owner: str | None = OWNER) -> None:
    """Delete a template."""
    with opened() as application, application.store.database.unit_of_work() as session:
        keeping.delete_template(session, _viewer(application, owner), template_id)
    typer.echo("Deleted.")


@app.command("fill")
def show_filled(
    template_id: int,
    to: str = typer.Option(..., help="The address of whom the mail is for."),
    owner: str | None = OWNER,
    as_json: bool = typer.Option(False, "--json"),
) -> None:
    """Show a template as it would stand in a mail; exit status 1 where a value is missing."""
    with opened() as application, application.store.database.reading() as session:
        filled = fill(session, _viewer(application, owner), template_id, to=to)
    if as_json:
        typer.echo(json.dumps(asdict(filled), ensure_ascii=False))
    else:
        typer.echo(f"Subject: {filled.subject}\n\n{filled.text}")
        if filled.missing:
            typer.echo(f"Nothing is known for {', '.join(filled.missing)}.", err=True)
    if filled.missing:
        raise typer.Exit(1)


def _viewer(application: Application, owner: str | None) -> Viewer:
    """The person, or the program itself."""
    if owner is None:
        return Viewer.system()
    with application.store.database.reading() as session:
        person = people.person_by_key(session, Viewer.system(), address_key(owner))
        if person is None:
            raise NotFound("There is no person with that address: see mailsync user add.")
        return require_viewer(session, person.id)


def _read(source: str | None) -> str:
    if source is None:
        raise UsageError("Say where the text is: --text FILE, or --text - for standard input.")
    if source == "-":
        return sys.stdin.read()
    return Path(source).read_text("utf-8")
