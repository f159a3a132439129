"""What is promised about speed, as ratios measured in one run: `make bench`.

The disk and the neighbours drift from minute to minute, so each figure is measured in turn with what it is compared
to, several times, and the median of the ratios is told, with the least and the greatest.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import all_ledgers, appending, bulk, growth, many_writers, postgres, price, reading, report, trust
from tests.benchmarks.ledgers import filled
from tests.benchmarks.timing import FIGURES, POINTS, SCALE, SKIPPED, Timed, compare, seconds


def process(arguments: Sequence[str], environment: dict[str, str]) -> Timed:
    """Time a whole process."""
    return lambda: seconds(lambda: subprocess.run(arguments, env=environment, capture_output=True, check=True))


def start_up(folder: Path) -> None:
    """`rights holdings` on a ledger of 1,000 entries, and the help of all commands, as whole processes."""
    environment = {**os.environ, "RIGHTS_DB": filled(folder, 1_000)}
    nothing = process([sys.executable, "-c", "pass"], environment)
    for words, promise in (("holdings", "at most 10"), ("--help", "at most 8")):
        ours = process([sys.executable, "-m", "ledger", words], environment)
        compare(f"rights {words}, whole process / python -c pass", promise, ours, nothing)


BENCHMARKS = {
    "start": (start_up,),
    "append": (appending.appending, appending.one_more),
    "postgres": (postgres.postgresql,),
    "writers": (many_writers.of_one_file, many_writers.of_many_ledgers),
    "bulk": (bulk.bulk, bulk.recording),
    "fold": (reading.scanning, reading.folding),
    "as-of": (reading.as_of,),
    "large": (reading.one_large,),
    "all-ledgers": (all_ledgers.holdings,),
    "trust": (trust.growing, trust.checking_a_receipt, trust.verifying),
    "price": (price.grids,),
    "balances": (growth.balances,),
    "growth": (growth.growing, growth.growing_database),
}


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="make bench ARGS=…",
        description="Measure, on this machine, what the documentation says. Example: make bench ARGS='--only append'",
    )
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--size", type=positive, default=SCALE.most, help="the most entries (default: 1,000,000)")
    parser.add_argument("--times", type=positive, help="how often two things are compared, for every figure")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the figures as a table")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write the chart of growth")
    given = parser.parse_args(arguments)
    if given.svg and given.only and "growth" not in given.only:
        parser.error("--svg is the chart of growth, which --only leaves out")
    return given


def positive(text: str) -> int:
    """A number from 1 on, as an option gives it."""
    number = int(text.replace(",", "").replace("_", ""))
    if number < 1:
        raise ValueError
    return number


def main(arguments: Sequence[str]) -> None:
    """Measure everything, or what is named."""
    given = options(arguments)
    SCALE.most, SCALE.times = given.size, given.times
    with tempfile.TemporaryDirectory() as run:
        for name in given.only or BENCHMARKS:
            for benchmark in BENCHMARKS[name]:
                with tempfile.TemporaryDirectory(dir=run) as folder:
                    benchmark(Path(folder))
    if given.markdown:
        given.markdown.write_text(report.table(FIGURES, SKIPPED), encoding="utf-8")
    if given.svg:
        given.svg.write_text(report.chart(POINTS), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
