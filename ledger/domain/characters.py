"""Characters that nobody sees: refused in names, escaped in messages."""

from collections.abc import Sequence
from typing import Final
from unicodedata import category

UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories: control, format and bidirectional, half a pair, separators of lines and of paragraphs."""

LONGEST_SHOWN: Final = 80
MOST_SHOWN: Final = 5


def is_seen(character: str) -> bool:
    """Whether a character leaves a mark or a space, and nothing else."""
    return category(character) not in UNSEEN


def seen(text: str) -> str:
    r"""A text on one line, with what nobody sees escaped: a message must not move the cursor of a terminal.

    >>> seen("director-1\n")
    'director-1\\u000a'
    """
    if text.isprintable():  # to Python even less is: not every space, nothing unassigned
        return text
    return "".join(each if is_seen(each) else f"\\u{ord(each):04x}" for each in text)


def shown(value: object) -> str:
    """A value inside a message, cut where it is long."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def listed(values: Sequence[object]) -> str:
    """Values inside a message: the first few, and how many more there are.

    >>> listed(range(8))
    '0, 1, 2, 3, 4 and 3 more'
    """
    more = len(values) - MOST_SHOWN
    return ", ".join(map(shown, values[:MOST_SHOWN])) + (f" and {more:,} more" if more > 0 else "")
