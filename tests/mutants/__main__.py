"""What became of the mutants (`make mutants`): figures by file, the name of each survivor, a floor for all together.

``mutmut show NAME`` shows a mutant. Those that make no difference are explained in docs/mutants.md.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
FLOOR: Final = 95
"""Percent that a test must notice."""

SURVIVED: Final = {0, 5, 33}
"""How pytest ends where no test fails, where none was left, and mutmut where none comes by."""


class File(NamedTuple):
    """One file's mutants. noticed: a test failed, or did not come to an end. tried: all but those still to do."""

    name: str
    noticed: int
    tried: int
    to_do: int
    survivors: list[str]


def files() -> Iterator[File]:
    """What mutmut has written down."""
    kept = ROOT / "mutants"
    for path in sorted(kept.rglob("*.py.meta")):
        ended: dict[str, int | None] = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        tried = {name: code for name, code in ended.items() if code is not None}
        survivors = [name for name, code in tried.items() if code in SURVIVED]
        name = str(path.relative_to(kept).with_suffix(""))
        yield File(name, len(tried) - len(survivors), len(tried), len(ended) - len(tried), survivors)


def main() -> int:
    """Print the figures; 1 where too few were noticed."""
    found = [file for file in files() if file.tried or file.to_do]
    noticed, tried = sum(file.noticed for file in found), sum(file.tried for file in found)
    for file in found:
        more = f", {file.to_do} to do" if file.to_do else ""
        print(f"{file.name:34} {file.noticed:5,} of {file.tried:5,}{more}")
        for name in file.survivors:
            print(f"    {name}")
    print(f"{noticed:,} of {tried:,} were noticed: {100 * noticed / max(tried, 1):.1f} %")
    return 0 if tried and 100 * noticed >= FLOOR * tried else 1


if __name__ == "__main__":
    sys.exit(main())
