"""Signatures are checked in plain Python as the library `cryptography` does it, and keys are trusted alike."""

from collections.abc import Callable
from hashlib import sha512

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.errors import LedgerError
from ledger.proof.note import SigningKey, VerifierKey
from tests.proof.checker import MODULE

Y_OF_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022


def openssl_says(public: bytes, message: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def both_say(public: bytes, message: bytes, signature: bytes) -> bool:
    said: bool = MODULE.is_signed(public, message, signature)
    assert said == openssl_says(public, message, signature)
    return said


RFC_8032 = [tuple(map(bytes.fromhex, each)) for each in (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2"
        "4655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
        "eb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28"
        "dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17"
        "ad9bef1177331a704",
    ),
)]  # fmt: skip


@pytest.mark.parametrize("number", range(len(RFC_8032)))
def test_signatures_of_rfc_8032(number: int) -> None:
    public, message, signature = RFC_8032[number]
    assert both_say(public, message, signature)
    assert not both_say(public, message + b"x", signature)
    for at in range(64):
        assert not both_say(
            public, message, signature[:at] + bytes([signature[at] ^ 1 << at % 8]) + signature[at + 1 :]
        )


def test_s_is_below_the_order_of_the_group() -> None:
    public, message, signature = RFC_8032[1]
    s = int.from_bytes(signature[32:], "little")
    for more in (1, 2, 7):
        assert not both_say(public, message, signature[:32] + (s + more * MODULE.L).to_bytes(32, "little"))
    for length in (0, 32, 63, 65):
        assert not both_say(public, message, (signature * 2)[:length])


def encoded(point: tuple[int, int, int, int]) -> bytes:
    x, y, z, _ = point
    prime: int = MODULE.P
    inverse = pow(z, -1, prime)
    return (y * inverse % prime | (x * inverse % prime & 1) << 255).to_bytes(32, "little")


def test_keys_and_points_with_a_part_of_small_order() -> None:
    """Where formulas differ, both use that of RFC 8032 without the cofactor; R must be written in its one form."""
    base = MODULE.point(b"\x58" + b"\x66" * 31)
    torsion = MODULE.times(MODULE.L, MODULE.point((0).to_bytes(32, "little"))), MODULE.point(bytes(31) + b"\x80")
    said = set()
    for number in range(40):
        secret, random = 1_000_003 * (number + 1), 7_919 * (number + 5)
        public = encoded(MODULE.add(MODULE.times(secret, base), torsion[number % 2]))
        r = encoded(MODULE.times(random, base))
        h = int.from_bytes(sha512(r + public + b"message").digest(), "little") % MODULE.L
        s = (random + h * secret) % MODULE.L
        said.add(both_say(public, b"message", r + s.to_bytes(32, "little")))
        assert VerifierKey.parse(VerifierKey("a", public).text).public == public
        MODULE.key_from(VerifierKey("a", public).text)
    assert said == {True, False}


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.data())
def test_signatures_of_any_key(seed: bytes, message: bytes, data: st.DataObject) -> None:
    key = SigningKey("a", seed)
    signature = key._private.sign(message)
    assert both_say(key.verifier.public, message, signature)
    at = data.draw(st.integers(0, 511))
    changed = (int.from_bytes(signature, "big") ^ 1 << at).to_bytes(64, "big")
    assert not both_say(key.verifier.public, message, changed)


@settings(max_examples=200)
@given(st.binary(min_size=32, max_size=32))
def test_both_trust_the_same_keys(public: bytes) -> None:
    text = VerifierKey("a", public).text
    assert is_refused(VerifierKey.parse, text) == is_refused(MODULE.key_from, text)


@pytest.mark.parametrize("y", [0, 1, MODULE.P - 1, MODULE.P, MODULE.P + 1, MODULE.P + 18, 2, Y_OF_ORDER_8])
def test_both_refuse_the_same_keys(y: int) -> None:
    for sign in (0, 1):
        text = VerifierKey("a", (y | sign << 255).to_bytes(32, "little")).text
        assert is_refused(VerifierKey.parse, text)
        assert is_refused(MODULE.key_from, text)


def is_refused(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except (LedgerError, ValueError):
        return True
    return False
