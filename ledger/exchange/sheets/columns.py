"""What a column of an import sheet is, and the columns that several sheets share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from ledger.exchange.sheets.cells import Kind

Choices = Mapping[str, tuple[str, ...]]
"""Values that the contract lists, each with other words for it; the first of them is Japanese."""


class Column(Struct, frozen=True, eq=False):
    """A column of an import sheet.

    field: of the entry; with points between, inside what is nested. heading, japanese: as the template has them.
    synonyms: other headings that mean it. example: as the template's example row has it. default: what an entry means
    that leaves the field out. says: a line of help, in English, where the kind of the column does not say enough.
    """

    field: str
    heading: str
    japanese: str
    kind: Kind
    synonyms: tuple[str, ...] = ()
    required: bool = False
    choices: Choices = MappingProxyType({})
    example: object = None
    default: object = None
    says: str = ""


class Sheet(Struct, frozen=True, eq=False):
    """A kind of import sheet. kind: of its entries; None for the particulars of holders. synonyms: other names."""

    kind: str | None
    name: str
    japanese: str
    columns: tuple[Column, ...]
    synonyms: tuple[str, ...] = ()
    says: str = ""


EXAMPLE: Final = Column(
    "example", "example", "例", "text", ("記入例", "見本"), says="Leave it empty: a row marked here is not recorded."
)
"""Says that a row is the template's example; in every sheet the first."""

SOURCE: Final = Column(
    "source",
    "source",
    "出典",
    "text",
    ("典拠", "資料", "根拠資料", "document"),
    example="Minutes of the board, 26 June 2026",
    says="The document that shows the fact.",
)
NOTE: Final = Column("note", "note", "備考", "text", ("摘要", "メモ", "remarks"))
ID: Final = Column(
    "id",
    "id",
    "ID",
    "text",
    ("識別子", "管理番号", "entry id"),
    says="Your own id of the entry. Without one it is given an id by what it says.",
)
COMMON: Final = (SOURCE, NOTE, ID)


def company(field: str = "company", **given: Any) -> Column:
    """The column that names a company."""
    return Column(
        field,
        "company",
        "会社",
        "name",
        ("会社ID", "会社コード", "発行会社"),
        **{"required": True, "example": "EXAMPLE", **given},
    )


def series(**given: Any) -> Column:
    """The column that names a series."""
    return Column(
        "series",
        "series",
        "回号",
        "name",
        ("新株予約権", "新株予約権回号", "新株予約権の回号", "回次", "発行回", "発行回号", "シリーズ"),
        **{"required": True, "example": "example-1", **given},
    )


def holder(*synonyms: str, heading: str = "holder", japanese: str = "保有者", **given: Any) -> Column:
    """The column that names a holder by an id: names are personal data, and stay out of the entries."""
    return Column(
        "holder",
        heading,
        japanese,
        "name",
        (
            "holder",
            "保有者",
            "保有者ID",
            "保有者番号",
            "保有者コード",
            "権利者",
            "権利者番号",
            "権利者コード",
            "新株予約権者",
            "新株予約権者番号",
            "社員番号",
            "社員コード",
            "役員番号",
            *synonyms,
        ),
        **{"required": True, "example": "example-director", "says": "An id, never a name.", **given},
    )


def rights(*synonyms: str) -> Column:
    """The column that says how many rights."""
    words = ("新株予約権数", "新株予約権の数", "新株予約権個数", "number of rights", *synonyms)
    return Column("rights", "rights", "個数", "count", words, required=True, example=10)


def on(heading: str, japanese: str, *synonyms: str, example: str = "2026-06-26") -> Column:
    """The column of the effective day."""
    words = ("on", "effective day", "効力発生日", "日付", "年月日", *synonyms)
    return Column("on", heading, japanese, "day", words, required=True, example=example)


def inherited_from() -> Column:
    """The column that names of whom rights were inherited."""
    words = ("被相続人", "承継元")
    return Column(
        "inherited_from",
        "inherited from",
        "相続元",
        "name",
        words,
        says="Only of rights that were inherited: of whom.",
    )


def transferred_from() -> Column:
    """The column that names by whom rights were passed on."""
    words = ("譲受元", "取得元")
    return Column(
        "transferred_from",
        "transferred from",
        "譲渡元",
        "name",
        words,
        says="Only of rights that were received by transfer: by whom they were passed on.",
    )


def ratio(**given: Any) -> Column:
    """The column of a ratio."""
    words = ("割合", "分割比率", "併合比率", "交換比率", "移転比率", "分割割合", "併合割合")
    return Column("ratio", "ratio", "比率", "ratio", words, **given)


KINDS_OF_RESTRUCTURING: Final[Choices] = {
    "merger": ("合併", "吸収合併", "新設合併"),
    "absorption-type-demerger": ("吸収分割",),
    "incorporation-type-demerger": ("新設分割",),
    "share-exchange": ("株式交換",),
    "share-transfer": ("株式移転",),
}
"""The words of the notices, item 9."""
