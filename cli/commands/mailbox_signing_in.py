"""`mailsync mailbox connect-oauth`: a mailbox without a password, connected from the command line."""

from contextlib import closing
from datetime import datetime

import typer

from cli.application import Application, opened
from cli.signing_in import LoopbackListener, read_callback
from crm.access.viewer import Viewer
from mailsync.oauth.connecting import connect_signed_in
from mailsync.oauth.flow import Callback, Wishes, begin, take_back
from mailsync.oauth.providers import provider_of_address
from storage.models import OAuthProvider

PORT = 8026
"""Where the browser comes back to by default: an address that has to be registered at the provider."""


def connect_oauth(
    email: str,
    provider: OAuthProvider = typer.Option(None, help="By default the one of the address's domain."),
    name: str = typer.Option("", help="The sender's name on outgoing mail."),
    shared: bool = typer.Option(False, "--shared", help="Everybody may read it."),
    depth_since: datetime = typer.Option(None, help="How far back history is loaded (default: everything)."),
    port: int = typer.Option(PORT, min=0, max=65535, help="The browser comes back to this port of this machine."),
    paste: bool = typer.Option(False, "--paste", help="The browser is elsewhere: paste the address it ends at."),
) -> None:
    """Connect a mailbox by signing in at Google or Microsoft in a browser; also one that is to be signed in again."""
    chosen = provider or provider_of_address(email)
    depth = depth_since.astimezone().isoformat() if depth_since else None
    with opened() as application:
        wishes = Wishes(email, name, depth, shared)
        callback = (_pasted if paste else _listened)(application, chosen, wishes, port)
        returned = take_back(application.store, application.settings, chosen, callback)
        connected = connect_signed_in(application.store, application.settings, Viewer.system(), returned)
    typer.echo(
        f"Connected as mailbox {connected.mailbox_id}. A running daemon takes it up by itself; or run mailsync sync --once."
    )
    if connected.sending_problem:
        typer.echo(f"Nothing can be sent from it yet: {connected.sending_problem}", err=True)


def _listened(application: Application, provider: OAuthProvider, wishes: Wishes, port: int) -> Callback:
    with closing(LoopbackListener(port)) as listener:
        _show(application, provider, wishes, listener.redirect_uri)
        return listener.wait()


def _pasted(application: Application, provider: OAuthProvider, wishes: Wishes, port: int) -> Callback:
    _show(application, provider, wishes, f"http://localhost:{port}/")
    return read_callback(typer.prompt("The browser ends at a page that does not load. Paste its address here"))


def _show(application: Application, provider: OAuthProvider, wishes: Wishes, redirect_uri: str) -> None:
    url = begin(application.store, application.settings, Viewer.system(), provider, wishes, redirect_uri=redirect_uri)
    typer.echo(f"Open this address in a browser and sign in to the mailbox there:\n\n{url}\n")
