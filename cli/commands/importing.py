"""`mailsync import`: contacts out of files, tried first if wished, and undone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import Progress

from cli.application import Application, command_group, opened
from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.records.importing.choices import Choices, OnKnown, remapped
from crm.records.importing.fields import LABELS, BuiltIn, CustomFields, Meaning
from crm.records.importing.repository import runs
from crm.records.importing.repository.people import custom_fields
from crm.records.importing.repository.undoing import kept_companies, kept_contacts
from crm.records.importing.running import Progress as OnProgress
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_to_run, ask_to_undo
from crm.records.importing.stopping import ask_to_stop
from crm.records.importing.trying import try_rows
from crm.records.importing.undoing import undo_all
from crm.records.importing.uploading import read_file, upload
from crm.records.importing.views import Counts, ImportView, RowError
from parsers.tables.model import Table

SHOWN_ERRORS = 20
ALL_ERRORS = 100_000
SYSTEM = Viewer.system()

app = command_group("Import contacts out of files, and undo it.")


@app.command()
def contacts(
    file: Path = typer.Argument(..., help="CSV, XLSX or vCard (.vcf)."),
    mapped: list[str] = typer.Option(
        [],
        "--map",
        metavar="COLUMN=FIELD",
        help=f"Fields: {', '.join(field for field in BuiltIn if field)}; custom ones by name.",
    ),
    known: OnKnown = typer.Option(OnKnown.COMPLETE, help="What is done with people who are contacts already."),
    sheet: str = typer.Option("", help="Of a workbook; its first one unless you say."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would happen."),
    as_json: bool = typer.Option(False, "--json"),
) -> None:
    """Import contacts, with their companies, out of a file."""
    if not file.is_file():
        raise UsageError(f"There is no file {file}.")
    with opened() as application:
        if dry_run:
            _try(application, file, sheet, mapped, known, as_json=as_json)
        else:
            _run(application, file, sheet, mapped, known, as_json=as_json)


@app.command()
def undo(
    run: int = typer.Argument(..., help="The number of the import."), as_json: bool = typer.Option(False, "--json")
) -> None:
    """Take back what an import did, but for what somebody changed since."""
    with opened() as application, _progress("Undoing") as on_progress:
        with application.store.database.unit_of_work() as session:
            ask_to_undo(session, SYSTEM, run)
        done = undo_all(application.store, run, on_progress)
        with application.store.database.reading() as session:
            kept = kept_contacts(session, SYSTEM, run, SHOWN_ERRORS)
            companies = kept_companies(session, SYSTEM, run, SHOWN_ERRORS)
    if as_json:
        typer.echo(json.dumps({"run": run, **asdict(done.undo), "kept_contacts": [one.id for one in kept]}))
        return
    if done.stopped:
        typer.echo(done.stopped)
    typer.echo(f"{done.undo.removed} contacts were removed, {done.undo.put_back} put back as they were.")
    if done.undo.kept:
        typer.echo(f"{done.undo.kept} were kept, because somebody changed or used them since:")
        typer.echo("".join(f"  {one.name} (contact {one.id})\n" for one in kept), nl=False)
    if done.undo.companies_kept:
        typer.echo(f"{done.undo.companies_kept} companies that it made were kept:")
        typer.echo("".join(f"  {one.name} (company {one.id})\n" for one in companies), nl=False)


@app.command()
def stop(run: int = typer.Argument(..., help="The number of the import.")) -> None:
    """Stop an import that is at work."""
    with opened() as application:
        with application.store.database.unit_of_work() as session:
            ask_to_stop(session, SYSTEM, run)
        with application.store.database.reading() as session:
            typer.echo(runs.run_view(session, SYSTEM, run).stopped)


def _try(application: Application, file: Path, sheet: str, mapped: list[str], known: OnKnown, *, as_json: bool) -> None:
    with application.store.database.reading() as session:
        custom = custom_fields(session, SYSTEM)
    with file.open("rb") as opened_file:
        guessed = read_file(opened_file, sheet, custom)
        fields = remapped(guessed.table.header, guessed.fields, mapped, custom)
        counts, errors = try_rows(application.store, guessed.table.header, Choices(fields, known), guessed.rows)
    if as_json:
        typer.echo(json.dumps({"dry_run": True, **_as_json(guessed.table.header, fields, counts, errors)}))
        return
    _show_mapping(guessed.table, fields, custom)
    _show_counts(counts, "would be")
    _show_errors(errors)


def _run(application: Application, file: Path, sheet: str, mapped: list[str], known: OnKnown, *, as_json: bool) -> None:
    """Import here what a daemon that is alive imports at the same time."""
    store = application.store
    with application.store.database.reading() as session:
        custom = custom_fields(session, SYSTEM)
    with file.open("rb") as opened_file:
        guessed = read_file(opened_file, sheet, custom)  # What can not be mapped is told before anything is kept.
        fields = remapped(guessed.table.header, guessed.fields, mapped, custom)
        run_id = upload(store, SYSTEM, opened_file, file.name, sheet)
    with store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id, Choices(fields, known))
    with _progress("Importing") as on_progress:
        done = run_all(store, run_id, on_progress)
    with store.database.reading() as session:
        errors = runs.errors(session, SYSTEM, run_id, limit=ALL_ERRORS)
    if as_json:
        told = {"run": run_id, "stopped": done.stopped}
        typer.echo(json.dumps({**told, **_as_json(done.header, fields, done.counts, errors)}))
        return
    if done.stopped:
        typer.echo(done.stopped)
    _show_counts(done.counts, "were")
    _show_errors(errors)
    typer.echo(f"This is import {run_id}: `mailsync import undo {run_id}` takes it back within 30 days.")


@contextmanager
def _progress(what: str) -> Iterator[OnProgress]:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)

        def show(view: ImportView) -> None:
            progress.update(task, completed=view.dealt_with, total=view.rows)

        yield show


def _as_json(
    header: tuple[str, ...], fields: tuple[Meaning, ...], counts: Counts, errors: list[RowError]
) -> dict[str, Any]:
    mapping = {name: str(field) for name, field in zip(header, fields, strict=True)}
    return {"mapping": mapping, "rows": counts.rows, **asdict(counts), "errors": [asdict(error) for error in errors]}


def _show_mapping(table: Table, fields: tuple[Meaning, ...], custom: CustomFields) -> None:
    for name, field in zip(table.header, fields, strict=True):
        label = custom[field].name if field in custom else LABELS[BuiltIn(field)]
        typer.echo(f"  {name} → {label}")


def _show_counts(counts: Counts, verb: str) -> None:
    typer.echo(
        f"Of {counts.rows} rows {counts.new} {verb} new contacts, {counts.changed} known ones completed or changed, "
        f"{counts.unchanged} known and left as they are, {counts.joined} about the same people as earlier rows, "
        f"{counts.refused} refused. New companies: {counts.companies}."
    )


def _show_errors(errors: list[RowError]) -> None:
    for error in errors[:SHOWN_ERRORS]:
        where = f"row {error.row}" + (f", {error.column}" if error.column else "")
        typer.echo(f"  {where}: {error.reason}")
    if len(errors) > SHOWN_ERRORS:
        typer.echo(f"  … and {len(errors) - SHOWN_ERRORS} more; --json lists all.")
