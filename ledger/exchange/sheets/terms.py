"""The sheet of series: an issue with its terms, flattened into columns with the contract's defaults."""

from typing import Any, Final

from ledger.exchange.sheets.cells import Kind
from ledger.exchange.sheets.columns import (
    COMMON,
    EXAMPLE,
    KINDS_OF_RESTRUCTURING,
    Choices,
    Column,
    Sheet,
    company,
    on,
    series,
)

PAYMENT: Final[Choices] = {"offset": ("相殺",), "cash": ("金銭", "現金", "払込"), "none": ("無償", "なし")}
DEPARTURE: Final[Choices] = {"all": ("すべて", "全て", "全部", "いずれの地位も"), "any": ("いずれか",)}
TRANSFER: Final[Choices] = {
    "prohibited": ("禁止", "譲渡禁止", "不可"),
    "board-approval": ("取締役会承認", "取締役会の承認", "承認", "要承認"),
    "free": ("自由", "制限なし"),
}
ROLL: Final[Choices] = {"none": ("なし", "繰り延べない"), "next-business-day": ("翌営業日",)}
ADJUSTMENT: Final[Choices] = {"fixed": ("固定", "調整しない"), "inverse": ("反比例", "調整する")}
ROUNDING: Final[Choices] = {
    "share": ("1株円未満切上げ", "1株"),
    "share-2": ("1株小数第2位", "小数第2位"),
    "right": ("1個円未満切上げ", "1個"),
}


def _of(field: str, heading: str, japanese: str, kind: Kind, *synonyms: str, **given: Any) -> Column:
    return Column(f"terms.{field}", heading, japanese, kind, synonyms, **given)


def _condition(field: str, heading: str, japanese: str, kind: Kind, *synonyms: str, **given: Any) -> Column:
    return _of(f"conditions.{field}", heading, japanese, kind, *synonyms, **given)


TERMS: Final = (
    _of(
        "max_rights",
        "max rights",
        "発行総数",
        "count",
        "上限個数",
        "新株予約権の総数",
        "発行個数",
        required=True,
        example=100,
    ),
    _of(
        "shares_per_right",
        "shares per right",
        "付与株式数",
        "count",
        "1個当たりの株式数",
        "目的株式数",
        required=True,
        example=100,
        says="Shares for one right, at issue.",
    ),
    _of("exercise_price", "exercise price", "行使価額", "amount", "行使価格", "権利行使価額", required=True, example=1),
    _of(
        "exercise_period.from",
        "exercise from",
        "行使期間開始日",
        "day",
        "行使開始日",
        "行使期間の初日",
        "行使期間自",
        required=True,
        example="2026-07-14",
    ),
    _of(
        "exercise_period.until",
        "exercise until",
        "行使期間終了日",
        "day",
        "行使終了日",
        "行使期間の末日",
        "行使期間至",
        required=True,
        example="2056-07-13",
    ),
    _of("name", "series name", "新株予約権の名称", "text", "名称", example="1st series"),
    _of("allotment_date", "allotment date", "割当日", "day", example="2026-07-13"),
    _of("payment_date", "payment date", "払込期日", "day", "払込日"),
    _of("payment", "payment", "払込方法", "choice", choices=PAYMENT, default="offset"),
    _condition("while_in_office", "in office", "在任中の行使", "yes-no", "while in office", default=False),
    _condition(
        "after_departure",
        "after departure",
        "退任後の行使期間",
        "span",
        "退任後行使期間",
        default={"days": 10},
        example="10 days",
        says="How long it may be exercised after a departure.",
    ),
    _condition(
        "departure",
        "departure",
        "退任の条件",
        "choice",
        "地位喪失の条件",
        choices=DEPARTURE,
        default="all",
        says="Lost when all positions are, or any of them.",
    ),
    _condition(
        "positions",
        "positions",
        "対象の地位",
        "names",
        "地位",
        example="director, executive-officer",
        says="The positions that count; empty: any.",
    ),
    _condition(
        "inheritance",
        "heir may exercise",
        "相続人の行使期間",
        "span",
        "inheritance",
        "相続人行使期間",
        default={"window": {"months": 6}},
        example="6 months",
        says="How long an heir may exercise.",
    ),
    _condition("lump_sum", "lump sum", "一括行使", "yes-no", "一括行使のみ", default=False),
    _condition("transfer", "transfer", "譲渡制限", "choice", "譲渡", choices=TRANSFER, default="prohibited"),
    _condition(
        "last_day_roll", "last day roll", "末日の繰延べ", "choice", "末日の取扱い", choices=ROLL, default="none"
    ),
    _of(
        "exercise_price_adjustment",
        "price adjustment",
        "行使価額の調整",
        "choice",
        "exercise price adjustment",
        choices=ADJUSTMENT,
        default="fixed",
    ),
    _of("price_rounding", "price rounding", "払込金額の端数処理", "choice", choices=ROUNDING, default="share"),
    _of(
        "acquisition_triggers",
        "acquisition triggers",
        "取得事由",
        "choices",
        "取得条項",
        choices=KINDS_OF_RESTRUCTURING,
        default=["merger", "share-exchange", "share-transfer"],
        says="Approvals upon which the company may take rights back, with commas between them.",
    ),
)

SERIES: Final = Sheet(
    "issue",
    "series",
    "新株予約権",
    (
        EXAMPLE,
        series(),
        on("resolved on", "発行決議日", "決議日", example="2026-06-26"),
        company("terms.company"),
        *TERMS,
        *COMMON,
    ),
    ("issues", "発行", "新株予約権の発行", "新株予約権の内容", "回号"),
    "Series as they were resolved, with their terms. An empty cell means what the contract says of it.",
)
