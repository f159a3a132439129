"""`rights demo`: the two notices recorded, and asked as of telling days."""

import shlex
import shutil
import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import Annotated, Final

import typer

from ledger.cli.commands import KEEP
from ledger.cli.render import say, tell
from ledger.domain.errors import RefusedError
from ledger.opening import open_ledger

LEDGER: Final = "iij"

STEPS: Final = (
    (
        "The day the first rights were allotted: 128 rights, 25,600 shares, 422,600 yen a right.",
        "series --as-of 2014-07-10",
    ),
    (
        "The same rights by holder (the notice gives the sums, not the persons).",
        "holdings --series 2014 --as-of 2014-07-10",
    ),
    ("Three years later the 7th series: 245 rights more.", "series --as-of 2017-07-14"),
    (
        "director-2 left on 28 June 2018 and may exercise for ten days, from the next day on.",
        "eligibility --holder director-2 --on 2018-06-29",
    ),
    (
        "director-2 exercised: half of what was paid, for rights and shares, becomes capital.",
        "exercises --as-of 2018-07-31",
    ),
    (
        "officer-10 left on 27 June 2019 and did nothing. 7 July is the last day …",
        "eligibility --holder officer-10 --on 2019-07-07",
    ),
    (
        "… and on 8 July nothing is left, though nobody recorded anything.",
        "holdings --holder officer-10 --as-of 2019-07-08",
    ),
    (
        "director-4 died; the one heir was settled on 15 March 2020 and has six months.",
        "eligibility --holder heir-1 --on 2020-03-15",
    ),
    ("Two splits later a right is 800 shares; one yen stays one yen.", "series --as-of 2022-10-01"),
    (
        "Why? Every number says what it rests on.",
        "holdings --series 7 --holder director-1 --as-of 2022-10-01 --why",
    ),
)
"""What is asked, in words and as the command line that asks it."""


def add(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("demo", rich_help_panel=KEEP)
    def demo(
        db: Annotated[
            str | None, typer.Option("--db", metavar="URL", help="Where to keep it; default: a temporary folder.")
        ] = None,
    ) -> None:
        """Record the two notices this project comes from, and ask what holds on telling days.

        Example: rights demo
        """
        from ledger.cli.main import run

        url = db or f"sqlite:///{Path(tempfile.mkdtemp(prefix='rights-demo-')) / 'rights.db'}"
        example = resources.files("ledger.demo") / "iij.jsonl"
        with open_ledger(url, LEDGER, create=True) as book:
            try:
                outcome = book.record(example.read_bytes().splitlines(), actor="demo")
            except RefusedError as error:
                raise RefusedError(
                    error.code,
                    f"ledger {LEDGER} of that database is not the demo's: {error.message}; give another --db",
                ) from None
        say(f"Recorded {len(outcome.lines)} entries of {example.name} in ledger {LEDGER}.")
        for words, command in STEPS:
            say()
            tell(words)
            say()
            say(f"$ rights {command}")
            run([*shlex.split(command), "--db", url, "--ledger", LEDGER])
        for line in ("", "The ledger stays there for you to explore:", ""):
            say(line)
        # The URL of a server may hold a password.
        is_file = url.startswith("sqlite:")
        say(f"export RIGHTS_DB={shlex.quote(url)}" if is_file else "export RIGHTS_DB=URL  # the one that you gave")
        say(f"export RIGHTS_LEDGER={LEDGER}")
        # Right after `make demo` the command is not on the path yet.
        say("rights history" if shutil.which("rights") else f"{sys.executable} -m ledger history")
