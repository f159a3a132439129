"""What somebody probably meant to type."""

from collections.abc import Iterable

MOST_NAMES = 5_000
"""Comparing a name with more takes longer than somebody who mistyped one would wait."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Words to add to a message: the closest known name, or nothing when none is close.

    >>> did_you_mean("directer-1", ["director-1", "officer-1"])
    ' (did you mean director-1?)'
    """
    names = list(known)
    if len(names) > MOST_NAMES:
        return ""
    # Loaded where first needed: an error that nobody makes should cost no start-up.
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""
