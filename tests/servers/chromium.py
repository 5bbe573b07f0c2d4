"""The browser of the machine: Playwright's own would be a download that tests should not need."""

from servers.process import find_program

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_chromium() -> str:
    """Path of Chromium or Chrome; raises `MissingServer`."""
    return find_program("chromium", "chromium", or_else=("chromium-browser", "google-chrome"))
