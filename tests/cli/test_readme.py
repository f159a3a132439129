"""The command lines of the README and of other pages: every one runs, and prints what the page says."""

import os
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.cli.terminal import REPOSITORY, ROOT, Rights, Told, in_process

README = REPOSITORY / "README.md"
ELSEWHERE = ("make ", "git clone", "cd ")
MARK = "\x1e"


def blocks(language: str, page: Path = README) -> list[str]:
    """The fenced blocks of a language, in the order of the page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def command_lines(page: Path = README) -> Iterator[tuple[str, str]]:
    """Each command of the console blocks with the output that the page shows for it."""
    for block in blocks("console", page):
        assert block.startswith("$ ")
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            while command.endswith("\\"):
                more, _, output = output.partition("\n")
                command = f"{command}\n{more.removeprefix('> ')}"
            if not command.startswith(ELSEWHERE):
                yield command, output


def run_in_one_shell(commands: list[str], folder: Path) -> list[str]:
    """What each command prints, on both outputs, in one shell, so that what is exported stays."""
    script = "exec 2>&1\n" + f"\nprintf '{MARK}'\n".join(commands) + "\n"
    return in_process(["bash", "-c", script], folder).out.split(MARK)


def unchanging(text: str) -> str:
    """A text without what differs from day to day: instants of recording, who recorded, and the root over both."""
    text = ROOT.sub("<root>", text)
    text = re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9.]+)?Z", "<instant>", text)
    return re.sub(r"(?<=<instant>  )\S+ *", "<actor> ", text)


@pytest.mark.parametrize("page", [README, REPOSITORY / "docs" / "reconcile.md"], ids=lambda page: page.name)
def test_every_command_line_prints_what_the_page_says(tmp_path: Path, page: Path) -> None:
    steps = list(command_lines(page))
    assert steps
    told = run_in_one_shell([command for command, _ in steps], tmp_path)
    for (command, expected), printed in zip(steps, told, strict=True):
        assert f"$ {command}\n{unchanging(printed)}" == f"$ {command}\n{unchanging(expected)}"


def test_the_two_commands_come_first() -> None:
    first = blocks("console")[0]
    assert first.splitlines() == ["$ make demo", "$ make test"]


def test_no_command_line_is_wider_than_the_page() -> None:
    for command, _ in command_lines():
        assert len(command) <= 120


def test_the_term_sheet(rights: Rights, folder: Path) -> None:
    (sheet,) = blocks("toml")
    terms = tomllib.loads(sheet)["terms"]
    (folder / "series.toml").write_text(sheet, encoding="utf-8")
    assert rights("init").code == 0
    assert rights("company", "--company", terms["company"], "--name", "A", "--on", "2001-04-02").code == 0
    told = rights("issue", "series.toml")
    assert (told.code, told.err) == (0, "")
    required = {"company", "max_rights", "shares_per_right", "exercise_price", "exercise_period"}
    assert set(list(terms)[:5]) == required


def test_the_python(demo_ledger: Rights, capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = blocks("python")
    exec(compile(program, "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed] == ["2014", "7"]


def test_every_exit_code_is_named() -> None:
    table = re.findall(r"^\| ([0-9]) \|", README.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert table == ["0", "1", "2", "3", "4"]
    assert all(int(a) < int(b) for a, b in pairwise(table))


def test_every_command_and_option_named_in_the_text_exists(rights: Rights) -> None:
    text = README.read_text(encoding="utf-8")
    named = {tuple(words.split()) for words in re.findall(r"`rights ([a-z]+(?: upgrade)?)", text)}
    assert named
    for words in named:
        assert rights(*words, "--help") == Told(0, rights(*words, "--help").out, "")


def test_the_files_it_points_to_are_there() -> None:
    for target in re.findall(r"\]\(([^):#]+)\)", README.read_text(encoding="utf-8")):
        assert (REPOSITORY / target).exists(), target
    assert os.access(README, os.R_OK)
