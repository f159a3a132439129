"""The long run of the power cuts: `python -m tests.durability --cuts 10000`, with figures, and with both controls."""

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.durability.cuts import Figures, chain
from tests.durability.life import MEMORY


def run(synchronous: str | None, cuts: int, seed: int) -> Figures:
    """Cut so often, and tell now and then how it is going."""
    name = "the store as it is" if synchronous is None else f"synchronous={synchronous}"
    began = perf_counter()
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="rights-cuts-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        for figures in chain(Path(folder), cuts=cuts, seed=seed, synchronous=synchronous):
            sys.stderr.write(f"\r{name}: {figures.cuts:,} cuts")
    sys.stderr.write("\r")
    took = perf_counter() - began
    sys.stdout.write(
        f"{name}: {figures.cuts:,} cuts in {figures.lives:,} lives, {took:,.0f} s\n"
        f"  entries that had to be there, all cuts together: {figures.acknowledged:,}; lost: {figures.lost:,}\n"
        f"  cuts that lost any: {figures.cuts_with_loss:,}; with one batch more than acknowledged:"
        f" {figures.cuts_with_more:,}\n"
    )
    for trouble in figures.troubles:
        sys.stdout.write(f"  {trouble}\n")
    return figures


def main() -> int:
    """Exit 1 where an acknowledged entry was lost, or a control lost none."""
    parser = argparse.ArgumentParser(prog="python -m tests.durability", description=__doc__)
    parser.add_argument("--cuts", type=int, default=10_000, help="with the store as it is; a tenth for each control")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    own = run(None, given.cuts, given.seed)
    controls = [run(synchronous, max(1, given.cuts // 10), given.seed) for synchronous in ("NORMAL", "OFF")]
    is_good = not own.lost and not own.troubles and all(control.lost for control in controls)
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main())
