"""Signed notes: the format's own example, RFC 8032's signatures, and everything that is not a note or a key."""

import sys
from base64 import b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.domain.errors import DamagedError, LedgerError, MalformedError
from ledger.proof.note import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    MissingLibraryError,
    Note,
    Signature,
    SigningKey,
    VerifierKey,
    from_base64,
    signers,
)

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """\
This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
""".encode()
"""Of C2SP signed-note 1.0.0."""

TEXT = "rights-ledger/main\n17\n"
KEY = SigningKey("hr@example.com", bytes(range(32)))
OTHER = SigningKey("audit.example", bytes(32))


def test_the_example_of_the_format_holds() -> None:
    key, note = VerifierKey.parse(EXAMPLE_KEY), Note.parse(EXAMPLE)
    assert note.text == "This is an example message.\n"
    assert signers(note, [key]) == (key,)
    assert key.text == EXAMPLE_KEY
    assert note.rendered() == EXAMPLE


@pytest.mark.parametrize("changed", [
    EXAMPLE.replace(b"message.", b"message!"),
    EXAMPLE.replace(b"This", b"\nThis"),
    EXAMPLE.replace(b"Uw2QOkn8", b"Uw2QOkn9"),
    EXAMPLE.replace(b"eyaQM=", b"eyaQI="),
])  # fmt: skip
def test_a_changed_example_does_not(changed: bytes) -> None:
    with pytest.raises(DamagedError, match=r"the signature of example\.com/foo does not hold"):
        signers(Note.parse(changed), [VerifierKey.parse(EXAMPLE_KEY)])


@pytest.mark.parametrize(("seed", "public", "text", "signature"), [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2"
        "4655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
        "eb00d291612bb0c00",
    ),
])  # fmt: skip
def test_signatures_are_those_of_rfc_8032(seed: str, public: str, text: str, signature: str) -> None:
    key = SigningKey("rfc", bytes.fromhex(seed))
    assert key.verifier.public.hex() == public
    assert key.sign(text).value.hex() == signature
    assert key.verifier.verifies(text, key.sign(text))
    assert not key.verifier.verifies(f"{text} ", key.sign(text))


def test_a_note_that_we_sign_holds_and_names_who_signed() -> None:
    note = Note(TEXT, (KEY.sign(TEXT), OTHER.sign(TEXT)))
    read = Note.parse(note.rendered())
    assert read == note
    assert signers(read, [OTHER.verifier, KEY.verifier]) == (KEY.verifier, OTHER.verifier)
    assert signers(read, [OTHER.verifier]) == (OTHER.verifier,)
    twice = Note(TEXT, (KEY.sign(TEXT), KEY.sign(TEXT)))
    assert signers(twice, [KEY.verifier]) == (KEY.verifier,)


def test_signatures_of_others_say_nothing() -> None:
    """Not even where they bear the same name, or the same id."""
    namesake = Signature(KEY.name, b"\0\0\0\0", bytes(64))
    same_id = Signature("elsewhere", KEY.verifier.key_id, bytes(64))
    another_algorithm = Signature("witness", b"\1\2\3\4", bytes(2_420))
    strangers = (namesake, same_id, another_algorithm)
    assert signers(Note(TEXT, (*strangers, KEY.sign(TEXT))), [KEY.verifier]) == (KEY.verifier,)
    with pytest.raises(DamagedError, match=r"none of the keys .* signed by hr@example\.com, elsewhere, witness"):
        signers(Note(TEXT, strangers), [KEY.verifier])
    with pytest.raises(DamagedError, match="signed by nobody"):
        signers(Note(TEXT), [KEY.verifier])


def test_one_bad_signature_of_a_known_key_is_enough() -> None:
    bad = Signature(OTHER.name, OTHER.verifier.key_id, KEY.sign(TEXT).value)
    for signatures in ((KEY.sign(TEXT), bad), (bad, KEY.sign(TEXT)), (KEY.sign(TEXT), OTHER.sign("")), (bad,)):
        with pytest.raises(DamagedError, match=r"the signature of audit\.example does not hold"):
            signers(Note(TEXT, signatures), [KEY.verifier, OTHER.verifier])


@pytest.mark.parametrize("length", [0, 1, 63, 65, 2_420])
def test_a_signature_of_another_length_does_not_hold(length: int) -> None:
    value = (KEY.sign(TEXT).value * 40)[:length]
    assert not KEY.verifier.verifies(TEXT, Signature(KEY.name, KEY.verifier.key_id, value))


LINE = KEY.sign(TEXT).line()
BROKEN = {
    "no line feed at the end": f"{TEXT}\n{LINE}"[:-1].encode(),
    "no text": b"",
    "a carriage return": f"{TEXT}\n{LINE}".replace("\n", "\r\n").encode(),
    "a tabulator": f"a\tb\n\n{LINE}".encode(),
    "an escape": f"\x1b[2J\n\n{LINE}".encode(),
    "not UTF-8": b"\xff\n",
    "half of a surrogate pair": b"\xed\xa0\x80\n",
    "a longer form of UTF-8": b"\xc0\xaf\n",
    "an empty line and no signature": f"{TEXT}\n".encode(),
    "an empty line among signatures": f"{TEXT}\n{LINE}\n".encode(),
    "a hyphen for the dash": f"{TEXT}\n{LINE}".replace("—", "-").encode(),
    "no name": f"{TEXT}\n{LINE}".replace(" hr@example.com", " ").encode(),
    "a name with a plus": f"{TEXT}\n{LINE}".replace("hr@", "hr+").encode(),
    "a name with a wide space": f"{TEXT}\n{LINE}".replace("hr@", "hr\u3000").encode(),
    "two spaces": f"{TEXT}\n{LINE}".replace("com ", "com  ").encode(),
    "a space at the end": f"{TEXT}\n{LINE}".replace("=\n", "= \n").encode(),
    "no base64": f"{TEXT}\n— a ????\n".encode(),
    "base64 without its padding": f"{TEXT}\n{LINE}".replace("=", "").encode(),
    "base64 with bits left over": f"{TEXT}\n— a AAAAAAB=\n".encode(),
    "base64 for addresses": f"{TEXT}\n— a ____-___\n".encode(),
    "no bytes but an id": f"{TEXT}\n— a AAAAAA==\n".encode(),
    "one signature too many": f"{TEXT}\n".encode() + "— a AAAAAAA=\n".encode() * (MAX_SIGNATURES + 1),
    "one byte too many": b"x" * MAX_NOTE_BYTES + b"\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_note(name: str) -> None:
    with pytest.raises(DamagedError) as refused:
        Note.parse(BROKEN[name])
    assert refused.value.exit_code == 3


def test_as_many_and_as_large_as_is_allowed() -> None:
    line = "— a AAAAAAA=\n"
    assert len(Note.parse(f"{TEXT}\n{line * MAX_SIGNATURES}".encode()).signatures) == MAX_SIGNATURES
    assert len(Note.parse(b"x" * (MAX_NOTE_BYTES - 1) + b"\n").text) == MAX_NOTE_BYTES
    # Sixteen signatures must be possible, also those of 2,420 bytes that do not fear quantum computers.
    large = Note(TEXT, tuple(Signature(f"witness-{each}.example/w1", b"\6\6\6\6", bytes(2_428)) for each in range(16)))
    assert Note.parse(large.rendered()) == large


def test_a_note_that_nobody_would_read_is_not_written() -> None:
    with pytest.raises(DamagedError, match="65,537 bytes; 65,536 are the most"):
        Note("x" * MAX_NOTE_BYTES + "\n").rendered()


def test_a_text_may_hold_empty_lines_and_dashes() -> None:
    text = "sonne\n\n— kein Name\n\nmond\n"
    note = Note(text, (KEY.sign(text),))
    assert Note.parse(note.rendered()) == note


NAME, KEY_ID, MATERIAL = KEY.verifier.text.split("+", 2)


@pytest.mark.parametrize("text", [
    "", "+", "++", NAME, f"{NAME}+{KEY_ID}", f"+{KEY_ID}+{MATERIAL}",
    *(f"h{each}r+{KEY_ID}+{MATERIAL}" for each in (" ", "\u00a0", "\n", "\x07", "+")),
    f"{NAME}+{KEY_ID.upper()}+{MATERIAL}", f"{NAME}+{KEY_ID[:-1]}+{MATERIAL}", f"{NAME}+0{KEY_ID}+{MATERIAL}",
    f"{NAME}+00000000+{MATERIAL}", f"other+{KEY_ID}+{MATERIAL}",
    f"{NAME}+{KEY_ID}+{MATERIAL[:-4]}", f"{NAME}+{KEY_ID}+{MATERIAL}AAAA", f"{NAME}+{KEY_ID}+{MATERIAL} ",
    f"{NAME}+{KEY_ID}+{MATERIAL}\n", f"{NAME}+{KEY_ID}+B{MATERIAL[1:]}", f"{NAME}+{KEY_ID}+{MATERIAL[:-1]}_",
])  # fmt: skip
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(MalformedError):
        VerifierKey.parse(text)


P = 2**255 - 19
Y_OF_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", [
    0, 1, P - 1, Y_OF_ORDER_8, P - Y_OF_ORDER_8,  # of small order
    P, P + 1, P + 3, P + 18,  # written a second time
    2, 7, P - 2,  # not on the curve
])  # fmt: skip
def test_a_key_under_which_anybody_could_sign_is_none(y: int, sign: int) -> None:
    public = (y | sign << 255).to_bytes(32, "little")
    with pytest.raises(MalformedError, match="no point of the curve that could be trusted"):
        VerifierKey.parse(VerifierKey("a", public).text)


@pytest.mark.parametrize("name", ["", "h r", "h+r", "h\u3000r", "h\nr", "h\x00r"])
def test_a_name_that_no_note_could_hold(name: str) -> None:
    with pytest.raises(MalformedError, match="a key's name is not empty"):
        SigningKey(name, bytes(32))


@pytest.mark.parametrize("passphrase", [None, "", "正しい馬"])
def test_a_private_key_is_kept_as_pem(passphrase: str | None) -> None:
    pem = KEY.to_pem(passphrase)
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----" if passphrase else b"-----BEGIN PRIVATE KEY-----")
    read = SigningKey.from_pem(KEY.name, pem, passphrase)
    assert read.verifier == KEY.verifier
    assert read.sign(TEXT) == KEY.sign(TEXT)


X25519 = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VuBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
-----END PRIVATE KEY-----
"""
"""Of the same curve, but none to sign with."""


@pytest.mark.parametrize(("pem", "passphrase", "why"), [
    (b"", None, "no private key in PEM"),
    (b"\xff\x00", None, "no private key in PEM"),
    (KEY.to_pem()[:60], None, "no private key in PEM"),
    (KEY.verifier.text.encode(), None, "no private key in PEM"),
    (KEY.to_pem("right"), None, "a passphrase must be given exactly where"),
    (KEY.to_pem("right"), "wrong", "or the passphrase is another"),
    (KEY.to_pem(), "needless", "a passphrase must be given exactly where"),
    (X25519, None, "of another kind than Ed25519"),
])  # fmt: skip
def test_what_is_no_private_key(pem: bytes, passphrase: str | None, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        SigningKey.from_pem("a", pem, passphrase)


def test_nothing_shows_the_private_key() -> None:
    seed = bytes(range(32))
    for text in (repr(KEY), str(KEY), str(vars(KEY))):
        assert seed.hex() not in text
        assert b64encode(seed).decode() not in text
        assert repr(seed) not in text


def test_without_the_library_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    note, key = Note(TEXT, (KEY.sign(TEXT),)), KEY.verifier
    pem = KEY.to_pem()
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric", None)
    for needs_it in (
        lambda: signers(note, [key]),
        lambda: SigningKey("a", bytes(32)),
        lambda: SigningKey.from_pem("a", pem),
    ):
        with pytest.raises(MissingLibraryError, match=r"pip install 'rights-ledger\[sign\]'.*standalone") as refused:
            needs_it()
        assert (refused.value.code, refused.value.exit_code) == ("missing-library", 2)
    # Reading needs nothing, nor does saying that no known key signed.
    assert Note.parse(note.rendered()) == note
    assert VerifierKey.parse(key.text) == key
    with pytest.raises(DamagedError, match="none of the keys"):
        signers(note, [VerifierKey.parse(EXAMPLE_KEY)])


names = st.text(st.characters(codec="utf-8", exclude_characters="+"), min_size=1).filter(
    lambda name: not any(each.isspace() or each < " " for each in name)
)
texts = st.text(st.characters(codec="utf-8", min_codepoint=32) | st.just("\n")).map(lambda text: f"{text}\n")
signatures = st.builds(Signature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))


@given(texts, st.lists(signatures, min_size=1, max_size=5).map(tuple))
def test_what_is_written_is_read(text: str, signatures: tuple[Signature, ...]) -> None:
    note = Note(text, signatures)
    assert Note.parse(note.rendered()) == note


@given(st.binary() | st.text().map(str.encode) | st.builds(bytes.__add__, st.binary(), st.just(LINE.encode())))
@example(f"{TEXT}\n{LINE}".encode())
def test_any_bytes_are_one_note_or_none(content: bytes) -> None:
    try:
        note = Note.parse(content)
    except LedgerError as refused:
        assert (refused.code, refused.exit_code) == ("damaged", 3)
    else:
        assert note.rendered() == content


@given(st.text())
@example(KEY.verifier.text)
def test_any_text_is_one_key_or_none(text: str) -> None:
    try:
        key = VerifierKey.parse(text)
    except LedgerError as refused:
        assert (refused.code, refused.exit_code) == ("malformed", 2)
    else:
        assert key.text == text


@given(st.text())
def test_base64_has_one_form(text: str) -> None:
    found = from_base64(text)
    assert found is None or b64encode(found).decode() == text
