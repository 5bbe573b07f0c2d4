"""`mailsync token`: keys for programs that use the API."""

import typer

from cli.application import command_group, opened
from core.addresses import address_key
from core.errors import NotFound
from crm.access import repository
from crm.access.api_tokens import create_token
from crm.access.viewer import Viewer

app = command_group("Keys for programs that use the API.")


@app.callback()
def tokens() -> None:
    """Keep this a group, so that `token create` stays two words."""


@app.command()
def create(
    name: str,
    scope: list[str] = typer.Option(..., help="What it may do, such as mail:read; give it several times."),
    user: str = typer.Option(..., help="The address of the person on whose behalf it acts."),
) -> None:
    """Create a token and print it; it can not be shown again."""
    with opened() as application:
        with application.store.database.reading() as session:
            person = repository.person_by_key(session, Viewer.system(), address_key(user))
        if person is None:
            raise NotFound("There is no person with that address: see mailsync user add.")
        typer.echo(create_token(application.store, Viewer.system(), name=name, scopes=scope, user_id=person.id))
