"""The 7th series and whom it was allotted to, and registers that are compared with it."""

from collections.abc import Sequence
from typing import Any

from ledger.exchange.registers.lines import register_in
from ledger.exchange.registers.reconciling import Reconciliation, reconciliation
from tests.exchange.sheets import Written, sheet
from tests.scenario import (
    Given,
    Story,
    allotted,
    day,
    series_7,
)

ALLOTTED: Sequence[Given] = (
    *series_7(),  # versions 1 and 2
    allotted(24),  # 3
    allotted(10, "director-2"),
    allotted(7, "officer-1", position="executive-officer"),
)
HEADINGS = ("series", "holder", "name", "rights")
NAMES = {
    "director-1": {"kanji": "高橋一郎", "kana": "タカハシイチロウ", "roman": "Ichiro Takahashi"},
    "director-2": {"kanji": "山﨑花子"},
    "officer-1": {"kanji": "齋藤次郎"},
}


def compared(
    story: Story, *rows: Written, headings: Written = HEADINGS, as_of: str = "2017-07-14", **asked: Any
) -> Reconciliation:
    return reconciliation(story.book, register_in(sheet(headings, *rows)), day(as_of), **asked)


def verdicts(found: Reconciliation) -> list[tuple[str | None, str | None, str, int | None, int | None]]:
    return [(row.series, row.holder, row.verdict, row.rights_here, row.rights_there) for row in found.answer]


def assumed(found: Reconciliation) -> list[str]:
    return [str(each.says) for each in found.assumptions]


OF_ALL: Sequence[Written] = (("7", "director-1", "", 24), ("7", "director-2", "", 10), ("7", "officer-1", "", 7))
