"""`mailsync import`: records out of files, tried first if wished, gone on with, and undone."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import Progress

from cli.application import Application, command_group, opened
from core.errors import UsageError
from crm.access.viewer import Viewer
from crm.records.importing.choices import Choices, remapped, require_possible
from crm.records.importing.fields import BuiltIn, CustomFields, Meaning
from crm.records.importing.kinds import KINDS, Kind, Missing, OnKnown
from crm.records.importing.repository import runs
from crm.records.importing.repository.knowing import custom_fields
from crm.records.importing.repository.undoing import kept_clients, kept_records
from crm.records.importing.running import Progress as OnProgress
from crm.records.importing.running import run_all
from crm.records.importing.steering import ask_to_go_on, ask_to_run, ask_to_undo
from crm.records.importing.stopping import ask_to_stop
from crm.records.importing.trying import try_rows
from crm.records.importing.undoing import undo_all
from crm.records.importing.uploading import Guessed, begin, read_file, upload
from crm.records.importing.views import Counts, ImportView, RowError
from crm.records.views import Named
from parsers.tables.model import Table
from storage.models import RecordType

SHOWN_ERRORS = 20
ALL_ERRORS = 100_000
SYSTEM = Viewer.system()

app = command_group("Import records out of files, and undo it.")


def _importing(kind: Kind) -> Callable[..., None]:
    """The command for records of one kind."""

    def command(
        file: Path = typer.Argument(..., help="CSV, XLSX or vCard (.vcf)."),
        mapped: list[str] = typer.Option(
            [],
            "--map",
            metavar="COLUMN=FIELD",
            help=f"Fields: {', '.join(field for field in kind.labels if field)}; custom ones by name.",
        ),
        known: OnKnown = typer.Option(
            OnKnown.COMPLETE, help=f"What is done with {kind.words[1]} that are here already."
        ),
        missing: Missing = typer.Option(
            Missing.REFUSE, help="What is done with contacts and companies that a row names and that are not here."
        ),
        sheet: str = typer.Option("", help="Of a workbook; its first one unless you say."),
        dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would happen."),
        as_json: bool = typer.Option(False, "--json"),
    ) -> None:
        if not file.is_file():
            raise UsageError(f"There is no file {file}.")
        require_possible(kind, known)
        wishes = Wishes(kind, sheet, tuple(mapped), known, missing, as_json=as_json)
        with opened() as application:
            (_try if dry_run else _run)(application, file, wishes)

    return command


for each in KINDS.values():
    app.command(each.words[1], help=f"Import {each.words[1]} out of a file.")(_importing(each))


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
            kept = kept_records(session, SYSTEM, run, SHOWN_ERRORS)
            clients = kept_clients(session, SYSTEM, run, SHOWN_ERRORS)
    if as_json:
        ids = {"kept_records": [one.id for one in kept]}
        typer.echo(json.dumps({"run": run, "record_type": done.record_type.value, **asdict(done.undo), **ids}))
        return
    if done.stopped:
        typer.echo(done.stopped)
    several = KINDS[done.record_type].words[1]
    typer.echo(f"{done.undo.removed} {several} were removed, {done.undo.put_back} put back as they were.")
    if done.undo.kept:
        typer.echo(f"{done.undo.kept} were kept, because somebody changed or used them since:")
        _show_kept(kept)
    if clients:
        number = done.undo.companies_kept + done.undo.contacts_kept
        typer.echo(f"{number} companies and contacts that were made for them were kept:")
        _show_kept(clients)


def _show_kept(kept: list[Named]) -> None:
    typer.echo("".join(f"  {one.name} ({one.type.value} {one.id})\n" for one in kept), nl=False)


@app.command()
def stop(run: int = typer.Argument(..., help="The number of the import.")) -> None:
    """Stop an import that is at work."""
    with opened() as application:
        with application.store.database.unit_of_work() as session:
            ask_to_stop(session, SYSTEM, run)
        with application.store.database.reading() as session:
            typer.echo(runs.run_view(session, SYSTEM, run).stopped)


@app.command("go-on")
def go_on(
    run: int = typer.Argument(..., help="The number of the import."), as_json: bool = typer.Option(False, "--json")
) -> None:
    """Go on with an import that was stopped, behind the last row that came in."""
    with opened() as application:
        with application.store.database.unit_of_work() as session:
            ask_to_go_on(session, SYSTEM, run)
        _run_on(application, run, as_json=as_json)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was said on the command line."""

    kind: Kind
    sheet: str
    mapped: tuple[str, ...]
    known: OnKnown
    missing: Missing
    as_json: bool

    def choices(self, guessed: Guessed, custom: CustomFields) -> Choices:
        """How a file is read."""
        fields = remapped(guessed.table.header, guessed.fields, self.mapped, custom, self.kind)
        return Choices(fields, self.known, missing=self.missing)


def _try(application: Application, file: Path, wishes: Wishes) -> None:
    begin(application.store, wishes.kind.type)
    with application.store.database.reading() as session:
        custom = custom_fields(session, SYSTEM, wishes.kind.type)
    with file.open("rb") as opened_file:
        guessed = read_file(opened_file, wishes.sheet, custom, wishes.kind)
        choices = wishes.choices(guessed, custom)
        counts, errors = try_rows(application.store, wishes.kind, guessed.table.header, choices, guessed.rows)
    if wishes.as_json:
        typer.echo(json.dumps({"dry_run": True, **_as_json(guessed.table.header, choices.fields, counts, errors)}))
        return
    _show_mapping(guessed.table, choices.fields, custom, wishes.kind)
    _show_counts(counts, wishes.kind, "would be")
    _show_errors(errors)


def _run(application: Application, file: Path, wishes: Wishes) -> None:
    """Import here what a daemon that is alive imports at the same time."""
    store, kind = application.store, wishes.kind
    begin(store, kind.type)
    with store.database.reading() as session:
        custom = custom_fields(session, SYSTEM, kind.type)
    with file.open("rb") as opened_file:
        guessed = read_file(
            opened_file, wishes.sheet, custom, kind
        )  # What can not be mapped is told before anything is kept.
        choices = wishes.choices(guessed, custom)
        run_id = upload(store, SYSTEM, opened_file, file.name, wishes.sheet, kind.type)
    with store.database.unit_of_work() as session:
        ask_to_run(session, SYSTEM, run_id, choices)
    _run_on(application, run_id, as_json=wishes.as_json)


def _run_on(application: Application, run_id: int, *, as_json: bool) -> None:
    store = application.store
    with _progress("Importing") as on_progress:
        done = run_all(store, run_id, on_progress)
    with store.database.reading() as session:
        errors = runs.errors(session, SYSTEM, run_id, limit=ALL_ERRORS)
    if as_json:
        told = {"run": run_id, "stopped": done.stopped}
        typer.echo(json.dumps({**told, **_as_json(done.header, done.fields, done.counts, errors)}))
        return
    if done.stopped:
        typer.echo(done.stopped)
    _show_counts(done.counts, KINDS[done.record_type], "were")
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


def _show_mapping(table: Table, fields: tuple[Meaning, ...], custom: CustomFields, kind: Kind) -> None:
    for name, field in zip(table.header, fields, strict=True):
        label = custom[field].name if field in custom else kind.labels[BuiltIn(field)]
        typer.echo(f"  {name} → {label}")


def _show_counts(counts: Counts, kind: Kind, verb: str) -> None:
    told = (
        f"Of {counts.rows} rows {counts.new} {verb} new {kind.words[1]}, {counts.changed} known ones completed or changed, "
        f"{counts.unchanged} known and left as they are, {counts.joined} about the same ones as earlier rows, "
        f"{counts.refused} refused."
    )
    if kind.type is not RecordType.COMPANY:
        told += f" New companies: {counts.companies}."
    if kind.names_clients:
        told += f" New contacts for them: {counts.contacts}."
    typer.echo(told)


def _show_errors(errors: list[RowError]) -> None:
    for error in errors[:SHOWN_ERRORS]:
        where = f"row {error.row}" + (f", {error.column}" if error.column else "")
        typer.echo(f"  {where}: {error.reason}")
    if len(errors) > SHOWN_ERRORS:
        typer.echo(f"  … and {len(errors) - SHOWN_ERRORS} more; --json lists all.")
