"""The table of commands: what it says of each before it is loaded, and that nothing is loaded but what is called."""

import inspect
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pytest
import typer

from ledger.cli.commands import KNOWN, Known, loaded
from tests.cli.terminal import Rights, in_process

MODULES = sorted({known.module for known in KNOWN.values()})

LOADED = """
import sys
from ledger.cli.main import run
code = run(sys.argv[1:])
names = [each.removeprefix("ledger.cli.") for each in sys.modules if each.startswith("ledger.cli.")]
print("LOADED", *names, *({"ledger.book", "sqlalchemy"} & set(sys.modules)))
sys.exit(code)
"""
"""Runs a command line, and prints what of ours it has loaded."""


def loaded_by(folder: Path, *arguments: str, **settings: str) -> set[str]:
    told = in_process([sys.executable, "-c", LOADED, *arguments], folder, settings=settings)
    assert (told.code, told.err) == (0, "")
    return set(told.out.splitlines()[-1].split()[1:]) & {*MODULES, "ledger.book", "sqlalchemy"}


@pytest.mark.parametrize("known", KNOWN.values(), ids=KNOWN)
def test_the_table_says_what_the_command_says(known: Known) -> None:
    command = loaded(known.name)
    says, _, _ = inspect.cleandoc(command.help or "").partition("\n\n")
    panel = getattr(command, "rich_help_panel", "")
    assert known == Known(command.name or "", panel, known.module, says)
    assert (command.hidden, command.deprecated) == (False, False)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_the_commands_of_the_table_in_their_order(module: str) -> None:
    app = typer.Typer()
    import_module(f"ledger.cli.{module}").add(app)
    told = [each.name for each in app.registered_commands] + [each.name for each in app.registered_groups]
    assert told == [known.name for known in KNOWN.values() if known.module == module]


def test_groups_come_last_and_panels_in_one_piece() -> None:
    """As typer lists what is added to it."""
    singles = [known for known in KNOWN.values() if not hasattr(loaded(known.name), "commands")]
    assert [*KNOWN.values()][: len(singles)] == singles
    panels = [panel for panel, _ in groupby(known.panel for known in singles)]
    assert len(panels) == len(set(panels))


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--version",)], ids=" ".join)
def test_the_help_of_all_loads_none(folder: Path, arguments: tuple[str, ...]) -> None:
    assert loaded_by(folder, *arguments) == set()


def test_a_name_is_completed_without_loading_any(folder: Path) -> None:
    completing = {"_RIGHTS_COMPLETE": "complete_bash", "COMP_WORDS": "rights h", "COMP_CWORD": "1"}
    assert loaded_by(folder, **completing) == set()


@pytest.mark.parametrize(("arguments", "module"), [
    (("holdings", "--help"), "ask"), (("checker",), "proofs"), (("key", "--help"), "proofs"), (("rate", "-h"), "rate"),
    (("die", "--help"), "record"),
])  # fmt: skip
def test_only_the_module_of_the_command_is_loaded(folder: Path, arguments: tuple[str, ...], module: str) -> None:
    assert loaded_by(folder, *arguments) & {*MODULES} == {module}


@pytest.mark.parametrize("command", ["holdings", "series", "eligibility", "exercises", "history"])
def test_a_question_on_a_file_is_answered_without_sqlalchemy(small_ledger: Rights, folder: Path, command: str) -> None:
    assert loaded_by(folder, command) == {"ask", "ledger.book"}


@pytest.mark.parametrize(("words", "module"), [
    ("deadlines", "report"), ("rollforward --from 2018-04-01 --until 2019-03-31", "company_reports"),
    ("registration --month 2018-07", "company_reports"), ("dilution --shares-outstanding 1000", "company_reports"),
])  # fmt: skip
def test_so_is_a_report(small_ledger: Rights, folder: Path, words: str, module: str) -> None:
    assert loaded_by(folder, *words.split()) == {module, "ledger.book"}


def test_ids_in_a_file_are_completed_without_sqlalchemy(small_ledger: Rights, folder: Path) -> None:
    completing = {"_RIGHTS_COMPLETE": "complete_bash", "COMP_WORDS": "rights holdings --series ", "COMP_CWORD": "3"}
    assert loaded_by(folder, **completing) == {"ask", "ledger.book"}


@pytest.mark.parametrize("arguments", [
    ("holdings", "--series", "--json"), ("db", "backup", "--db", "--json"), ("key", "new", "--name", "--json", "--no"),
])  # fmt: skip
def test_a_value_that_looks_like_an_option_asks_for_no_json(rights: Rights, arguments: tuple[str, ...]) -> None:
    told = rights(*arguments)
    assert told.code in {2, 4}
    assert told.err.startswith("rights: ")


@pytest.mark.parametrize("arguments", [("frob", "--json"), ("--json", "holdings"), ("db", "frob", "--json")])
def test_a_call_of_nothing_is_told_as_json(rights: Rights, arguments: tuple[str, ...]) -> None:
    told = rights(*arguments)
    assert told.code == 2
    assert told.err.startswith('{"error": {"code": "malformed"')


@pytest.mark.parametrize("arguments", [
    ("explain", "--series", "7"), ("diff", "--as-of", "2018-07-01", "--as-of", "2018-07-09"),
])  # fmt: skip
def test_what_is_asked_about_answers_is_answered_without_sqlalchemy_too(
    small_ledger: Rights, folder: Path, arguments: tuple[str, ...]
) -> None:
    assert loaded_by(folder, *arguments) == {arguments[0], "ledger.book"}
