"""The import sheets: one a kind of entry, and one of holders; their columns, and the words that mean them.

A retraction has none: it names a version of one ledger, which no document shows. `rights retract` records it.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from ledger.exchange.sheets.cells import folded
from ledger.exchange.sheets.columns import (
    COMMON,
    EXAMPLE,
    KINDS_OF_RESTRUCTURING,
    Choices,
    Column,
    Sheet,
    company,
    holder,
    inherited_from,
    on,
    ratio,
    rights,
    series,
    transferred_from,
)
from ledger.exchange.sheets.terms import SERIES

CAUSES: Final[Choices] = {
    "retirement": ("退任", "任期満了", "定年", "定年退職"),
    "resignation": ("辞任", "自己都合", "退職"),
    "dismissal": ("解任", "解雇", "免職"),
    "other": ("その他",),
}


def _position(*, required: bool, says: str) -> Column:
    example = "director" if required else None
    words = ("役職", "職位", "役位", "資格")
    return Column("position", "position", "地位", "name", words, required, example=example, says=says)


def _sheet(kind: str | None, names: tuple[str, str], columns: Iterable[Column], *synonyms: str, says: str) -> Sheet:
    return Sheet(kind, *names, (EXAMPLE, *columns, *(COMMON if kind else ())), synonyms, says)


HOLDERS: Final = _sheet(
    None,
    ("holders", "保有者"),
    (
        holder(),
        Column("kanji", "kanji", "氏名", "text", ("氏名漢字", "漢字氏名", "name"), example="見本太郎"),
        Column("kana", "kana", "氏名カナ", "text", ("フリガナ", "カナ", "カナ氏名"), example="ミホンタロウ"),
        Column("roman", "roman", "氏名ローマ字", "text", ("ローマ字", "英字氏名"), example="Taro Mihon"),
        Column("address", "address", "住所", "text", ("ご住所",), example="東京都千代田区一丁目1番1号"),
        Column("born", "born", "生年月日", "day", ("date of birth",), example="1960-01-01"),
    ),
    "people",
    "新株予約権者",
    "名簿",
    says="Names and addresses, kept beside the entries. An empty cell leaves what is kept as it is.",
)

SHEETS: Final = (
    HOLDERS,
    _sheet(
        "company",
        ("companies", "会社"),
        (
            company(),
            Column("name", "name", "商号", "text", ("会社名", "名称"), required=True, example="Example Inc."),
            on("known from", "設立日", "開始日", example="2001-04-02"),
            Column("currency", "currency", "通貨", "name", (), example="JPY"),
        ),
        says="Companies whose rights this ledger keeps.",
    ),
    SERIES,
    _sheet(
        "pricing",
        ("pricing", "払込金額"),
        (
            series(),
            on("priced on", "価額決定日", "決定日", "払込金額決定日"),
            Column(
                "price_per_share",
                "price per share",
                "1株当たり払込金額",
                "amount",
                ("1株当たりの払込金額",),
                required=True,
                example=2113,
            ),
            Column(
                "price_per_right",
                "price per right",
                "1個当たり払込金額",
                "amount",
                ("1個当たりの払込金額",),
                says="Empty: the price per share times the shares per right, rounded up.",
            ),
            Column("inputs", "inputs", "算定基礎", "json", (), says="What it was computed from: a JSON object."),
        ),
        "pricings",
        "prices",
        "価額",
        says="The amount paid for a right.",
    ),
    _sheet(
        "allotment",
        ("allotments", "割当"),
        (
            series(),
            holder("割当先", "割当先番号"),
            _position(required=True, says="Such as director; the same word as in the terms."),
            rights("割当個数", "割当数", "付与個数", "付与数"),
            on("allotted on", "割当日", "付与日", example="2026-07-13"),
        ),
        "allotment",
        "割当て",
        "割り当て",
        says="Rights that were allotted to holders.",
    ),
    _sheet(
        "appointment",
        ("appointments", "就任"),
        (
            holder(),
            _position(required=True, says="The position that was taken."),
            on("appointed on", "就任日", "選任日"),
        ),
        "選任",
        says="Positions that holders took.",
    ),
    _sheet(
        "departure",
        ("departures", "退任"),
        (
            holder(),
            on("departed on", "退任日", "地位喪失日", "退職日", "辞任日"),
            _position(required=False, says="The position that was lost; empty: all."),
            Column("cause", "cause", "退任事由", "choice", ("事由", "退任理由", "理由"), choices=CAUSES),
        ),
        "退職",
        "地位喪失",
        says="Positions that holders lost, other than by death. The day is the last in it.",
    ),
    _sheet(
        "death",
        ("deaths", "死亡"),
        (holder(), on("died on", "死亡日", "逝去日")),
        says="Holders who died.",
    ),
    _sheet(
        "inheritance",
        ("inheritances", "相続"),
        (
            holder(heading="deceased", japanese="被相続人", says="The id of the deceased."),
            Column(
                "heir",
                "heir",
                "相続人",
                "name",
                ("承継者", "権利承継者", "相続人ID"),
                required=True,
                example="example-heir",
            ),
            on("inherited on", "相続日", "承継日"),
            series(required=False, example=None, says="Empty: all series in which there is something to inherit."),
        ),
        says="The one heir of a deceased holder.",
    ),
    _sheet(
        "exercise",
        ("exercises", "行使"),
        (
            series(),
            holder("行使者"),
            rights("行使個数", "行使数", "行使新株予約権数"),
            on("exercised on", "行使日", "行使請求日", "権利行使日"),
            inherited_from(),
            transferred_from(),
            Column(
                "treasury_shares",
                "treasury shares",
                "自己株式数",
                "count",
                ("交付自己株式数", "うち自己株式"),
                default=0,
                says="How many of the shares delivered were treasury shares; empty: none.",
            ),
        ),
        "権利行使",
        says="Rights that were exercised.",
    ),
    _sheet(
        "waiver",
        ("waivers", "放棄"),
        (
            series(),
            holder("放棄者"),
            rights("放棄個数", "放棄数"),
            on("waived on", "放棄日", "権利放棄日"),
            inherited_from(),
            transferred_from(),
        ),
        "権利放棄",
        says="Rights that holders gave up.",
    ),
    _sheet(
        "transfer",
        ("transfers", "譲渡"),
        (
            series(),
            holder("譲渡人", heading="from holder", says="The id of who passed them on."),
            Column("to", "to holder", "譲受人", "name", ("譲渡先", "取得者"), required=True, example="example-officer"),
            rights("譲渡個数", "譲渡数"),
            on("transferred on", "譲渡日"),
            Column("approved_on", "approved on", "承認日", "day", ("取締役会承認日",)),
            transferred_from(),
        ),
        says="Rights that holders passed on to others.",
    ),
    _sheet(
        "split",
        ("splits", "株式分割"),
        (
            company(),
            ratio(required=True, example="2"),
            Column("record_date", "record date", "基準日", "day", ("分割基準日",), required=True, example="2026-12-31"),
            Column("meeting_closed_on", "meeting closed on", "株主総会終結日", "day", ("総会終結日",)),
        ),
        "分割",
        says="Share splits, effective the day after the record date. The ratio is the new shares for one old share.",
    ),
    _sheet(
        "consolidation",
        ("consolidations", "株式併合"),
        (company(), ratio(required=True, example="1/10"), on("consolidated on", "併合日", "併合効力発生日")),
        "併合",
        says="Share consolidations. The ratio is the new shares for one old share, below 1.",
    ),
    _sheet(
        "adjustment",
        ("adjustments", "付与株式数の調整"),
        (
            series(),
            Column(
                "shares_per_right",
                "shares per right",
                "調整後付与株式数",
                "count",
                ("付与株式数",),
                required=True,
                example=420,
            ),
            on("adjusted on", "調整日", "適用日"),
            Column("reason", "reason", "調整事由", "text", ("事由", "理由")),
        ),
        "調整",
        says="Other changes of the shares per right of a series, decided by the company.",
    ),
    _sheet(
        "acquisition",
        ("acquisitions", "取得"),
        (
            series(),
            Column(
                "approval.kind",
                "approved",
                "承認事項",
                "choice",
                ("取得事由", "approval kind"),
                required=True,
                choices=KINDS_OF_RESTRUCTURING,
                example="merger",
            ),
            Column(
                "approval.on",
                "approved on",
                "承認日",
                "day",
                ("approval day", "株主総会承認日"),
                required=True,
                example="2026-06-26",
            ),
            on("acquired on", "取得日"),
            Column("holders", "holders", "対象保有者", "names", (), says="Ids with commas between them; empty: all."),
        ),
        "無償取得",
        says="Rights that the company took back without payment.",
    ),
    _sheet(
        "cancellation",
        ("cancellations", "消却"),
        (series(), rights("消却個数", "消却数"), on("cancelled on", "消却日")),
        says="Rights that the company had taken back and cancelled.",
    ),
    _sheet(
        "restructuring",
        ("restructurings", "組織再編"),
        (
            company(),
            Column(
                "kind",
                "kind",
                "再編の種類",
                "choice",
                ("組織再編の種類", "行為"),
                required=True,
                choices=KINDS_OF_RESTRUCTURING,
                example="share-exchange",
            ),
            on("restructured on", "再編効力発生日", example="2026-10-01"),
            Column(
                "delivery",
                "delivery",
                "新株予約権の交付",
                "yes-no",
                ("交付", "交付の有無"),
                required=True,
                example="yes",
                says="Whether the agreement provides for rights of the successor.",
            ),
            Column("successor", "successor", "承継会社", "name", ("再編対象会社",), example="EXAMPLE-HD"),
            Column("successor_name", "successor name", "承継会社の商号", "text", (), example="Example Holdings Inc."),
            ratio(default="1"),
            Column(
                "series_map",
                "series map",
                "回号の対応",
                "pairs",
                ("回号対応",),
                says="Old series and the successor's: 7=B7, 8=B8; empty: all.",
            ),
        ),
        "再編",
        says="Mergers, demergers, share exchanges and share transfers.",
    ),
)
"""In the order of the template: by the life of a right."""

BY_KIND: Final[Mapping[str, Sheet]] = {sheet.kind: sheet for sheet in SHEETS if sheet.kind is not None}

BY_WORD: Final[Mapping[str, Sheet]] = {
    folded(word): sheet
    for sheet in SHEETS
    for word in (sheet.name, sheet.japanese, sheet.kind or sheet.name, *sheet.synonyms)
}
"""Sheets by every name for them, folded."""

MIXED: Final = frozenset({"entries", "記録", "エントリー"})
"""Names of a sheet whose column `type` says of each row what it is."""

HELP: Final = frozenset({"readme", "はじめに"})
"""Names of the template's first sheet, which explains the others."""
