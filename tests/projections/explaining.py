"""What a story explains, to compare: every step with its version and item."""

from typing import Any

from ledger.projections.report_rows import ExplanationRow
from tests.scenario import Story, day, one

PERIOD = "2017-07-15 to 2047-07-14"
"""The exercise period of the 7th series."""


def explained(
    story: Story, on: str, holder: str | None = "director-1", series: str = "7", **more: Any
) -> ExplanationRow:
    return one(story.book.explain(day(on), series=series, holder=holder, **more))


def steps(row: ExplanationRow) -> list[tuple[int | None, str, str]]:
    return [(step.version, step.item, step.says) for step in row.steps]


def window(row: ExplanationRow) -> list[tuple[int | None, str, str]]:
    """The steps that count days: between what changed the counts, and what comes of them."""
    items = ("item 11", "item 5", "item 7", "terms", "Civil Code")
    return [step for step in steps(row) if step[1].startswith(items) and not step[2].startswith("exercised ")]
