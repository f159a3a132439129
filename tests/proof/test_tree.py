"""The tree of RFC 6962: against its definition, read literally, and against roots and proofs that others published."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.proof.tree import EMPTY_ROOT, Range, Tree, is_consistent, leaf_hash, node_hash, root_by_inclusion

MOST = 130
"""Sizes up to here are tried one by one: past two powers of two, and past the third by two."""

ENTRIES = [f"entry {number}".encode() for number in range(MOST)]

PUBLISHED = [bytes.fromhex(each) for each in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
"""The eight leaves of Certificate Transparency's reference tests."""

ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Of the first none, one, two … of them."""

INCLUSION = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
"""Published paths, by index and size."""

CONSISTENCY = {
    (1, 1): (),
    (1, 8): INCLUSION[0, 8],
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
"""Published proofs, by the old and the new size."""


def root_of(entries: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    half = half_of(len(entries))
    return sha256(b"\x01" + root_of(entries[:half]) + root_of(entries[half:])).digest()


def half_of(size: int) -> int:
    """The largest power of two smaller than a size."""
    half = 1
    while half * 2 < size:
        half *= 2
    return half


def path_of(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH of 2.1.1."""
    if len(entries) == 1:
        return []
    half = half_of(len(entries))
    if index < half:
        return [*path_of(index, entries[:half]), root_of(entries[half:])]
    return [*path_of(index - half, entries[half:]), root_of(entries[:half])]


def subproof_of(old: int, entries: Sequence[bytes], *, is_known: bool = True) -> list[bytes]:
    """SUBPROOF of 2.1.2; PROOF is the one of a known root."""
    if old == len(entries):
        return [] if is_known else [root_of(entries)]
    half = half_of(len(entries))
    if old <= half:
        return [*subproof_of(old, entries[:half], is_known=is_known), root_of(entries[half:])]
    return [*subproof_of(old - half, entries[half:], is_known=False), root_of(entries[:half])]


def tree_of(entries: Sequence[bytes]) -> Tree:
    tree = Tree()
    tree.extend(entries)
    return tree


TREE = tree_of(ENTRIES)
SIZES = range(MOST + 1)
EDGES = (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 130)


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert root_of(PUBLISHED[:size]).hex() == ROOTS[size]
    assert tree_of(PUBLISHED).root(size).hex() == ROOTS[size]
    assert Range().extended(PUBLISHED[:size]).root().hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_paths(index: int, size: int) -> None:
    path = [bytes.fromhex(each) for each in INCLUSION[index, size]]
    assert tree_of(PUBLISHED).inclusion(index, size) == path
    assert root_by_inclusion(leaf_hash(PUBLISHED[index]), index, size, path) == bytes.fromhex(ROOTS[size])


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_published_proofs_of_consistency(old: int, size: int) -> None:
    proof = [bytes.fromhex(each) for each in CONSISTENCY[old, size]]
    assert tree_of(PUBLISHED).consistency(old, size) == proof
    assert is_consistent(old, bytes.fromhex(ROOTS[old]), size, bytes.fromhex(ROOTS[size]), proof)


def test_hashes_are_those_of_the_page() -> None:
    assert leaf_hash(b"L123456").hex() == sha256(b"\x00L123456").hexdigest()
    assert node_hash(b"N123", b"N456").hex() == sha256(b"\x01N123N456").hexdigest()
    assert sha256().digest() == EMPTY_ROOT


@given(st.lists(st.tuples(st.integers(0, MOST), st.integers(0, 20)), max_size=6))
def test_a_tree_that_grows_in_pieces_and_is_cut_is_one_made_at_once(steps: list[tuple[int, int]]) -> None:
    tree = Tree()
    for added, cut in steps:
        tree.extend(ENTRIES[tree.size : tree.size + added])
        tree.cut(max(0, tree.size - cut))
        assert tree.range_at(tree.size) == TREE.range_at(tree.size)
        assert [tree.inclusion(i, tree.size) for i in range(tree.size)] == [
            TREE.inclusion(i, tree.size) for i in range(tree.size)
        ]


@pytest.mark.parametrize("size", SIZES)
def test_every_root_is_that_of_the_definition(size: int) -> None:
    root = root_of(ENTRIES[:size])
    assert TREE.root(size) == root
    assert tree_of(ENTRIES[:size]).root(size) == root
    assert TREE.range_at(size) == Range().extended(ENTRIES[:size])


@pytest.mark.parametrize("size", SIZES)
def test_every_path_is_that_of_the_definition_and_leads_to_the_root(size: int) -> None:
    root = root_of(ENTRIES[:size])
    for index in range(size):
        path = TREE.inclusion(index, size)
        assert path == path_of(index, ENTRIES[:size])
        assert root_by_inclusion(leaf_hash(ENTRIES[index]), index, size, path) == root


@pytest.mark.parametrize("size", SIZES)
def test_every_proof_of_consistency_is_that_of_the_definition_and_holds(size: int) -> None:
    root = root_of(ENTRIES[:size])
    for old in range(size + 1):
        proof = TREE.consistency(old, size)
        assert proof == (subproof_of(old, ENTRIES[:size]) if old else [])
        assert is_consistent(old, TREE.root(old), size, root, proof)


@pytest.mark.parametrize("size", EDGES)
def test_a_path_holds_for_its_entry_and_place_alone(size: int) -> None:
    root = TREE.root(size)
    for index in range(size):
        leaf, path = leaf_hash(ENTRIES[index]), TREE.inclusion(index, size)
        elsewhere = [other for other in range(size) if other != index]
        assert all(root_by_inclusion(leaf, other, size, path) != root for other in elsewhere)
        assert root_by_inclusion(leaf_hash(b"forged"), index, size, path) != root
        for wrong in damaged(path):
            assert root_by_inclusion(leaf, index, size, wrong) != root


def damaged(proof: Sequence[bytes]) -> list[list[bytes]]:
    """A proof with one hash changed, left out, or added, at every place; and backwards."""
    found = [
        each
        for at in range(len(proof) + 1)
        for each in (
            [*proof[:at], bytes(32), *proof[at:]],
            [*proof[:at], *proof[at + 1 :]],
            [*proof[:at], *(leaf_hash(each) for each in proof[at : at + 1]), *proof[at + 1 :]],
        )
    ]
    return [each for each in [*found, list(reversed(proof))] if each != list(proof)]


@pytest.mark.parametrize("size", EDGES)
def test_a_proof_of_consistency_holds_for_its_sizes_and_roots_alone(size: int) -> None:
    root = TREE.root(size)
    for old in range(1, size):
        proof = TREE.consistency(old, size)
        assert not is_consistent(old, leaf_hash(b"forged"), size, root, proof)
        assert not is_consistent(old, TREE.root(old), size, leaf_hash(b"forged"), proof)
        for wrong in damaged(proof):
            assert not is_consistent(old, TREE.root(old), size, root, wrong)


@pytest.mark.parametrize("size", EDGES)
def test_without_a_proof_no_log_begins_with_a_shorter_one(size: int) -> None:
    for old in range(1, size):
        assert not is_consistent(old, TREE.root(old), size, TREE.root(size), [])


@pytest.mark.parametrize("size", [each for each in EDGES if each < 66])
def test_a_proof_of_consistency_is_not_one_of_other_sizes(size: int) -> None:
    """An old root of another size is another root: whoever claims it has none of these proofs."""
    for old in range(1, size):
        proof = TREE.consistency(old, size)
        for other in range(1, size):
            holds = is_consistent(other, TREE.root(other), size, TREE.root(size), proof)
            assert holds == (other == old)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (6, 5), (1, 1), (0, 0), (0, -1)])
def test_no_path_is_of_a_place_that_is_not_there(index: int, size: int) -> None:
    assert root_by_inclusion(leaf_hash(b""), index, size, []) is None
    with pytest.raises(ValueError, match=r"lea[fv]"):
        TREE.inclusion(index, size)


@pytest.mark.parametrize(("old", "size"), [(-1, 5), (6, 5), (1, -1)])
def test_no_log_begins_with_a_longer_one(old: int, size: int) -> None:
    assert not is_consistent(old, EMPTY_ROOT, size, EMPTY_ROOT, [])
    with pytest.raises(ValueError, match=r"leaves|begin"):
        TREE.consistency(old, size)


def test_every_log_begins_with_nothing_and_with_itself() -> None:
    root = TREE.root(5)
    assert is_consistent(0, EMPTY_ROOT, 5, root, [])
    assert not is_consistent(0, root, 5, root, [])
    assert not is_consistent(0, EMPTY_ROOT, 5, root, [root])
    assert is_consistent(5, root, 5, root, [])
    assert not is_consistent(5, root, 5, TREE.root(4), [])
    assert not is_consistent(5, root, 5, root, [root])


@pytest.mark.parametrize("size", [-1, MOST + 1])
def test_a_tree_has_no_root_of_what_it_does_not_hold(size: int) -> None:
    with pytest.raises(ValueError, match=f"there are {MOST} leaves, not {size}"):
        TREE.root(size)


@pytest.mark.parametrize("size", SIZES)
def test_a_range_can_be_packed_and_carried_on(size: int) -> None:
    packed = TREE.range_at(size).packed()
    assert len(packed) == 32 * size.bit_count()
    unpacked = Range.unpacked(size, packed)
    assert unpacked == TREE.range_at(size)
    assert unpacked.extended(ENTRIES[size:]) == TREE.range_at(MOST)


@pytest.mark.parametrize(
    ("size", "peaks"), [(0, b"x"), (1, b""), (3, bytes(32)), (3, bytes(65)), (4, bytes(64)), (-1, b"")]
)
def test_other_peaks_are_not_of_that_size(size: int, peaks: bytes) -> None:
    with pytest.raises(ValueError, match="are not the peaks of"):
        Range.unpacked(size, peaks)


entries = st.lists(st.binary(max_size=8), max_size=70)


@given(entries, entries)
def test_a_range_is_the_same_however_it_came_about(first: list[bytes], then: list[bytes]) -> None:
    whole = Range().extended([*first, *then])
    assert Range().extended(first).extended(then) == whole
    assert whole.root() == root_of([*first, *then])


@settings(max_examples=200)
@given(entries, entries)
def test_logs_are_consistent_where_one_begins_with_the_other(old: list[bytes], new: list[bytes]) -> None:
    """No proof that an honest log makes shows what is not so, and none is missing for what is so."""
    if len(old) > len(new):
        old, new = new, old
    begins = new[: len(old)] == old
    proof = tree_of(new).consistency(len(old), len(new))
    assert is_consistent(len(old), root_of(old), len(new), root_of(new), proof) == begins


@given(entries.filter(bool), st.data())
def test_an_entry_is_included_where_it_stands(log: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(log) - 1))
    claimed = data.draw(st.sampled_from(log) | st.binary(max_size=8))
    path = tree_of(log).inclusion(index, len(log))
    is_there = root_by_inclusion(leaf_hash(claimed), index, len(log), path) == root_of(log)
    assert is_there == (claimed == log[index])
