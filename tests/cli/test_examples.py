"""Every command's help has an example, and every example works as it is written there."""

import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ledger.cli.commands import KNOWN, PANELS, loaded
from tests.cli.terminal import REPOSITORY, Rights, json_lines
from tests.scenario import appointed

SERIES_8 = """\
series = "8"
on = 2018-06-28
source = "Notice of 28 June 2018"

[terms]
company = "IIJ"
name = "8th series"
max_rights = 200
shares_per_right = 200
exercise_price = 1
exercise_period = { from = 2018-07-14, until = 2048-07-13 }
allotment_date = 2018-07-13

[terms.conditions]
transfer = "board-approval"
"""

IN_ORDER = (
    "init", "db init", "db upgrade", "db roles", "demo", "reconcile", "check",
    "key new", "key show", "checkpoint", "receipt", "verify",
    "company", "issue", "price", "allot", "transfer", "record",
    "appoint", "waive", "depart", "exercise", "die", "inherit", "adjust", "split", "consolidate",
    "acquire", "restructure", "cancel", "retract",
    "holdings", "series", "eligibility", "exercises", "history", "volatility",
    "deadlines", "rollforward", "registration", "dilution",
    "explain", "diff",
    "people set", "people import", "people show", "people log", "people forget", "register", "extract",
    "template", "import",
    "export", "db backup", "db restore", "report",
)  # fmt: skip
"""Commands in an order in which their examples make sense, on the demo's ledger."""

SILENT = frozenset({"check"})
"""Commands that say nothing where all is well."""

ON_CITUS = frozenset({"db distribute"})
"""Commands whose examples name a server that has it, which the demo's ledger is not on."""

STAYING = frozenset({"serve"})
"""Commands that go on until they are ended: their examples run in tests of their own."""

ALONE = frozenset({"demo", "value", "rate", "key new", "key show", "checker", "template"})
"""Commands that ask no ledger."""


def commands(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command, or every command below a group, by the words that call it."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from commands(f"{words} {name}", below)
    else:
        yield words, command


COMMANDS = dict(found for name in KNOWN for found in commands(name, loaded(name)))


def example_of(name: str) -> str:
    """The line after ``Example:`` in a command's help, on that line or on the next."""
    text = COMMANDS[name].help or ""
    before, found, after = text.partition("Example:")
    assert found, f"the help of {name} has no example"
    assert before.strip(), f"the help of {name} does not say what it does"
    return " ".join(after.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_calls_the_command(name: str) -> None:
    words = shlex.split(example_of(name))
    assert " ".join(words).startswith(f"rights {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_shows_the_example_whole(rights: Rights, name: str) -> None:
    told = rights(*name.split(), "--help")
    assert (told.code, told.err) == (0, "")
    assert f"Example: {example_of(name)}" in " ".join(told.out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_breaks_where_the_terminal_ends(name: str) -> None:
    assert all("\n" not in paragraph for paragraph in (COMMANDS[name].help or "").strip().split("\n\n"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is(name: str) -> None:
    for parameter in COMMANDS[name].params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name}"


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"demo"}))
def test_every_command_takes_json(name: str) -> None:
    assert any("--json" in parameter.opts for parameter in COMMANDS[name].params)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - ALONE))
def test_every_command_says_which_ledger(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert "--db" in options
    assert "--ledger" in options or name.startswith("db ")


def test_no_command_is_left_out() -> None:
    assert sorted({*IN_ORDER, *ALONE, *ON_CITUS, *STAYING} & set(COMMANDS)) == sorted(COMMANDS)


def test_every_example_runs(demo_ledger: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    (folder / "series-8.toml").write_text(SERIES_8, encoding="utf-8")
    for sample in ("jgbcm.csv", "prices.csv"):
        shutil.copy(REPOSITORY / "tests" / "valuation" / "samples" / sample, folder)
    (folder / "people.csv").write_text("holder,kanji\ndirector-2,乙野次郎\n", encoding="utf-8")
    (folder / "entries.jsonl").write_bytes(json_lines(appointed("2018-06-28", holder="director-1")))
    (folder / "bank.csv").write_text(demo_ledger("register", "--csv", "--as-of", "2018-07-02").out, encoding="utf-8")
    shutil.copy(REPOSITORY / "docs" / "published.txt", folder)
    for name in (*IN_ORDER, *sorted(ALONE & set(COMMANDS) - set(IN_ORDER))):
        words = shlex.split(example_of(name))
        told = demo_ledger(*words[1:])
        assert (told.code, told.err) == (0, ""), f"{shlex.join(words)}: {told.err}"
        assert bool(told.out) == (name not in SILENT)
    assert demo_ledger("verify").code == 0


@pytest.mark.parametrize("name", sorted(ON_CITUS))
def test_an_example_for_citus_is_told_that_there_is_none(rights: Rights, name: str, postgres_database: str) -> None:
    (*words, url) = shlex.split(example_of(name))
    assert url.startswith("postgresql://")
    assert rights("db", "init", "--db", postgres_database).code == 0
    told = rights(*words[1:], postgres_database)
    assert (told.code, told.out) == (4, "")
    assert told.err.startswith("rights: missing-extension: ")


def test_the_examples_of_the_questions_have_something_to_show(demo_ledger: Rights) -> None:
    """On the ledger of the demo, as a newcomer tries them."""
    questions = ("holdings", "series", "eligibility", "exercises", "history")
    for name in (*questions, "deadlines", "rollforward", "registration", "dilution"):
        told = demo_ledger(*shlex.split(example_of(name))[1:])
        assert not told.out.endswith(": none\n"), name


def test_the_help_of_help_names_every_group(rights: Rights) -> None:
    told = rights("--help")
    places = [told.out.index(f"\n{panel}:\n") for panel in PANELS]
    assert places == sorted(places)
    for name in COMMANDS:
        assert f"\n  {name.split()[0]} " in told.out
