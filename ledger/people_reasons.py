"""What a reason for a change of people may not say: it stays for ever, and the particulars must be forgettable."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from ledger.domain.errors import MalformedError

NAMES: Final = frozenset({"kanji", "kana", "roman"})
LEAST: Final = 2
"""Characters: one alone names nobody."""


def refuse_named(reason: str | None, holder: str, particulars: Iterable[tuple[str, str | None]]) -> None:
    """Refuse a reason that holds a particular of a holder, or a word of his name, however it is written.

    particulars: old and new ones, each after the name of its field. Raises `MalformedError`; it repeats none.
    """
    for field, value in particulars:
        if reason is not None and value is not None and _holds(reason, value, by_words=field in NAMES):
            raise MalformedError(
                "malformed",
                f"the reason holds the `{field}` of {holder}: a reason stays for ever and must name nobody; say why"
                " without particulars, or leave it out where it may be",
            )


def _holds(reason: str, value: str, *, by_words: bool) -> bool:
    """Whether a text holds another. by_words: or one of its words, those of ASCII only where they are words there.

    >>> _holds("ＲＥＮＡＭＥＤ from Kono　Taro", "konotaro", by_words=False), _holds("planned", "Ann Li", by_words=True)
    (True, False)
    """
    told, sought = _folded(reason), _folded(value)
    squeezed, words = "".join(told.split()), re.findall(r"\w+", told, re.ASCII)
    parts = sought.split() if by_words else []
    return any(len(part) >= LEAST and (part in words if part.isascii() else part in squeezed) for part in parts) or (
        len(whole := "".join(sought.split())) >= LEAST and whole in squeezed
    )


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
