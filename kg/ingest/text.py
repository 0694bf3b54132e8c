"""Plain text and Markdown: the encoding is found out, and nothing else about the text is changed."""

from __future__ import annotations

import codecs
import hashlib
import re
from typing import TYPE_CHECKING, BinaryIO

from kg.errors import DocumentError
from kg.ingest.content import MAX_TEXT, Content, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The commonest characters of Chinese business prose, simplified and traditional. A wrong decoding yields rare ones.
_COMMON = frozenset(
    "一万三上下不与世业东两並个中为主么义之九也了事二于云五些交产京人亿从他代以们件任份企会伟估但佈位体作你使來信個們值偉做億元先党入內全兩公关其内军农决净几"
    "出分则创別利别到制券則前創力加务动動務化北区區十半华单南原去參參又及反发取变只可台司各合同名后向告员命和品員問單器四回因团国图國圖團在地场型执基報場增处外多"
    "大天头她好如始姓子季学學它官定实客宣家實对导将將對導小少就展山工已巴市布席常干平年并幹幾应度建开式強强当形很後得從心必性总息情想意應成我或战戰戶户所手执技把投"
    "报指据接推提據收放政数數文料新方於无日时明易是時智最會月有服期本机条来東果样根條業模樣機次正此比民气氣水求決沒没法活流海润淨深潤点為無然爲片物特现現理生產用由電"
    "當發百的直相看着知研社神种科积程種積究立第等算管系級組結絡統經網線練总级线练组经结络统网美義老者而股能腾自臺與芯英華萬著董處融行表被裏裡西要見见角解言計訊訓設語"
    "說論證變计训讯论设证语说象資質质资起路車軍較輪车轮较農边达过运近还这进這通進運過道達還邊那部都里重量長长开間關问间阿限院集雲電面革領頭題领题首騰體高麼點黨"
)
_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉「」『』【】—…·％　")
_SAMPLE = 40_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CHINESE_PLAUSIBLE = 0.3
_UTF8_DAMAGE = 0.01
_BINARY = "looks like binary data, not text; convert it to .txt (UTF-8) first"


def texts(file: BinaryIO, path: str) -> Iterator[Content]:
    """The file as it stands, decoded; line ends and blanks are kept, only a byte order mark goes."""
    data = whole(file, path, MAX_TEXT)
    yield Content(text=decode(data, path), sha256=hashlib.sha256(data).hexdigest())


def decode(data: bytes, path: str) -> str:
    """`data` as text: UTF-8, UTF-16, UTF-32, GB18030, Big5, else a Western encoding. DocumentError for binary data."""
    for mark, encoding in _BOMS:
        if data.startswith(mark) and (text := _strict(data[len(mark) :], encoding)) is not None:
            return _checked(text, path)
    if b"\0" not in data and (text := _utf8(data)) is not None:
        return _checked(text, path)
    return _checked(_best_guess(data, path), path)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf8(data: bytes) -> str | None:
    """UTF-8, also where a few bytes are damaged or the last character is cut: those become U+FFFD."""
    if (text := _strict(data, "utf-8")) is not None:
        return text
    text = data.decode("utf-8", "replace")
    beyond_ascii = sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))
    return text if text.count("\ufffd") <= max(_UTF8_DAMAGE * beyond_ascii, 1) < beyond_ascii / 3 else None


def _best_guess(data: bytes, path: str) -> str:
    encodings = ["utf-16-le", "utf-16-be"] if len(data) % 2 == 0 else []
    if b"\0" not in data:
        encodings += ["gb18030", "big5hkscs"]
    decoded = [text for encoding in encodings if (text := _strict(data, encoding)) is not None]
    best = max(decoded, key=_plausibility, default="")
    if _plausibility(best) >= _CHINESE_PLAUSIBLE:
        return best
    if b"\0" in data:
        raise DocumentError(path, _BINARY)
    return _western(data)


def _plausibility(text: str) -> float:
    """From -1 to 1: how far the characters are those that Chinese or English prose is made of."""
    sample = text[:_SAMPLE]
    counted = [c for c in sample if c > "\x7f"] or list(sample)
    if not counted:
        return -1.0
    return sum(map(_weight, counted)) / len(counted)


def _weight(char: str) -> float:
    if char in _COMMON or char in _PUNCTUATION or " " <= char <= "~" or char in "\t\r\n":
        return 1.0
    if "\u4e00" <= char <= "\u9fa5":
        return _HAN_WEIGHT[_gb_level(char)]
    if "\xc0" <= char <= "\u024f" or "\u2010" <= char <= "\u2044":
        return 0.5
    return 0.0 if "\uff01" <= char <= "\uff5e" else -1.0


# The common half of GB 2312, its rarer half, and what only Big5 or GBK has.
_HAN_WEIGHT = {1: 0.4, 2: -0.3, 0: -0.3}


def _gb_level(char: str) -> int:
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        try:
            return 1 if char.encode("big5")[0] < 0xC9 else 0
        except UnicodeEncodeError:
            return 0
    return 1 if lead < 0xD8 else 2


def _western(data: bytes) -> str:
    """Neither Unicode nor Chinese: what charset-normalizer makes of it, else Windows-1252."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data[:_SAMPLE]).best()
        return data.decode(best.encoding if best else "latin-1", "replace")


def _checked(text: str, path: str) -> str:
    if not text.strip():
        raise DocumentError(path, "the file holds nothing but white space")
    controls = len(_CONTROL.findall(text, 0, _SAMPLE))
    if "\0" in text or controls > len(text[:_SAMPLE]) / 200:
        raise DocumentError(path, _BINARY)
    return text
