"""docs/exchange.md: every command line of it runs, and prints what the page says."""

import re
from pathlib import Path

from tests.cli.terminal import REPOSITORY
from tests.cli.test_readme import run_in_one_shell, unchanging

PAGE = REPOSITORY / "docs" / "exchange.md"


def test_every_command_line_prints_what_the_page_says(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    steps = [step.partition("\n") for block in blocks for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    assert steps
    told = run_in_one_shell([command for command, _, _ in steps], tmp_path)
    for (command, _, expected), printed in zip(steps, told, strict=True):
        assert f"$ {command}\n{unchanging(printed)}" == f"$ {command}\n{unchanging(expected)}"


def test_the_files_it_points_to_are_there() -> None:
    for target in re.findall(r"\]\(([^):#]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / target).exists(), target
