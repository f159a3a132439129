"""A real browser without a window, by its own command line: pictures, prints, and what a page measures."""

import json
import os
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

import pytest

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM: Final = next(filter(None, map(shutil.which, NAMES)), None)
QUIET: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SECONDS: Final = 120

NONE: Final = "NO CHROMIUM ON THE PATH: no page was looked at in a browser (apt-get install chromium)"

needs_chromium = pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason=NONE)
"""Without a browser such a test is skipped on somebody's machine, and fails where it is decided what may land."""


def browse(page: Path, folder: Path, *arguments: str) -> str:
    """Open a file, and return what the browser prints. It fails where the browser is there but does not work."""
    assert CHROMIUM is not None, NONE
    command = [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", *arguments, page.as_uri()]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS", "DISPLAY"))}
    done = subprocess.run(command, env=kept | {"HOME": str(folder)}, capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


def measured(markup: str, folder: Path, *, width: int, script: str) -> Any:
    """Open a page in a frame so wide, and return what a script says of it. script: an expression; `page` is its window.

    A window cannot be as narrow as a phone's, a frame can.
    """
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", markup)
    frame = f'<iframe style="border:0;width:{width}px;height:900px" srcdoc="{escape(bare)}"></iframe>'
    says = (
        "onload = () => { const page = document.querySelector('iframe').contentWindow;"
        f"const said = JSON.stringify({script}); document.body.textContent = 'said' + said + 'said'; }}"
    )
    harness = folder / "harness.html"
    harness.write_text(
        f'<!doctype html><meta charset="utf-8"><body>{frame}<script>{says}</script></body>', encoding="utf-8"
    )
    dumped = browse(harness, folder, "--dump-dom")
    found = re.search(r"<body>said(.*)said", dumped, re.DOTALL)
    assert found is not None, dumped[:500]
    return json.loads(unescape(found[1]))


def printed(page: Path, folder: Path) -> bytes:
    """A page as PDF."""
    file = folder / "printed.pdf"
    browse(page, folder, "--no-pdf-header-footer", f"--print-to-pdf={file}")
    return file.read_bytes()


def pictured(page: Path, folder: Path, *arguments: str) -> bytes:
    """A page as PNG."""
    file = folder / "pictured.png"
    browse(page, folder, "--window-size=1280,900", f"--screenshot={file}", *arguments)
    return file.read_bytes()
