"""The parts of a workbook, which is an archive of XML: unpacked within bounds, and parsed without entities.

What an archive says of its own sizes is not believed: what comes out is counted.
"""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from ledger.domain.characters import shown
from ledger.domain.strict_json import malformed

if TYPE_CHECKING:
    from ledger.exchange.sheets.workbook_xml import Reading

MOST_PARTS: Final = 2_000
MOST_UNPACKED: Final = 200_000_000
"""Bytes of all parts that are read; 100,000 rows of twenty cells are about half of it."""

RATIO_FROM: Final = 10_000_000
MOST_RATIO: Final = 200
"""A part of that many bytes that is this many times as large as packed was made to be: sheets are some 10 to 50."""

AT_ONCE: Final = 1 << 22
"""Bytes: a comment or an attribute that is not whole is looked through again from its start with every piece."""

_ENCRYPTED: Final = 0x1


class Parts:
    """The parts of a workbook by name. name: of the file, as a person knows it. Raises `MalformedError`."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        self._unpacked = 0
        try:
            self._archive = ZipFile(BytesIO(content))
            found = self._archive.infolist()
        except (BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError) as error:
            malformed(f"{name} is no whole workbook: {error}")
        if len(found) > MOST_PARTS:
            malformed(f"{name} has {len(found):,} parts; a workbook has at most {MOST_PARTS:,}")
        self._parts: Mapping[str, ZipInfo] = {part.filename.lower(): part for part in found}
        if len(self._parts) < len(found):
            malformed(f"{name} has two parts of one name: it is no workbook that a spreadsheet program wrote")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def parse(self, part: str, handler: "Reading") -> None:
        """Read a part of XML, telling a handler of what is in it. Raises `MalformedError`."""
        from xml.sax import SAXException

        from defusedxml import DefusedXmlException
        from defusedxml.sax import make_parser

        parser = make_parser()
        parser.forbid_dtd = True
        parser.setContentHandler(handler)
        # Past the parser's own calls, which make an object of the attributes of each element: a sheet has millions.
        parser.start_element, parser.end_element = handler.element, handler.element_end
        try:
            for piece in self._unpack(part):
                parser.feed(piece)
            parser.close()
        except DefusedXmlException:
            malformed(f"{self._name} declares document types or entities in {shown(part)}, which no spreadsheet needs")
        except SAXException as error:
            malformed(f"{self._name} is damaged: {shown(part)} is no XML ({shown(error.getMessage())})")
        except (ValueError, LookupError, AssertionError) as error:
            malformed(f"{self._name} is damaged: {shown(part)} cannot be read ({shown(error)})")

    def _unpack(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece, as long as there are not too many."""
        found = self._parts.get(part.lower())
        if found is None:
            malformed(f"{self._name} is damaged: it has no {shown(part)}")
        if found.flag_bits & _ENCRYPTED:
            malformed(f"{self._name} is encrypted: save it without a password")
        size = 0
        with _told(self._name, part), self._archive.open(found) as stream:
            while piece := stream.read(AT_ONCE):
                size += len(piece)
                self._unpacked += len(piece)
                if size > RATIO_FROM and size > MOST_RATIO * max(1, found.compress_size):
                    malformed(
                        f"{self._name} unpacks {shown(part)} to more than {MOST_RATIO} times its size: it is refused"
                    )
                if self._unpacked > MOST_UNPACKED:
                    malformed(f"{self._name} unpacks to more than {MOST_UNPACKED:,} bytes: split it")
                yield piece


@contextmanager
def _told(name: str, part: str) -> Iterator[None]:
    """Tell of an archive that cannot be unpacked."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        malformed(f"{name} is damaged: {shown(part)} cannot be unpacked ({shown(error)})")


def target_of(source: str, target: str) -> str:
    """The name of the part that a relation of another names.

    >>> target_of("xl/workbook.xml", "worksheets/sheet1.xml"), target_of("xl/workbook.xml", "/xl/a.xml")
    ('xl/worksheets/sheet1.xml', 'xl/a.xml')
    """
    if target.startswith("/"):
        return target[1:]
    found: list[str] = []
    for piece in (PurePosixPath(source).parent / target).parts:
        if piece == "..":
            del found[-1:]
        else:
            found.append(piece)
    return "/".join(found)
