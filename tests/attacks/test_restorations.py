"""A restoration that never was: written into the database by its owner, so that the signer believes another past."""

from pathlib import Path

import pytest

from ledger.proof.tree import EMPTY_ROOT
from tests.attacks.forging import Owner, with_entry
from tests.cli.terminal import Rights


@pytest.fixture
def remembered(attacked: Path, rights: Rights) -> Path:
    """The database of 49 entries, of which a checkpoint was issued here."""
    assert rights("checkpoint", "--ledger", "iij", "--out", "issued").code == 0
    return attacked


def with_another_past(owner: Owner, replaced_size: int | None, replaced_root: bytes | None) -> None:
    """An exercise is of other rights, and a restoration to nothing stands before all there is."""
    owner.change(42, lambda row: with_entry(row, rights=12))
    owner.say(
        "INSERT INTO restorations VALUES ('iij', 1, '2022-10-04T00:00:00.000000Z', 'it', 'the disk broke', 0, ?, ?, ?)",
        EMPTY_ROOT,
        replaced_size,
        replaced_root,
    )


@pytest.mark.parametrize(("size", "root", "why"), [
    (0, EMPTY_ROOT, "restoration 1 says that it replaced 0 entries, fewer than there were"),
    (48, None, "restoration 1 says that it replaced 48 entries, fewer than there were"),
    (49, EMPTY_ROOT, "restoration 1 says that it replaced 49 entries with another root"),
])  # fmt: skip
def test_no_checkpoint_is_issued_of_what_it_would_excuse(
    remembered: Path, rights: Rights, size: int, root: bytes | None, why: str
) -> None:
    with Owner(remembered) as owner:
        with_another_past(owner, size, root)
    assert rights("verify", "--ledger", "iij").code == 0
    told = rights("checkpoint", "--ledger", "iij")
    assert (told.code, why in told.sentence) == (3, True), told
    assert rights("verify", "--ledger", "iij", "--checkpoint", "issued").code == 3


def test_one_that_replaced_what_nobody_could_read_is_told_of(remembered: Path, rights: Rights) -> None:
    """It may be true: every checkpoint from then on says so, and one from before shows what became of the ledger."""
    with Owner(remembered) as owner:
        with_another_past(owner, None, None)
    told = rights("checkpoint", "--ledger", "iij")
    assert (told.code, "the disk broke" in told.out) == (0, True)
    assert rights("verify", "--ledger", "iij", "--checkpoint", "issued").code == 3
