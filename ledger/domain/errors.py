"""What can go wrong, as types: one class a kind of exit, one code a rule.

The codes and their order of precedence are the contract's. A message says who, what, when, what would have been
allowed, and by which item of the notice, article or page.
"""

from typing import ClassVar, Final

from ledger.domain.characters import seen

PRECEDENCE: Final = (
    "malformed",
    "unknown-type",
    "id-reused",
    "stale-version",
    "unknown-company",
    "unknown-series",
    "unknown-holder",
    "unknown-holding",
    "duplicate",
    "bad-ratio",
    "not-whole-rights",
    "wrong-allotment-date",
    "wrong-position",
    "over-maximum",
    "not-deceased",
    "already-deceased",
    "not-inheritable",
    "heir-deceased",
    "already-inherited",
    "nothing-to-inherit",
    "transfer-prohibited",
    "approval-required",
    "not-acquirable",
    "outside-exercise-window",
    "insufficient-rights",
    "lump-sum-only",
    "too-many-treasury-shares",
    "nothing-to-retract",
    "contradiction",
)
"""Every code that refuses an entry; where several rules are broken, the first is told."""


class LedgerError(Exception):
    """Anything the ledger says no to.

    code: kebab-case, stable; programs branch on it.
    message: one sentence for a person, on one line.
    line: the line of the input it is about (1, 2, 3 …), or None.
    contradicts: the version of the recorded entry that the input contradicts, or None.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, message: str, *, line: int | None = None, contradicts: int | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = seen(message)
        self.line = line
        self.contradicts = contradicts

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class RefusedError(LedgerError):
    """A rule of the ledger refuses it; nothing was recorded."""


class MalformedError(LedgerError):
    """The call or the input is malformed (`malformed`, `unknown-type`); nothing was recorded."""

    exit_code = 2


class DamagedError(LedgerError):
    """The ledger is damaged, or does not match what was proved of it."""

    exit_code = 3


class EvidenceError(DamagedError):
    """A checkpoint, a receipt, an export or a backup does not hold; nothing is said of the ledger."""


class DatabaseError(LedgerError):
    """The database cannot be used."""

    exit_code = 4
