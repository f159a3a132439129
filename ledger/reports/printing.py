"""Pages on paper: printed by the browser that is there."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from ledger.domain.errors import MalformedError

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS: Final = 180
_QUIET: Final = (
    *("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer"),
)
"""Without a window, and without a word to anybody."""


def browser() -> str:
    """The browser that prints. Raises `MalformedError` where there is none."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found is not None:
            return found
    raise MalformedError(
        "malformed",
        "--pdf prints by Chromium or Chrome, and none is on the PATH: install one (`apt-get install chromium`), or "
        "write --html and print it where there is a browser",
    )


def print_pdf(page: Path, file: Path, folder: Path) -> None:
    """Print a page to a file. folder: for what the browser leaves behind.

    Raises `MalformedError` where there is no browser, or where it does not print.
    """
    unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []  # as root it runs in no other way
    profile = f"--user-data-dir={folder / 'browser'}"
    command = [browser(), *_QUIET, *unconfined, profile, f"--print-to-pdf={file}", page.absolute().as_uri()]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBUS")}
    try:
        done = subprocess.run(  # noqa: S603 - a browser on the PATH, with no word of anybody else
            command, env=kept | {"HOME": str(folder)}, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise MalformedError("malformed", f"{command[0]} did not print the page in {SECONDS} seconds") from None
    if done.returncode != 0 or not file.is_file():
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise MalformedError("malformed", f"{command[0]} did not print the page: {''.join(said) or 'it says nothing'}")
