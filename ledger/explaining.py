"""What is explained of a ledger: a holding or a series on a day, or an exercise by its version."""

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from ledger.domain.entries import Recorded, Retraction
from ledger.domain.errors import MalformedError
from ledger.domain.known import known_holder, known_holding, known_series
from ledger.domain.state import HoldingKey, State
from ledger.domain.timeline import up_to
from ledger.knowledge import Known
from ledger.projections.explain import Source, explained_exercise, explained_holding, explained_series, keys_of
from ledger.projections.report_rows import ExplanationRow
from ledger.reports.language import spoken
from ledger.reports.sentences import sentence


def explained(known: Known, on: date, asked: HoldingKey, *, every: bool) -> tuple[ExplanationRow, ...]:
    """A holding on a day, or all that its holder has in the series (``every``); of nobody, the series.

    Raises `RefusedError` for a series, a holder or a holding that is not known by that day.
    """
    state = known.state(on)
    known_series(state, asked.series, on)
    if not asked.holder:
        return (_said(explained_series(state, asked.series, on, up_to(known.placed, on), _source_in(known))),)
    known_holder(state, asked.holder, on)
    return tuple(_holdings(known, state, on, asked, every=every))


def _holdings(known: Known, state: State, on: date, asked: HoldingKey, *, every: bool) -> Iterator[ExplanationRow]:
    keys = keys_of(state, asked.series, asked.holder) if every else []
    for key in keys or [asked]:
        known_holding(state, key, on)
        yield _said(explained_holding(state, key, on, _source_in(known)))


def explained_version(known: Known, version: int) -> ExplanationRow:
    """An exercise. Raises `MalformedError` for a version that is of none that counts."""
    row = explained_exercise(known.state(), version, _source_in(known)) if version <= known.version else None
    if row is None:
        raise MalformedError("malformed", f"{_what_it_is(known, version)}; `--version` explains an exercise")
    return _said(row)


def _what_it_is(known: Known, version: int) -> str:
    if not 0 < version <= known.version:
        return f"the ledger {known.ledger} is at version {known.version}; there is no version {version}"
    for each in known.recorded[: known.version]:
        if isinstance(each.entry, Retraction) and each.entry.retracts == version:
            return f"version {version} was retracted by version {each.version}: nothing follows from it"
    return f"version {version} is an entry of the kind {_kind(known.recorded[version - 1])}"


def _kind(recorded: Recorded) -> str:
    return str(type(recorded.entry).__struct_config__.tag)


def _source_in(known: Known) -> Source:
    """What gives the document that shows an entry."""
    return lambda version: known.recorded[version - 1].entry.source


def _said(row: ExplanationRow) -> ExplanationRow:
    """With its sentence, which programs read in English."""
    with spoken("en"):
        return replace(row, sentence=sentence(row))
