"""Whether two names may be one, written in two ways: what is passed over to make them alike is told, never hidden.

Registers write the same person with a full-width space or none, in half-width kana, with the form of a character that
stands in the family register or with the common one. Alike is not the same: who is meant is for the caller to decide.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, NamedTuple
from unicodedata import normalize

from ledger.domain.characters import is_seen
from ledger.domain.reasons import Said, said

VARIANTS: Final = (
    "亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 艶艷 塩鹽 縁緣 応應 欧歐 奥奧 横橫 桜櫻 "
    "仮假 価價 画畫 会會 懐懷 絵繪 概槪 拡擴 覚覺 学學 岳嶽 楽樂 勧勸 巻卷 寛寬 関關 歓歡 観觀 陥陷 巌巖 気氣 "
    "帰歸 亀龜 戯戲 犠犧 旧舊 挙擧 峡峽 狭狹 郷鄕 尭堯 暁曉 区區 駆驅 勲勳 薫薰 径徑 茎莖 恵惠 渓溪 経經 継繼 "
    "蛍螢 軽輕 鶏鷄 芸藝 県縣 倹儉 剣劍劒 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 広廣 効效 恒恆 晃晄 黄黃 "
    "鉱鑛 号號 国國 黒黑 斎齋斉齊 済濟 剤劑 桟棧 参參 蚕蠶 惨慘 賛贊 残殘 糸絲 児兒 辞辭 実實 写寫 釈釋 寿壽 "
    "収收 従從 渋澁 獣獸 縦縱 粛肅 処處 緒緖 叙敍 将將 称稱 渉涉 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 剰剩 畳疊 "
    "縄繩 壌壤 嬢孃 譲讓 触觸 嘱囑 真眞 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 静靜 窃竊 "
    "摂攝 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 荘莊 捜搜 挿插 曽曾 装裝 総總 騒騷 増增 蔵藏 臓臟 "
    "属屬 続續 堕墮 対對 体體 帯帶 滞滯 台臺 滝瀧 択擇 沢澤 担擔 単單 胆膽 団團 断斷 弾彈 遅遲 痴癡 虫蟲 昼晝 "
    "鋳鑄 庁廳 徴徵 聴聽 鎮鎭 逓遞 鉄鐵 点點 転轉 伝傳 灯燈 当當 党黨 盗盜 稲稻 闘鬭 徳德 独獨 読讀 届屆 弐貳 "
    "悩惱 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 桧檜 蛮蠻 秘祕 浜濱濵 瓶甁 冨富 払拂 仏佛 並竝 辺邊邉 "
    "変變 弁辨瓣辯 舗舖 峰峯 宝寶 萌萠 豊豐 褒襃 翻飜 槙槇 毎每 万萬 満滿 黙默 野埜 弥彌 訳譯 薬藥 藪薮籔 "
    "与與 予豫 余餘 誉譽 揺搖 様樣 謡謠 遥遙 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 涙淚 塁壘 礼禮 励勵 霊靈 "
    "齢齡 恋戀 炉爐 労勞 郎郞 楼樓 録錄 湾灣 高髙 崎﨑嵜 吉𠮷 館舘 島嶋嶌 柳栁 桑桒 土圡 船舩 頴穎 芦蘆 梅楳"
)
"""Forms of one character, the common one first.

Old and new forms are those of the table of characters in common use (常用漢字表, Cabinet Notice 2 of 2010, which gives
the old ones in brackets) and of the second list of the Ordinance on the Family Register Act (人名用漢字, table 2, part
2); the others are popular forms in family registers (誤字俗字・正字一覧表, circular 民一 2905 of 30 November 2010, and
usage). 斎 and 斉 are two characters that many confuse: alike here, and whoever takes one for the other says so.
"""

_IDEOGRAPHS: Final = "\uf900-\ufaff\U0002f800-\U0002fa1f"
"""CJK compatibility ideographs, of which most are only another code of one character."""
_COMPATIBILITY: Final = re.compile(f"[{_IDEOGRAPHS}]")
_OTHERS: Final = re.compile(f"[^{_IDEOGRAPHS}]+")
_SELECTORS: Final = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Of Mongolian, of all scripts, and the supplement that ideographs are chosen by."""
_SPACES: Final = re.compile(r"\s")
_DOTS: Final = re.compile("[・·‧•∙⋅᛫]")
_HYPHENS: Final = re.compile("[ー‐‑‒–—―−⁻-]")
_ADDRESS: Final = re.compile("(?<=.)[様殿]$", re.DOTALL)


def _without_selectors(name: str) -> str:
    return _SELECTORS.sub("", "".join(each for each in name if is_seen(each) or each.isspace()))


def _one_code(name: str) -> str:
    return _COMPATIBILITY.sub(lambda found: normalize("NFKC", found[0]), name)


def _one_width(name: str) -> str:
    return _OTHERS.sub(lambda found: normalize("NFKC", found[0]), name)


STEPS: Final[tuple[tuple[Said, Callable[[str], str]], ...]] = (
    (said("marks that nobody sees"), _without_selectors),
    (said("codes of one character"), _one_code),
    (said("full width and half width"), _one_width),
    (said("capital and small letters"), str.casefold),
    (said("spaces"), lambda name: _SPACES.sub("", name)),
    (said("middle dots"), lambda name: _DOTS.sub("", name)),
    (said("hyphens and long vowels"), lambda name: _HYPHENS.sub("-", name)),
    (said("the form of address"), lambda name: _ADDRESS.sub("", name)),
)
"""What two ways of writing a name may differ by, besides the forms of characters; in the order in which it goes."""


class Likeness(NamedTuple):
    """A name without what two ways of writing it may differ by.

    key: equal for names that are alike. plain: the same but for the forms of characters.
    """

    key: str
    plain: str


def likeness(name: str) -> Likeness:
    """Reduce a name to what it has in common with other ways of writing it.

    >>> likeness("髙橋　一郎")
    Likeness(key='高橋一郎', plain='髙橋一郎')
    """
    plain = _plain(name)
    return Likeness(_in_common(plain), plain)


def passed_over(one: str, other: str) -> tuple[Said, ...]:
    """What two names that are alike differ by; nothing where they are the same.

    >>> passed_over("髙橋　一郎", "高橋一郎")
    ('spaces', '髙 = 高')
    """
    ways = [what for what, _ in STEPS if _in_common(_plain(one, but=what)) != _in_common(_plain(other, but=what))]
    differing = [pair for pair in zip(_plain(one), _plain(other), strict=False) if pair[0] != pair[1]]
    if one != other and not (ways or differing):  # each of several ways is enough
        ways = [what for what, step in STEPS if step(one) != one or step(other) != other]
    forms = dict.fromkeys(each for pair in differing for each in pair if each != _in_common(each))
    return (*ways, *(said("{written} = {form}", written=each, form=_in_common(each)) for each in forms))


def joined(sayings: Iterable[Said]) -> Said:
    """Several sayings as one.

    >>> joined([said("spaces"), said("middle dots"), said("capital and small letters")])
    'spaces, middle dots, capital and small letters'
    """
    first, *rest = sayings
    for each in rest:
        first = said("{first}, {second}", first=first, second=each)
    return first


def _plain(name: str, *, but: Said | None = None) -> str:
    """A name without what it may differ by but for the forms of characters, or all of that but one."""
    for what, step in STEPS:
        name = name if what is but else step(name)
    return name


def _in_common(text: str) -> str:
    """A text with the common forms of its characters."""
    return text.translate(_common_forms())


@cache
def _common_forms() -> dict[int, str]:
    """The common form of every other, by its code."""
    return {ord(other): group[0] for group in VARIANTS.split() for other in group[1:]}
