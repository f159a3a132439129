"""How a page shows names: in no character that nobody sees, and of people as the ledger knows them."""

from ledger.domain.characters import seen
from ledger.reports.cells import label_of


def label(holder: str) -> str:
    """The shown name of a holder. Every holder's passes through here; the id stays beside it."""
    return shown(label_of(holder))


def shown(value: object) -> str:
    """A recorded text on one line, with what nobody sees made visible."""
    return seen(str(value))
