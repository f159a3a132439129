"""The commands by their names: the help of all is printed, and one is completed, without loading any of them.

A command is loaded, with what it imports, when it is called, when its options are completed, and for its own help.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import groupby
from typing import Any, Final, NamedTuple

import click
import typer
from typer.core import TyperCommand, TyperGroup

RECORD: Final = "Record"
HOLDERS: Final = "Record what holders do"
COMPANIES: Final = "Record what the company does"
ASK: Final = "Ask"
PROVE: Final = "Prove"
KEEP: Final = "Keep"
PANELS: Final = (RECORD, HOLDERS, COMPANIES, ASK, PROVE, KEEP)
"""In the order of the help."""


class Known(NamedTuple):
    """What is known of a command, or of a group of them, before it is loaded.

    panel: of the help it is in. module: in `ledger.cli`; its function `add` adds it. says: the first line of its help.
    """

    name: str
    panel: str
    module: str
    says: str


def _of(panel: str, module: str, commands: Mapping[str, str]) -> Iterator[Known]:
    return (Known(name, panel, module, says) for name, says in commands.items())


# fmt: off
KNOWN: Final = {each.name: each for each in (
    *_of(RECORD, "batch", {
        "record": "Record entries from a file of JSON Lines: together, all or none.",
    }),
    *_of(RECORD, "importing", {
        "template": "Write a workbook to fill in, a sheet for each kind of entry and one for holders, for `rights "
        "import` to read.",
        "import": "Record what a spreadsheet or a package in an open cap format holds: shown before, all or nothing.",
    }),
    *_of(HOLDERS, "record", {
        "appoint": "Record that a holder took a position.",
        "depart": "Record that a holder lost a position, or all, other than by death (item 11(2)).",
        "die": "Record that a holder died (item 11(3)).",
        "inherit": "Record the one heir of a deceased holder, for one series or for all (item 11(3)).",
        "exercise": "Record that a holder exercised rights and paid for the shares (items 4, 6, 11).",
        "waive": "Record that a holder gave up rights.",
        "transfer": "Record that a holder passed rights on to another, where the terms allow it (item 7).",
    }),
    *_of(COMPANIES, "record", {
        "company": "Record a company whose rights this ledger keeps.",
        "split": "Record a share split (item 3).",
        "consolidate": "Record a share consolidation (item 3).",
        "restructure": "Record a merger, demerger, share exchange or share transfer (item 9).",
        "issue": "Record that a series was resolved, from a term sheet in TOML.",
    }),
    *_of(COMPANIES, "price", {
        "price": "Record the amount paid for a right, as given or as computed from market data (item 12).",
    }),
    *_of(COMPANIES, "record", {
        "allot": "Record that rights were allotted to a holder (items 13, 15).",
        "adjust": "Record another change of the shares per right of a series, decided by the company (item 3).",
        "acquire": "Record that the company took rights back without payment (item 8).",
        "cancel": "Record that the company cancelled rights that it had taken back.",
        "retract": "Record that an entry was wrong: it is read as if it had never been made, and stays in the history.",
    }),
    *_of(ASK, "ask", {
        "holdings": "Show every holding there ever was by a day, and where its rights went.",
        "series": "Show the series: what became of their rights, shares per right, prices, exercise period.",
        "eligibility": "Show who may exercise on a day, from when until when, and why not.",
        "exercises": "Show the exercises, with shares, payment, capital and capital reserve.",
        "history": "Show every entry as it was recorded: when, by whom, and what retracted it.",
    }),
    *_of(ASK, "report", {
        "deadlines": "Show what ends, begins or must be filed soon: windows, periods, heirs awaited, the register.",
    }),
    *_of(ASK, "company_reports", {
        "rollforward": "Show what became of the rights of each series in a span, as an annual report does.",
        "registration": "Show the exercises of a month as they are filed together, and by when.",
        "dilution": "Show how many shares the rights may become, fully diluted, and by the treasury-stock method.",
    }),
    *_of(ASK, "explain", {
        "explain": "Say why a holding, a series or an exercise is as it is: a sentence, and every step behind it.",
    }),
    *_of(ASK, "diff", {
        "diff": "Show what changed between two days, or two states of knowledge, and which entries changed it.",
    }),
    *_of(ASK, "reconcile", {
        "reconcile": "Compare the ledger with a register kept elsewhere, such as a trust bank's list: what agrees, "
        "what differs.",
    }),
    *_of(ASK, "asserting", {
        "check": "Check figures that are kept in a file against the ledger; silent when all hold.",
    }),
    *_of(ASK, "register", {
        "register": "Show the register of stock acquisition rights: who holds which, since when (Companies Act 249).",
        "extract": "Write what the register says of one holder, to be signed and given to him (Companies Act 250).",
    }),
    *_of(ASK, "page", {
        "report": "Write the ledger as one page that needs nothing beside it: every day of its life, with charts and "
        "a search.",
        "serve": "Show the page live to the browsers of this machine, at 127.0.0.1 alone, until Ctrl-C.",
    }),
    *_of(ASK, "value", {
        "value": "Value a right by Black-Scholes with a continuous dividend yield (item 12).",
    }),
    *_of(ASK, "market", {
        "volatility": "Work out the volatility of a share from the closes of each week's last trading day (item 12).",
    }),
    *_of(ASK, "rate", {
        "rate": "Read the risk-free rate for a term from the yields of Japanese government bonds (item 12).",
    }),
    *_of(PROVE, "proofs", {
        "verify": "Check that every stored entry is whole, in its place, and lawful; and that the ledger is what it "
        "once was.",
        "checkpoint": "Write how many entries there are, and the root of the tree over them: kept elsewhere, it pins "
        "down the past.",
        "receipt": "Write an entry, the proof that it is in the ledger, and a checkpoint: it can be checked without "
        "the database.",
        "checker": "Give the standalone checker, for whoever trusts neither this program nor this machine.",
    }),
    *_of(KEEP, "keep", {
        "init": "Make the database and the ledger, where they are not there yet.",
    }),
    *_of(KEEP, "export", {
        "export": "Write the ledger for others: as it is stored, for `rights record` elsewhere, or in another form.",
    }),
    *_of(KEEP, "follow", {
        "follow": "Print new entries as they come, as they are stored, a line each, until Ctrl-C.",
    }),
    *_of(KEEP, "demo", {
        "demo": "Record the two notices this project comes from, and ask what holds on telling days.",
    }),
    *_of(PROVE, "proofs", {
        "key": "Keys to sign checkpoints with.",
    }),
    *_of(KEEP, "people", {
        "people": "Keep names, addresses and dates of birth beside the ledger, and forget them.",
    }),
    *_of(KEEP, "keep", {
        "db": "Look after the database.",
    }),
)}
# fmt: on
"""In the order of the help in each panel; groups of commands come last."""


class Commands(TyperGroup):
    """The group of all commands. Those that it lists are names with a line of help; the one that it finds is loaded."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = {
            name: TyperCommand(name, help=known.says, rich_help_panel=known.panel) for name, known in KNOWN.items()
        }

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write all commands, by their panels; of each as much as there is to say, on as many lines as it takes."""
        del ctx
        for panel, known in groupby(sorted(KNOWN.values(), key=_panel_of), key=_panel_of):
            with formatter.section(PANELS[panel]):
                formatter.write_dl([(each.name, each.says) for each in known])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that words call. Raises `click.UsageError` where there is none."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, None if name is None else loaded(name), rest


def _panel_of(known: Known) -> int:
    return PANELS.index(known.panel)


@cache
def loaded(name: str) -> click.Command:
    """The command, or the group of commands, of a name of the table."""
    app = typer.Typer(add_completion=False)
    import_module(f"ledger.cli.{KNOWN[name].module}").add(app)
    app.registered_commands = [each for each in app.registered_commands if each.name == name]
    app.registered_groups = [each for each in app.registered_groups if each.name == name]
    command = typer.main.get_group(app).commands[name]
    _join_lines(command)
    return command


def _join_lines(command: click.Command) -> None:
    """Let the help of a command break where the terminal ends, not where the lines of the source do."""
    command.help = re.sub(r"(?<!\n)\n(?!\n)", " ", command.help or "")
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        _join_lines(each)
