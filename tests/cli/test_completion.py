"""Shell completion: the ids of series and holders in the ledger that is asked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.cli.main import run
from tests.cli.terminal import Rights, in_process

SERIES = ["2014", "7"]


Completed = Callable[[str], list[str]]


@pytest.fixture
def completed(rights: Rights, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Completed:
    """What bash offers for the last word of a line."""

    def ask(line: str) -> list[str]:
        with monkeypatch.context() as shell:
            shell.setenv("_RIGHTS_COMPLETE", "complete_bash")
            shell.setenv("COMP_WORDS", line)
            shell.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
            code = run([])
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, "")
        return captured.out.split()

    return ask


@pytest.mark.parametrize(("line", "offered"), [
    ("rights holdings --series ", SERIES),
    ("rights holdings --series 2", ["2014"]),
    ("rights eligibility --series 7", ["7"]),
    ("rights holdings --holder director-", [f"director-{n}" for n in range(1, 8)]),
    ("rights exercise --series 7 --holder heir", ["heir-1"]),
    ("rights allot --series ", SERIES),
    ("rights depart --holder officer-1", ["officer-1", "officer-10", "officer-11"]),
    ("rights holdings --holder x", []),
    ("rights hol", ["holdings"]),
    ("rights explain --series ", SERIES),
    ("rights explain --holder heir", ["heir-1"]),
    ("rights diff --series 7", ["7"]),
    ("rights eligibility --kno", ["--known-at", "--known-version"]),
])  # fmt: skip
def test_ids_of_the_ledger_are_offered(
    demo_ledger: Rights, completed: Completed, line: str, offered: list[str]
) -> None:
    assert completed(line) == offered


@pytest.mark.parametrize("line", [
    "rights inherit --holder director-4", "rights exercise --inherited-from director-4",
    "rights waive --transferred-from director-4", "rights acquire --series 7 --holder director-4",
])  # fmt: skip
def test_every_option_that_names_a_known_holder_offers_them(
    demo_ledger: Rights, completed: Completed, line: str
) -> None:
    assert completed(line) == ["director-4"]


def test_the_database_named_on_the_line_is_asked(
    demo_ledger: Rights, completed: Completed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "rights.db").rename(folder / "other.db")
    assert completed("rights holdings --series ") == []
    assert completed("rights holdings --db sqlite:///other.db --series ") == SERIES
    monkeypatch.setenv("RIGHTS_DB", "sqlite:///other.db")
    assert completed("rights holdings --series ") == SERIES


@pytest.mark.parametrize(
    "database", ["sqlite:///missing.db", "nonsense", "postgresql://u:p@127.0.0.1:1/d", "sqlite:////"]
)
def test_where_there_is_no_ledger_nothing_is_offered_and_nothing_is_said(
    completed: Completed, folder: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setenv("RIGHTS_DB", database)
    assert completed("rights holdings --series ") == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_as_the_shell_asks(demo_ledger: Rights, folder: Path, shell: str) -> None:
    settings = {
        "_RIGHTS_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "rights holdings --holder heir",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args", "COMP_WORDS": "rights holdings --holder heir", "COMP_CWORD": "3",
        "RIGHTS_LEDGER": "iij",
    }  # fmt: skip
    told = in_process(["rights"], folder, settings=settings)
    assert (told.code, told.err) == (0, "")
    assert "heir-1" in told.out


def test_the_script_for_the_shell_names_the_command(folder: Path) -> None:
    told = in_process(["bash", "-c", "rights --show-completion bash || rights --show-completion"], folder)
    assert told.code == 0
    assert "_RIGHTS_COMPLETE=complete_bash" in told.out
