"""The command lines of the pages in docs: every one runs on the demo's ledger, and prints what its page says."""

from pathlib import Path

import pytest

from tests.cli.terminal import REPOSITORY, Rights
from tests.cli.test_readme import blocks, command_lines, run_in_one_shell, unchanging

PAGES = [page.name for page in sorted((REPOSITORY / "docs").glob("*.md")) if blocks("console", page)]


@pytest.mark.parametrize("name", PAGES)
def test_every_command_line_prints_what_the_page_says(demo_ledger: Rights, folder: Path, name: str) -> None:
    page = REPOSITORY / "docs" / name
    for number, block in enumerate(blocks("text file", page)):  # what the commands of the page read
        first, _, rest = block.partition("\n")
        assert first.startswith("# "), f"{name}: file {number} does not begin with its name"
        (folder / first.removeprefix("# ")).write_text(rest, encoding="utf-8")
    steps = list(command_lines(page))
    told = run_in_one_shell([command for command, _ in steps], folder)
    for (command, expected), printed in zip(steps, told, strict=True):
        assert f"$ {command}\n{unchanging(printed)}" == f"$ {command}\n{unchanging(expected)}"
        assert len(command) <= 120


def test_there_are_such_pages() -> None:
    assert "streams.md" in PAGES
