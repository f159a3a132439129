"""Archives of strangers: unpacked within bounds, and never anywhere but into memory."""

import io
import re
import stat
import struct
import warnings
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import pytest

from ledger.domain.errors import MalformedError
from ledger.exchange.zips import unpacked


def archive(*members: tuple[str | ZipInfo, bytes], packing: int = ZIP_DEFLATED) -> io.BytesIO:
    content = io.BytesIO()
    with warnings.catch_warnings(), ZipFile(content, "w", packing) as made:
        warnings.simplefilter("ignore")  # of names that stand there twice
        for name, body in members:
            made.writestr(name, body)
    content.seek(0)
    return content


def refused(content: io.BytesIO, **bounds: int) -> str:
    with pytest.raises(MalformedError) as refusal:
        unpacked(content, **bounds)
    return refusal.value.message


def test_files_come_out_by_name_and_folders_do_not() -> None:
    packed = archive(
        ("a/", b""),
        ("a/one.json", b"1"),
        ("./two.json", b"2"),
        ("__MACOSX/a/._one.json", b"x"),
        ("a/._one.json", b"x"),
        ("a/.DS_Store", b"x"),
    )
    assert unpacked(packed) == {"a/one.json": b"1", "two.json": b"2"}


@pytest.mark.parametrize("name", ["../one", "a/../../one", "/one", "C:/one", "\\one", "a\\..\\one", "one\u202e"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    assert refused(archive((name, b"1"))).startswith("the file ")


def test_a_symbolic_link_is_refused() -> None:
    link = ZipInfo("passwords")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refused(archive((link, b"/etc/passwd"))) == (
        "the file passwords in the archive is a symbolic link or no plain file"
    )


def test_a_name_that_stands_there_twice_is_refused() -> None:
    assert refused(archive(("one", b"1"), ("./one", b"2"))) == "the file one in the archive stands in the archive twice"


def test_the_most_members_are_read_and_one_more_is_not() -> None:
    two = [("one", b"1"), ("two", b"2")]
    assert len(unpacked(archive(*two), most_members=2)) == 2
    assert refused(archive(*two, ("three", b"3")), most_members=2) == ("the archive holds 3 files; at most 2 are read")


def test_the_most_bytes_are_unpacked_and_one_more_is_not() -> None:
    assert unpacked(archive(("one", bytes(500)), ("two", bytes(500))), most_unpacked=1_000) == {
        "one": bytes(500),
        "two": bytes(500),
    }
    assert refused(archive(("one", bytes(500)), ("two", bytes(501))), most_unpacked=1_000) == (
        "the archive unpacks to more than 1,000 bytes"
    )


@pytest.mark.parametrize("said", [1, 2**32 - 2])
def test_a_size_that_is_a_lie_is_not_believed(said: int) -> None:
    """The sizes in both headers of the one file are overwritten: the local one's, and the directory's."""
    honest = archive(("one", bytes(2_000))).getvalue()
    local, listed = honest.index(b"PK\x03\x04") + 22, honest.index(b"PK\x01\x02") + 24
    lying = bytearray(honest)
    for place in (local, listed):
        lying[place : place + 4] = struct.pack("<L", said)
    message = refused(io.BytesIO(bytes(lying)), most_unpacked=1_000)
    assert re.search("damaged|unpacks to more than 1,000 bytes", message)


def test_what_is_encrypted_or_packed_in_an_uncommon_way_is_refused() -> None:
    content = bytearray(archive(("one", b"1")).getvalue())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "is encrypted" in refused(io.BytesIO(bytes(content)))
    assert "in an uncommon way" in refused(archive(("one", b"1"), packing=ZIP_LZMA))


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"PK\x05\x06", archive(("one", b"1")).getvalue()[:-9]],
    ids=["nothing", "JSON", "its last mark alone", "cut"],
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    assert refused(io.BytesIO(content)).startswith("it is no zip archive")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    content = bytearray(archive(("one", b"what was packed" * 9)).getvalue())
    content[40] ^= 0xFF
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    with pytest.raises(MalformedError, match="zip archive"):
        unpacked(damaged)
