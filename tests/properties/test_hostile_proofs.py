"""Whatever a receipt or a checkpoint holds, it is refused in words, or it is one text alone and holds."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import mutations, seeds, targets

dice = st.integers(0, 2**32 - 1).map(Random)
RECEIPTS = tuple(seeds.receipts())
CHECKPOINTS = tuple(seeds.checkpoints())
NOTES = tuple(seeds.notes())


@settings(max_examples=300)
@given(dice)
def test_a_receipt_that_is_nearly_one(dice: Random) -> None:
    found = dice.choice(RECEIPTS)
    for _ in range(dice.randint(1, 3)):
        found = dice.choice([mutations.changed_text, mutations.forged_receipt])(found, dice)
    targets.receipt(found)


@settings(max_examples=300)
@given(dice)
def test_a_checkpoint_and_a_note_that_are_nearly_one(dice: Random) -> None:
    found = dice.choice(NOTES)
    for _ in range(dice.randint(1, 3)):
        found = mutations.changed_text(found, dice)
    targets.checkpoint(found)
    targets.note(found)


@given(st.binary(max_size=300) | st.text().map(str.encode))
def test_a_file_of_anything(content: bytes) -> None:
    for start in (b"", b"c2sp.org/tlog-proof@v1\n", b"rights-ledger/main\n17\n"):
        targets.receipt(start + content)
        targets.checkpoint(start + content)
        targets.note(start + content)


@pytest.mark.parametrize("receipt", RECEIPTS)
def test_the_receipts_of_the_seeds_hold(receipt: bytes) -> None:
    targets.receipt(receipt)
    assert targets.proves_something(receipt)


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_the_checkpoints_of_the_seeds_are_read(checkpoint: bytes) -> None:
    targets.checkpoint(checkpoint)
    targets.note(checkpoint)


def test_a_receipt_forged_without_a_key_is_consistent_in_itself() -> None:
    """Dice find receipts of other entries that hold: only a checkpoint from elsewhere tells them from true ones."""
    found = {mutations.forged_receipt(receipt, Random(number)) for receipt in RECEIPTS for number in range(1_000)}
    forged = [each for each in found - {*RECEIPTS} if targets.proves_something(each)]
    assert forged
