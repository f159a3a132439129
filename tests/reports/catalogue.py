"""The Japanese catalogue as a translator keeps it, and how it is compiled (`make catalogue`)."""

import gettext
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ledger.reports.language import CATALOGUES

WRITTEN: Final = CATALOGUES / "ja" / "LC_MESSAGES" / "rights.po"
ALWAYS: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""What is compiled twice is the same."""


class Missing(gettext.NullTranslations):
    """Remembers what nobody has translated."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        """The message as it is."""
        self.asked.add(message)
        return message


def translations() -> dict[str, str]:
    """Each message and its translation."""
    with WRITTEN.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file, locale="ja") if each.id}


def compiled() -> bytes:
    """What the program reads."""
    with WRITTEN.open("rb") as file:
        catalogue = read_po(file, locale="ja")
    catalogue.creation_date = catalogue.revision_date = ALWAYS
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def main() -> None:
    """Write it beside."""
    Path(WRITTEN.with_suffix(".mo")).write_bytes(compiled())


if __name__ == "__main__":
    main()
