"""One module per command of the command line; each has `app`, a Typer application."""
